"""The worker: claims jobs and runs the command line for them, one at a time.

`python -m tieline.web.worker WORKSPACE` runs it alone, beside several servers; `tieline serve`
starts one by itself.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tieline.web.configuration import Serving, configure

LOOK_SECONDS = 1.0
BEAT_SECONDS = 1.0
_STEP = re.compile(r"^\s*[\d.,]+ s  (\w+: \w+)")
_PR_SET_PDEATHSIG = 1


def work(workspace: Path) -> None:
    """Do jobs until SIGTERM or the death of who started it."""
    configure(Serving(workspace))
    from django.db import close_old_connections

    from tieline.web import jobs, rounds

    _die_with_parent()
    parent = os.getppid()
    rounds.begin(workspace)
    while os.getppid() == parent:
        close_old_connections()
        job = jobs.claim()
        if job is None:
            time.sleep(LOOK_SECONDS)
            continue
        jobs.finish(job, _run(job, workspace))


def _run(job: Any, workspace: Path) -> int | None:
    """Run one job to its end: its exit code, None if it was cancelled."""
    from tieline.pipeline import models
    from tieline.web import jobs

    job.steps = len(models())
    path = jobs.log_path(workspace / ".tieline", job.pk)
    words = [sys.executable, "-m", "tieline.cli.main", "-w", str(workspace), *jobs.KINDS[job.kind]]
    with path.open("ab") as log:
        child = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100"},
            preexec_fn=_die_with_parent,
        )
        place, done, step = 0, 0, ""
        while True:
            try:
                return child.wait(BEAT_SECONDS)
            except subprocess.TimeoutExpired:
                place, more, last = _progress(path, place)
                done, step = done + more, last or step
                if not jobs.extend(job, done, step):
                    _stop(child)
                    return None


def _progress(path: Path, place: int) -> tuple[int, int, str]:
    """How far the log was read, how many steps were told since, and the last of them."""
    with path.open("rb") as log:
        log.seek(place)
        told = log.read()
    whole = told[: told.rfind(b"\n") + 1]
    steps = [
        m[1] for line in whole.decode("utf-8", "replace").split("\n") if (m := _STEP.match(line))
    ]
    return place + len(whole), len(steps), steps[-1] if steps else ""


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End a command as Ctrl-C does: it leaves the last database as it was."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _die_with_parent() -> None:
    """Have Linux end this process with the one that started it, however that one ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    work(Path(sys.argv[1]))

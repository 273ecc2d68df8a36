"""The worker: claims jobs and runs the command line for them, one at a time.

Each process that makes pages has one in a thread of its own: when that process dies, gunicorn
starts another, and the lease lets its worker take the job over. `python -m tieline.web.worker
WORKSPACE` runs one alone.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tieline.web.configuration import Serving, configure

LOOK_SECONDS = 1.0
BEAT_SECONDS = 1.0
ENDING_SECONDS = 15
_STEP = re.compile(r"^\s*[\d.,]+ s  (\w+: \w+)")

log = logging.getLogger("tieline.web.worker")


def start(workspace: Path) -> threading.Thread:
    """Do jobs in a thread of this process, for as long as it lives."""
    thread = threading.Thread(target=work, args=(workspace,), name="jobs", daemon=True)
    thread.start()
    return thread


def work(workspace: Path) -> None:
    """Do jobs until the process ends; what goes wrong with one keeps nobody from the next."""
    configure(Serving(workspace))
    from django.db import close_old_connections

    from tieline.web import jobs, rounds

    rounds.begin(workspace)
    while True:
        try:
            close_old_connections()
            job = jobs.claim()
            if job is None:
                time.sleep(LOOK_SECONDS)
                continue
            jobs.finish(job, _run(job, workspace))
        except Exception:
            # A database that is away for a moment: the lease keeps the job from being lost.
            log.exception("the worker goes on after this")
            time.sleep(5 * LOOK_SECONDS)


def _run(job: Any, workspace: Path) -> int | None:
    """Run one job to its end: its exit code, None if it was cancelled or is another worker's."""
    from tieline.pipeline import models
    from tieline.web import jobs

    job.steps = len(models())
    path = jobs.log_path(workspace / ".tieline", job.pk)
    command = ["-m", "tieline.cli.main", "-w", str(workspace), *jobs.KINDS[job.kind]]
    code = _follow(job, path, command)
    if code in (0, 1):
        # Made before the job is said to be done, so that no page waits for it.
        _follow(job, path, ["-m", "tieline.web.page_file", str(workspace)])
    return code


def _follow(job: Any, path: Path, words: list[str]) -> int | None:
    """Run one program of a job with its output in a log, as `_run` says."""
    from tieline.web import jobs

    with path.open("ab") as told:
        child = subprocess.Popen(
            [sys.executable, "-m", "tieline.web.bound_process", *words],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100"},
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
    with path.open("rb") as told:
        told.seek(place)
        more = told.read()
    whole = more[: more.rfind(b"\n") + 1]
    lines = whole.decode("utf-8", "replace").split("\n")
    steps = [found[1] for line in lines if (found := _STEP.match(line))]
    return place + len(whole), len(steps), steps[-1] if steps else ""


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End a command as Ctrl-C does: it leaves the last database as it was."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


if __name__ == "__main__":
    work(Path(sys.argv[1]).resolve())

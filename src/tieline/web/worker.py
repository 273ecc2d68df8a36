"""The worker: claims jobs and runs the command line for them, one at a time.

Each process that makes pages has one in a thread of its own, unless `tieline work` does the jobs.
When a process dies, its lease runs out and another worker takes the job over; one that is told to
end hands its job back.
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

from tieline.engine.snapshot import build_runs
from tieline.web.configuration import Serving, configure

LOOK_SECONDS = 1.0
BEAT_SECONDS = 1.0
ENDING_SECONDS = 15
LEAVING_SECONDS = 6.0
"""So long a command may take to stop when the worker itself has to: gunicorn waits for ten."""
BUSY_SECONDS = 5.0
_STEP = re.compile(r"^\s*[\d.,]+ s  (\w+: \w+)")

log = logging.getLogger("tieline.web.worker")
_leaving = threading.Event()
_threads: list[threading.Thread] = []


def start(workspace: Path) -> None:
    """Do jobs in a thread of this process, for as long as it lives."""
    thread = threading.Thread(target=work, args=(workspace,), name="jobs", daemon=True)
    thread.start()
    _threads.append(thread)


def leave() -> None:
    """Have this process do no more jobs; the one under way is handed back."""
    _leaving.set()
    for thread in _threads:
        thread.join(LEAVING_SECONDS + 2 * BEAT_SECONDS)


def work_alone(workspace: Path) -> None:
    """Do jobs until SIGTERM or Ctrl-C, in a process that makes no pages."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _leaving.set())
    work(workspace, alone=True)


def work(workspace: Path, *, alone: bool = False) -> None:
    """Do jobs until the process ends; what goes wrong with one keeps nobody from the next."""
    configure(Serving(workspace))
    from django.db import close_old_connections

    from tieline.web import jobs, rounds
    from tieline.web.background.signs import Sign

    sign = Sign(alone=alone)
    rounds.begin(workspace, sign.give)
    while not _leaving.is_set():
        try:
            close_old_connections()
            job = jobs.claim()
            if job is None:
                _leaving.wait(LOOK_SECONDS)
            else:
                _do(job, workspace)
        except Exception:
            # A database that is away for a moment: the lease keeps the job from being lost.
            log.exception("the worker goes on after this")
            _leaving.wait(5 * LOOK_SECONDS)
    sign.take_back()


def _do(job: Any, workspace: Path) -> None:
    """Do one job, or hand it back."""
    from tieline.errors import TielineError
    from tieline.pipeline import models
    from tieline.web import jobs

    hidden = workspace / ".tieline"
    path = jobs.log_path(hidden, job.pk)
    if build_runs(hidden):
        # One from a terminal, or that of a dead worker which is still ending.
        jobs.hand_back(job, "Another build is running: this one begins after it.", BUSY_SECONDS)
        return
    job.steps = len(models()) if job.kind != "backup" else 0
    try:
        words = ["-m", "tieline.cli.main", "-w", str(workspace), *jobs.command(job, workspace)]
    except TielineError as problem:
        path.write_text(f"{problem.message}\n  {problem.next_step}\n", "utf-8")
        jobs.finish(job, 2)
        return
    code = _follow(job, path, words)
    # Made before the job is said to be done, so that no page waits for it. Where it fails, the
    # first page makes it.
    pages = ["-m", "tieline.web.page_file", str(workspace)]
    if code in (0, 1) and job.kind != "backup" and _follow(job, path, pages) is None:
        return
    if code is not None:
        _ended(job, code)


def _follow(job: Any, path: Path, words: list[str]) -> int | None:
    """Run one program of a job with its output in a log, and tell how far it is: its exit code.

    None where the job was cancelled, which is written down. A program is stopped when the worker
    has to leave.
    """
    from tieline.web import jobs

    place = path.stat().st_size if path.exists() else 0
    child = _started(words, path)
    done, step, heard = 0, "", time.monotonic()
    while True:
        code = _waited_for(child)
        if code is not None:
            return code
        if _leaving.is_set():
            return _stop(child, LEAVING_SECONDS)
        place, more, last = _progress(path, place)
        done, step = done + more, last or step
        try:
            go_on, heard = jobs.extend(job, done, step), time.monotonic()
        except Exception:
            if time.monotonic() - heard < jobs.LEASE_SECONDS / 2:
                continue
            # Soon another worker may take the job over: this one has to be at its end by then.
            _stop(child, BEAT_SECONDS)
            raise
        if not go_on:
            _stop(child, ENDING_SECONDS)
            jobs.finish(job, None)
            return None


def _started(words: list[str], path: Path) -> subprocess.Popen[bytes]:
    with path.open("ab") as told:
        return subprocess.Popen(
            [sys.executable, "-m", "tieline.web.bound_process", *words],
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "100"},
            # Ctrl-C in the terminal is for the worker, which then ends the command itself.
            start_new_session=True,
        )


def _waited_for(child: subprocess.Popen[bytes]) -> int | None:
    """The exit code of a command, None if it goes on after a moment."""
    try:
        return child.wait(BEAT_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _ended(job: Any, code: int) -> None:
    """Write down how a command ended; one that was stopped together with us is handed back."""
    from tieline.web import jobs

    if code in (0, 1):
        jobs.finish(job, code)
    elif _leaving.is_set() or (code == -signal.SIGTERM and _leaving.wait(LEAVING_SECONDS)):
        # A service that is stopped has all its processes told, the command perhaps before us.
        jobs.hand_back(job, "The worker was ended: the next one begins this anew.")
    else:
        jobs.finish(job, code)


def _progress(path: Path, place: int) -> tuple[int, int, str]:
    """How far the log was read, how many steps were told since, and the last of them."""
    with path.open("rb") as told:
        told.seek(place)
        more = told.read()
    whole = more[: more.rfind(b"\n") + 1]
    lines = whole.decode("utf-8", "replace").split("\n")
    steps = [found[1] for line in lines if (found := _STEP.match(line))]
    return place + len(whole), len(steps), steps[-1] if steps else ""


def _stop(child: subprocess.Popen[bytes], seconds: float) -> int:
    """End a command as Ctrl-C does: it leaves the last database as it was; its exit code."""
    child.send_signal(signal.SIGINT)
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


if __name__ == "__main__":
    work_alone(Path(sys.argv[1]).resolve())

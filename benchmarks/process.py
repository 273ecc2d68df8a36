"""Run one program as a whole process and take its wall time and peak memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")
PAGE = os.sysconf("SC_PAGE_SIZE")
# Often enough to see a stage of a second, rare enough to cost nothing.
SAMPLE_SECONDS = 0.1


class Failed(Exception):
    """The program ended with an error; the message holds the end of what it printed."""


@dataclass(frozen=True)
class Run:
    """What one whole process took: seconds of wall clock, peak memory in GB (10^9 bytes)."""

    seconds: float
    peak_gb: float
    output: str


def run(
    command: Sequence[str | Path], *, log: Path | None = None, fine: tuple[int, ...] = (0,)
) -> Run:
    """Run to the end and measure; raise `Failed` with the last lines unless it ends `fine`.

    Peak memory is the larger of two views: the kernel's highest resident set of any one process
    (`wait4`), and the sampled sum over all processes of the program, pages they share counted once
    (file pages and shared memory; copy-on-write pages of a fork count per process, so the sum errs
    high, never low).
    """
    with tempfile.TemporaryDirectory() as folder:
        report, printed = Path(folder) / "report.json", log or Path(folder) / "log"
        with open(printed, "wb") as sink:
            launcher = subprocess.Popen(
                [sys.executable, "-I", "-S", LAUNCH, report, *command],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, "COLUMNS": "200"},  # what is printed is read, not to be wrapped
                start_new_session=True,
            )
            watch = _Watch(launcher.pid)
            watch.start()
            try:
                launcher.wait()
            finally:  # stopped by the user: what was started must not go on and slow the next run
                watch.finish()
                if launcher.poll() is None:
                    os.killpg(launcher.pid, signal.SIGKILL)
        output = printed.read_text("utf-8", "replace")
        # No report: the launcher itself was ended, by the kernel for want of memory or by hand.
        told: dict[str, float] = {"exit_code": launcher.returncode or 1}
        if report.exists():
            told = json.loads(report.read_text())
    if told["exit_code"] not in fine:
        words = " ".join(str(part) for part in command)
        raise Failed(f"{words}\nended with {told['exit_code']}:\n{output[-3000:]}")
    return Run(told["seconds"], max(told["peak_bytes"], watch.peak) / 1e9, output)


class _Watch(threading.Thread):
    """Samples the memory of a session (the program and everything it starts)."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session = session
        self.peak = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            own = shared = 0
            for pid in _members(self.session):
                try:
                    fields = Path(f"/proc/{pid}/statm").read_text().split()
                except OSError:
                    continue
                own += (int(fields[1]) - int(fields[2])) * PAGE
                shared = max(shared, int(fields[2]) * PAGE)
            self.peak = max(self.peak, own + shared)

    def finish(self) -> None:
        self._ended.set()
        self.join()


def _members(session: int) -> list[int]:
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                if os.getsid(int(entry)) == session and int(entry) != session:
                    found.append(int(entry))
            except OSError:
                continue
    return found

"""A measured program tells its own memory and failure, not that of who measures it."""

from __future__ import annotations

import sys

import pytest
from benchmarks.process import Failed, run

HUNDRED_MB = "x = bytearray(100_000_000); x[::4096] = b'1' * len(x[::4096])"


def test_a_program_is_not_as_large_as_who_starts_it():
    ballast = bytearray(b"1") * 200_000_000
    taken = run([sys.executable, "-I", "-S", "-c", "pass"])
    assert len(ballast) == 200_000_000
    assert taken.peak_gb < 0.1


def test_memory_of_a_child_process_counts():
    started = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HUNDRED_MB!r}])"
    assert 0.1 < run([sys.executable, "-c", started]).peak_gb < 0.2


def test_a_failing_program_shows_what_it_said_last():
    with pytest.raises(Failed, match="no such list"):
        run([sys.executable, "-c", "import sys; sys.exit('no such list')"])

"""Files for spreadsheets: no half-written one is left."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tieline.cli.fault import storage_problem
from tieline.errors import Place, TielineError


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Write beside the file and put that in its place when it is whole: no half one is left."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        write(beside)
        os.replace(beside, file)
    except OSError as problem:
        full = storage_problem(problem)
        if full and full.code == "disk_full":
            raise TielineError(
                "disk_full",
                "There is no space left to write this file; none was written.",
                place=Place(str(file)),
                next_step="Free some disk space or name another folder.",
            ) from None
        raise TielineError(
            "cannot_write",
            f"The file cannot be written: {problem.strerror}.",
            place=Place(str(file)),
            next_step="Name a folder that exists and that you may write to.",
        ) from None
    finally:
        if beside.exists():
            beside.unlink()

"""What went wrong beyond what a command foresees: the disk, or a fault of Tieline itself."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from pathlib import Path

from tieline.cli.screen import error
from tieline.errors import Place, TielineError

FAULT_FILE = "fault.txt"


def storage_problem(problem: OSError) -> TielineError | None:
    """The error in words if the disk or its permissions are the cause, else None."""
    place = Place(str(problem.filename) if problem.filename else None)
    if problem.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return TielineError(
            "disk_full",
            "There is no space left to write.",
            place=place,
            next_step="Free some disk space and run the command again; what was there is kept.",
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return TielineError(
            "no_permission",
            f"Access was refused ({problem.strerror}).",
            place=place,
            next_step="Ask for the right to read and write there, or use another folder.",
        )
    return None


def tell_fault(problem: BaseException) -> None:
    """Say in one line that Tieline is at fault, and keep what a report needs in a file.

    With the environment variable TIELINE_DEBUG set the traceback is printed instead.
    """
    told = "".join(traceback.format_exception(problem))
    if os.environ.get("TIELINE_DEBUG"):
        sys.stderr.write(told)
        return
    kept = _keep(f"tieline {' '.join(sys.argv[1:])}\nPython {sys.version}\n\n{told}")
    what = " ".join(f"{type(problem).__name__}: {problem}".split())[:200]
    error(
        TielineError(
            "fault",
            f"This is a fault of Tieline, not of your data ({what}).",
            next_step=f"Please report it and attach {kept}; it may quote cells of your lists."
            if kept
            else "Please report it with what TIELINE_DEBUG=1 in front of the command prints.",
        )
    )


def _keep(text: str) -> str:
    """Write the report into the workspace or, where there is none, the folder for such files."""
    for folder in (_workspace() / ".tieline", Path(tempfile.gettempdir())):
        if folder.is_dir():
            try:
                file = folder / FAULT_FILE
                file.write_text(text, encoding="utf-8", errors="replace")
            except OSError:
                continue
            return str(file)
    return ""


def _workspace() -> Path:
    """The workspace of the command line, read plainly: the fault may lie in reading it."""
    words = sys.argv[1:]
    for number, word in enumerate(words):
        if word in ("-w", "--workspace") and number + 1 < len(words):
            return Path(words[number + 1])
        if word.startswith("--workspace="):
            return Path(word.partition("=")[2])
    return Path(".")

"""Where the backups of schedules go: a folder that whoever runs the server chose, no page can."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tieline.errors import Place, TielineError

SETTING = "TIELINE_BACKUPS"
"""The environment variable: the folder in which the folders of backups lie."""
MOST_KEPT = 366
_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")


def root(workspace: Path) -> Path:
    """The folder in which those of backups lie; beside the workspace, if none is named."""
    told = os.environ.get(SETTING, "").strip()
    return Path(told) if told else workspace.parent / f"{workspace.name}-backups"


def folder_of(workspace: Path, name: str) -> Path:
    """The folder of that name, made if missing. TielineError `bad_folder`, `no_folder`."""
    if not _NAME.match(name):
        raise TielineError(
            "bad_folder",
            f"{name[:60]!r} is no name of a folder.",
            next_step="Give small letters, digits, - and _, such as nightly.",
        )
    folder = root(workspace) / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise TielineError(
            "no_folder",
            f"The folder of the backups cannot be made: {problem.strerror}.",
            place=Place(str(folder)),
            next_step=f"Give the user of the server the right to write there, or name another "
            f"folder in {SETTING}.",
        ) from None
    return folder


def number_kept(told: str) -> int:
    """How many backups stay, 1 to 366. TielineError `bad_number`."""
    if not told.strip().isdecimal() or not 1 <= int(told) <= MOST_KEPT:
        raise TielineError(
            "bad_number",
            f"{told[:20]!r} is no number of backups to keep.",
            next_step=f"Give 1 to {MOST_KEPT}.",
        )
    return int(told)

"""Backups of one workspace in one folder, named after their moment: the newest of them stay."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from tieline.errors import Place, TielineError
from tieline.workspace import Workspace


def name_in(folder: Path, workspace: Workspace) -> Path:
    """The file for a backup made now. TielineError `no_folder`."""
    if not folder.is_dir():
        raise TielineError(
            "no_folder",
            "There is no such folder.",
            place=Place(str(folder)),
            next_step="Make it first; its backups are named after the moment they were made.",
        )
    return folder / f"{_name(workspace)}-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"


def delete_older(folder: Path, workspace: Workspace, keep: int) -> list[Path]:
    """Delete all backups of this workspace in the folder but the newest; those that are gone.

    Only files that are named as `name_in` names them are looked at.
    """
    named = re.compile(re.escape(_name(workspace)) + r"-\d{8}-\d{6}\.tar")
    found = sorted(path for path in folder.iterdir() if named.fullmatch(path.name))
    old = found[: max(len(found) - keep, 0)]
    for path in old:
        path.unlink()
    return old


def _name(workspace: Workspace) -> str:
    return workspace.path.resolve().name

"""Take a list out of the workspace, and put it back: its rows stay as they landed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tieline.errors import Place, TielineError
from tieline.workspace.source import read_remembered

if TYPE_CHECKING:
    from pathlib import Path

    from tieline.workspace.folder import Workspace


def removed(workspace: Workspace) -> list[str]:
    """The names of lists that were taken out and can be put back."""
    found = []
    for path in sorted(workspace.removed_sources_dir.glob("*.toml")):
        facts = workspace.landed_dir / f"{read_remembered(path).sha256}.json"
        # An erasure deletes contents that no list has.
        if facts.exists() and not (workspace.sources_dir / path.name).exists():
            found.append(path.stem)
    return found


def remove(workspace: Workspace, name: str) -> None:
    """Take a list out; the next build is without it. What its settings say stays.

    TielineError `unknown_source`, or `has_further_parts` where a newer part of a log continues it.
    """
    source = workspace.source(name)
    parts = [one.name for one in workspace.sources() if one.continues == source.name]
    if parts:
        raise TielineError(
            "has_further_parts",
            f"{', '.join(parts)} continues {source.name}.",
            place=Place(source.name),
            next_step=f"Take {parts[-1]} out first.",
        )
    workspace.removed_sources_dir.mkdir(exist_ok=True)
    os.replace(workspace.sources_dir / f"{source.name}.toml", _path(workspace, source.name))


def put_back(workspace: Workspace, name: str) -> None:
    """Have a list again that was taken out, as it was."""
    if name not in removed(workspace):
        raise TielineError(
            "unknown_source",
            f"There is no list {name[:60]!r} that could be put back.",
            next_step="Add it again on the page Sources.",
        )
    os.replace(_path(workspace, name), workspace.sources_dir / f"{name}.toml")


def _path(workspace: Workspace, name: str) -> Path:
    return workspace.removed_sources_dir / f"{name}.toml"

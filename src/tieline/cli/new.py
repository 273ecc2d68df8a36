"""`tieline new DIR`: an empty workspace."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from tieline.cli.screen import say
from tieline.workspace import Workspace


def run(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder; it is made if missing.")
    ],
    backup: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Make it of a backup.")
    ] = None,
) -> None:
    """Make a workspace: a folder with a settings file, tieline.toml, and room for your lists."""
    if backup is not None:
        # Imported here: it loads more than a new folder needs.
        from tieline.actions.backup import restore

        told = restore(backup, directory)
        say(f"Made the workspace {directory} as it was on {told.made_at}, {told.files:,} files.")
        shown = f"tieline -w {shlex.quote(str(directory))} show contacts"
        say(f"Next: {shown}" if told.snapshot else "Nothing was built in it yet.")
        return
    Workspace.create(directory)
    say(f"Made the workspace {directory}.")
    say(f"Next: tieline -w {shlex.quote(str(directory))} add FILE...")

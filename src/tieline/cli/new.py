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
) -> None:
    """Make a workspace: a folder with a settings file, tieline.toml, and room for your lists."""
    Workspace.create(directory)
    say(f"Made the workspace {directory}.")
    say(f"Next: tieline -w {shlex.quote(str(directory))} add FILE...")

"""`tieline new DIR`: an empty workspace."""

from __future__ import annotations

from pathlib import Path

import typer

from tieline.cli.screen import say
from tieline.workspace import Workspace


def run(directory: Path = typer.Argument(..., metavar="DIR")) -> None:
    """Make a workspace: a folder with a settings file and room for your lists."""
    Workspace.create(directory)
    say(f"Made the workspace {directory}.")
    say(f"Next: tieline -w {directory} add FILE...")

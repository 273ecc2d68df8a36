"""`tieline demo DIR`: a generated market, its messy lists, and the truth beside them."""

from __future__ import annotations

from pathlib import Path

import tomli_w
import typer

from tieline.cli.screen import say
from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.workspace import Workspace


def run(
    directory: Path = typer.Argument(..., metavar="DIR"),
    records: int = typer.Option(150_000, min=1_000, help="Rows in all lists together."),
    sources: int = typer.Option(12, min=1, help="How many lists."),
    seed: int = typer.Option(1, help="The same seed gives the same world."),
) -> None:
    """Make a workspace with the lists of an invented B2B market, ready to build."""
    workspace = Workspace.create(directory)
    world = generate(directory, records=records, sources=sources, seed=seed)
    with workspace.settings_path.open("a", encoding="utf-8") as settings:
        settings.write("\n" + tomli_w.dumps(world.config))
    for file in world.files:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)
    say(f"Made {directory} with {len(world.files)} lists of an invented market.")
    say(f"Next: tieline -w {directory} build")

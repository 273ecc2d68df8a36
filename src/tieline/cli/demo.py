"""`tieline demo DIR`: a generated market, its messy lists, and the truth beside them."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import tomli_w
import typer

from tieline.cli.screen import say
from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.workspace import Workspace


def run(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder; it is made if missing.")
    ],
    records: Annotated[
        int, typer.Option(min=1_000, metavar="N", help="Rows in all lists together.")
    ] = 150_000,
    sources: Annotated[int, typer.Option(min=1, metavar="N", help="How many lists.")] = 12,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed gives the same world.")] = 1,
) -> None:
    """Make a workspace with the lists of an invented B2B market, ready to build."""
    workspace = Workspace.create(directory)
    world = generate(directory, records=records, sources=sources, seed=seed)
    with workspace.settings_path.open("a", encoding="utf-8") as settings:
        settings.write("\n" + tomli_w.dumps(world.config))
    for file in world.lists:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)
    say(f"Made {directory} with {len(world.lists)} lists of an invented market.")
    say(f"Next: tieline -w {shlex.quote(str(directory))} build")

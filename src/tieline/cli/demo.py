"""`tieline demo DIR`: a generated market, its messy lists, and the truth beside them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
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
    memory: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Rows of logs beside the lists: mailings, visits, deals."
        ),
    ] = 0,
    interactions: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Rows of logs of how people interact with us: tickets, orders, meetings.",
        ),
    ] = 0,
    registry: Annotated[
        bool, typer.Option("--registry", help="The register of the market's companies as well.")
    ] = False,
    moves: Annotated[
        int, typer.Option(min=0, metavar="N", help="Changes of address beside the lists.")
    ] = 0,
    offers: Annotated[
        bool, typer.Option("--offers", help="Lists that vendors offer, with hashed samples.")
    ] = False,
    whole: Annotated[
        bool,
        typer.Option(
            "--whole", help="Logs, register, moves and offers, and a signed definition of leads."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed gives the same world.")] = 1,
) -> None:
    """Make a workspace with the lists of an invented B2B market, ready to build."""
    workspace = Workspace.create(directory)
    if whole:
        memory, interactions = memory or records // 3, interactions or records // 3
        registry, moves, offers = True, moves or records // 100, True
    world = generate(
        directory,
        records=records,
        sources=sources,
        seed=seed,
        memory=memory,
        registry=registry,
        moves=moves,
        offers=offers,
        interactions=interactions,
    )
    fresh = workspace.settings_path.read_text("utf-8")
    workspace.settings_path.write_text(_with(fresh, world.config), "utf-8")
    for file in world.lists:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)
    if whole:
        # Imported here: it loads what scorecards are checked with.
        from tieline.demo.agreement import agree

        agree(workspace)
    say(f"Made {directory} with {len(world.lists)} lists of an invented market.")
    say(f"Next: tieline -w {shlex.quote(str(directory))} build")


def _with(text: str, config: Mapping[str, object]) -> str:
    """The settings with those of the world: a section that stands there already gets its keys."""
    for section, values in config.items():
        header, _, keys = tomli_w.dumps({section: values}).partition("\n")
        if f"\n{header}\n" in text:
            text = text.replace(f"\n{header}\n", f"\n{header}\n{keys}", 1)
        else:
            text += f"\n{header}\n{keys}"
    return text

"""`tieline check`: how the lists were understood, before anything is built."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.screen import say, show_table, warn
from tieline.data.sources.landed import read_landed


def run(
    context: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Only this source; all if left out.")
    ] = "",
) -> int:
    """Show how the columns of your lists were understood, before anything is built.

    Each column with the standard field it was taken as, how sure that is and why, and how to
    correct it in tieline.toml.
    """
    workspace = opened.workspace(context)
    found = [workspace.source(source)] if source else workspace.sources()
    if not found:
        say(f"There is no source yet. Next: {opened.command(context, 'add FILE...')}")
    for one in found:
        say()
        say(
            f"{one.name}: {one.kind} ({one.kind_confidence:.0%} sure: {one.kind_why}), "
            f"{one.rows_read:,} rows, {one.rows_unreadable:,} unreadable"
        )
        landed = read_landed(one.landed_path.with_suffix(".json"))
        how = [
            landed.format,
            landed.encoding,
            f"delimiter {landed.delimiter!r}" if landed.delimiter else None,
        ]
        say("  read as " + ", ".join(part for part in how if part))
        for note in landed.notes:
            say(f"  note: {note}")
        show_table(
            ("  column", "means", "sure", "because"),
            [
                (
                    "  " + column.column,
                    column.field or ("(left out)" if column.field == "" else "(not recognised)"),
                    f"{column.confidence:.0%}" if column.field else "",
                    column.why,
                )
                for column in one.mapping
            ],
            right=("sure",),
        )
    for name in workspace.unused_settings():
        warn(f"tieline.toml has a section [sources.{name}], but no such source was added.")
    if found:
        say()
        say("To correct a column, write it into tieline.toml, for example:")
        say(f"  [sources.{found[0].name}.columns]")
        say('  "Header in the file" = "company"      # or "" to leave the column out')
    return 0

"""`tieline show TABLE`: the first rows of a table."""

from __future__ import annotations

import typer

from tieline.cli import opened
from tieline.cli.screen import say, show_table
from tieline.engine.tables import Table, quoted
from tieline.pipeline import models


def run(
    context: typer.Context,
    table: str = typer.Argument(..., metavar="TABLE"),
    limit: int = typer.Option(20, min=1, help="How many rows."),
) -> None:
    """Show the first rows of a table of the current snapshot, and what the table answers."""
    found = opened.snapshot(context)
    found.table(table)
    model = next((m for m in models() if m.name == table), None)
    with opened.reader(found, table) as engine:
        rows = Table(engine, table).rows()
        key = ", ".join(quoted(name) for name in model.header.key) if model else "1"
        shown = engine.arrow(f"SELECT * FROM {quoted(table)} ORDER BY {key} LIMIT {limit}")
    if model:
        say(model.header.question)
    numbers = [f.name for f in shown.schema if str(f.type) in ("int64", "int32", "double")]
    show_table(
        shown.column_names,
        ([row[name] for name in shown.column_names] for row in shown.to_pylist()),
        right=numbers,
    )
    if rows > shown.num_rows:
        say(f"{shown.num_rows:,} of {rows:,} rows. All of them: tieline export {table} FILE")

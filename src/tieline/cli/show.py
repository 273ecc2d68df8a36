"""`tieline show TABLE`: the first rows of a table."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.cells import cell_len

from tieline.cli import opened
from tieline.cli.screen import cell, out, say, show_table
from tieline.engine.tables import Table, quoted

WIDEST = 30
"""A cell on a terminal is cut here, so that several columns fit beside each other."""

GAP = 2
"""Places between two columns."""
NAME_PARTS = ("name_prefix", "given_name", "middle_name", "family_name", "name_suffix")


def run(
    context: typer.Context,
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="For example contacts or accounts.")
    ],
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many rows.")] = 20,
) -> None:
    """Show the first rows of a table.

    On a terminal as many columns as fit are shown, cut to a readable width; in a pipe all are
    written whole, one row a line.
    """
    found = opened.snapshot(context)
    opened.table(found, table)
    with opened.reader(found, table) as engine:
        rows = Table(engine, table).rows()
        # A snapshot's table is stored in the order of its key.
        shown = engine.arrow(f"SELECT * FROM {quoted(table)} LIMIT {limit}")
    numbers = {f.name for f in shown.schema if str(f.type) in ("int64", "int32", "double")}
    cells = {
        name: [cell(value) for value in shown.column(name).to_pylist()]
        for name in shown.column_names
    }
    columns = list(cells) if not out.is_terminal else _fitting(cells, out.width)
    if out.is_terminal:
        cells = {name: [_cut(text) for text in cells[name]] for name in columns}
    show_table(columns, zip(*(cells[name] for name in columns), strict=True), right=[*numbers])
    say()
    hidden = [name for name in shown.column_names if name not in columns]
    if hidden:
        say(f"Not shown, as they are empty here or do not fit: {', '.join(hidden)}.")
    everything = opened.command(context, f"export {table} {table}.csv")
    say(f"{shown.num_rows:,} of {rows:,} rows. Everything: {everything}")


def _fitting(cells: dict[str, list[str]], width: int) -> list[str]:
    """The columns that fit: the key, what can be read, then the ids of other tables."""
    first, *others = cells
    # An id tells a reader nothing (the first column is what `tieline explain` takes), and where
    # the whole name stands its parts do not tell more.
    late = [n for n in others if n.endswith("_id") or ("full_name" in others and n in NAME_PARTS)]
    order = [n for n in others if n not in late] + late
    chosen, room = [first], width - _wide(first, cells[first])
    for name in order:
        needs = _wide(name, cells[name]) + GAP
        if any(cells[name]) and needs <= room:
            chosen.append(name)
            room -= needs
    return chosen


def _wide(name: str, texts: list[str]) -> int:
    return max(cell_len(name), *(min(cell_len(text), WIDEST) for text in texts or [""]))


def _cut(text: str) -> str:
    """At most `WIDEST` places wide; some letters take two."""
    text = " ".join(text.split())
    if cell_len(text) <= WIDEST:
        return text
    while cell_len(text) > WIDEST - 1:
        text = text[:-1]
    return text + "…"

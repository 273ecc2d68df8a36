"""`tieline path [TABLE]`: where the current snapshot or one of its tables lies."""

from __future__ import annotations

import typer

from tieline.cli import opened


def run(context: typer.Context, table: str = typer.Argument("", metavar="[TABLE]")) -> None:
    """Print the path of the current snapshot, or of one table's Parquet file."""
    found = opened.snapshot(context)
    print((found.table(table) if table else found.folder).resolve())

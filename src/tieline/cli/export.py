"""`tieline export TABLE FILE`: a table as CSV, Excel-safe, or Parquet."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tieline.actions.safe_cells import safe_cell
from tieline.cli import opened
from tieline.cli.screen import say
from tieline.cli.spreadsheet import write_whole
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import quoted
from tieline.errors import Place, TielineError


def run(
    context: typer.Context,
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="For example contacts or accounts.")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ending in .csv or .parquet.")],
) -> None:
    """Write a table to a file for a spreadsheet or another tool.

    CSV opens in Excel as it is, and no cell can run as a formula. A file of that name is replaced
    once the new one is whole.
    """
    found = opened.snapshot(context)
    opened.table(found, table)
    write: Callable[[Path], object]
    if file.is_dir():
        raise TielineError(
            "is_a_folder",
            "This is a folder.",
            place=Place(str(file)),
            next_step=f"Name a file in it: {file / table}.csv",
        )
    if file.suffix.lower() == ".parquet":
        write = lambda target: _write_parquet(found, table, target)  # noqa: E731
    elif file.suffix.lower() == ".csv":
        write = lambda target: _write_csv(found, table, target)  # noqa: E731
    else:
        raise TielineError(
            "unknown_format",
            f"{file.name} ends in neither .csv nor .parquet.",
            next_step=f"For example: {opened.command(context, f'export {table} {table}.csv')}",
        )
    write_whole(file, write)
    say(f"Wrote {file} ({found.manifest['tables'][table]['rows']:,} rows).")


def _write_parquet(found: Snapshot, table: str, file: Path) -> None:
    source = found.table(table)
    if source.is_file():
        shutil.copyfile(source, file)
        return
    with opened.reader(found, table) as engine:
        # The first column is of the key.
        engine.write_parquet(table, file, list(engine.columns(table))[:1])


def _write_csv(found: Snapshot, table: str, file: Path) -> None:
    with opened.reader(found, table) as engine:
        # A snapshot's table is stored in the order of its key.
        rows = engine.arrow(f"SELECT * FROM {quoted(table)}")
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(rows.column_names)
        for batch in rows.to_batches(max_chunksize=10_000):
            columns = [batch.column(i).to_pylist() for i in range(batch.num_columns)]
            writer.writerows(
                [safe_cell(value) for value in row] for row in zip(*columns, strict=True)
            )

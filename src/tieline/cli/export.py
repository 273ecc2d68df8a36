"""`tieline export TABLE FILE`: a table as CSV, Excel-safe, or Parquet."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.fault import storage_problem
from tieline.cli.screen import say
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import quoted
from tieline.errors import Place, TielineError

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these (OWASP, "CSV Injection")."""


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
    source = opened.table(found, table)
    write: Callable[[Path], object]
    if file.is_dir():
        raise TielineError(
            "is_a_folder",
            "This is a folder.",
            place=Place(str(file)),
            next_step=f"Name a file in it: {file / table}.csv",
        )
    if file.suffix.lower() == ".parquet":
        write = lambda target: shutil.copyfile(source, target)  # noqa: E731
    elif file.suffix.lower() == ".csv":
        write = lambda target: _write_csv(found, table, target)  # noqa: E731
    else:
        raise TielineError(
            "unknown_format",
            f"{file.name} ends in neither .csv nor .parquet.",
            next_step=f"For example: {opened.command(context, f'export {table} {table}.csv')}",
        )
    _replace(file, write)
    say(f"Wrote {file} ({found.manifest['tables'][table]['rows']:,} rows).")


def _replace(file: Path, write: Callable[[Path], object]) -> None:
    """Write beside the file and put that in its place when it is whole: no half one is left."""
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        write(beside)
        os.replace(beside, file)
    except OSError as problem:
        full = storage_problem(problem)
        if full and full.code == "disk_full":
            raise TielineError(
                "disk_full",
                "There is no space left to write this file; none was written.",
                place=Place(str(file)),
                next_step="Free some disk space or name another folder.",
            ) from None
        raise TielineError(
            "cannot_write",
            f"The file cannot be written: {problem.strerror}.",
            place=Place(str(file)),
            next_step="Name a folder that exists and that you may write to.",
        ) from None
    finally:
        if beside.exists():
            beside.unlink()


def _write_csv(found: Snapshot, table: str, file: Path) -> None:
    with opened.reader(found, table) as engine:
        # A snapshot's table is stored in the order of its key.
        rows = engine.arrow(f"SELECT * FROM {quoted(table)}")
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(rows.column_names)
        for batch in rows.to_batches(max_chunksize=10_000):
            columns = [batch.column(i).to_pylist() for i in range(batch.num_columns)]
            writer.writerows([_safe(value) for value in row] for row in zip(*columns, strict=True))


def _safe(value: object) -> object:
    """A cell no spreadsheet takes for a formula; telephone numbers in E.164 are none."""
    if isinstance(value, list):
        value = "; ".join(str(part) for part in value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return value if value.startswith("+") and value[1:].isdigit() else "'" + value
    return value

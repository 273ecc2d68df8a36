"""`tieline export TABLE FILE`: a table as CSV, Excel-safe, or Parquet."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import typer

from tieline.cli import opened
from tieline.cli.screen import say
from tieline.engine.tables import quoted
from tieline.errors import Place, TielineError
from tieline.pipeline import models

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these (OWASP, "CSV Injection")."""


def run(
    context: typer.Context,
    table: str = typer.Argument(..., metavar="TABLE"),
    file: Path = typer.Argument(..., metavar="FILE", help="Ending in .csv or .parquet."),
) -> None:
    """Write a table of the current snapshot to a file for a spreadsheet or another tool."""
    found = opened.snapshot(context)
    source = found.table(table)
    try:
        if file.suffix.lower() == ".parquet":
            shutil.copyfile(source, file)
        elif file.suffix.lower() == ".csv":
            _write_csv(found, table, file)
        else:
            raise TielineError(
                "unknown_format",
                f"{file.name} ends in neither .csv nor .parquet.",
                next_step=f"For example: tieline export {table} {table}.csv",
            )
    except OSError as problem:
        raise TielineError(
            "cannot_write",
            f"The file cannot be written: {problem.strerror}.",
            place=Place(str(file)),
            next_step="Name a folder that exists and that you may write to.",
        ) from None
    say(f"Wrote {file} ({found.manifest['tables'][table]['rows']:,} rows).")


def _write_csv(found: opened.Snapshot, table: str, file: Path) -> None:
    model = next((m for m in models() if m.name == table), None)
    key = ", ".join(quoted(name) for name in model.header.key) if model else "1"
    with opened.reader(found, table) as engine:
        rows = engine.arrow(f"SELECT * FROM {quoted(table)} ORDER BY {key}")
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(rows.column_names)
        for batch in rows.to_batches(max_chunksize=10_000):
            columns = [batch.column(i).to_pylist() for i in range(batch.num_columns)]
            writer.writerows([_safe(value) for value in row] for row in zip(*columns, strict=True))


def _safe(value: object) -> object:
    """A cell no spreadsheet takes for a formula; telephone numbers in E.164 are none."""
    if isinstance(value, list):
        return "; ".join(str(part) for part in value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return value if value.startswith("+") and value[1:].isdigit() else "'" + value
    return value

"""`tieline path [TABLE]`: where the current snapshot or one of its tables lies."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.screen import out


def run(
    context: typer.Context,
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="A table; the folder of all if left out.")
    ] = "",
) -> None:
    """Print the path of the current database, or of one table in it, for other tools.

    A table is a Parquet file; one of many rows is a folder of them.
    """
    found = opened.snapshot(context)
    path = (opened.table(found, table) if table else found.folder).resolve()
    # Verbatim: a script reads this.
    out.file.write(f"{path}\n")

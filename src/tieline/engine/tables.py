"""What an engine is: named tables in, named tables out, one SELECT at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from tieline.errors import TielineError

NAME = re.compile(r"[a-z_][a-z0-9_]*\Z")


class Engine(Protocol):
    """Holds tables by name and computes new ones from SELECTs in the portable DuckDB subset.

    Every implementation gives the same columns, types and rows for the same portable SELECT
    (`tieline.engine.portable` says what that is); whole numbers wider than 64 bits, which DuckDB
    makes of sums, become BIGINT. The order of rows is only defined by ORDER BY.
    All methods raise `TielineError` with a next step when a disk is full, a file is missing or a
    statement cannot be run.
    """

    def create(self, name: str, select: str) -> None:
        """Compute `select` now and keep its rows as table `name`, replacing one of that name."""

    def load(self, name: str, table: pa.Table) -> None:
        """Keep the rows of an Arrow table as table `name`, replacing one of that name."""

    def arrow(self, select: str) -> pa.Table:
        """Return the rows of `select`."""

    def dicts(self, select: str) -> list[dict[str, Any]]:
        """Return the rows of `select` as dicts, for results of few rows."""

    def columns(self, name: str) -> dict[str, str]:
        """Return column name -> DuckDB type name of one table, in the order of the columns."""

    def read_parquet(self, name: str, path: Path) -> None:
        """Make a Parquet file, or all files of a folder, readable as table `name`, not copied."""

    def write_parquet(
        self, name: str, path: Path, order_by: Sequence[str], *, buckets: int = 1
    ) -> None:
        """Write table `name` as Parquet; identical tables give byte-identical files.

        It is one file, or a new folder of up to `buckets`, each with rows whose first column of
        `order_by` falls into that bucket.
        """

    def drop(self, name: str) -> None:
        """Forget table `name`; nothing happens if there is none."""

    def names(self) -> frozenset[str]:
        """Return the names of all tables."""

    def rows(self, name: str) -> int:
        """Return the number of rows of table `name`."""

    def close(self) -> None:
        """Free memory and scratch files; the engine cannot be used afterwards."""


@dataclass(frozen=True)
class Table:
    """A table of an engine, by name; in an f-string it is its SQL name."""

    engine: Engine
    name: str

    def columns(self) -> dict[str, str]:
        """Return column name -> DuckDB type name."""
        return self.engine.columns(self.name)

    def arrow(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the rows, all columns or the named ones; the order of rows is not defined."""
        wanted = "*" if columns is None else ", ".join(quoted(column) for column in columns)
        return self.engine.arrow(f"SELECT {wanted} FROM {self}")

    def rows(self) -> int:
        """Return the number of rows."""
        return self.engine.rows(self.name)

    def __str__(self) -> str:
        return quoted(self.name)


def quoted(identifier: str) -> str:
    """Return an identifier so that it can stand in SQL whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


def checked_name(name: str) -> str:
    """Return a table name, or raise if it could not be used unquoted in a SELECT."""
    if not NAME.match(name):
        raise TielineError(
            "bad_table_name",
            f"{name!r} cannot be the name of a table.",
            next_step="Use lower case letters, digits and underscores, not starting with a digit.",
        )
    return name

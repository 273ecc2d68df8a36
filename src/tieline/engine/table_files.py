"""How a table lies in files: one, or where it has many rows a folder of buckets."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tieline.engine.parquet import flush
from tieline.engine.tables import Engine, Table, checked_name


@dataclass(frozen=True)
class Limits:
    """Sizes at which a table is treated otherwise.

    Above `single_file_rows` a table is a folder of `buckets` files, so that a change of a few rows
    rewrites few of them: a million rows in 32 files are 30,000 in each, a tenth of a second to
    write. Above `patch_share` of the rows, computing the touched keys apart costs more than
    computing all.
    """

    single_file_rows: int = 250_000
    buckets: int = 32
    patch_share: float = 0.2


LIMITS = Limits()


def write_table(
    engine: Engine,
    table: str,
    folder: Path,
    order_by: Sequence[str],
    limits: Limits = LIMITS,
    *,
    named: str = "",
) -> tuple[Path, ...]:
    """Write a table into `folder` and return its files; they depend on nothing but its rows.

    They are `named` after another table if that is given.
    """
    name = checked_name(named or table)
    if Table(engine, table).rows() <= limits.single_file_rows:
        engine.write_parquet(table, folder / f"{name}.parquet", order_by)
        return (folder / f"{name}.parquet",)
    engine.write_parquet(table, folder / name, order_by, buckets=limits.buckets)
    return tuple(sorted((folder / name).glob("*.parquet")))


def alone(files: Sequence[Path], table: str) -> bool:
    """Whether a table is one file, not a folder of some."""
    return [file.name for file in files] == [f"{table}.parquet"]


def take(files: Sequence[Path], folder: Path, table: str) -> tuple[Path, ...]:
    """Take the files of a table over into `folder` without reading them, and return them there.

    A file is linked, so it must never be written again; where that cannot be, it is copied.
    """
    target = folder if alone(files, table) else folder / table
    target.mkdir(exist_ok=True)
    for file in files:
        try:
            os.link(file, target / file.name)
        except OSError:
            # The time of the last change is kept: the state knows a file by it.
            shutil.copy2(file, target / file.name)
            flush(target / file.name)
    if target != folder:
        flush(target)
    return tuple(target / file.name for file in files)

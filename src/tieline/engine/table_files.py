"""How a table lies in files: one, or where it has many rows a folder of buckets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
    engine: Engine, name: str, folder: Path, order_by: Sequence[str], limits: Limits = LIMITS
) -> tuple[Path, ...]:
    """Write a table into `folder` and return its files; they depend on nothing but its rows."""
    many = Table(engine, name).rows() > limits.single_file_rows
    path = folder / (checked_name(name) if many else f"{checked_name(name)}.parquet")
    engine.write_parquet(name, path, order_by, buckets=limits.buckets if many else 1)
    return tuple(sorted(path.glob("*.parquet"))) if many else (path,)

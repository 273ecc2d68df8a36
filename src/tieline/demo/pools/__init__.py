"""Value pools of the generated world, one table a file; each says where its contents come from."""

from __future__ import annotations

import csv
from importlib.resources import files


def read_pool(name: str) -> list[dict[str, str]]:
    """Return the rows of one pool by column name; lines that begin with # are remarks."""
    lines = files(__name__).joinpath(f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    kept = (line for line in lines if not line.startswith("#"))
    return list(csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE))


def weighted_list(cell: str) -> tuple[list[str], list[float]]:
    """Split 'name:weight;name:weight' into names and weights."""
    pairs = [part.rsplit(":", 1) for part in cell.split(";") if part]
    return [name for name, _ in pairs], [float(weight) for _, weight in pairs]

"""Why Tieline linked two records, if its snapshot tells: any table of pairs of records.

A table counts as evidence if it names both records of a pair (`left_record_id`, `right_record_id`,
or `record_id_l`, `record_id_r`); its other columns are shown as they are. Tables whose name begins
with another entity than the one asked for are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks.product import table_path

ENDS = (("left_record_id", "right_record_id"), ("record_id_l", "record_id_r"))
ENTITIES = ("contact", "site", "account")


@dataclass(frozen=True)
class Evidence:
    """Tables of pairs in a snapshot, asked for one pair at a time."""

    records: Path | None = None
    tables: list[tuple[str, Path, tuple[str, str]]] = field(default_factory=list)

    def of(self, left: Mapping[str, object], right: Mapping[str, object]) -> list[str]:
        """One line per table that knows the pair."""
        if not self.tables:
            return []
        ids = [self._record_id(record) for record in (left, right)]
        told = []
        for name, path, (first, second) in self.tables:
            got = duckdb.execute(
                f"""select * exclude ({first}, {second}) from read_parquet('{path}')
                where ({first} = $1 and {second} = $2) or ({first} = $2 and {second} = $1)""",
                ids,
            )
            columns = [column[0] for column in got.description]
            for row in got.fetchall():
                shown = zip(columns, row, strict=True)
                told.append(f"{name}: " + ", ".join(f"{c} {v}" for c, v in shown if v is not None))
        return told or ["no link of its own between these two"]

    def _record_id(self, record: Mapping[str, object]) -> object:
        got = duckdb.execute(
            f"""select record_id from read_parquet('{self.records}')
            where row_number = $1 and (source = $2 or starts_with(source, $2 || '.'))""",
            [record["row_number"], record["source"]],
        ).fetchone()
        return got[0] if got else None


def load(workspace: Path | None, entity: str) -> Evidence:
    """The evidence a workspace's snapshot holds about an entity; empty if there is none."""
    if workspace is None:
        return Evidence()
    others = tuple(other for other in ENTITIES if other not in entity)
    tables = []
    for path in sorted(table_path(workspace).iterdir()):
        if path.suffix == ".json" or path.stem.startswith(others):
            continue
        path = _files(path)
        described = duckdb.sql(f"describe select * from read_parquet('{path}')").fetchall()
        columns = {row[0] for row in described}
        name = path.parent.name if path.stem == "*" else path.stem
        tables += [(name, path, ends) for ends in ENDS if columns >= set(ends)]
    return Evidence(_files(table_path(workspace, "record_entities")), tables)


def _files(path: Path) -> Path:
    """What `read_parquet` takes: a table of many rows is a folder."""
    return path / "*.parquet" if path.is_dir() else path

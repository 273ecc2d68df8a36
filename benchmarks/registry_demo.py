"""The matches of an invented market against its truth, by bands of confidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from tieline.cli import demo as demo_command
from tieline.engine.snapshot import current
from tieline.pipeline import build
from tieline.workspace import Workspace

RECORDS = 10_000
SEED = 5
"""Another market than those the weights were fitted on (2 and 3)."""

_TRUTH = """
WITH seen AS (
  SELECT e.{entity}, t.{entity} AS world, count(*) AS records
  FROM '{entities}' e JOIN '{truth}/records.parquet' t USING (source, row_number)
  WHERE e.{entity} IS NOT NULL AND t.{entity} IS NOT NULL {only} GROUP BY 1, 2
), named AS (SELECT {entity}, arg_max(world, records) AS world FROM seen GROUP BY 1),
register AS (
  SELECT DISTINCT {entity} AS world, {own} AS id FROM '{truth}/registry.parquet'
  WHERE {entity} IS NOT NULL {entries}
)
SELECT r.id, m.registry_id, coalesce(m.confidence, 0) FROM named n
LEFT JOIN register r USING (world) LEFT JOIN '{matches}' m ON m.{entity} = n.{entity}
"""


def demo(folder: Path) -> dict[str, Any]:
    """Accounts and sites of an invented market, matched to its register, against the truth."""
    from benchmarks.registry import measured

    demo_command.run(folder, records=RECORDS, sources=12, memory=0, registry=True, seed=SEED)
    workspace = Workspace(folder)
    build(workspace)
    snapshot = current(workspace.hidden_dir)
    assert snapshot is not None

    def path(table: str) -> str:
        found = snapshot.table(table)
        return str(found / "*.parquet") if found.is_dir() else str(found)

    def told(entity: str, own: str, matches: str, entries: str, only: str) -> list[Any]:
        return duckdb.sql(
            _TRUTH.format(
                entity=entity,
                own=own,
                matches=path(matches),
                entries=entries,
                only=only,
                entities=path("record_entities"),
                truth=folder / "truth",
            )
        ).fetchall()

    accounts = told(
        "account_id",
        "legal_entity_id",
        "registry_candidates",
        "AND site_kind <> 'Branch'",
        "",
    )
    sites = told(
        "site_id",
        "registry_id",
        "site_registry_matches",
        "",
        "AND e.site_basis IN ('address', 'town')",
    )
    return {
        name: measured([row[0] for row in rows], [(row[1], row[2]) for row in rows])
        for name, rows in (("accounts", accounts), ("sites", sites))
    }

"""What the stages of a long memory cost: `python -m benchmarks.stages [--responses 10000000]`.

The tables that the stages are made from are written directly, as a build would leave them: sites,
contacts with their records, and a memory of responses; then only the models of the stages run. Told
are the seconds of each table and, as the bound, what DuckDB takes to read the same responses and to
group them by site, day and kind.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from benchmarks import machine
from tieline.engine import graph
from tieline.engine.duck import DuckEngine
from tieline.metrics.response_rules import RULES, StageLimits
from tieline.pipeline import models

TARGET_SECONDS = 20
"""For 50,000 sites with 10 million responses."""
STEPS = (
    "landings", "stage_clock", "record_days", "as_of", "response_kinds", "contact_stays",
    "site_players", "dialogue_spans", "sales_spans", "site_stage_periods", "site_stages",
    "account_stages", "stage_distribution", "stage_movements", "stage_settings_issues",
    "memory_issues",
)  # fmt: skip
_DAY = "DATE '2021-01-01' + CAST(hash({what}) % 1800 AS INTEGER)"
_TABLES = {
    "accounts": """SELECT 'A' || i AS account_id, NULL::VARCHAR AS set_aside
        FROM range({accounts}) r(i)""",
    "sites": """SELECT 'S' || i AS site_id, 'A' || i % {accounts} AS account_id,
        NULL::VARCHAR AS moved_to_site_id, 3 AS contacts, 4 AS records FROM range({sites}) r(i)""",
    "contacts": """SELECT 'C' || i AS contact_id, 'S' || i % {sites} AS site_id,
        'A' || i % {sites} % {accounts} AS account_id,
        CASE i % 4 WHEN 0 THEN 'buyer' WHEN 1 THEN 'user' END AS buying_role
        FROM range({contacts}) r(i)""",
    "record_entities": """SELECT 'r' || i AS record_id, 'list' || i % 12 AS source,
        'C' || i % {contacts} AS contact_id, 'A' || i % {contacts} % {sites} % {accounts}
          AS account_id, 'S' || i % {contacts} % {sites} AS site_id, 'usable' AS status
        FROM range({records}) r(i)""",
    "standard_records": """SELECT 'r' || i AS record_id, 5 AS trust,
        CASE WHEN hash(i, 1) % 5 > 0 THEN """ + _DAY.format(what="i, 2") + """ END AS record_at
        FROM range({records}) r(i)""",
    "contact_positions": """SELECT contact_id, account_id, site_id, 1 AS place FROM contacts""",
    "address_moves": """SELECT '' AS entity_id, '' AS from_site_id, '' AS site_id_now
        WHERE false""",
    "key_players": """SELECT contact_id, 'pumps' AS product FROM contacts
        WHERE buying_role = 'buyer'""",
    "product_roles": "SELECT 'pumps' AS product, 'any' AS function",
    "segments": "SELECT 's' || i AS segment, 'pumps' AS product FROM range(5) r(i)",
    "universe": """SELECT site_id AS member, site_id, account_id, 's' || hash(site_id) % 5
        AS segment, TRUE AS known FROM sites""",
    "responses": """SELECT 'm' || i AS response_id,
        CASE WHEN hash(i, 3) % 10 < 7 THEN 'C' || c END AS contact_id,
        CASE WHEN hash(i, 3) % 10 < 7 THEN 'S' || c % {sites} END AS site_id,
        CASE hash(i, 4) % 6 WHEN 0 THEN 'download' WHEN 1 THEN 'open' WHEN 2 THEN 'click'
          WHEN 3 THEN 'riddle' ELSE 'visit' END AS kind,
        CASE hash(i, 4) % 6 WHEN 0 THEN 'Guide ' || hash(i, 5) % 200
          WHEN 1 THEN NULL WHEN 2 THEN NULL WHEN 3 THEN NULL
          ELSE '/page/' || hash(i, 5) % 2000 END AS topic,
        NULL::VARCHAR AS medium,
        TIMESTAMP '2021-01-01' + to_seconds(CAST(hash(i, 6) % 155520000 AS BIGINT)) AS occurred_at,
        'log' || i % 4 AS source, i AS row_number
        FROM (SELECT i, hash(i, 7) % {contacts} AS c FROM range({responses}) r(i))""",
    "touches": """SELECT TIMESTAMP '2024-01-01' AS occurred_at, 'mails' AS source
        FROM range({sites}) r(i)""",
    "opportunities": """SELECT 'o' || i AS opportunity_id, 'S' || i * 7 % {sites} AS site_id,
        'A' || i * 7 % {sites} % {accounts} AS account_id, 'Pumps' AS name,
        CASE i % 3 WHEN 0 THEN 'won' WHEN 1 THEN 'lost' ELSE 'open' END AS outcome,
        CAST(""" + _DAY.format(what="i, 8") + """ AS TIMESTAMP) AS created_at,
        CASE WHEN i % 3 < 2 THEN """ + _DAY.format(what="i, 8") + """ + 60 END AS closed_at,
        'crm' AS source, i AS row_number FROM range({sites} // 5) r(i)""",
}  # fmt: skip
_BOUND = """
SELECT site_id, kind, CAST(occurred_at AS DATE) AS day, min(response_id) AS response_id, count(*)
FROM read_parquet('{file}') GROUP BY ALL
"""


def measure(sites: int, responses: int, folder: Path) -> tuple[dict[str, float], float]:
    """Seconds of each table, and of the bound."""
    sizes = {
        "sites": sites, "responses": responses, "accounts": max(sites * 4 // 5, 1),
        "contacts": sites * 3, "records": sites * 4,
    }  # fmt: skip
    given = {
        "landed_on": {}, "stands_at": None, "segments": [], "products": [],
        "stages": StageLimits(365, 0, RULES),
    }  # fmt: skip
    by_name = {model.name: model for model in models()}
    seconds: dict[str, float] = {}
    with DuckEngine(folder / "scratch") as engine:
        for name, select in _TABLES.items():
            engine.create("__made", select.format(**sizes))
            engine.copy_parquet("__made", folder / f"{name}.parquet")
            engine.drop("__made")
            engine.read_parquet(name, folder / f"{name}.parquet")
        for name in STEPS:
            started = time.perf_counter()
            graph.compute(by_name[name], engine, given)
            seconds[name] = time.perf_counter() - started
        started = time.perf_counter()
        engine.create("bound", _BOUND.format(file=folder / "responses.parquet"))
        bound = time.perf_counter() - started
        _check(engine, sites)
    return seconds, bound


def _check(engine: DuckEngine, sites: int) -> None:
    """Stop where the tables are not what they should be: every site stands somewhere."""
    stands = engine.arrow("SELECT count(*) AS n FROM site_stages")["n"][0].as_py()
    assert stands == sites, f"{stands:,} of {sites:,} sites have a stage"


def main() -> None:
    """Measure, print, and leave the figures as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=50_000)
    parser.add_argument("--responses", type=int, default=10_000_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stages-") as folder:
        seconds, bound = measure(asked.sites, asked.responses, Path(folder))
    whole = sum(seconds.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(machine.describe())
    for name, spent in seconds.items():
        print(f"  {spent:7.2f} s  {name}")
    print(
        f"Stages of {asked.sites:,} sites by {asked.responses:,} responses: {whole:.1f} s (target "
        f"{TARGET_SECONDS} s), {peak:.1f} GB at most."
    )
    print(f"Bound, DuckDB's group by site, day and kind: {bound:.1f} s, {whole / bound:.1f} times.")
    if asked.json:
        asked.json.write_text(json.dumps({"seconds": seconds, "bound": bound}, indent=1), "utf-8")


if __name__ == "__main__":
    main()

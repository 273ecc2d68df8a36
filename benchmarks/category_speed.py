"""How long categories and mixes of a large memory take: `python -m benchmarks.category_speed`.

150,000 contacts at 25,000 accounts, 500,000 responses with 40,000 different topics, 5,000 deals;
the tables are made up in place, and every model from the words to the gaps is computed on DuckDB.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks import machine
from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.metrics import models
from tieline.metrics.category import CategoryRule, CategoryRules, SourceOwner

RESULT = Path(__file__).parent / "results/category_speed.json"
CONTACTS, ACCOUNTS, RESPONSES, DEALS = 150_000, 25_000, 500_000, 5_000
STEPS = (
    "as_of", "category_weights", "category_figures", "category_rules", "category_readings",
    "source_departments", "interactions", "interaction_kinds", "category_evidence",
    "category_shares", "contact_categories", "category_history", "account_bands", "usual_mixes",
    "usual_bands", "contact_mix", "mix_gaps",
)  # fmt: skip
TOPICS = (
    "'Your invoice', 'Display dark', 'Bestellung', 'Webinar on flow', 'Hello', 'Price list', "
    "'Demo at plant', 'Budget talk', 'Interview', '/products'"
)
TABLES = {
    "contacts": f"""
      SELECT 'C' || i AS contact_id, 'S' || (i % {ACCOUNTS}) AS site_id,
        'A' || (i % {ACCOUNTS}) AS account_id, 'x' || i || '@a' || (i % {ACCOUNTS}) || '.com'
        AS email, 'Title ' || (i % 900) AS title,
        ['procurement', 'finance', 'it', 'engineering', 'executive', NULL][1 + i % 6] AS function,
        ['staff', 'manager', 'director', 'c_level', NULL][1 + i % 5] AS level,
        NULL::VARCHAR AS buying_role, 0.9 AS function_confidence, 0.9 AS level_confidence,
        NULL::VARCHAR AS department, DATE '2019-01-01' AS first_seen_at
      FROM range({CONTACTS}) t(i)""",
    "responses": f"""
      SELECT 'm' || i AS response_id,
        CASE WHEN i % 20 > 0 THEN 'C' || CAST(floor({CONTACTS} * pow(random(), 2)) AS BIGINT) END
          AS contact_id,
        ['email', 'ticket', 'download', 'visit', NULL][1 + i % 5] AS kind,
        [{TOPICS}][1 + CAST(floor(random() * 10) AS BIGINT) % 10] || ' ' || (i % 40000 // 10)
          AS topic,
        ['desk', 'web', 'mailbox'][1 + i % 3] AS source, NULL::VARCHAR AS campaign,
        TIMESTAMP '2022-01-01' + INTERVAL (CAST(floor(random() * 1500) AS BIGINT)) DAY
          AS occurred_at
      FROM range({RESPONSES}) t(i)""",
    "opportunities": f"""
      SELECT 'o' || i AS opportunity_id, 'A' || (i * 3 % {ACCOUNTS}) AS account_id,
        'C' || (i * 7) AS contact_id, ['won', 'lost'][1 + i % 2] AS outcome,
        TIMESTAMP '2025-01-01' AS created_at
      FROM range({DEALS}) t(i)""",
    "accounts": f"""
      SELECT 'A' || i AS account_id, ['Metals', 'Food', 'Publishing'][1 + i % 3] AS industry,
        CAST(5 + i % 2000 AS DOUBLE) AS employees, CAST({CONTACTS // ACCOUNTS} AS BIGINT)
        AS contacts, NULL::VARCHAR AS set_aside
      FROM range({ACCOUNTS}) t(i)""",
    "sites": f"SELECT 'S' || i AS site_id, 'A' || i AS account_id FROM range({ACCOUNTS}) t(i)",
    "universe": f"""
      SELECT 'S' || i AS member, 'S' || i AS site_id, 'A' || i AS account_id, true AS known,
        CASE WHEN i % 2 = 0 THEN 'dach' END AS segment FROM range({ACCOUNTS}) t(i)""",
    "segments": "SELECT 'dach' AS segment, 'pumps' AS product",
    "product_roles": "SELECT 'pumps' AS product",
    "key_players": f"""
      SELECT 'C' || (i * 5) AS contact_id, 'pumps' AS product, 'S' || (i * 5 % {ACCOUNTS})
        AS site_id, 'A' || (i * 5 % {ACCOUNTS}) AS account_id, true AS usable
      FROM range({CONTACTS // 5}) t(i)""",
    "record_entities": f"""
      SELECT 'r' || i AS record_id, 'C' || (i % {CONTACTS}) AS contact_id,
        ['crm_export', 'support_users', 'kreditoren'][1 + i % 3] AS source
      FROM range({CONTACTS * 2}) t(i)""",
    "standard_records": f"""
      SELECT 'r' || i AS record_id, NULL::VARCHAR AS contact_type, i % 50 = 0 AS is_free_mail,
        'x' || (i % {CONTACTS}) || '@a' || (i % {ACCOUNTS}) || '.com' AS email
      FROM range({CONTACTS * 2}) t(i)""",
}


def made() -> dict[str, pa.Table]:
    """The tables, the same on every run."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1").fetchall()
        connection.execute("SELECT setseed(0.5)").fetchall()
        return {name: connection.sql(select).to_arrow_table() for name, select in TABLES.items()}


def main() -> None:
    """Compute every model once, print its seconds and rows, and keep them."""
    given = {
        "categories": CategoryRules(rules=(CategoryRule("partner", kind="port*"),)),
        "source_owners": [SourceOwner(n) for n in ("crm_export", "support_users", "kreditoren")],
    }
    by_name = {model.name: model for model in models()}
    steps: dict[str, dict[str, float]] = {}
    with DuckEngine() as engine:
        for name, table in made().items():
            engine.load(name, table)
        for name in STEPS:
            started = time.perf_counter()
            compute(by_name[name], engine, given)
            seconds = time.perf_counter() - started
            rows = engine.arrow(f"SELECT count(*) AS n FROM {name}")["n"][0].as_py()
            steps[name] = {"seconds": round(seconds, 2), "rows": rows}
            print(f"{seconds:6.2f} s  {rows:>9,} rows  {name}")
    whole = round(sum(step["seconds"] for step in steps.values()), 2)
    print(f"{whole:6.2f} s in all; load {machine.load()}")
    told = {"machine": machine.describe(), "seconds": whole, "load": machine.load(), "steps": steps}
    RESULT.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

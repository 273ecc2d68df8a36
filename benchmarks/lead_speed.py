"""How long a million contacts on five products take: `python -m benchmarks.lead_speed [CONTACTS]`.

Generated contacts, two responses each, and the five starters' scorecards on DuckDB: the facts, what
people did, the receipts, the scores of people, sites and accounts, as a build computes them. The
receipts are then held to add up to every score.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks import machine
from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.metrics import models
from tieline.metrics.scorecard import Scorecard
from tieline.workspace.scorecards import read_scorecard

TABLES = (
    "lead_facts", "lead_done", "lead_activity", "score_parts", "lead_scores", "group_parts",
    "site_scores", "account_scores",
)  # fmt: skip
PRODUCTS = ("software", "equipment", "services", "software", "equipment")


def cards() -> tuple[Scorecard, ...]:
    """Five scorecards, as the starters have them."""
    found = []
    for number, like in enumerate(PRODUCTS):
        text = files("tieline.workspace").joinpath("starters", f"{like}.toml").read_text("utf-8")
        name = f"{like}_{number}"
        found.append(read_scorecard(name, text.replace("{product}", name)))
    return tuple(found)


def world(contacts: int) -> dict[str, str]:
    """The tables that scores are made from, as SELECTs."""
    return {
        "contacts": f"""
          SELECT 'C' || i AS contact_id, 'S' || (i // 4) AS site_id, 'A' || (i // 8) AS account_id,
            't' AS title, ['procurement', 'it', 'engineering', 'finance'][1 + i % 4] AS function,
            'manager' AS level, i % 6 AS power, ['decider', 'buyer', 'user'][1 + i % 3]
            AS buying_role, 'x@y.z' AS email, '+49' AS phone, NULL::VARCHAR AS mobile,
            'd' AS department
          FROM range({contacts}) t(i)""",
        "accounts": f"""
          SELECT 'A' || i AS account_id, 'Chemicals' AS industry,
            CASE WHEN i % 10 > 0 THEN (i % 3000)::DOUBLE END AS employees, 1.0 AS revenue,
            'DE' AS country, 'GmbH' AS legal_form, 'y.z' AS domain, 8 AS contacts, 2 AS sites
          FROM range({contacts // 8 + 1}) t(i)""",
        "sites": f"""
          SELECT 'S' || i AS site_id, 'DE' AS country, 'x' AS region, 'c' AS city, '1' AS postcode
          FROM range({contacts // 4 + 1}) t(i)""",
        "families": "SELECT account_id, NULL::VARCHAR AS parent_id FROM accounts",
        "site_stages": "SELECT site_id, 'dialogue' AS stage, 'mid' AS phase FROM sites",
        "contact_categories": "SELECT contact_id, 'decision_maker' AS category FROM contacts",
        "record_entities": "SELECT contact_id, 'usable' AS status FROM contacts",
        "responses": f"""
          SELECT 'r' || i AS response_id, 'C' || ((i * 7919) % {contacts}) AS contact_id,
            ['download', 'webinar', 'meeting', 'event', 'rfq', 'page'][1 + i % 6] AS kind,
            'topic ' || (i % 50) AS topic, 'web' AS source, 'web' AS medium,
            TIMESTAMP '2024-01-01' + INTERVAL (i % 700) DAY AS occurred_at
          FROM range({2 * contacts}) t(i)""",
        "opportunities": f"""
          SELECT 'o' || i AS opportunity_id, 'A' || i AS account_id, 'C' || (i * 8) AS contact_id,
            ['won', 'lost'][1 + i % 2] AS outcome, DATE '2025-01-01' AS closed_at
          FROM range({contacts // 50}) t(i)""",
        "as_of": "SELECT DATE '2025-12-31' AS as_of",
    }


def million(contacts: int = 1_000_000) -> dict[str, Any]:
    """The seconds of each table and of all, and how many scores there are."""
    by_name = {model.name: model for model in models()}
    load = machine.load()
    with tempfile.TemporaryDirectory() as folder, DuckEngine(Path(folder)) as engine:
        for name, select in world(contacts).items():
            engine.create(name, select)
        taken = {}
        for name in TABLES:
            started = time.perf_counter()
            compute(by_name[name], engine, {"scorecards": cards()})
            taken[name] = round(time.perf_counter() - started, 2)
        wrong = engine.arrow(
            "SELECT count(*) AS wrong FROM lead_scores l LEFT JOIN (SELECT product, contact_id, "
            "sum(CAST(points AS DECIMAL(18, 2))) AS added FROM score_parts "
            "GROUP BY product, contact_id) p USING (product, contact_id) "
            "WHERE CAST(l.score AS DECIMAL(18, 2)) <> coalesce(p.added, 0)"
        ).to_pylist()[0]["wrong"]
        return {
            "contacts": contacts,
            "products": len(PRODUCTS),
            "scores": engine.rows("lead_scores"),
            "parts": engine.rows("score_parts"),
            "scores_that_do_not_add_up": wrong,
            "load_before": load,
            "seconds": round(sum(taken.values()), 2),
            "seconds_by_table": taken,
        }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(million(*map(int, sys.argv[1:2])), indent=1) + "\n")

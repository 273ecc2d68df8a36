"""What a webhook is told of one step of the change feed: ids and figures, no personal values."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.identity.change_feed import Step
from tieline.identity.changes import SCHEMA

AT_ONCE = 1000
"""Changes in one post."""
TOPICS: Mapping[str, str] = {
    "stages": "a site or account has another stage or phase",
    "scores": "a person or account has another lead score or lead stage",
    "outlooks": "an account has another outlook",
    "redirects": "an id was merged, split or is no longer in use, or belongs elsewhere",
}
"""What a webhook may be told of, in words."""
_TABLES = {
    "stages": ("site_stages", "account_stages"),
    "scores": ("lead_scores", "account_scores"),
    "outlooks": ("outlooks",),
}
_IDS = ("merged", "split", "ended", "moved")


def parts(step: Step, topics: Collection[str]) -> int:
    """In how many posts a step is told; 0 if nothing of it belongs to the topics."""
    rows: int = _rows(step, topics).num_rows
    return -(-rows // AT_ONCE)


def body(step: Step, topics: Collection[str], part: int, *, webhook: int) -> bytes:
    """The body of one post; the same bytes each time it is tried."""
    rows = _rows(step, topics)
    told = {
        "id": f"{webhook}-{step.number}-{part}",
        "type": "changes",
        "step": step.number,
        "from_snapshot": step.before,
        "to_snapshot": step.after,
        "part": part,
        "parts": -(-rows.num_rows // AT_ONCE),
        "changes": rows.slice(part * AT_ONCE, AT_ONCE).to_pylist(),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _rows(step: Step, topics: Collection[str]) -> Any:
    rows = pq.read_table(step.file, schema=SCHEMA)
    tables = [name for topic in topics for name in _TABLES.get(topic, ())]
    wanted = pc.is_in(rows["entity"], value_set=_texts(tables))
    if "redirects" in topics:
        entities = pc.is_in(rows["entity"], value_set=_texts(["contact", "site", "account"]))
        ids = pc.is_in(rows["change"], value_set=_texts(list(_IDS)))
        wanted = pc.or_(wanted, pc.and_(entities, ids))
    return rows.filter(wanted)


def _texts(values: list[str]) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.string())

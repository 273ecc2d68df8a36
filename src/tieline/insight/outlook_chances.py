"""The chance that the next deal of an account is won, learned from past deals."""

from __future__ import annotations

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.insight import outlook_learning as learning


def outlook_chances(outlook_cases: Table, outlook_models: Table, *, engine: Engine) -> pa.Table:
    """The chance that the next deal of an account is won, beside the outlook by rules.

    question: How likely is the next deal of an account won, going by past deals?
    row: One account that is not set aside; no row where deals are too few, or tell nothing.
    key: account_id
    owner: seller
    better: up
    columns:
      account_id: The account.
      chance: The chance that a deal is won, 0 to 1.
      usual: The share of deals that were won, to compare it with.
      features: What it was learned from (see outlook_models).
    """
    used = engine.arrow(f"SELECT DISTINCT features FROM {outlook_models} WHERE is_used").to_pylist()
    if not used:
        return _SCHEMA.empty_table()
    kind = used[0]["features"]
    rows = engine.arrow(f"SELECT * FROM {outlook_cases} ORDER BY case_id").to_pylist()
    known = [row for row in rows if row["won"] is not None]
    asked = [row for row in rows if row["won"] is None]
    if not asked:
        return _SCHEMA.empty_table()
    told = learning.chances(known, asked, kind)
    usual = sum(row["won"] for row in known) / len(known)
    made = [
        {
            "account_id": row["account_id"],
            "chance": round(float(chance), 6),
            "usual": round(usual, 6),
            "features": kind,
        }
        for row, chance in zip(asked, told, strict=True)
    ]
    return pa.Table.from_pylist(made, schema=_SCHEMA)


_SCHEMA = pa.schema(
    [
        ("account_id", pa.string()),
        ("chance", pa.float64()),
        ("usual", pa.float64()),
        ("features", pa.string()),
    ]
)

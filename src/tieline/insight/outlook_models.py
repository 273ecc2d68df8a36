"""What past deals teach of the outlook, and whether the mix adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.insight import outlook_learning as learning
from tieline.insight.outlook_learning import FEATURE_SETS, FIRMOGRAPHICS, Learned

Row = dict[str, Any]


def outlook_models(outlook_cases: Table, *, engine: Engine) -> pa.Table:
    """What past deals teach: how well each kind of knowledge tells won deals from lost ones.

    Every figure is of accounts, or of later deals, that the model never saw. The intervals come
    from resampling whole accounts.

    question: Does what we know of a relationship tell whether it will grow, and does the mix help?
    row: One kind of knowledge, tested in one way; one row that says so where the deals are too few.
    key: features, validation
    owner: analyst
    better: up
    columns:
      features: "firmographics, firmographics and mix, or firmographics, mix and memory."
      validation: "other accounts (five folds) or later deals (the last 30 %)."
      cases: Deals it is tested on.
      won: How many of them were won.
      auc: The chance that a won deal was given more than a lost one; 0.5 is guessing.
      auc_low: Lower end of its 95 % interval.
      auc_high: Upper end.
      brier: Mean squared distance of chance and outcome; 0 is best.
      gain: AUC less that of the firmographics alone.
      gain_low: Lower end of its 95 % interval.
      gain_high: Upper end.
      is_used: Whether the chances in outlook_chances are of this one.
      says: The same in words.
    """
    rows = engine.arrow(
        f"SELECT * FROM {outlook_cases} WHERE won IS NOT NULL ORDER BY case_id"
    ).to_pylist()
    won = sum(row["won"] for row in rows)
    if not rows:
        return _SCHEMA.empty_table()
    if not enough(rows):
        says = (
            f"{len(rows):,} closed deals, {won:,} of them won: too few to learn from; "
            f"{learning.LEAST_CASES} are needed, {learning.LEAST_OF_EACH} of them won and as many "
            "lost. The rules stand alone."
        )
        none = {"features": "none", "validation": "none", "cases": len(rows), "won": won}
        return pa.Table.from_pylist([{**none, "is_used": False, "says": says}], schema=_SCHEMA)
    tested: dict[str, dict[str, Learned | None]] = {
        "other accounts": {kind: learning.cross_validated(rows, kind) for kind in FEATURE_SETS},
        "later deals": {kind: learning.out_of_time(rows, kind) for kind in FEATURE_SETS},
    }
    told = [
        _row(kind, validation, found, kinds[FIRMOGRAPHICS])
        for validation, kinds in tested.items()
        for kind, found in kinds.items()
        if found is not None
    ]
    used = _used(told)
    for row in told:
        row["is_used"] = row["features"] == used
    return pa.Table.from_pylist(told, schema=_SCHEMA)


def enough(rows: Sequence[Row]) -> bool:
    """Whether there are deals enough to learn from."""
    won = sum(row["won"] for row in rows)
    few = min(won, len(rows) - won)
    return len(rows) >= learning.LEAST_CASES and few >= learning.LEAST_OF_EACH


def _used(told: Sequence[Row]) -> str:
    """The richest knowledge that certainly adds to the firmographics, tested on other accounts.

    Else the firmographics; "" if what it tells may be guessing.
    """
    by_kind = {row["features"]: row for row in told if row["validation"] == "other accounts"}
    adding = [kind for kind in FEATURE_SETS[1:] if by_kind[kind]["gain_low"] > 0]
    used = adding[-1] if adding else FIRMOGRAPHICS
    return used if by_kind[used]["auc_low"] > 0.5 else ""


def _row(kind: str, validation: str, found: Learned, plain: Learned | None) -> Row:
    def gained(weights: learning.Floats) -> float:
        return found.auc(weights) - plain.auc(weights) if plain else 0.0

    once = found.won * 0 + 1
    low, high = learning.interval(found.accounts, found.auc)
    row: Row = {
        "features": kind,
        "validation": validation,
        "cases": len(found.won),
        "won": int(found.won.sum()),
        "auc": round(found.auc(once), 6),
        "auc_low": round(low, 6),
        "auc_high": round(high, 6),
        "brier": round(learning.brier(found.chances, found.won, once), 6),
    }
    if kind != FIRMOGRAPHICS:
        low, high = learning.interval(found.accounts, gained)
        row |= {"gain": round(gained(once), 6), "gain_low": round(low, 6)}
        row |= {"gain_high": round(high, 6)}
    row["says"] = _says(row)
    return row


def _says(row: Row) -> str:
    told = (
        f"A won deal is given more than a lost one {row['auc']:.0%} of the time "
        f"({row['auc_low']:.0%} to {row['auc_high']:.0%}), on {row['validation']}"
    )
    if row["auc_low"] <= 0.5:
        told += ", which may be guessing"
    if row["features"] == FIRMOGRAPHICS:
        return f"{told}."
    what = row["features"].removeprefix("firmographics").lstrip(", ").removeprefix("and ")
    adds = "add" if " and " in what else "adds"
    span = f"{row['gain']:+.3f} ({row['gain_low']:+.3f} to {row['gain_high']:+.3f})"
    if row["gain_low"] > 0:
        return f"{told}; {what} {adds} to the firmographics: {span}."
    return f"{told}; {what} {adds} nothing certain over the firmographics: {span}."


_SCHEMA = pa.schema(
    [
        ("features", pa.string()),
        ("validation", pa.string()),
        ("cases", pa.int64()),
        ("won", pa.int64()),
        *((name, pa.float64()) for name in ("auc", "auc_low", "auc_high", "brier")),
        *((name, pa.float64()) for name in ("gain", "gain_low", "gain_high")),
        ("is_used", pa.bool_()),
        ("says", pa.string()),
    ]
)

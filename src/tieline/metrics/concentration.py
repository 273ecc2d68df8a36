"""How contacts and responses pile up in few companies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.metrics import inequality
from tieline.metrics.segment import ALL

Key = tuple[str, str, str]


@dataclass(frozen=True)
class ConcentrationLimits:
    """When concentration is an alarm; 0 for never.

    `top` companies may have at most `max_top_share` of all; `period_days` is the length of the last
    period, which is held against the one before.
    """

    top: int = 10
    max_top_share: float = 0.0
    max_gini: float = 0.0
    max_herfindahl: float = 0.18
    min_effective_companies: float = 0.0
    period_days: int = 365

    def of(self, measure: str) -> float | None:
        """The threshold of a measure, if it has one."""
        found = {
            "top_share": self.max_top_share,
            "gini": self.max_gini,
            "herfindahl": self.max_herfindahl,
            "effective_companies": self.min_effective_companies,
        }[measure]
        return found or None


_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("segment", "subject", "period", "measure")),
        ("companies", pa.int64()),
        ("items", pa.int64()),
        *((name, pa.float64()) for name in ("value", "low", "high", "threshold")),
        ("alarm", pa.string()),
        ("says", pa.string()),
    ]
)


def concentration(
    contacts: Table,
    responses: Table,
    accounts: Table,
    universe: Table,
    *,
    engine: Engine,
    concentration_limits: ConcentrationLimits,
) -> pa.Table:
    """How contacts and responses pile up in few companies.

    Only companies with at least one contact or response count, and none that is set aside. The
    intervals are those of other companies of the same kind (`metrics/inequality.py`).

    question: Do our contacts and responses hang on a few companies, and does it get worse?
    row: One measure of contacts or responses over companies, of one segment or all, in one period.
    key: segment, subject, period, measure
    owner: executive
    better: down
    columns:
      segment: The segment of the site, or "all" for all companies, in segments or not.
      subject: contacts or responses.
      period: "all; of responses also last (the last period up to the newest response) and before
        (the period before that)."
      measure: "top_share (of the companies with most), gini, herfindahl or effective_companies (of
        these more are better)."
      companies: How many companies have at least one.
      items: How many contacts or responses they have.
      value: The measure; shares and indices 0 to 1, effective_companies a number of companies.
      low: Lower end of its 95 % interval; empty for a single company.
      high: Upper end of the interval.
      threshold: From which value on it is an alarm, by the settings; empty for none.
      alarm: "threshold (it is beyond), worse (beyond the interval of the period before) or empty."
      says: The alarm in words.
    """
    limits = concentration_limits
    rows = engine.arrow(_counted(contacts, responses, accounts, universe, limits.period_days))
    spreads: dict[Key, list[tuple[float, float]]] = defaultdict(list)
    for row in rows.to_pylist():
        key = row["segment"], row["subject"], row["period"]
        spreads[key].append((float(row["amount"]), float(row["companies"])))
    found = {key: dict(_measured(spread, limits)) for key, spread in sorted(spreads.items())}
    told = [row for key, measures in found.items() for row in _rows(key, measures, found, limits)]
    return pa.Table.from_pylist(told, schema=_SCHEMA)


def _counted(contacts: Table, responses: Table, accounts: Table, universe: Table, days: int) -> str:
    """How many companies have which amount, per segment, subject and period."""
    return f"""
    WITH newest AS (SELECT max(CAST(occurred_at AS TIMESTAMP)) AS at FROM {responses}),
    things AS (
      SELECT c.account_id, c.site_id, 'contacts' AS subject, 'all' AS period FROM {contacts} c
      UNION ALL
      SELECT r.account_id, r.site_id, 'responses', p.period
      FROM {responses} r CROSS JOIN newest n
      JOIN (VALUES ('all'), ('last'), ('before')) p(period) ON p.period = 'all'
        OR (p.period = 'last' AND r.occurred_at > n.at - INTERVAL {days} DAY)
        OR (p.period = 'before' AND r.occurred_at <= n.at - INTERVAL {days} DAY
          AND r.occurred_at > n.at - INTERVAL {2 * days} DAY)
    ),
    kept AS (
      SELECT t.account_id, t.subject, t.period, u.segment
      FROM things t JOIN {accounts} a USING (account_id)
      LEFT JOIN {universe} u ON u.site_id = t.site_id
      WHERE a.set_aside IS NULL
    ),
    amounts AS (
      SELECT '{ALL}' AS segment, subject, period, account_id, count(*) AS amount FROM kept
      GROUP BY ALL
      UNION ALL
      SELECT segment, subject, period, account_id, count(*) FROM kept WHERE segment IS NOT NULL
      GROUP BY ALL
    )
    SELECT segment, subject, period, amount, count(*) AS companies FROM amounts
    GROUP BY ALL ORDER BY ALL
    """


def _measured(
    spread: list[tuple[float, float]], limits: ConcentrationLimits
) -> Iterator[tuple[str, dict[str, Any]]]:
    values, counts = (np.array(column) for column in zip(*spread, strict=True))
    measures: dict[str, inequality.Measure] = {
        "top_share": partial(inequality.top_share, top=limits.top),
        "gini": inequality.gini,
        "herfindahl": inequality.herfindahl,
        "effective_companies": inequality.effective_companies,
    }
    for name, measure in measures.items():
        ends: tuple[float | None, float | None] = (None, None)
        if counts.sum() > 1:
            ends = inequality.interval(measure, values, counts)
        yield (
            name,
            {
                "companies": int(counts.sum()),
                "items": int((counts * values).sum()),
                # What comes after is the noise of another order of adding up.
                "value": round(float(measure(values, counts)), 9),
                "low": None if ends[0] is None else round(ends[0], 9),
                "high": None if ends[1] is None else round(ends[1], 9),
            },
        )


def _rows(
    key: Key,
    measures: dict[str, dict[str, Any]],
    found: dict[Key, dict[str, dict[str, Any]]],
    limits: ConcentrationLimits,
) -> Iterator[dict[str, Any]]:
    segment, subject, period = key
    for name, told in measures.items():
        threshold = limits.of(name)
        before = found.get((segment, subject, "before"), {}).get(name) if period == "last" else None
        alarm, says = _alarm(name, told, threshold, before, limits.top)
        yield {
            "segment": segment,
            "subject": subject,
            "period": period,
            "measure": name,
            **told,
            "threshold": threshold,
            "alarm": alarm,
            "says": says,
        }


def _alarm(
    name: str,
    told: dict[str, Any],
    threshold: float | None,
    before: dict[str, Any] | None,
    top: int,
) -> tuple[str | None, str | None]:
    fewer_is_worse = name == "effective_companies"
    value, words = told["value"], _words(name, told["value"], top)
    if threshold is not None and (value < threshold if fewer_is_worse else value > threshold):
        return "threshold", f"{words}, beyond the threshold of {_figure(name, threshold)}."
    if before is not None and before["low"] is not None and told["low"] is not None:
        apart = told["high"] < before["low"] if fewer_is_worse else told["low"] > before["high"]
        if apart:
            was = _figure(name, before["value"])
            return "worse", f"{words}, after {was} in the period before."
    return None, None


def _words(name: str, value: float, top: int) -> str:
    figure = _figure(name, value)
    most = f"{top} companies with most have" if top > 1 else "company with most has"
    return {
        "top_share": f"The {most} {figure} of all",
        "gini": f"The Gini coefficient is {figure}",
        "herfindahl": f"The Herfindahl index is {figure}",
        "effective_companies": f"It is as if there were {figure} companies of equal share",
    }[name]


def _figure(name: str, value: float) -> str:
    if name == "top_share":
        return f"{value:.0%}"
    if name == "effective_companies":
        return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
    return f"{value:.3f}"

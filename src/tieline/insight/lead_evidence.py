"""What sales' answers say about each criterion: who gets points by it, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Engine, Table
from tieline.metrics.hand_over import ACCEPT, RECYCLE, REJECT
from tieline.metrics.scorecard import Criterion, Scorecard
from tieline.metrics.wilson import wilson

LEAST_LEADS = 10
"""On either side at least so many leads, or nothing is said; ours. With fewer, a share has an
interval of more than half of all that is possible."""
UNWORKED = "unworked"
FOR, AGAINST, NEITHER, TOO_FEW = "for", "against", "neither", "too_few"
_COUNTS = ("leads", "answered", ACCEPT, REJECT, RECYCLE, UNWORKED, "won")
_NAMES = ("leads", "answered", "accepted", "rejected", "recycled", "unworked", "won")
_SHARES = ("accepted_share", "accepted_low", "accepted_high")
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("product", "version", "criterion", "criteria_group")),
        *((name, pa.int64()) for name in _NAMES),
        *((name, pa.float64()) for name in _SHARES),
        *((f"other_{name}", pa.int64()) for name in _NAMES),
        *((f"other_{name}", pa.float64()) for name in _SHARES),
        ("because", pa.string()),
        ("because_leads", pa.int64()),
        ("verdict", pa.string()),
        ("says", pa.string()),
    ]
)


def lead_evidence(
    lead_standings: Table,
    score_parts: Table,
    *,
    engine: Engine,
    scorecards: Sequence[Scorecard],
) -> pa.Table:
    """What became of leads with points from a criterion, beside those without.

    Every answer counts that is the last one about its lead, whatever version handed that over; the
    points are those of today. Intervals are Wilson's, of 95 %. Two shares differ where their
    intervals do not overlap: stricter than one test at 5 % (Schenker and Gentleman, On Judging the
    Significance of Differences by Examining the Overlap Between Confidence Intervals, The American
    Statistician 55(3), 2001), since ten criteria are looked at at once.

    question: Which criteria bring leads that sales accepts, and which bring leads it rejects?
    row: One criterion of a scorecard in force.
    key: product, version, criterion
    owner: marketer
    columns:
      product: The product.
      version: The version of the scorecard.
      criterion: The criterion.
      criteria_group: demographics, attributes, activity or buying_status.
      leads: How many leads with points from it were answered, or left unworked.
      answered: How many of those were answered.
      accepted: How many of those were accepted.
      rejected: How many were rejected.
      recycled: How many were sent back for later.
      unworked: How many nobody worked on in time, answered or not.
      won: How many with points from it, answered or not, were won.
      accepted_share: accepted of answered, 0 to 1; empty for no answer.
      accepted_low: The lower end of its interval.
      accepted_high: The upper end.
      other_leads: How many leads without points from it were answered, or left unworked.
      other_answered: How many of those were answered.
      other_accepted: How many of those were accepted.
      other_rejected: How many were rejected.
      other_recycled: How many were sent back for later.
      other_unworked: How many nobody worked on in time.
      other_won: How many without points from it were won.
      other_accepted_share: other_accepted of other_answered, 0 to 1; empty for no answer.
      other_accepted_low: The lower end of its interval.
      other_accepted_high: The upper end.
      because: The most frequent reason of rejecting those with points; empty for none.
      because_leads: How often it was given.
      verdict: "against: sales accepts those with points less often than the others, or leaves them
        unworked more often, beyond chance; for: it accepts them more often; neither; too_few (fewer
        than 10 leads on one side)."
      says: The same in words.
    """
    cards = [card for card in scorecards if card.hands_over]
    if not cards:
        return _SCHEMA.empty_table()
    told = engine.arrow(
        f"""
        WITH judged AS (
          SELECT product, contact_id, answer, because, standing FROM {lead_standings}
          WHERE answer IS NOT NULL OR standing IN ('unworked', 'won')
        )
        SELECT product, {literal("")} AS criterion, answer, because, standing, count(*) AS leads
        FROM judged GROUP BY product, answer, because, standing
        UNION ALL
        SELECT j.product, p.criterion, j.answer, j.because, j.standing, count(*)
        FROM judged j
        JOIN {score_parts} p ON p.product = j.product AND p.contact_id = j.contact_id
        WHERE p.points > 0 GROUP BY j.product, p.criterion, j.answer, j.because, j.standing
        """
    ).to_pylist()
    rows = []
    for card in cards:
        mine = [row for row in told if row["product"] == card.product]
        whole = _counted([row for row in mine if not row["criterion"]])
        for one in card.criteria:
            having = [row for row in mine if row["criterion"] == one.name]
            rows.append(_row(card, one, having, whole))
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _counted(rows: Sequence[dict[str, Any]]) -> Counter[str]:
    """How many leads by answer and by standing."""
    found: Counter[str] = Counter()
    for row in rows:
        if row["answer"] or row["standing"] == UNWORKED:
            found["leads"] += row["leads"]
        if row["answer"]:
            found["answered"] += row["leads"]
            found[row["answer"]] += row["leads"]
        found[row["standing"]] += row["leads"]
    return found


def _row(
    card: Scorecard, one: Criterion, having: Sequence[dict[str, Any]], whole: Counter[str]
) -> dict[str, Any]:
    held = _counted(having)
    others = Counter({name: whole[name] - held[name] for name in _COUNTS})
    reasons: Counter[str] = Counter()
    for row in having:
        if row["answer"] == REJECT and row["because"]:
            reasons[row["because"]] += row["leads"]
    # Of two reasons given as often the first by name, so that the row is always the same.
    because = min(reasons, key=lambda name: (-reasons[name], name), default=None)
    made: dict[str, Any] = {
        "product": card.product,
        "version": card.version,
        "criterion": one.name,
        "criteria_group": one.group,
        **_side("", held),
        **_side("other_", others),
        "because": because,
        "because_leads": reasons[because] if because else 0,
    }
    made["verdict"] = _verdict(made)
    made["says"] = _says(made)
    return made


def _side(prefix: str, counts: Counter[str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        f"{prefix}{name}": counts[key] for name, key in zip(_NAMES, _COUNTS, strict=True)
    }
    answered, accepted = counts["answered"], counts[ACCEPT]
    low, high = wilson(accepted, answered)
    shares = (accepted / answered, low, high) if answered else (None, None, None)
    return made | {f"{prefix}{name}": told for name, told in zip(_SHARES, shares, strict=True)}


def _verdict(row: dict[str, Any]) -> str:
    accepted, left = _compared(row, "accepted", "answered"), _compared(row, "unworked", "leads")
    if accepted < 0 or left > 0:
        return AGAINST
    if min(row["answered"], row["other_answered"]) < LEAST_LEADS:
        return TOO_FEW
    return FOR if accepted > 0 else NEITHER


def _compared(row: dict[str, Any], part: str, of: str) -> int:
    """1 or -1 where the share with points is more, or less, than without, beyond chance; else 0."""
    if min(row[of], row[f"other_{of}"]) < LEAST_LEADS:
        return 0
    low, high = wilson(row[part], row[of])
    other_low, other_high = wilson(row[f"other_{part}"], row[f"other_{of}"])
    return (low > other_high) - (high < other_low)


def _says(row: dict[str, Any]) -> str:
    if row["verdict"] == TOO_FEW:
        return (
            f"{row['answered']} leads with points for it were answered and {row['other_answered']} "
            f"without: fewer than {LEAST_LEADS} on one side tell nothing"
        )
    accepted = f"accepted were {_shares(row, 'accepted', 'answered')}"
    if row["verdict"] != AGAINST:
        told = "sales takes them more often" if row["verdict"] == FOR else "no more than chance"
        return f"{accepted}: {told}"
    said = []
    if _compared(row, "accepted", "answered") < 0:
        led = f", {row['because_leads']} of them as {row['because']}" if row["because"] else ""
        said.append(
            f"{row['rejected']} of {row['answered']} with points for it were rejected{led}; "
            f"{accepted}"
        )
    if _compared(row, "unworked", "leads") > 0:
        said.append(f"left unworked were {_shares(row, 'unworked', 'leads')}")
    return "; ".join(said)


def _shares(row: dict[str, Any], part: str, of: str) -> str:
    told = []
    for side, where in (("", "with points for it"), ("other_", "without")):
        count, whole = row[f"{side}{part}"], row[f"{side}{of}"]
        low, high = wilson(count, whole)
        told.append(f"{count} of {whole} {where} ({low:.0%} to {high:.0%})")
    return " and ".join(told)

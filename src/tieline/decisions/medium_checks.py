"""Whether going by learned response rates would have been better than what was done."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import pyarrow as pa

from tieline.decisions.approach import PRIOR_TOUCHES, Approach
from tieline.engine.tables import Engine, Table
from tieline.metrics.wilson import wilson

Row = dict[str, Any]
LEAST_TOUCHES = 50
"""With fewer later touches by the medium chosen, or by all others, nothing can be tested: at 50 the
95 % interval of a rate of 10 % is .08 wide on either side."""


def medium_checks(touch_answers: Table, *, engine: Engine, approach: Approach) -> pa.Table:
    """Whether going by learned response rates would have been better than what was done.

    The older half of the touches teaches which medium is answered most at a stage. On the newer
    half it is tested without being tried: of the touches that happened to take that medium, as many
    were answered as would have been of all, if media were chosen by the stage alone (inverse
    propensity weights with the frequencies of each stage; Horvitz and Thompson 1952, Li and others
    2011). The intervals are those of the difference of two proportions (Newcombe 1998, method 10).

    question: May we go by what we learned of the media, or is it worse than what we did?
    row: One stage at which touches of at least one medium are old enough to have been answered.
    key: stage
    owner: analyst
    better: up
    columns:
      stage: Stage of the site on the day of the touch.
      medium: The medium that the older half says is answered most.
      earlier_touches: Touches it was learned from.
      later_touches: Touches it is tested on.
      chosen_touches: How many of these took the medium.
      done_rate: How many of the later touches by other media were answered, 0 to 1.
      chosen_rate: How many of those by the medium were, 0 to 1.
      gain: The second less the first.
      gain_low: Lower end of the 95 % interval.
      gain_high: Upper end.
      verdict: better, worse, not certain, or not testable. Where it is worse, answer_rates stays
        with what was believed.
      says: The same in words.
    """
    rows = engine.arrow(f"""
    WITH told AS (
      SELECT stage, medium, answered_by IS NOT NULL AS answered, ntile(2) OVER (
        PARTITION BY stage ORDER BY touched_on, touch_id) AS half
      FROM {touch_answers} WHERE is_old_enough AND NOT is_bounce AND stage IS NOT NULL
        AND medium IN ({", ".join(f"'{one.name}'" for one in approach.media)})
    )
    SELECT stage, medium, half, count(*) AS touches, count(*) FILTER (WHERE answered) AS answered
    FROM told GROUP BY stage, medium, half ORDER BY stage, medium, half
    """).to_pylist()
    stages: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        stages[row["stage"]].append(row)
    made = [checked(stage, found, approach) for stage, found in sorted(stages.items())]
    return pa.Table.from_pylist(made, schema=_SCHEMA)


def checked(stage: str, rows: list[Row], approach: Approach) -> Row:
    """The check of one stage from its touches and answers by medium and half."""
    earlier = {row["medium"]: row for row in rows if row["half"] == 1}
    later = {row["medium"]: row for row in rows if row["half"] == 2}
    believed = {one.name: one.response_rate for one in approach.media}
    learned = {
        name: (PRIOR_TOUCHES * believed[name] + row["answered"]) / (PRIOR_TOUCHES + row["touches"])
        for name, row in earlier.items()
    }
    chosen = max(sorted(learned), key=lambda name: learned[name])
    mine = later.get(chosen, {"touches": 0, "answered": 0})
    others = [row for name, row in later.items() if name != chosen]
    done = {key: sum(row[key] for row in others) for key in ("touches", "answered")}
    told: Row = {
        "stage": stage,
        "medium": chosen,
        "earlier_touches": sum(row["touches"] for row in earlier.values()),
        "later_touches": mine["touches"] + done["touches"],
        "chosen_touches": mine["touches"],
    }
    if min(mine["touches"], done["touches"]) < LEAST_TOUCHES:
        says = (
            f"{mine['touches']:,} later touches by {chosen} and {done['touches']:,} by other media "
            f"at this stage: {LEAST_TOUCHES} of each are needed to tell which is better."
        )
        return {**told, "verdict": "not testable", "says": says}
    gain, low, high = difference(mine, done)
    verdict = "better" if low > 0 else "worse" if high < 0 else "not certain"
    rates = mine["answered"] / mine["touches"], done["answered"] / done["touches"]
    says = (
        f"Of later touches, {rates[0]:.1%} by {chosen} were answered and {rates[1]:.1%} by other "
        f"media: {gain:+.1%} ({low:+.1%} to {high:+.1%})."
    )
    told |= {"chosen_rate": round(rates[0], 6), "done_rate": round(rates[1], 6)}
    told |= {"gain": round(gain, 6), "gain_low": round(low, 6), "gain_high": round(high, 6)}
    return {**told, "verdict": verdict, "says": says}


def difference(one: Row, other: Row) -> tuple[float, float, float]:
    """The difference of two proportions with its 95 % interval, from the two Wilson intervals."""
    first, second = (row["answered"] / row["touches"] for row in (one, other))
    low_1, high_1 = wilson(one["answered"], one["touches"])
    low_2, high_2 = wilson(other["answered"], other["touches"])
    gain = first - second
    below = math.hypot(first - low_1, high_2 - second)
    above = math.hypot(high_1 - first, second - low_2)
    return gain, gain - below, gain + above


_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("stage", "medium")),
        *((n, pa.int64()) for n in ("earlier_touches", "later_touches", "chosen_touches")),
        *((n, pa.float64()) for n in ("done_rate", "chosen_rate", "gain", "gain_low", "gain_high")),
        *((name, pa.string()) for name in ("verdict", "says")),
    ]
)

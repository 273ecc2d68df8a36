"""The ways of each site in their order, with the one chosen and why not the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.decisions.approach import LEAVE_ALONE, Approach
from tieline.engine.tables import Engine, Table

POSSIBLE, CHOSEN, USED_UP = "possible", "chosen", "used_up"
_VERDICTS = np.array([POSSIBLE, CHOSEN, USED_UP])

_SHOWN = "CAST(CAST(value AS DECIMAL(18, 2)) AS VARCHAR)"

Ints = npt.NDArray[np.int64]


def action_alternatives(
    action_candidates: Table,
    site_stages: Table,
    outlooks: Table,
    touch_answers: Table,
    as_of: Table,
    *,
    engine: Engine,
    approach: Approach,
) -> str:
    """The ways of each site in their order, with the one chosen and why not the others.

    The ways that are worth most go first, over all sites, while the medium has capacity left: what
    is not done at one site is done where it is worth more. A site takes one way. To leave it alone
    is a way worth 0: it is taken where nothing that may be done is worth its cost.

    question: What could be done next at a site, in which order, and why not each of the others?
    row: One way for one site, a contact and a medium, or to leave it alone.
    key: site_id, place
    owner: seller
    columns:
      site_id: The site.
      place: 1 for the best way that can be taken; those that cannot come last.
      account_id: Its account.
      contact_id: The contact; "" for the site itself.
      medium: email, mail, phone, web; none where it is left alone.
      step: What the stage calls for; leave_alone.
      worth: What the step is worth if it succeeds, in the currency of the plan.
      strength: How well the medium serves the step, 0 to 1.
      rate: How often such a touch of this contact is answered, 0 to 1.
      reach: How likely it reaches the contact, 0 to 1.
      cost: What it costs.
      value: "worth * strength * rate * reach - cost."
      verdict: chosen, possible, or refused.
      because: Why it was chosen, or why not.
    """
    engine.create(
        "ways",
        "SELECT row_number() OVER (ORDER BY value DESC, site_id, contact_id, medium) AS number, "
        "dense_rank() OVER (ORDER BY site_id) AS site, site_id, account_id, contact_id, medium, "
        f"step, worth, strength, rate, reach, cost, value, refused FROM {action_candidates}",
    )
    open_ways = engine.arrow(
        "SELECT number, site, medium FROM ways WHERE refused IS NULL ORDER BY number"
    )
    media = open_ways["medium"].to_pylist()
    verdicts = allocate(open_ways["site"].to_pylist(), media, _left(engine, touch_answers, as_of,
                                                                    approach))  # fmt: skip
    engine.load(
        "verdicts",
        pa.table({"number": open_ways["number"], "verdict": pa.array(_VERDICTS[verdicts])}),
    )
    return _told(site_stages, outlooks, approach)


def allocate(sites: Sequence[int], media: Sequence[str], left: Mapping[str, int | None]) -> Ints:
    """What becomes of ways in the order of their value: 0 possible, 1 chosen, 2 used up.

    `sites` and `media` are those of each way; `left` says how many touches of a medium remain, None
    for no limit. No site takes two ways, no medium more than is left.
    """
    remaining = {medium: many for medium, many in left.items() if many is not None}
    served: set[int] = set()
    verdicts = np.zeros(len(sites), dtype=np.int64)
    for number, (site, medium) in enumerate(zip(sites, media, strict=True)):
        if site in served:
            continue
        if medium in remaining:
            if remaining[medium] <= 0:
                verdicts[number] = 2
                continue
            remaining[medium] -= 1
        served.add(site)
        verdicts[number] = 1
    return verdicts


def _left(
    engine: Engine, touch_answers: Table, as_of: Table, approach: Approach
) -> dict[str, int | None]:
    """How many touches of each medium remain in the period; None for no limit."""
    used = engine.arrow(
        f"SELECT medium, count(*) AS touches FROM {touch_answers} WHERE NOT is_bounce AND "
        f"touched_on > (SELECT as_of FROM {as_of}) - INTERVAL {approach.period_days} DAY "
        "GROUP BY medium"
    ).to_pylist()
    spent = {row["medium"]: row["touches"] for row in used}
    return {
        one.name: max(one.capacity - spent.get(one.name, 0), 0) if one.capacity else None
        for one in approach.media
    }


def _told(site_stages: Table, outlooks: Table, approach: Approach) -> str:
    capacities = {one.name: one.capacity for one in approach.media if one.capacity}
    says = "the {many:,} touches by {name} of a period go where they are worth more"
    used_up = " ".join(
        f"WHEN {literal(name)} THEN {literal(says.format(many=many, name=name))}"
        for name, many in capacities.items()
    )
    spent = f"CASE w.medium {used_up} END" if used_up else "NULL"
    return f"""
    WITH judged AS (
      SELECT w.*, CASE WHEN w.refused IS NOT NULL OR v.verdict = '{USED_UP}' THEN 'refused'
          ELSE v.verdict END AS verdict,
        CASE WHEN v.verdict = '{USED_UP}' THEN {spent} ELSE w.refused END AS why_not
      FROM ways w LEFT JOIN verdicts v ON v.number = w.number
    ),
    served AS (SELECT site_id, max(value) AS best FROM judged WHERE verdict = '{CHOSEN}'
               GROUP BY site_id),
    all_ways AS (
      SELECT site_id, account_id, contact_id, medium, step, worth, strength, rate, reach, cost,
        value, verdict, CASE verdict WHEN 'refused' THEN why_not
          WHEN '{CHOSEN}' THEN 'worth most of what can be done: ' || {_SHOWN}
          ELSE 'comes after it: ' || {_SHOWN} END AS because
      FROM judged
      UNION ALL
      SELECT s.site_id, s.account_id, '', 'none', '{LEAVE_ALONE}', NULL, NULL, NULL, NULL, 0.0, 0.0,
        CASE WHEN b.site_id IS NULL THEN '{CHOSEN}' ELSE '{POSSIBLE}' END,
        CASE WHEN b.site_id IS NOT NULL THEN 'comes after it: 0.00'
          WHEN s.stage = 'sales' THEN 'sales is working on it'
          WHEN o.outlook = 'other_purpose' THEN 'another purpose: ' || o.reasons
          WHEN j.site_id IS NULL THEN 'nobody there fits the step'
          ELSE 'nothing that may be done is worth its cost' END
      FROM {site_stages} s
      LEFT JOIN served b ON b.site_id = s.site_id
      LEFT JOIN {outlooks} o ON o.account_id = s.account_id
      LEFT JOIN (SELECT DISTINCT site_id FROM judged) j ON j.site_id = s.site_id
    )
    SELECT site_id, row_number() OVER (PARTITION BY site_id ORDER BY
        CASE verdict WHEN '{CHOSEN}' THEN 1 WHEN '{POSSIBLE}' THEN 2 ELSE 3 END, value DESC,
        contact_id, medium) AS place, account_id, contact_id, medium, step, worth, strength, rate,
      reach, cost, value, verdict, because
    FROM all_ways
    """

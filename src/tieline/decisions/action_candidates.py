"""Every way in which the next step of a site could be taken, and what it would be worth."""

from __future__ import annotations

from tieline.data.sql_text import literal
from tieline.decisions.approach import OWN_TOUCHES, STEP_OF, STEPS, Approach
from tieline.decisions.contact_media import REACH_OF_ADDRESS
from tieline.engine.tables import Table

MOST_CONTACTS = 5
"""So many contacts of a site are weighed: its key players first, then who answered last."""


def action_candidates(
    site_stages: Table,
    site_players: Table,
    sites: Table,
    contacts: Table,
    outlooks: Table,
    responses: Table,
    contact_media: Table,
    answer_rates: Table,
    touch_answers: Table,
    as_of: Table,
    *,
    approach: Approach,
) -> str:
    """Every way in which the next step of a site could be taken: a contact and a medium.

    What a way is worth is `worth * strength * rate * reach - cost`. The rate is that of the medium
    at the stage, moved by what the contact did: (10 * rate + answered) / (10 + touches).

    question: By whom and which medium could the next step be taken, and what would it be worth?
    row: One medium for one contact of a site, or for the site itself where nobody is known.
    key: site_id, contact_id, medium
    owner: marketer
    columns:
      site_id: The site.
      account_id: Its account.
      contact_id: The contact; "" for the site itself.
      medium: email, mail, phone or web.
      stage: Stage of the site.
      phase: Phase of its dialogue.
      outlook: Outlook of the account.
      step: What the stage calls for.
      worth: What the step is worth if it succeeds, in the currency of the plan.
      strength: How well the medium serves the step, 0 to 1.
      rate: How often such a touch of this contact is answered, 0 to 1.
      reach: How likely it reaches the contact, 0 to 1.
      cost: What it costs.
      value: What it is worth after its cost.
      refused: Why it cannot be done, in words; empty if it can.
    """
    reach = " ".join(f"WHEN {literal(v)} THEN {share}" for v, share in REACH_OF_ADDRESS.items())
    days = approach.period_days
    return f"""
    WITH steps AS ({_steps(approach)}),
    today AS (SELECT as_of AS day FROM {as_of}),
    stood AS (
      SELECT s.site_id, s.account_id, s.stage, s.phase, s.contact_id AS moved_by, p.step, p.medium,
        p.worth, p.strength, p.cost, o.outlook, a.address_verdict
      FROM {site_stages} s
      JOIN steps p ON p.stage = s.stage AND p.phase = coalesce(s.phase, '')
      JOIN {sites} a ON a.site_id = s.site_id AND a.moved_to_site_id IS NULL
      LEFT JOIN {outlooks} o ON o.account_id = s.account_id
      WHERE coalesce(o.outlook, '') <> 'other_purpose'
    ),
    answered AS (
      SELECT contact_id, max(occurred_at) AS answered_at FROM {responses}
      WHERE contact_id IS NOT NULL GROUP BY contact_id
    ),
    people AS (
      SELECT c.contact_id, c.site_id, k.contact_id IS NOT NULL AS is_player,
        row_number() OVER (PARTITION BY c.site_id ORDER BY k.contact_id IS NULL,
          r.answered_at DESC NULLS LAST, c.power DESC NULLS LAST, c.contact_id) AS place
      FROM (SELECT DISTINCT contact_id FROM {contact_media}) u JOIN {contacts} c USING (contact_id)
      LEFT JOIN {site_players} k ON k.site_id = c.site_id AND k.contact_id = c.contact_id
      LEFT JOIN answered r ON r.contact_id = c.contact_id
      WHERE c.site_id IS NOT NULL
    ),
    touched AS (
      SELECT site_id, count(*) AS touches FROM {touch_answers}
      WHERE NOT is_bounce AND site_id IS NOT NULL
        AND touched_on > (SELECT day FROM today) - INTERVAL {days} DAY GROUP BY site_id
    ),
    ways AS (
      -- Anybody there is asked for a key player; later the key players, and who moved the site.
      SELECT t.*, p.contact_id, m.reach, m.touches, m.answered, m.refused
      FROM stood t JOIN people p ON p.site_id = t.site_id AND p.place <= {MOST_CONTACTS}
        AND (p.is_player OR t.step = 'find_key_player' OR p.contact_id = t.moved_by)
      JOIN {contact_media} m ON m.contact_id = p.contact_id AND m.medium = t.medium
      WHERE t.step <> 'find_contact'
      UNION ALL
      SELECT t.*, '' AS contact_id, CAST(CASE t.address_verdict {reach} ELSE 0 END AS DOUBLE)
        AS reach, 0 AS touches, 0 AS answered,
        CASE WHEN t.address_verdict IS NULL THEN 'no postal address' END AS refused
      FROM stood t WHERE t.step = 'find_contact'
    ),
    rated AS (
      SELECT w.*, round(({OWN_TOUCHES} * r.rate + w.answered)
        / nullif({OWN_TOUCHES} + w.touches, 0), 6) AS rate, coalesce(h.touches, 0) AS of_site
      FROM ways w
      JOIN {answer_rates} r ON r.medium = w.medium AND r.stage = w.stage
      LEFT JOIN touched h ON h.site_id = w.site_id
    )
    SELECT site_id, account_id, contact_id, medium, stage, phase, outlook, step, worth, strength,
      rate, reach, cost, round(worth * strength * rate * reach - cost, 4) AS value,
      CASE WHEN refused IS NOT NULL THEN refused
        WHEN of_site >= {approach.per_site}
          THEN of_site || ' touches at the site in the last {days} days already'
        WHEN round(worth * strength * rate * reach - cost, 4) <= 0
          THEN 'costs more than it is worth' END AS refused
    FROM rated
    """


def _steps(approach: Approach) -> str:
    by_name = {step.name: step for step in STEPS}
    costs = {medium.name: medium.cost for medium in approach.media}
    return " UNION ALL ".join(
        f"SELECT {literal(stage)} AS stage, {literal(phase or '')} AS phase, "
        f"{literal(name)} AS step, {literal(medium)} AS medium, "
        f"{approach.worth_of(by_name[name])}::DOUBLE AS worth, {strength}::DOUBLE AS strength, "
        f"{costs[medium]}::DOUBLE AS cost"
        for (stage, phase), name in STEP_OF.items()
        for medium, strength in by_name[name].strengths.items()
        if medium in costs
    )

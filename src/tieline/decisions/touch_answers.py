"""What became of each touch: whether its contact answered, and where the site stood then."""

from __future__ import annotations

from tieline.decisions.approach import Approach, medium_sql
from tieline.engine.tables import Table


def touch_answers(
    touches: Table, responses: Table, site_stage_periods: Table, as_of: Table, *, approach: Approach
) -> str:
    """What became of each touch of a contact.

    question: Which of our touches were answered, and where did the site stand then?
    row: One touch of a known contact that is not dated in the future.
    key: touch_id
    owner: analyst
    columns:
      touch_id: The touch.
      contact_id: The contact.
      site_id: The site.
      medium: The way it took; where the source tells none, that by which the contact is known
        (email, phone).
      campaign: The campaign it belonged to.
      touched_on: Its day.
      stage: Stage of the site on that day; empty where it is not known.
      phase: Phase of its dialogue on that day.
      is_bounce: Whether it tells that the e-mail did not arrive.
      answered_by: The first response of the contact within `[actions] response_days`, in whatever
        way; empty for none.
      is_old_enough: Whether that time is over, so that it counts in rates.
    """
    days = approach.response_days
    return f"""
    WITH told AS (
      SELECT t.touch_id, t.contact_id, t.site_id, t.campaign, t.occurred_at,
        {medium_sql("t")} AS medium,
        CAST(t.occurred_at AS DATE) AS touched_on,
        coalesce(lower(t.kind) LIKE '%bounce%', FALSE) AS is_bounce
      FROM {touches} t
      WHERE t.contact_id IS NOT NULL AND CAST(t.occurred_at AS DATE) <= (SELECT as_of FROM {as_of})
    ),
    answered AS (
      SELECT t.touch_id, arg_min(r.response_id, (r.occurred_at, r.response_id)) AS answered_by
      FROM told t JOIN {responses} r ON r.contact_id = t.contact_id
        AND r.occurred_at >= t.occurred_at AND r.occurred_at < t.occurred_at + INTERVAL {days} DAY
      WHERE NOT t.is_bounce GROUP BY t.touch_id
    )
    SELECT t.touch_id, t.contact_id, t.site_id, t.medium, t.campaign, t.touched_on, p.stage,
      p.phase, t.is_bounce, a.answered_by,
      t.touched_on <= (SELECT as_of FROM {as_of}) - INTERVAL {days} DAY AS is_old_enough
    FROM told t
    LEFT JOIN answered a ON a.touch_id = t.touch_id
    LEFT JOIN {site_stage_periods} p ON p.site_id = t.site_id AND p.entered_on <= t.touched_on
      AND coalesce(p.left_on > t.touched_on, TRUE)
    """

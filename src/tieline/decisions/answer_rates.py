"""How often touches of each medium were answered, by the stage the site stood at."""

from __future__ import annotations

from tieline.data.sql_text import literal
from tieline.decisions.approach import PRIOR_TOUCHES, Approach
from tieline.engine.tables import Table
from tieline.metrics.stage_words import STAGES


def answer_rates(touch_answers: Table, medium_checks: Table, *, approach: Approach) -> str:
    """How often touches of each medium were answered, by the stage the site stood at.

    The rate lies between what was believed and what is seen: (50 * believed + answered) / (50 +
    touches), the mean of a Beta distribution. Where going by such rates was worse than what was
    done (`medium_checks`), what was believed stands.

    question: Which medium is answered how often, at which stage?
    row: One medium at one stage.
    key: medium, stage
    owner: marketer
    better: up
    columns:
      medium: The medium.
      stage: Stage of the site on the day of the touch.
      touches: Touches that arrived, as far as we know, and could have been answered since.
      answered: How many of them were.
      believed: The rate believed before, from the settings.
      rate: The rate to go by, 0 to 1.
    """
    media = " UNION ALL ".join(
        f"SELECT {literal(one.name)} AS medium, {one.response_rate}::DOUBLE AS believed"
        for one in approach.media
    )
    stages = ", ".join(literal(name) for name in dict.fromkeys(one.stage for one in STAGES))
    return f"""
    WITH media AS ({media}),
    stages AS (
      SELECT unnest([{stages}]) AS stage
    ),
    counted AS (
      SELECT medium, stage, count(*) AS touches, count(answered_by) AS answered
      FROM {touch_answers} WHERE is_old_enough AND NOT is_bounce GROUP BY medium, stage
    )
    SELECT m.medium, s.stage, coalesce(c.touches, 0) AS touches,
      coalesce(c.answered, 0) AS answered, m.believed,
      CASE WHEN k.verdict = 'worse' THEN m.believed
        ELSE ({PRIOR_TOUCHES} * m.believed + coalesce(c.answered, 0))
          / nullif({PRIOR_TOUCHES} + coalesce(c.touches, 0), 0) END AS rate
    FROM media m CROSS JOIN stages s
    LEFT JOIN counted c ON c.medium = m.medium AND c.stage = s.stage
    LEFT JOIN {medium_checks} k ON k.stage = s.stage
    """

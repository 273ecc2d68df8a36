"""How often people answered in the past: touches of a medium by the stage of the site then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tieline.data.sql_text import literal
from tieline.decisions.approach import medium_sql
from tieline.engine.tables import Engine
from tieline.metrics.response_kinds import is_dialogue, said_sql, wordings_sql
from tieline.metrics.response_rules import StageLimits
from tieline.metrics.stage_words import STAGES, place_sql
from tieline.metrics.wilson import wilson


class HistoryLimits(Protocol):
    """From how many touches a rate is told, and within how many days a response answers one."""

    @property
    def response_days(self) -> int:
        """Days after a touch."""
        ...

    @property
    def least_touches(self) -> int:
        """Touches that a rate needs."""
        ...


@dataclass(frozen=True)
class Rate:
    """Of so many `touches` so many were `answered`; the share of those with its 95 % interval.

    `low` and `high` are None where there are too few touches to tell a rate.
    """

    touches: int
    answered: int
    low: float | None
    high: float | None


def rates(
    engine: Engine, medium: str, limits: HistoryLimits, stages: StageLimits
) -> dict[int, Rate]:
    """How often touches of a medium were answered at sites of each place, 0 to 6.

    An answer is a response that is dialogue, by the same contact, within `response_days` of the
    touch. Touches of one contact on one day count once; those so late that the days after them are
    not over on the day of the snapshot do not count.
    """
    days = limits.response_days
    rows = engine.arrow(f"""
    WITH touched AS (
      SELECT DISTINCT t.contact_id, t.site_id, CAST(t.occurred_at AS DATE) AS day
      FROM touches t CROSS JOIN as_of d
      WHERE {medium_sql("t")} = {literal(medium)}
        AND t.contact_id IS NOT NULL AND t.site_id IS NOT NULL
        AND CAST(t.occurred_at AS DATE) + {days} <= d.as_of
    ),
    wordings AS MATERIALIZED ({wordings_sql("responses", stages)}),
    answers AS (
      SELECT DISTINCT r.contact_id, CAST(r.occurred_at AS DATE) AS day
      FROM responses r
      JOIN wordings w ON w.said = {said_sql("r")} AND w.topic = coalesce(r.topic, '')
      WHERE {is_dialogue("w.phase")} AND r.occurred_at IS NOT NULL
        AND r.contact_id IN (SELECT contact_id FROM touched)
    ),
    answered AS (
      SELECT DISTINCT t.contact_id, t.day FROM touched t
      JOIN answers a ON a.contact_id = t.contact_id AND a.day >= t.day AND a.day <= t.day + {days}
    )
    SELECT {place_sql("p")} AS place, count(*) AS touches, count(a.contact_id) AS answered
    FROM touched t
    JOIN site_stage_periods p ON p.site_id = t.site_id AND p.entered_on <= t.day
      AND (p.left_on IS NULL OR p.left_on > t.day)
    LEFT JOIN answered a ON a.contact_id = t.contact_id AND a.day = t.day
    GROUP BY 1
    """).to_pylist()
    told = {row["place"]: (row["touches"], row["answered"]) for row in rows}
    return {place: _rate(*told.get(place, (0, 0)), limits) for place in range(len(STAGES))}


def _rate(touches: int, answered: int, limits: HistoryLimits) -> Rate:
    if touches < limits.least_touches:
        return Rate(touches, answered, None, None)
    return Rate(touches, answered, *wilson(answered, touches))

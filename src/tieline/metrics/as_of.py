"""The day at which a snapshot stands; a build never asks the clock."""

from __future__ import annotations

from datetime import date

from tieline.engine.tables import Table


def as_of(
    responses: Table,
    touches: Table,
    opportunities: Table,
    record_days: Table,
    landings: Table,
    *,
    stands_at: date | None,
) -> str:
    """The day of the settings, or else the newest day that anything tells.

    What is dated after the day its source came cannot have happened: it does not count.

    question: At which day does this snapshot stand?
    row: The snapshot; one row.
    key: as_of
    owner: analyst
    columns:
      as_of: The day; empty where nothing is dated.
    """
    if stands_at is not None:
        return f"SELECT DATE '{stands_at.isoformat()}' AS as_of"
    told = " UNION ALL ".join(
        f"SELECT source, CAST({moment} AS DATE) AS day FROM {table} "
        f"WHERE {holds} GROUP BY source, CAST({moment} AS DATE)"
        for table, moment, holds in (
            (responses, "occurred_at", "occurred_at IS NOT NULL"),
            (touches, "occurred_at", "occurred_at IS NOT NULL"),
            (opportunities, "created_at", "created_at IS NOT NULL"),
            # Of one that is open it is the day on which it is meant to close.
            (opportunities, "closed_at", "outcome <> 'open' AND closed_at IS NOT NULL"),
            (record_days, "known_on", "known_on IS NOT NULL"),
        )
    )
    return f"""
    SELECT max(t.day) AS as_of FROM ({told}) t LEFT JOIN {landings} l ON l.source = t.source
    WHERE t.day <= coalesce(l.landed_on, t.day)
    """

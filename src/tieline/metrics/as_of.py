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

    What is dated after the day its source came cannot have happened: it does not count. The day on
    which an opportunity closes is left out: lists tell it of the future, too.

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
        f"WHERE {moment} IS NOT NULL GROUP BY source, CAST({moment} AS DATE)"
        for table, moment in (
            (responses, "occurred_at"),
            (touches, "occurred_at"),
            (opportunities, "created_at"),
            (record_days, "known_on"),
        )
    )
    return f"""
    SELECT max(t.day) AS as_of FROM ({told}) t LEFT JOIN {landings} l ON l.source = t.source
    WHERE t.day <= coalesce(l.landed_on, t.day)
    """

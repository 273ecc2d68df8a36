"""What lists of deals say of each deal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tieline.data.log_rows import text_of
from tieline.data.moments import style_of
from tieline.data.source import Source
from tieline.data.sql_text import literal
from tieline.data.values import amount, date
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import standardise_all
from tieline.engine.tables import Engine, Table

_TEXTS = ("opportunity_name", "stage", "outcome", "amount", "currency", "closed_at", "owner")
_YES = "'true', 'yes', 'y', '1', 'ja', 'oui', 'si', 'sí', 'x', 'wahr', 'vrai', 'vero'"
_LOST = "lost|verloren|perdu|perdid|pers[ao]|abgelehnt|abandon|cancel|disqualified|no deal|not won"
_WON = "won|gewonnen|gagn|ganad|vint[ao]|auftrag erteilt|signed|closed deal"


def told_opportunities(
    records: Table, *, engine: Engine, sources: Sequence[Source], cache: Path | None
) -> str:
    """What each row of a list of deals says, in standard values.

    question: What may be sold, for how much, and what came of it?
    row: One readable row of a list of opportunities.
    key: record_id
    owner: seller
    columns:
      record_id: The record.
      name: Name of the deal.
      stage: Where it stands in the sales process, as the source calls it.
      outcome: won, lost or open.
      amount: What it is worth.
      currency: Currency of the amount, ISO 4217.
      closed_at: The day it was closed, or will be.
      owner: Who of us works on it.
    """
    engine.create("told_deals", _told(engine, records, sources))
    wanted = [
        (
            amount,
            engine.arrow("SELECT DISTINCT amount AS value FROM told_deals WHERE amount <> ''"),
        ),
        (
            date,
            engine.arrow(
                "SELECT DISTINCT closed_at AS value, style FROM told_deals "
                "WHERE closed_at IS NOT NULL"
            ),
        ),
    ]
    with SecondProcess() as second:
        amounts, days = standardise_all(wanted, cache, second)
    engine.load("deal_amounts", amounts)
    engine.load("deal_days", days)
    words = "lower(concat_ws(' ', t.outcome, t.stage))"
    return f"""
    SELECT t.record_id, t.opportunity_name AS name, t.stage,
      CASE WHEN regexp_matches({words}, '{_LOST}') THEN 'lost'
        WHEN lower(trim(t.outcome)) IN ({_YES}) OR regexp_matches({words}, '{_WON}') THEN 'won'
        ELSE 'open' END AS outcome,
      a.amount, CASE WHEN a.amount IS NOT NULL THEN
        coalesce(a.currency, upper(left(trim(t.currency), 3))) END AS currency,
      d.date AS closed_at, t.owner
    FROM told_deals t
    LEFT JOIN deal_amounts a ON a.raw_value = t.amount
    LEFT JOIN deal_days d
      ON d.raw_value = t.closed_at AND d.raw_style IS NOT DISTINCT FROM t.style
    """


def _told(engine: Engine, records: Table, sources: Sequence[Source]) -> str:
    selects = []
    for number, source in enumerate(sources):
        if source.kind != "opportunities":
            continue
        engine.read_parquet(f"landed_{number}", source.rows)
        texts = ", ".join(f"{text_of(source, field)} AS {field}" for field in _TEXTS)
        style = style_of(engine, source, f"landed_{number}", text_of(source, "closed_at"))
        selects.append(
            f"SELECT r.record_id, {literal(style) if style else 'NULL::VARCHAR'} AS style, {texts} "
            f"FROM {records} r JOIN landed_{number} l ON l.row_number = r.row_number "
            f"WHERE r.source = {literal(source.name)} AND r.unreadable IS NULL"
        )
    if selects:
        return " UNION ALL ".join(selects)
    texts = ", ".join(f"NULL::VARCHAR AS {field}" for field in _TEXTS)
    return f"SELECT record_id, '' AS style, {texts} FROM {records} WHERE false"

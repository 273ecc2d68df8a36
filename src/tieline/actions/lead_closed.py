"""The contacts whose deal was closed, as a scorecard would have seen them on the day before.

What somebody did is counted up to the day before the closing, with its age on the day of the
closing. What we know of people and companies is as known today: no cell says since when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from tieline.actions.table_trial import tables_tried
from tieline.data.sql_text import literal
from tieline.engine.snapshot import current, reading
from tieline.engine.tables import Engine, quoted
from tieline.errors import Place, TielineError
from tieline.insight.lead_cases import Cases, Column, Scored
from tieline.metrics import score_expressions as sql
from tieline.metrics.lead_fields import AFTER_A_WIN, BY_NAME
from tieline.metrics.scorecard import Criterion, Scorecard
from tieline.workspace import Workspace

TRIED = ("lead_facts", "lead_done", "lead_activity", "score_parts")
_FOUND = ("f.contact_id", "f.site_id", "f.account_id", "f.outcome", "o.closed_on")
_SHIFTED = {
    "opportunities": """
      SELECT contact_id, account_id, opportunity_id, outcome, CAST(as_of AS TIMESTAMP) AS closed_at,
        CAST(closed_at AS DATE) AS closed_on
      FROM (
        SELECT o.*, t.as_of, row_number() OVER (
          PARTITION BY o.contact_id ORDER BY o.closed_at DESC, o.opportunity_id) AS place
        FROM opportunities o CROSS JOIN as_of t
        WHERE o.contact_id IS NOT NULL AND o.outcome IN ('won', 'lost')
          AND CAST(o.closed_at AS DATE) <= t.as_of
      ) WHERE place = 1""",
    "responses": """
      SELECT r.* REPLACE (r.occurred_at + to_days(CAST(t.as_of - o.closed_on AS INTEGER))
        AS occurred_at)
      FROM responses r JOIN opportunities o ON o.contact_id = r.contact_id CROSS JOIN as_of t
      WHERE CAST(r.occurred_at AS DATE) < o.closed_on""",
}
"""The newest closed deal of each contact and what came before it, moved so that the closing falls
on the day of the snapshot: the tables of scores then tell how it stood on that day. What has no day
may have come later, and is left out."""


@dataclass(frozen=True)
class Closed:
    """Contacts whose deal was closed and who responded before: the cases, and their points.

    `deals` is of how many contacts a deal was closed at all; `left_out` names the criteria that a
    won deal itself changes. `contacts` and `sites` are those of the cases.
    """

    cases: Cases
    scored: Scored
    deals: int
    left_out: tuple[str, ...]
    contacts: tuple[str, ...]
    sites: tuple[str | None, ...]


def closed(workspace: Workspace, card: Scorecard, also: str = "") -> Closed:
    """The cases that a scorecard of contacts has, by the day of their closing.

    `also` is a field to be told as a column though no criterion asks it, '' for none.
    """
    if current(workspace.hidden_dir) is None:
        raise TielineError("not_built", "Nothing was built yet.", next_step="Run: tieline build")
    left_out = tuple(
        one.name for one in card.criteria if set(sql.fields_of(one)) & set(AFTER_A_WIN)
    )
    kept = tuple(one for one in card.criteria if one.name not in left_out)
    if not kept:
        raise TielineError(
            "nothing_to_test",
            f"A won deal itself changes all that {card.name} asks: {', '.join(left_out)}.",
            place=Place(f"scorecards/{card.name}.toml"),
            next_step="Ask something that is known before: tieline lead fields",
        )
    card = replace(card, criteria=kept)
    with (
        reading(workspace.hidden_dir) as snapshot,
        tables_tried(snapshot, TRIED, {"scorecards": (_asking(card, also),)}, _shifted) as engine,
    ):
        found = engine.arrow(_select(card, also))
        deals = engine.rows("opportunities")
    won = np.array([1.0 if one == "won" else 0.0 for one in found["outcome"].to_pylist()])
    columns = _columns(card, found)
    if also and also not in columns:
        columns[also] = _column(also, found[BY_NAME[also].column].to_pylist())
    came = [str(day) for day in found["closed_on"].to_pylist()]
    same = [one or other for one, other in zip(
        found["account_id"].to_pylist(), found["contact_id"].to_pylist(), strict=True
    )]  # fmt: skip
    scored = Scored(
        card,
        {one.name: found[f"p{n}"].to_numpy() for n, one in enumerate(kept)},
        {
            one.name: np.array(found[f"a{n}"].to_pylist(), dtype=np.bool_)
            for n, one in enumerate(kept)
        },
        won,
    )
    who, where = (tuple(found[name].to_pylist()) for name in ("contact_id", "site_id"))
    return Closed(Cases(columns, won, same, came), scored, deals, left_out, who, where)


def column_of(criterion: Criterion) -> tuple[str, ...]:
    """The columns of the cases that a criterion of contacts reads."""
    return (criterion.name,) if criterion.is_activity else sql.fields_of(criterion)


def _shifted(engine: Engine) -> None:
    for name, select in _SHIFTED.items():
        engine.create(name, select)


def _asking(card: Scorecard, also: str) -> Scorecard:
    """The scorecard with a criterion more, of no points, so that its field is filled in."""
    more = (Criterion("__also", card.criteria[0].group, field=also),) if also else ()
    return replace(card, criteria=(*card.criteria, *more))


def _select(card: Scorecard, also: str) -> str:
    told, points, done = [], [], []
    for n, one in enumerate(card.criteria):
        named = f"criterion = {literal(one.name)}"
        points.append(f"sum(CASE WHEN {named} THEN points END) AS p{n}")
        told.append(f"coalesce(s.p{n}, 0.0) AS p{n}")
        if one.is_activity:
            done.append(f"sum(CASE WHEN {named} THEN counted END) AS n{n}")
            told += [f"coalesce(d.n{n}, 0.0) AS n{n}", f"d.n{n} IS NOT NULL AS a{n}"]
        else:
            told.append(f"{sql.is_answered(one)} AS a{n}")
    facts = [
        f"f.{quoted(BY_NAME[name].column)}"
        for name in dict.fromkeys(
            [name for one in card.criteria for name in sql.fields_of(one)] + [also] * bool(also)
        )
    ]
    pivots = [
        f"LEFT JOIN (SELECT {', '.join(['contact_id', *columns])} FROM {table} "
        f"GROUP BY contact_id) {short} ON {short}.contact_id = f.contact_id"
        for table, short, columns in (("score_parts", "s", points), ("lead_activity", "d", done))
    ]
    return (
        f"SELECT {', '.join([*_FOUND, *facts, *told])} FROM lead_facts f "
        f"JOIN opportunities o ON o.contact_id = f.contact_id {' '.join(pivots)} "
        "WHERE f.responses > 0 ORDER BY o.closed_on, f.contact_id"
    )


def _columns(card: Scorecard, found: pa.Table) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for n, one in enumerate(card.criteria):
        if one.is_activity:
            counted = found[f"n{n}"].to_numpy()
            columns[one.name] = Column(one.name, [f"{value:g}" for value in counted], counted)
        for name in sql.fields_of(one):
            columns[name] = _column(name, found[BY_NAME[name].column].to_pylist())
    return columns


def _column(name: str, values: Sequence[object]) -> Column:
    texts = [None if value is None else f"{value:g}" if isinstance(value, float) else str(value)
             for value in values]  # fmt: skip
    if BY_NAME[name].kind != "number":
        return Column(name, texts)
    numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return Column(name, texts, numbers)

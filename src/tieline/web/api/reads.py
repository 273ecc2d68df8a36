"""What programs read: lists, single entities, timelines, and every table as rows or in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any, Literal

from ninja import Field, Query, Router, Schema

from tieline.actions.entities import Entity, entity
from tieline.actions.timeline import timeline_of
from tieline.data.sql_text import literal
from tieline.engine.model import Model
from tieline.errors import TielineError
from tieline.pipeline import models, own_models
from tieline.web import audit
from tieline.web.api.answering import of_snapshot
from tieline.web.api.asking import MOST_ROWS, MOST_TEXT, Asked, Source, find
from tieline.web.api.bulk import bulk
from tieline.web.api.calling import Needs
from tieline.web.permissions import Permission
from tieline.web.reader import Reading
from tieline.web.served import workspace

router = Router()

READ = Needs(Permission.READ)
PEOPLE = Needs(Permission.READ, Permission.PEOPLE)
BULK = Needs(Permission.READ, Permission.PEOPLE, Permission.EXPORT)
AUDITED_FROM = 100
"""Rows of people from which on a further page of a list is a line in the audit log too."""

WIDE = {
    "accounts": Source("account_rows", ("account_id",), searched=True),
    "sites": Source("site_rows", ("site_id",), searched=True),
    "contacts": Source("contact_rows", ("contact_id",), searched=True),
}
Where = Annotated[
    list[str],
    Query(
        default_factory=list,
        max_length=20,
        description="A condition such as country=DE, employees>=100 or score=; all must hold.",
    ),
]


class Paging(Schema):
    """How many rows, in which order, and where to go on."""

    sort: str = Field("", max_length=200, description="Columns with a comma; - before one turns it")
    limit: int = Field(100, ge=1, le=MOST_ROWS)
    cursor: str = Field("", max_length=4000, description="`next` of the page before")
    columns: str = Field("", max_length=2000, description="Only these columns, with a comma")


class Searching(Paging):
    """A page of a list that can be searched."""

    q: str = Field("", max_length=MOST_TEXT, description="Words of a name, street or address")


class Rows(Schema):
    """One page: its rows, how many there are in all, the cursor of the next one ('' at the end)."""

    snapshot: str
    total: int
    rows: list[dict[str, Any]]
    next: str


class Fault(Schema):
    """What went wrong, for a program (code) and for a person."""

    code: str
    message: str
    next_step: str


@router.get("/accounts", auth=READ, response=Rows)
def accounts(request: Any, where: Where, paging: Query[Searching]) -> Any:
    """Companies, with stage, outlook, score and next step."""
    return _page(request, WIDE["accounts"], where, paging, paging.q)


@router.get("/sites", auth=READ, response=Rows)
def sites(request: Any, where: Where, paging: Query[Searching]) -> Any:
    """Locations of companies, with stage, segment and next step."""
    return _page(request, WIDE["sites"], where, paging, paging.q)


@router.get("/contacts", auth=PEOPLE, response=Rows)
def contacts(request: Any, where: Where, paging: Query[Searching]) -> Any:
    """People, with function, level, who they are to us and their score."""
    return _page(request, WIDE["contacts"], where, paging, paging.q, people=True)


@router.get("/accounts/{identifier}", auth=READ, response=dict[str, Any])
def account(request: Any, identifier: str) -> Any:
    """One company; an id that was merged leads to the one it is now."""
    return of_snapshot(request, lambda found: _one(found, "account", identifier))


@router.get("/sites/{identifier}", auth=READ, response=dict[str, Any])
def site(request: Any, identifier: str) -> Any:
    """One location; an id that was merged leads to the one it is now."""
    return of_snapshot(request, lambda found: _one(found, "site", identifier))


@router.get("/contacts/{identifier}", auth=PEOPLE, response=dict[str, Any])
def contact(request: Any, identifier: str) -> Any:
    """One person; an id that was merged leads to the one it is now."""
    return of_snapshot(request, lambda found: _one(found, "contact", identifier))


@router.get("/timeline/{identifier}", auth=PEOPLE, response=dict[str, Any])
def timeline(
    request: Any, identifier: str, limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50
) -> Any:
    """What happened with an account, site or contact: the newest moments, oldest of them first."""

    def make(found: Reading) -> dict[str, Any]:
        which = _named(found, "", identifier)
        told = timeline_of(found.engine, which, limit=limit)
        return {
            "snapshot": found.snapshot.id,
            f"{which.kind}_id": which.id,
            "total": told.total,
            "moments": [vars(moment) for moment in told.moments],
        }

    return of_snapshot(request, make)


@router.get("/next-actions", auth=PEOPLE, response=Rows)
def next_actions(request: Any, where: Where, paging: Query[Paging]) -> Any:
    """What to do next at each site, with whom, by which medium, and why."""
    return _page(request, _table("next_actions"), where, paging, people=True)


@router.get("/lead-scores", auth=PEOPLE, response=Rows)
def lead_scores(request: Any, where: Where, paging: Query[Paging]) -> Any:
    """The lead score and lead stage of each person and product."""
    return _page(request, _table("lead_scores"), where, paging, people=True)


@router.get("/stages", auth=READ, response=Rows)
def stages(request: Any, where: Where, paging: Query[Paging]) -> Any:
    """Where the relationship with each site stands, since when, and what moved it there."""
    return _page(request, _table("site_stages"), where, paging)


@router.get("/funnel", auth=READ, response=Rows)
def funnel(request: Any, where: Where, paging: Query[Paging]) -> Any:
    """The way from records read to usable ones, by source and step."""
    return _page(request, _table("funnel"), where, paging)


@router.get("/tables", auth=READ, response=dict[str, Any])
def tables(request: Any) -> Any:
    """Every table there is: the question it answers, what one row is, key, columns, rows."""
    known = {model.name: model for model in _all_models()}

    def make(found: Reading) -> dict[str, Any]:
        held = found.snapshot.manifest["tables"]
        return {
            "snapshot": found.snapshot.id,
            "tables": [
                _described(name, held[name]["rows"], known.get(name)) for name in sorted(held)
            ],
        }

    return of_snapshot(request, make)


@router.get("/tables/{name}", auth=PEOPLE, response=Rows)
def table(request: Any, name: str, where: Where, paging: Query[Paging]) -> Any:
    """Rows of any table, your own included."""
    return _page(request, _table(name), where, paging, people=True)


@router.get("/tables/{name}/bulk", auth=BULK, response={200: Any})
def table_in_bulk(request: Any, name: str, form: Literal["parquet", "ndjson"] = "ndjson") -> Any:
    """A whole table as one Parquet file, or one JSON object a line."""
    return bulk(request, name, form)


def _page(
    request: Any,
    source: Source,
    where: list[str],
    paging: Paging,
    text: str = "",
    *,
    people: bool = False,
) -> Any:
    asked = Asked(where, text, paging.sort, paging.cursor, paging.limit, paging.columns)

    def make(found: Reading) -> dict[str, Any]:
        if source.table not in found.engine.names():
            raise TielineError(
                "unknown_table",
                f"There is no table {source.table[:60]!r}.",
                next_step="See /api/v1/tables.",
            )
        held = find(found, source, asked)
        # The first page of a list, and large ones: small further pages follow from a first.
        if people and held.rows and (not paging.cursor or len(held.rows) >= AUDITED_FROM):
            said = f"{len(held.rows)} of {held.total} rows"
            audit.write(request, "read people by API", source.table, said)
        return {
            "snapshot": found.snapshot.id,
            "total": held.total,
            "rows": held.rows,
            "next": held.after,
        }

    return of_snapshot(request, make)


def _one(found: Reading, kind: str, identifier: str) -> dict[str, Any]:
    which = _named(found, kind, identifier)
    source = WIDE[f"{kind}s"]
    row = found.one(f"SELECT * FROM {source.table} WHERE {kind}_id = {literal(which.id)}") or {}
    row.pop("search_text", None)
    values = found.rows(
        "SELECT field, value, records, sources, rule FROM golden_values "
        f"WHERE entity_id = {literal(which.id)} AND rank = 1 ORDER BY field"
    )
    return {
        "snapshot": found.snapshot.id,
        **row,
        "asked_id": which.asked or which.id,
        "values": values,
        "record_ids": list(which.records),
    }


def _named(found: Reading, kind: str, text: str) -> Entity:
    """The entity of an id; TielineError `unknown_id` if there is none of this kind."""
    which = entity(found.engine, text) if text.isascii() and text.isalnum() else None
    if which is None or (kind and which.kind != kind):
        raise TielineError(
            "unknown_id",
            f"There is no {kind or 'account, site or contact'} {text[:40]!r}.",
            next_step="Ids stand in the rows of the lists.",
        )
    return which


def _table(name: str) -> Source:
    for model in _all_models():
        if model.name == name:
            return Source(name, model.header.key)
    raise TielineError(
        "unknown_table", f"There is no table {name[:60]!r}.", next_step="See /api/v1/tables."
    )


def _all_models() -> Iterator[Model]:
    """Our tables, then the user's own; none of those where one is wrong, which the build tells."""
    yield from models()
    with suppress(TielineError):
        yield from own_models(workspace())


def _described(name: str, rows: int, model: Model | None) -> dict[str, Any]:
    told: dict[str, Any] = {"table": name, "rows": rows}
    if model is not None:
        header = model.header
        told |= {
            "question": header.question,
            "row": header.row,
            "key": list(header.key),
            "columns": dict(header.columns),
            "owner": header.owner,
        }
    return told

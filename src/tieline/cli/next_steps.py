"""What helps most after a build: the few steps that win back the most records, with figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from tieline.data.values.postal_address import ISSUES
from tieline.engine.tables import Engine
from tieline.identity.parameters import ParameterStore
from tieline.workspace import Source, Workspace

TABLES = ("set_aside", "issues", "record_entities", "scorecards")
"""The snapshot tables that the steps are told from."""

OUTGROWN = 3
"""With this many times the records they were learned from, weights are worth learning anew."""

DOUBTFUL = 0.6
"""A column understood with less confidence than this is worth a look."""

UNNAMED_SHARE = 0.01
"""A guess that only ranks: the share of a market's records that are rivals' or one's own people."""

_ADDRESS = ("full_address", "address_line1", "city", "postcode")
_COMPANY = ("company", "company_2", "email", "website")

Command = Callable[[str], str]
"""Turns `build` into what the user has to type."""


@dataclass(frozen=True)
class Step:
    """One thing to do. `records` is how many records it concerns, which ranks it."""

    sort: str
    records: int
    says: str


def next_steps(workspace: Workspace, engine: Engine, command: Command, most: int = 3) -> list[str]:
    """The most useful things to do next: of each sort that which concerns most records."""
    lost = {
        (row["source"], row["status"]): row["records"]
        for row in engine.arrow("SELECT source, status, records FROM set_aside").to_pylist()
    }
    steps: list[Step] = []
    sources = workspace.sources()
    for source in sources:
        steps += _unreadable(source, lost.get((source.name, "unreadable"), 0))
        steps += _no_address(source, lost.get((source.name, "no_address"), 0))
        steps += _wrong_address(source, lost.get((source.name, "invalid_address"), 0), engine)
        steps += _no_company(source, lost.get((source.name, "no_company"), 0), command)
        steps += _doubtful(source, command)
    steps += _unnamed(workspace, sources)
    steps += _outgrown(workspace, sources, command)
    steps += _scorecards(engine)
    steps.sort(key=lambda step: -step.records)
    told: dict[str, str] = {}
    for step in steps:
        told.setdefault(step.sort, step.says)
    return [*told.values(), *_always(command)][:most]


def _outgrown(workspace: Workspace, sources: list[Source], command: Command) -> Iterator[Step]:
    """The weights were learned from far fewer records than there are now."""
    learned = ParameterStore(workspace.parameters_dir).records()
    records = sum(source.rows_readable for source in sources)
    if learned and records > OUTGROWN * learned:
        yield Step(
            "outgrown",
            records,
            f"The weights of the evidence were learned from about {learned:,} records, and now "
            f"there are {records:,}: learn them anew with `{command('retrain')}`.",
        )


def _unreadable(source: Source, records: int) -> Iterator[Step]:
    if not records:
        return
    # The worst file holds few of them; the row numbers are the file's own order.
    first = min(
        pq.ParquetFile(source.unreadable_path).read().to_pylist(), key=lambda r: r["row_number"]
    )
    where = f"line {first['line_number']}" if first["line_number"] else f"row {first['row_number']}"
    reason = first["message"].rstrip(".")
    yield Step(
        "unreadable",
        records,
        f"{_rows(records)} of {source.name} cannot be read, the first at {where}: {reason}. "
        f"Repair {source.location} and add it again.",
    )


def _no_address(source: Source, records: int) -> Iterator[Step]:
    if not records or source.kind == "suppressions":
        return
    if any(field in source.columns.values() for field in _ADDRESS):
        says = (
            f"{_rows(records)} of {source.name} have an empty address, and no other list knows one "
            f"for the company: a list with these companies' addresses would win them."
        )
    elif source.mapping.unknown():
        named = ", ".join(repr(column) for column in source.mapping.unknown()[:3])
        says = (
            f"No column of {source.name} was understood as an address, which sets aside "
            f"{_rows(records)}. If one of {named} is it, write into tieline.toml, section "
            f"[sources.{source.name}.columns]: "
            f'{json.dumps(source.mapping.unknown()[0], ensure_ascii=False)} = "full_address"'
        )
    else:
        says = (
            f"{source.name} has no address column, and for {_rows(records)} no other list knows "
            "the company's address: a list with these companies' addresses would win them."
        )
    yield Step("no_address", records, says)


def _wrong_address(source: Source, records: int, engine: Engine) -> Iterator[Step]:
    if not records:
        return
    found = _one(
        engine,
        "SELECT i.code, count(*) AS records, min(e.row_number) AS row_number "
        "FROM record_entities e JOIN issues i ON i.source = e.source "
        "AND i.row_number = e.row_number AND i.field = 'address' "
        f"WHERE e.status = 'invalid_address' AND e.source = '{source.name}' "
        "GROUP BY i.code ORDER BY records DESC, i.code LIMIT 1",
    )
    if not found:
        return
    reason, row = found["code"], f"row {found['row_number']:,}"
    if reason == "no_country" and "country" not in source.columns.values():
        yield Step(
            "invalid_address",
            records,
            f"{_rows(records)} of {source.name} have an address that cannot be placed, most for "
            f"want of a country. If all are in one, write it into tieline.toml: [workspace] "
            f'country = "US"',
        )
        return
    yield Step(
        "invalid_address",
        records,
        f"{_rows(records)} of {source.name} have an address that is incomplete or contradicts "
        f"itself, {found['records']:,} of them alike, the first in {row}: "
        f"{ISSUES.get(reason, reason)} Correct {source.location} and add it again.",
    )


def _no_company(source: Source, records: int, command: Command) -> Iterator[Step]:
    if not records or any(field in source.columns.values() for field in _COMPANY):
        return
    check = command(f"check {source.name}")
    yield Step(
        "no_company",
        records,
        f"No column of {source.name} tells the company, which sets aside {_rows(records)}: "
        f"`{check}` shows the columns; name the right one in tieline.toml.",
    )


def _doubtful(source: Source, command: Command) -> Iterator[Step]:
    doubtful = [c for c in source.mapping if c.field and c.confidence < DOUBTFUL]
    if not doubtful or not source.rows_readable:
        return
    worst = min(doubtful, key=lambda column: column.confidence)
    many = f" ({len(doubtful)} such columns)" if len(doubtful) > 1 else ""
    # A wrong column spoils a field of all rows, but most doubtful ones are right.
    yield Step(
        "doubtful",
        int(source.rows_readable * (1 - worst.confidence) / 4),
        f"Column {worst.column!r} of {source.name} was taken as {worst.field} with "
        f"{worst.confidence:.0%} confidence{many}: `{command(f'check {source.name}')}` shows why. "
        f"If it is wrong, correct it in tieline.toml.",
    )


def _unnamed(workspace: Workspace, sources: list[Source]) -> Iterator[Step]:
    settings = workspace.settings
    named = settings.own_company, settings.competitors
    if any(listed.names or listed.domains for listed in named):
        return
    read = sum(source.rows_read for source in sources)
    yield Step(
        "unnamed",
        int(read * UNNAMED_SHARE),
        "Name your own company and your competitors in tieline.toml, [own_company] and "
        "[competitors], to set their people aside.",
    )


def _scorecards(engine: Engine) -> Iterator[Step]:
    """A scorecard's file is wrong: told first, since all leads of its product hang on it."""
    for row in engine.arrow(
        "SELECT scorecard, state, problem FROM scorecards WHERE problem IS NOT NULL "
        "ORDER BY CASE WHEN state = 'unusable' THEN 0 ELSE 1 END, scorecard LIMIT 1"
    ).to_pylist():
        meanwhile = (
            "nobody is scored by it"
            if row["state"] == "unusable"
            else "the text in force counts meanwhile"
        )
        yield Step(
            "scorecard",
            sys.maxsize,
            f"The scorecard {row['scorecard']} is wrong, and {meanwhile}. {row['problem']}",
        )


def _always(command: Command) -> Iterator[str]:
    yield f"See whom you know: `{command('show contacts')}`, and why: `{command('explain')} ID`."
    yield (
        f"See where the relationships stand, and what to do next: `{command('stages')}`, "
        f"`{command('next')}`."
    )
    yield f"Take the contacts with you: `{command('export contacts contacts.csv')}`."
    yield f"See how your columns were understood: `{command('check')}`."


def _one(engine: Engine, select: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = engine.arrow(select).to_pylist()
    return rows[0] if rows else {}


def _rows(count: int) -> str:
    return f"{count:,} record{'s' * (count != 1)}"

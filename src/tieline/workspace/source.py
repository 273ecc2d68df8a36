"""What a workspace remembers of a source: one small TOML file in `sources/`, written by machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import tomli_w

from tieline.data.kinds import FIELD_BY_NAME, families
from tieline.data.mapping import ColumnMapping, MappedColumn
from tieline.errors import Place, TielineError, did_you_mean
from tieline.workspace.reading import parse, read_text
from tieline.workspace.settings import SourceSettings

_HEADING = (
    "# Written by `tieline add`. Do not edit: put corrections into tieline.toml,\n"
    "# section [sources.{name}]; they win over what stands here.\n\n"
)


Arrival: TypeAlias = tuple[int, str]
"""The number of an addition, 1 for the first of a workspace, and the content that came with it."""


@dataclass(frozen=True)
class RememberedSource:
    """One file of `sources/`: where the source came from and how it was understood.

    `sha256` points at the landed content. `kind_given` says that the user named the kind.
    `rows_read = rows_readable + rows_unreadable`. `arrivals` are the contents that were added under
    this name, the last of them the one in force: (number, sha256), numbered through the workspace.
    `continues` names the source that this one is a later export of. `landed_on` is the day on which
    the content in force came, as it was by then in the easternmost time zone; None if not known.
    """

    name: str
    location: str
    sha256: str
    kind: str
    kind_confidence: float
    kind_why: str
    kind_given: bool
    rows_read: int
    rows_readable: int
    rows_unreadable: int
    mapping: ColumnMapping
    arrivals: tuple[Arrival, ...] = ()
    continues: str = ""
    landed_on: date | None = None

    def to_toml(self) -> str:
        """The text of the file."""
        values: dict[str, Any] = {
            "location": self.location,
            "sha256": self.sha256,
            "rows_read": self.rows_read,
            "rows_readable": self.rows_readable,
            "rows_unreadable": self.rows_unreadable,
            "arrivals": [list(arrival) for arrival in self.arrivals],
            **({"continues": self.continues} if self.continues else {}),
            **({"landed_on": self.landed_on} if self.landed_on else {}),
            "kind": {
                "name": self.kind,
                "confidence": self.kind_confidence,
                "why": self.kind_why,
                "given": self.kind_given,
            },
            "columns": [_column_values(column) for column in self.mapping],
        }
        return _HEADING.format(name=self.name) + tomli_w.dumps(values)


def read_remembered(path: Path) -> RememberedSource:
    """The remembered source in a file of `sources/`; its name is the file's."""
    values = parse(read_text(path), f"sources/{path.name}")
    try:
        kind = values["kind"]
        return RememberedSource(
            name=path.stem,
            location=values["location"],
            sha256=values["sha256"],
            kind=kind["name"],
            kind_confidence=kind["confidence"],
            kind_why=kind["why"],
            kind_given=kind["given"],
            rows_read=values["rows_read"],
            rows_readable=values["rows_readable"],
            rows_unreadable=values["rows_unreadable"],
            mapping=ColumnMapping(tuple(_column_of(column) for column in values["columns"])),
            arrivals=tuple((number, sha) for number, sha in values.get("arrivals", ())),
            continues=values.get("continues", ""),
            landed_on=values.get("landed_on"),
        )
    except (KeyError, TypeError) as error:
        raise TielineError(
            "damaged_source",
            f"The file was changed by hand or is incomplete ({error}).",
            place=Place(f"sources/{path.name}"),
            next_step=f"Add the source again: tieline add FILE --name {path.stem}",
        ) from None


def _column_values(column: MappedColumn) -> dict[str, Any]:
    values: dict[str, Any] = {"header": column.column}
    if column.field is not None:
        values["field"] = column.field
    values["confidence"] = column.confidence
    values["why"] = column.why
    if column.alternatives:
        values["alternatives"] = [[name, score] for name, score in column.alternatives]
    return values


def _column_of(values: Mapping[str, Any]) -> MappedColumn:
    return MappedColumn(
        column=values["header"],
        field=values.get("field"),
        confidence=values["confidence"],
        why=values["why"],
        alternatives=tuple((name, score) for name, score in values.get("alternatives", ())),
    )


@dataclass(frozen=True)
class Source:
    """One source as a build uses it: what is remembered, overlaid with the user's settings.

    `mapping` has every column with its reason; `columns` is the effective standard field by
    column, without ignored and unknown ones.
    """

    name: str
    kind: str
    owner: str
    trust: int
    date_style: str
    location: str
    sha256: str
    rows_read: int
    rows_readable: int
    rows_unreadable: int
    mapping: ColumnMapping
    kind_confidence: float
    kind_why: str
    landed_path: Path
    unreadable_path: Path
    arrivals: tuple[Arrival, ...] = ()
    continues: str = ""
    landed_on: date | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Standard field by source column, for the columns that are used."""
        return self.mapping.used()


def effective(remembered: RememberedSource, settings: SourceSettings, landed_dir: Path) -> Source:
    """The source with the settings of `[sources.<name>]` on top.

    A column that the user sets takes its field away from the column that was thought to hold it;
    that one moves to the next free field of the family (`email` to `email_2`), if there is one.
    A field set for a header that the source does not have is an error: most likely a misspelling.
    A column to leave out may be missing.
    """
    headers = [column.column for column in remembered.mapping]
    for header, field in settings.columns.items():
        if field and header not in headers:
            _refuse_header(remembered.name, header, headers)
    corrected = _corrected(remembered.mapping, settings.columns)
    return Source(
        name=remembered.name,
        kind=settings.kind or remembered.kind,
        owner=settings.owner,
        trust=settings.trust,
        date_style=settings.date_style,
        location=remembered.location,
        sha256=remembered.sha256,
        rows_read=remembered.rows_read,
        rows_readable=remembered.rows_readable,
        rows_unreadable=remembered.rows_unreadable,
        mapping=corrected,
        kind_confidence=1.0 if settings.kind else remembered.kind_confidence,
        kind_why="set by you" if settings.kind else remembered.kind_why,
        landed_path=landed_dir / f"{remembered.sha256}.parquet",
        unreadable_path=landed_dir / f"{remembered.sha256}.unreadable.parquet",
        arrivals=remembered.arrivals,
        continues=remembered.continues,
        landed_on=remembered.landed_on,
    )


def _corrected(mapping: ColumnMapping, corrections: Mapping[str, str]) -> ColumnMapping:
    claimed = {field for field in corrections.values() if field}
    taken = claimed | {c.field for c in mapping if c.field and c.column not in corrections}
    columns = []
    for column in mapping:
        if column.column in corrections:
            field = corrections[column.column]
            column = replace(column, field=field, confidence=1.0, why="set by you")
        elif column.field in claimed:
            why = f"you set another column to {column.field}"
            free = next((name for name in _siblings(column.field) if name not in taken), None)
            taken.add(free or "")
            confidence = column.confidence if free else 0.0
            column = replace(column, field=free, confidence=confidence, why=why)
        columns.append(column)
    return ColumnMapping(tuple(columns))


def _siblings(field: str) -> tuple[str, ...]:
    """The fields that hold the same sort of value; `company_2` is not another company."""
    if field not in FIELD_BY_NAME or field == "company":
        return ()
    return tuple(member.name for member in families()[FIELD_BY_NAME[field].family])


def _refuse_header(name: str, header: str, headers: list[str]) -> None:
    hint = did_you_mean(header, headers, cutoff=0.5)
    raise TielineError(
        "unknown_column",
        f"[sources.{name}.columns] names {header!r}, which the source does not have.{hint}",
        place=Place("tieline.toml"),
        next_step=f"Its columns are: {', '.join(headers[:20])}.",
    )

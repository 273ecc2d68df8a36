"""What a program asks of a table: conditions, order and place, from texts to a SELECT.

Nothing of an address is pasted into SQL: names are looked up among the columns, values become
literals of the column's type.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from anyascii import anyascii

from tieline.data.sql_text import literal
from tieline.engine.tables import quoted
from tieline.errors import TielineError, did_you_mean
from tieline.web.reader import Reading, Row

MOST_ROWS = 1000
MOST_CONDITIONS = 20
MOST_TEXT = 500
_CONDITION = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*(!=|<=|>=|=|<|>)(.*)\Z", re.DOTALL)
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "FLOAT", "DECIMAL",
            "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")  # fmt: skip
_PLAIN = ("VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", *_NUMBERS)
"""Types that can be compared and ordered; lists and structures are only shown."""


@dataclass(frozen=True)
class Source:
    """A table as the engine has it, its key, and whether it lies in memory and can be searched."""

    table: str
    key: tuple[str, ...]
    searched: bool = False


@dataclass(frozen=True)
class Asked:
    """The question: conditions, order (`-` before it turns it), where to go on, how many rows."""

    where: Sequence[str] = ()
    text: str = ""
    sort: str = ""
    after: str = ""
    limit: int = 100
    columns: str = ""


@dataclass(frozen=True)
class Found:
    """Some rows, how many there are in all, and the cursor of what follows ('' at the end)."""

    rows: list[Row]
    total: int
    after: str


def find(reading: Reading, source: Source, asked: Asked) -> Found:
    """The rows that are asked for; TielineError where the question cannot be understood."""
    types = {
        name: kind
        for name, kind in reading.engine.columns(source.table).items()
        if name != "search_text"
    }
    where = [_condition(text, types) for text in asked.where[:MOST_CONDITIONS]]
    if asked.text and source.searched:
        words = str(anyascii(_storable(asked.text))).lower().split()
        where += [f"contains(search_text, {literal(word)})" for word in words[:10]]
    order = _order(source, asked.sort, types)
    shown = _shown(asked.columns, types, source.key)
    table, condition = quoted(source.table), " AND ".join(where) or "true"
    total = int(reading.value(f"SELECT count(*) AS n FROM {table} WHERE {condition}"))
    question = _digest(source.table, condition, order)
    if asked.after:
        condition += f" AND {_behind(asked.after, question, order, types)}"
    ordering = ", ".join(
        f"{quoted(name)} {'DESC' if turned else 'ASC'} NULLS LAST" for name, turned in order
    )
    limit = f"ORDER BY {ordering} LIMIT {asked.limit + 1}"
    if source.searched:
        # In memory: which rows they are is found first, so that only theirs are put together.
        condition = f"rowid IN (SELECT rowid FROM {table} WHERE {condition} {limit})"
    marks = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name, _ in order)
    rows = reading.rows(
        f"SELECT {', '.join(quoted(name) for name in shown)}, [{marks}] AS _mark FROM {table} "
        f"WHERE {condition} {limit}"
    )
    last = [row.pop("_mark") for row in rows]
    if len(rows) <= asked.limit:
        return Found(rows, total, "")
    return Found(rows[: asked.limit], total, _cursor(question, last[asked.limit - 1]))


def _condition(text: str, types: dict[str, str]) -> str:
    """`country=DE`, `employees>=100`; nothing behind `=` asks for rows without a value."""
    read = _CONDITION.match(text[:MOST_TEXT])
    if read is None:
        raise TielineError(
            "bad_condition",
            f"{text[:60]!r} is no condition.",
            next_step="Write a column, one of = != < <= > >=, and a value: employees>=100",
        )
    name, how, told = read[1], read[2], _storable(read[3].strip())
    kind = _column(name, types)
    if not told and how in ("=", "!="):
        return f"{quoted(name)} IS {'NOT ' if how == '!=' else ''}NULL"
    return f"{quoted(name)} {how} {_value(name, told, kind)}"


def _value(name: str, told: str, kind: str) -> str:
    """A literal of the column's type; `bad_value` if the text is none."""
    try:
        if kind.startswith(_NUMBERS):
            if not Decimal(told).is_finite():
                raise ValueError
        elif kind == "DATE":
            date.fromisoformat(told)
        elif kind.startswith("TIMESTAMP"):
            datetime.fromisoformat(told)
        elif kind == "BOOLEAN" and told not in ("true", "false"):
            raise ValueError
    except (ValueError, InvalidOperation):
        raise TielineError(
            "bad_value",
            f"{told[:60]!r} is no value of {name}, which is {kind.lower()}.",
            next_step="Numbers are written 12.5, days 2024-05-31, truth true or false.",
        ) from None
    return _typed(told, kind)


def _typed(told: str, kind: str) -> str:
    # A number too large for its type is no value at all, not an error in the middle of a query.
    return f"TRY_CAST({literal(told)} AS {'DOUBLE' if kind.startswith(_NUMBERS) else kind})"


def _column(name: str, types: dict[str, str]) -> str:
    kind = types.get(name)
    if kind is None:
        hint = did_you_mean(name, types, cutoff=0.5)
        raise TielineError(
            "unknown_column",
            f"There is no column {name[:60]!r}.{hint}",
            next_step=f"The columns are: {', '.join(types)}.",
        )
    if not kind.startswith(_PLAIN) or kind.endswith("]"):
        raise TielineError(
            "not_comparable", f"The column {name} holds lists: it cannot be compared."
        )
    return kind


def _order(source: Source, sort: str, types: dict[str, str]) -> list[tuple[str, bool]]:
    """Columns and whether they are turned; the key behind, so that no row comes twice."""
    order: list[tuple[str, bool]] = []
    for part in sort.split(",") if sort else ():
        name = part.strip()
        _column(name.removeprefix("-"), types)
        order.append((name.removeprefix("-"), name.startswith("-")))
    named = {name for name, _ in order}
    return [*order, *((name, False) for name in source.key if name not in named and name in types)]


def _shown(told: str, types: dict[str, str], key: Sequence[str]) -> list[str]:
    if not told:
        return list(types)
    named = [name.strip() for name in told.split(",") if name.strip()]
    for name in named:
        if name not in types:
            _column(name, types)
    return list(dict.fromkeys((*(name for name in key if name in types), *named)))


def _behind(
    cursor: str, question: str, order: list[tuple[str, bool]], types: dict[str, str]
) -> str:
    """The condition of rows that follow the one a cursor stands at."""
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor[:4000].encode("ascii")))
        asked, marks = told["q"], told["a"]
        if asked != question or len(marks) != len(order):
            raise ValueError
        texts = [None if mark is None else _storable(str(mark)) for mark in marks]
    except (ValueError, KeyError, TypeError, binascii.Error, UnicodeError, TielineError,
            RecursionError):  # fmt: skip
        raise TielineError(
            "bad_cursor",
            "This cursor belongs to another question.",
            next_step="Leave `cursor` out to begin anew; change nothing else from page to page.",
        ) from None
    ways: list[str] = []
    equal: list[str] = []
    for (name, turned), text in zip(order, texts, strict=True):
        column = quoted(name)
        # Rows without a value come last, so behind such a row only the next column decides.
        if text is not None:
            value = f"TRY_CAST({literal(text)} AS {types[name]})"
            further = f"{column} {'<' if turned else '>'} {value} OR {column} IS NULL"
            ways.append(" AND ".join([*equal, f"({further})"]))
            equal.append(f"{column} = {value}")
        else:
            equal.append(f"{column} IS NULL")
    return f"({' OR '.join(ways) or 'false'})"


def _cursor(question: str, marks: list[str | None]) -> str:
    told = json.dumps({"q": question, "a": marks}, separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode("ascii")


def _digest(table: str, condition: str, order: list[tuple[str, bool]]) -> str:
    return hashlib.sha256(repr((table, condition, order)).encode()).hexdigest()[:16]


def _storable(text: str) -> str:
    """The text; TielineError `bad_text` if no database takes it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "\0"
    if "\0" in text:
        raise TielineError("bad_text", "The text holds a NUL or half a character.")
    return text

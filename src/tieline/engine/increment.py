"""What a header says of computing a table in part: which of its rows a changed input can touch.

    increment:
      key: town                    # rows of one town are made only from input rows of that town
      nulls: none                  # said where the key is never NULL in the table
      from:
        people: town               # the input has the key in this column
        moves: [old_town, new_town]          # in several
        jobs: people.person_id     # rows belong where the rows of people with their person_id do
        shops: owner_id = people.person_id   # the same, the column has another name here

An input that is not named may be read too: where it has changed, the whole table is computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tieline.engine.tables import quoted
from tieline.errors import Place, TielineError

_ROUTE = re.compile(r"(?:(\w+)\s*=\s*)?(?:(\w+)\.)?(\w+)\Z")
_KEYS = ("key", "nulls", "from")


@dataclass(frozen=True)
class Route:
    """How a row of an input tells its key: by its `column`, or as the rows of `table` do.

    With `table`, the row belongs to the keys of those rows of `table` that have in `other` what
    this one has in `column`, compared by `=` as a join does.
    """

    column: str
    table: str | None = None
    other: str = ""


@dataclass(frozen=True)
class Increment:
    """Rows of one `key` (a column of the table) are made only from the input rows it has.

    `routes` says per input how its rows tell their keys; `nulls` whether the key may be NULL.
    """

    key: str
    routes: Mapping[str, tuple[Route, ...]]
    nulls: bool = True

    def in_order(self) -> list[str]:
        """The inputs, each after those through which its rows are looked up; KeyError if none is.

        A circle of look-ups has no such order.
        """
        done: list[str] = []
        waiting = list(self.routes)
        while waiting:
            ready = [n for n in waiting if all(r.table in (None, *done) for r in self.routes[n])]
            if not ready:
                raise KeyError(waiting[0])
            done += ready
            waiting = [name for name in waiting if name not in ready]
        return done

    def keys_of(self, name: str, rows: str, tables: Mapping[str, str]) -> str:
        """A SELECT of column `k`, the keys of rows of input `name`.

        `rows` is SQL that can stand behind FROM; `tables` gives the SQL name of each input.
        """
        selects = []
        for route in self.routes[name]:
            column = quoted(route.column)
            if route.table is None:
                selects.append(f"SELECT {column} AS k FROM {rows}")
                continue
            found = (
                f"(SELECT * FROM {tables[route.table]} "
                f"WHERE {quoted(route.other)} IN (SELECT {column} FROM {rows}))"
            )
            selects.append(f"({self.keys_of(route.table, found, tables)})")
        return " UNION ALL ".join(selects)

    def needed(self, name: str, keys: Keys, tables: Mapping[str, str]) -> list[Match]:
        """Which rows of input `name` belong to the keys: those of which any of these is true.

        `tables` gives for each input through which rows are looked up the SQL name of the table
        that holds its needed rows.
        """
        found = []
        for route in self.routes[name]:
            if route.table is None:
                found.append(keys.match(route.column))
            else:
                source = f"SELECT {quoted(route.other)} AS k FROM {tables[route.table]}"
                found.append(Match(route.column, source))
        return found


@dataclass(frozen=True)
class Match:
    """A row's `column` is among the `values`, a SELECT of column k; or NULL, if that is `null`."""

    column: str
    values: str
    null: bool = False

    def __str__(self) -> str:
        """Return a condition in SQL, true or not (perhaps NULL)."""
        found = f"{quoted(self.column)} IN ({self.values})"
        return f"({found} OR {quoted(self.column)} IS NULL)" if self.null else found


@dataclass(frozen=True)
class Keys:
    """Touched keys: those in column k of `table`, `count` and no NULL, and NULL itself or not."""

    table: str
    null: bool
    count: int

    @property
    def any(self) -> bool:
        """Whether there is a key at all."""
        return self.null or self.count > 0

    def match(self, column: str) -> Match:
        """The rows whose `column` is one of the keys."""
        return Match(column, f"SELECT k FROM {self.table}", self.null)


def read_increment(given: Any, columns: Sequence[str], place: str) -> Increment:
    """Read the header's `increment`, or raise `bad_header` naming what is wrong with it."""
    if not isinstance(given, dict) or not isinstance(given.get("from"), dict):
        raise _bad(place, "increment must hold key and from.")
    strange = [str(key) for key in given if key not in _KEYS]
    if strange:
        raise _bad(place, f"increment has an unknown key {strange[0]!r}.")
    key, nulls = str(given.get("key", "")), given.get("nulls", "kept")
    if key not in columns:
        raise _bad(place, f"The increment's key {key!r} is no column.")
    if nulls not in ("kept", "none"):
        raise _bad(place, f"The increment's nulls must be kept or none, not {nulls!r}.")
    routes = {str(n): _routes(told, place) for n, told in given["from"].items()}
    for name, listed in routes.items():
        for route in listed:
            if route.table is not None and route.table not in routes:
                raise _bad(place, f"increment looks {name} up in {route.table}, not in from.")
    found = Increment(key=key, routes=routes, nulls=nulls == "kept")
    try:
        found.in_order()
    except KeyError as problem:
        raise _bad(place, f"increment looks {problem.args[0]} up in a circle.") from None
    return found


def check_inputs(increment: Increment, inputs: Sequence[str], place: str) -> None:
    """Raise `bad_header` where `from` names a table that is no input."""
    stray = [name for name in increment.routes if name not in inputs]
    if stray:
        raise _bad(place, f"increment names {', '.join(stray)}, which it does not read.")


def _routes(told: Any, place: str) -> tuple[Route, ...]:
    found = []
    for text in told if isinstance(told, list) else [told]:
        match = _ROUTE.match(str(text).strip())
        if match is None or (match[1] and not match[2]):
            raise _bad(place, f"increment cannot read {text!r}: COLUMN or TABLE.COLUMN.")
        own, table, column = match.groups()
        found.append(Route(own or column, table, column if table else ""))
    return tuple(found)


def _bad(place: str, message: str) -> TielineError:
    return TielineError("bad_header", message, place=Place(place))

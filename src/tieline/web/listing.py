"""A list that can be searched, filtered, ordered and cut into pages: from an address to a SELECT.

Nothing of an address is pasted into SQL: names are looked up, texts become literals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from anyascii import anyascii

from tieline.data.sql_text import literal
from tieline.engine.tables import quoted
from tieline.web.reader import Reading, Row

ON_A_PAGE = 50
ENOUGH = 3
"""Fewer exact finds than this, and words that sound alike are looked at too."""
ALIKE = 0.88
"""Jaro-Winkler similarity from which a word counts as meant: one wrong letter in eight is 0.95, two
swapped 0.97; names that share no more than their beginning stay below 0.85."""
MOST_TEXT = 200
MOST_PAGE = 100_000


@dataclass(frozen=True)
class Column:
    """One column: its name in the table, its heading, how it is shown, whether it is at first.

    `shown` is text, figure, percent, day, spoken, tag, stage, name (the link to the row's own
    page) or account (the link to its account).
    """

    name: str
    label: str
    shown: str = "text"
    default: bool = True

    @property
    def numeric(self) -> bool:
        """Whether its values are figures, which stand at the right."""
        return self.shown in ("figure", "percent")


@dataclass(frozen=True)
class Filter:
    """One choice above the list: the column it looks at, its label, and how values read.

    `shown` is text, spoken, stage, yes, or id: no choice but a link from elsewhere asks for it.
    """

    name: str
    label: str
    shown: str = "spoken"


@dataclass(frozen=True)
class Listing:
    """One list: the table in memory it reads, its columns, choices and first order.

    `aside` is the condition of rows that were set aside.
    """

    page: str
    title: str
    one: str
    table: str
    key: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    order: str
    hint: str
    aside: str

    def column(self, name: str) -> Column | None:
        """The column of a name, None if there is none."""
        return next((one for one in self.columns if one.name == name), None)


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list, read: anything it says that is unknown is left out."""

    listing: Listing
    text: str
    chosen: Mapping[str, str]
    order: str
    columns: tuple[Column, ...]
    page: int

    @classmethod
    def of(cls, listing: Listing, given: Mapping[str, str], several: list[str]) -> Asked:
        """Read a query; `several` are the names given as `columns`."""
        named = [name for text in several for name in text.split(",")]
        columns = tuple(c for c in listing.columns if c.name in named)
        order = given.get("sort", "")
        if listing.column(order.removeprefix("-")) is None:
            order = listing.order
        page = given.get("page", "1")
        return cls(
            listing,
            " ".join(given.get("q", "").split())[:MOST_TEXT],
            {f.name: given[f.name][:MOST_TEXT] for f in listing.filters if given.get(f.name)},
            order,
            columns or tuple(c for c in listing.columns if c.default),
            min(int(page), MOST_PAGE) if page.isdecimal() and page != "0" else 1,
        )

    def query(self, **changes: str) -> str:
        """The address that asks the same but for the changes; '' takes a part away."""
        said = {"q": self.text, **self.chosen}
        if self.order != self.listing.order:
            said["sort"] = self.order
        names = [column.name for column in self.columns]
        if names != [column.name for column in self.listing.columns if column.default]:
            said["columns"] = ",".join(names)
        if self.page > 1:
            said["page"] = str(self.page)
        said |= changes
        return urlencode({name: value for name, value in said.items() if value})

    def where(self, *, alike: bool = False) -> str:
        """The condition; with `alike` words of the text need only sound like it."""
        asked = [_equal(name, value) for name, value in self.chosen.items()]
        words = folded(self.text).split()
        if words and alike:
            asked.append(f"{likeness(words)} >= {ALIKE}")
        elif words:
            asked += [f"contains(search_text, {literal(word)})" for word in words]
        return " AND ".join(asked) or "true"

    def ordered(self) -> str:
        """The ORDER BY, with the key behind it so that pages never overlap."""
        name = quoted(self.order.removeprefix("-"))
        turn = "DESC" if self.order.startswith("-") else "ASC"
        # What was set aside is last, unless somebody orders the list otherwise.
        aside = f"{self.listing.aside}, " if self.order == self.listing.order else ""
        return f"{aside}{name} {turn} NULLS LAST, {quoted(self.listing.key)}"


@dataclass(frozen=True)
class Found:
    """One page of a list: its rows, how many there are, whether they only sound alike."""

    rows: list[Row]
    total: int
    alike: bool


def find(reading: Reading, asked: Asked, *, most: int | None = ON_A_PAGE) -> Found:
    """The rows that are asked for, all of them without `most`.

    Where next to nothing has the words as they are written, those that sound alike are found, the
    closest first.
    """
    where, order, alike = asked.where(), asked.ordered(), False
    total = _count(reading, asked, where)
    if asked.text and total < ENOUGH:
        loosely = asked.where(alike=True)
        more = _count(reading, asked, f"({loosely}) OR ({where})")
        if more > total:
            where, total, alike = f"({loosely}) OR ({where})", more, True
            order = f"{likeness(folded(asked.text).split())} DESC, {order}"
    limit = "" if most is None else f"LIMIT {most} OFFSET {(asked.page - 1) * most}"
    rows = reading.rows(
        f"SELECT * FROM {quoted(asked.listing.table)} WHERE {where} ORDER BY {order} {limit}"
    )
    return Found(rows, total, alike)


def choices(reading: Reading, listing: Listing) -> dict[str, list[Row]]:
    """What each filter can be set to, with how many rows have it."""
    return {
        one.name: reading.rows(
            f"SELECT {quoted(one.name)}::VARCHAR AS value, count(*) AS times "
            f"FROM {quoted(listing.table)} WHERE {quoted(one.name)} IS NOT NULL "
            "GROUP BY 1 ORDER BY " + ("1" if one.shown == "stage" else "2 DESC, 1") + " LIMIT 60"
        )
        for one in listing.filters
        if one.shown != "id"
    }


def folded(text: str) -> str:
    """A text as the search has it: ASCII, small letters."""
    return str(anyascii(text)).lower()


def likeness(words: list[str]) -> str:
    """How alike the worst of the words is to the word of a row that is most like it, 0 to 1."""
    each = [
        "coalesce(list_max(list_transform(string_split(search_text, ' '), "
        f"lambda w: jaro_winkler_similarity(w, {literal(word)}))), 0)"
        for word in words[:5]
    ]
    return each[0] if len(each) == 1 else f"least({', '.join(each)})"


def _count(reading: Reading, asked: Asked, where: str) -> int:
    table = quoted(asked.listing.table)
    return int(reading.value(f"SELECT count(*) AS n FROM {table} WHERE {where}"))


def _equal(name: str, value: str) -> str:
    if value == "none":
        return f"{quoted(name)} IS NULL"
    return f"{quoted(name)}::VARCHAR = {literal(value)}"

"""Files of company registers, known by their headers: D&B, GLEIF, ROR, SEC and layouts like theirs.

`registry_layouts.tsv` has one line per layout and field with the names that its column goes by, in
lower case without signs (`Entity.LegalName` is `entity legal name`). `tells` says what makes a file
one of that layout: every field with `yes`, and at least one of those with `any` where there are
some. The first layout that fits is taken. A column that its layout does not name is left to the
other rules in layouts like D&B's, which each customer orders with other columns; the layouts of
public registers name all that we use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tieline.data.kinds import IGNORED
from tieline.data.mapping.columns import MappedColumn
from tieline.data.mapping.header import WHOLE, read_header, words_of

OPEN = (
    "a D&B layout",
    "a company register",
    "a company register with groups",
    "a national register",
)
"""Layouts with more columns than they name."""
PEOPLE = ("email", "given_name", "family_name", "opt_in", "opt_out")
"""Fields of which one is enough to make a file a list of people."""
CALLED = "so it is called in "
"""How the reason of a column begins that a layout names."""
SURE = 0.98
"""Confidence (0..1) of a column that a layout names."""


@dataclass(frozen=True)
class _Line:
    field: str
    tells: str
    headers: tuple[str, ...]


@cache
def _layouts() -> dict[str, tuple[_Line, ...]]:
    found: dict[str, list[_Line]] = {}
    text = files("tieline.data.mapping").joinpath("registry_layouts.tsv").read_text("utf-8")
    for line in text.splitlines()[1:]:
        layout, field, tells, headers = line.split("\t")
        packed = tuple(header.replace(" ", "") for header in headers.split("; "))
        found.setdefault(layout, []).append(
            _Line(IGNORED if field == "-" else field, tells, packed)
        )
    return {layout: tuple(lines) for layout, lines in found.items()}


def registry_columns(columns: Sequence[str]) -> dict[str, MappedColumn]:
    """The columns of a register's file by the first layout that fits; empty where none does."""
    packed = {"".join(words_of(column)): column for column in reversed(columns)}
    if any(_of_people(column) for column in columns):
        return {}
    for layout, lines in _layouts().items():
        named: dict[str, str] = {}
        told: dict[str, list[bool]] = {"yes": [], "any": [], "": []}
        for line in lines:
            column = next((packed[h] for h in line.headers if h in packed), None)
            told[line.tells].append(column is not None)
            if column is not None and column not in named:
                named[column] = line.field
        if all(told["yes"]) and (any(told["any"]) or not told["any"]):
            return _mapped(layout, columns, named)
    return {}


def _of_people(column: str) -> bool:
    """Whether the header names what only lists of people have; they may tell DUNS numbers, too."""
    evidence = read_header(column).evidence
    return any(field in evidence and evidence[field].score >= WHOLE for field in PEOPLE)


def _mapped(layout: str, columns: Sequence[str], named: dict[str, str]) -> dict[str, MappedColumn]:
    why = f"{CALLED}{layout}"
    mapped = {c: MappedColumn(c, field, SURE, why) for c, field in named.items()}
    if layout not in OPEN:
        unused = f"not used of {layout}"
        mapped |= {c: MappedColumn(c, IGNORED, SURE, unused) for c in columns if c not in named}
    return mapped

"""vCard files (2.1, 3.0, 4.0): one row per card, one column per property."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import vobject
from vobject.base import VObjectError

from tieline.data.sources.column_names import column_names
from tieline.data.sources.encoding import find_encoding
from tieline.data.sources.landed import TEXT_KEPT, Piece, Reading, Unreadable, piece_of_rows
from tieline.data.sources.lines import Utf8Stream

#: Cards of one piece.
BATCH = 5_000

#: Largest card read, in characters; photos make cards large, a larger one is damaged.
CARD_LIMIT = 16 << 20

#: Properties whose value is one text, and their column.
_PLAIN = {
    "fn": "full_name",
    "nickname": "nickname",
    "title": "title",
    "role": "role",
    "email": "email",
    "url": "website",
    "bday": "birth_date",
    "gender": "gender",
    "note": "note",
    "uid": "uid",
    "rev": "updated_at",
    "categories": "categories",
    "lang": "language",
    "impp": "messenger",
}
_NAME = {
    "prefix": "name_prefix",
    "given": "given_name",
    "additional": "middle_name",
    "family": "family_name",
    "suffix": "name_suffix",
}
_ADDRESS = {
    "street": "address_line1",
    "extended": "address_line2",
    "box": "po_box",
    "city": "city",
    "region": "region",
    "code": "postcode",
    "country": "country",
}
#: Properties that hold no text a list could use.
_LEFT_OUT = frozenset(("version", "prodid", "photo", "logo", "sound", "key", "sort-string", "n"))

_BEGIN = re.compile(r"^\s*BEGIN:VCARD\s*$", re.IGNORECASE)
_END = re.compile(r"^\s*END:VCARD\s*$", re.IGNORECASE)

#: A line that needs no decoding: perhaps a group, the property, plain parameters, the value.
_LINE = re.compile(
    r"(?:[a-z0-9-]+\.)?([a-z][a-z0-9-]*)((?:;[a-z0-9=,-]+)*):([^\r]*)", re.IGNORECASE
)
_ENCODED = re.compile(
    r"[;=,](?:encoding|charset|quoted-printable|base64|b)(?:[=;,]|$)", re.IGNORECASE
)
#: Properties of one text of which vobject reads no further than a comma, or reads more into it.
_SPECIAL = frozenset(("nickname", "categories", "photo", "logo", "sound", "key", "geo", "begin"))

# What a broken line makes of its card is told by the unreadable rows, in our words.
logging.getLogger("vobject.base").setLevel(logging.CRITICAL)

Row = dict[str, str]


_FOLD = re.compile(r"\n[ \t]")
_COMMA, _SEMICOLON = re.compile(r"(?<!\\),"), re.compile(r"(?<!\\);")
_ESCAPED = re.compile(r"\\([nN,;\\])")


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


class _Parts:
    """The parts of a name or an address, as vobject gives them."""

    def __init__(self, names: tuple[str, ...], texts: list[str]) -> None:
        for name, text in zip_longest(names, texts, fillvalue=""):
            setattr(self, name, [_unescaped(one) for one in _COMMA.split(text)])


class _Entry(NamedTuple):
    """One property, as vobject gives it."""

    name: str
    value: Any
    params: dict[str, list[str]]
    singletonparams: list[str]


_STRUCTURE = {
    "n": ("family", "given", "additional", "prefix", "suffix"),
    "adr": ("box", "extended", "street", "city", "region", "code", "country"),
}


def read(path: Path) -> list[Reading]:
    """The one table of a vCard file."""
    encoding = find_encoding(path)
    good: list[tuple[int, Row]] = []
    bad: list[Unreadable] = []
    names: dict[str, None] = {}
    for number, (line, text) in enumerate(_cards(_text(path)), start=1):
        row, message = _row(text)
        if row is None:
            bad.append(Unreadable(number, line, "broken_card", message, text[:TEXT_KEPT]))
        else:
            good.append((number, row))
            names.update(dict.fromkeys(row))
    columns, notes = column_names(names)
    pieces = _pieces(columns, tuple(names), good, bad)
    reading = Reading("vcard", columns, pieces, encoding=encoding.name)
    reading.notes = [*encoding.notes, *notes]
    return [reading]


def _text(path: Path) -> str:
    encoding = find_encoding(path)
    with path.open("rb") as file:
        file.seek(encoding.mark_size)
        if encoding.wide:
            return Utf8Stream(file, encoding.name).read(-1).decode("utf-8")
        return encoding.to_utf8(file.read()).decode("utf-8")


def _cards(text: str) -> Iterator[tuple[int, str]]:
    """The line number and text of each card; a card that never ends goes up to the next one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start: int | None = None
    for position, line in enumerate(lines):
        if _BEGIN.match(line):
            if start is not None:
                yield start + 1, "\n".join(lines[start:position])
            start = position
        elif _END.match(line) and start is not None:
            yield start + 1, "\n".join(lines[start : position + 1])
            start = None
    if start is not None:
        yield start + 1, "\n".join(lines[start:])


def _row(text: str) -> tuple[Row | None, str]:
    if len(text) > CARD_LIMIT:
        return None, f"The card is longer than {CARD_LIMIT >> 20} MiB."
    if not _END.match(text.rsplit("\n", 1)[-1]):
        return None, "The card has no END:VCARD."
    try:
        row: Row = {}
        for entry in _simple_entries(text) or _all_entries(text):
            _add(entry, row)
    except (VObjectError, ValueError, LookupError, AttributeError, TypeError) as error:
        return None, f"The card cannot be read ({error})."
    if not row:
        return None, "The card is empty."
    return row, ""


def _all_entries(text: str) -> list[Any]:
    return list(vobject.readOne(text, ignoreUnreadable=True).getChildren())


def _simple_entries(text: str) -> list[_Entry] | None:
    """The properties of a card without encoded values and broken lines; else None.

    vobject takes half a millisecond for a card, and cuts a text at a comma that should have been
    escaped (`FN:Smith, Ann`); nearly all cards are as simple as this.
    """
    by_name: dict[str, list[_Entry]] = {}
    for line in _FOLD.sub("", text).split("\n")[1:-1]:
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        name, parameters, value = found[1].lower(), found[2], found[3]
        if name in _SPECIAL or (parameters and _ENCODED.search(parameters)):
            return None
        given = [one.partition("=") for one in parameters.split(";")[1:]]
        kinds = [kind for key, is_, some in given if is_ and key.upper() == "TYPE"
                 for kind in some.split(",")]  # fmt: skip
        structure = _STRUCTURE.get(name)
        parts = _SEMICOLON.split(value)
        content: Any = _unescaped(value)
        if structure is not None:
            content = _Parts(structure, parts)
            if len(parts) > len(structure):
                return None
        elif name == "org":
            content = [_unescaped(part) for part in parts]
        entry = _Entry(name, content, {"TYPE": kinds}, [key for key, is_, _ in given if not is_])
        by_name.setdefault(name, []).append(entry)
    return list(chain.from_iterable(by_name.values()))


def _add(entry: Any, row: Row) -> None:
    name = entry.name.lower()
    value = entry.value
    if name == "n" and hasattr(value, "family"):
        for part, column in _NAME.items():
            _put(row, column, _joined(getattr(value, part, "")))
    elif name == "adr" and hasattr(value, "street"):
        parts = {column: _joined(getattr(value, part, "")) for part, column in _ADDRESS.items()}
        _put_together(row, parts)
    elif name == "org":
        units = [_joined(unit) for unit in (value if isinstance(value, list) else [value])]
        _put(row, "company", units[0] if units else "")
        _put(row, "department", ", ".join(unit for unit in units[1:] if unit))
    elif name == "tel":
        _put(row, _telephone(entry), _joined(value).removeprefix("tel:"))
    elif name in _PLAIN:
        _put(row, _PLAIN[name], _joined(value))
    elif name not in _LEFT_OUT and not isinstance(value, bytes):
        _put(row, name.replace("-", "_"), _joined(value))


def _telephone(entry: Any) -> str:
    kinds = {kind.lower() for kind in getattr(entry, "params", {}).get("TYPE", [])}
    kinds |= {kind.lower() for one in getattr(entry, "singletonparams", []) for kind in [one]}
    if "fax" in kinds:
        return "fax"
    return "mobile" if "cell" in kinds else "phone"


def _joined(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one).strip() for one in value if str(one).strip())
    return str(value).strip() if value is not None else ""


def _put(row: Row, column: str, value: str) -> None:
    if value and value not in (row.get(column), row.get(f"{column}_2")):
        _put_together(row, {column: value})


def _put_together(row: Row, parts: Row) -> None:
    """Add values under the first number at which none of their columns is taken."""
    parts = {column: value for column, value in parts.items() if value}
    copy = 1
    while any(_numbered(column, copy) in row for column in parts):
        copy += 1
    row.update({_numbered(column, copy): value for column, value in parts.items()})


def _numbered(column: str, copy: int) -> str:
    return column if copy == 1 else f"{column}_{copy}"


def _pieces(
    columns: tuple[str, ...],
    names: tuple[str, ...],
    good: list[tuple[int, Row]],
    bad: list[Unreadable],
) -> Iterator[Piece]:
    yield piece_of_rows(columns, [], [], tuple(bad))
    for start in range(0, len(good), BATCH):
        some = good[start : start + BATCH]
        rows: list[list[str | None]] = [[row.get(name) for name in names] for _, row in some]
        yield piece_of_rows(columns, [number for number, _ in some], rows)

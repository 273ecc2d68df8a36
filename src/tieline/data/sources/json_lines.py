"""JSON lines, and one JSON array of objects: nested objects become columns `a.b`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from tieline.data.sources.cell_text import cell_text
from tieline.data.sources.column_names import column_names
from tieline.data.sources.content import HEAD, wide_encoding
from tieline.data.sources.landed import TEXT_KEPT, Piece, Reading, Unreadable, piece_of_rows

#: Longest line read, in bytes; a longer one is set aside.
LINE_LIMIT = 16 << 20

#: Rows of one piece.
BATCH = 20_000

#: Deepest nesting that becomes columns; what lies deeper stays JSON text in one cell.
DEPTH = 8

#: How a document starts that holds its list under a name of its own, after some single values.
_WRAPPER = re.compile(
    r'\s*\{(\s*"\w+"\s*:\s*("[^"]*"|[\w.+-]+)\s*,)*\s*'
    r'"(items|data|records?|results?|rows|values?|entries|list|contacts|companies|people|leads'
    r'|accounts|content|objects)"\s*:\s*\[\s*\{',
    re.IGNORECASE,
)

Row = dict[str, str | None]
Entry = tuple[int, Row | None, tuple[str, str, str]]


def read(path: Path) -> list[Reading]:
    """The one table of a JSON file; the file is read twice, first for the names of all keys."""
    names: dict[str, None] = {}
    notes: list[str] = []
    for _, row, _ in _entries(path, notes):
        if row is not None:
            names.update(dict.fromkeys(row))
    columns, renamed = column_names(names)
    keys = tuple(names)
    notes += renamed
    pieces = _pieces(_entries(path, []), keys, columns)
    return [Reading("json", columns, pieces, encoding="utf-8", notes=notes)]


def _pieces(
    entries: Iterator[Entry], keys: tuple[str, ...], columns: tuple[str, ...]
) -> Iterator[Piece]:
    numbers: list[int] = []
    rows: list[list[str | None]] = []
    bad: list[Unreadable] = []
    for number, (line, row, (reason, message, text)) in enumerate(entries, start=1):
        if row is None:
            bad.append(Unreadable(number, line, reason, message, text[:TEXT_KEPT]))
        else:
            numbers.append(number)
            rows.append([row.get(key) for key in keys])
        if len(rows) + len(bad) >= BATCH:
            yield piece_of_rows(columns, numbers, rows, tuple(bad))
            numbers, rows, bad = [], [], []
    yield piece_of_rows(columns, numbers, rows, tuple(bad))


def _entries(path: Path, notes: list[str]) -> Iterator[Entry]:
    """Every object of the file with its line number; row None and a reason where unreadable."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    wide = wide_encoding(head)
    if wide is not None:
        text = path.read_bytes().decode(wide, "replace").lstrip("\ufeff")
        whole = _whole_document(text)
    else:
        whole = None
        if _is_wrapped(head) or not _one_object_per_line(head):
            whole = _whole_document(path.read_bytes().decode("utf-8", "replace").lstrip("\ufeff"))
        text = None
    if whole is not None:
        yield from ((1, *_row_of(item, "")) for item in whole)
        return
    for line_number, line in enumerate(_lines(path, text), start=1):
        if line is None:
            message = f"The line is longer than {LINE_LIMIT >> 20} MiB."
            yield line_number, None, ("line_too_long", message, "")
            continue
        stripped = line.strip().rstrip(",") if line.strip() not in ("[", "]") else ""
        if not stripped:
            continue
        try:
            item = json.loads(stripped, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            yield line_number, None, ("broken_json", f"The line is not JSON ({error}).", line)
            continue
        yield (line_number, *_row_of(item, line))


def _one_object_per_line(head: bytes) -> bool:
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0].strip().rstrip(b",")
    if not first.startswith(b"{"):
        return False
    try:
        json.loads(first)
    except ValueError:
        return len(first) >= HEAD // 2
    return True


def _is_wrapped(head: bytes) -> bool:
    """True when the file starts like `{"items": [{...`: one document around the list."""
    start = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "ignore")
    return _WRAPPER.match(start) is not None


def _whole_document(text: str) -> list[Any] | None:
    """The objects of one JSON document: an array, an object holding one array, or an object."""
    try:
        document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        lists = [
            value
            for value in document.values()
            if isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
        ]
        return lists[0] if len(lists) == 1 else [document]
    return None


def _lines(path: Path, text: str | None) -> Iterator[str | None]:
    if text is not None:
        yield from text.split("\n")
        return
    with path.open("rb") as file:
        while line := file.readline(LINE_LIMIT + 1):
            if len(line) > LINE_LIMIT:
                while line and not line.endswith(b"\n"):
                    line = file.readline(LINE_LIMIT)
                yield None
                continue
            try:
                yield line.decode("utf-8-sig")
            except UnicodeDecodeError:
                yield line.decode("cp1252", "replace")


def _row_of(item: Any, text: str) -> tuple[Row | None, tuple[str, str, str]]:
    if not isinstance(item, dict):
        shown = text or json.dumps(item, default=str, ensure_ascii=False)
        return None, ("not_an_object", "The value is not an object with named fields.", shown)
    row: Row = {}
    _flatten(item, "", 0, row)
    return row, ("", "", "")


def _flatten(item: dict[str, Any], prefix: str, depth: int, row: Row) -> None:
    for key, value in item.items():
        name = prefix + key
        if isinstance(value, dict) and depth < DEPTH:
            _flatten(value, name + ".", depth + 1, row)
        elif isinstance(value, list) and depth < DEPTH:
            _flatten_list(value, name, depth, row)
        elif isinstance(value, dict | list):
            row[name] = json.dumps(value, ensure_ascii=False, default=str)
        else:
            row[name] = cell_text(value)


def _flatten_list(values: list[Any], name: str, depth: int, row: Row) -> None:
    if any(isinstance(value, dict | list) for value in values):
        items = {str(position): value for position, value in enumerate(values, start=1)}
        _flatten(items, name + ".", depth + 1, row)
    else:
        texts = [cell_text(value) for value in values]
        row[name] = "; ".join(text for text in texts if text) or None

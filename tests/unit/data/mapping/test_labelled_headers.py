"""Headers of seven languages, CRM exports and wrong or missing headers, with the right field."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tieline.data.mapping import map_columns

LABELLED = Path(__file__).with_name("headers.csv")


def _files() -> dict[str, list[dict[str, str]]]:
    files: dict[str, list[dict[str, str]]] = {}
    with LABELLED.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            files.setdefault(row["file"], []).append(row)
    return files


def _found(rows: list[dict[str, str]], *, with_values: bool = True) -> list[str]:
    samples = {row["header"]: row["samples"].split("|") for row in rows} if with_values else {}
    mapping = map_columns([row["header"] for row in rows], samples)
    return [column.field or "-" for column in mapping]


def test_the_labelled_set_is_large_enough_to_mean_something():
    rows = [row for rows in _files().values() for row in rows]
    assert len(rows) >= 290
    assert len(_files()) >= 20


def test_nearly_all_labelled_headers_get_the_right_field():
    right = total = 0
    for rows in _files().values():
        found = _found(rows)
        right += sum(got == row["expected"] for got, row in zip(found, rows, strict=True))
        total += len(rows)
    assert right / total >= 0.99  # measured: 0.997


def test_headers_alone_go_far_without_any_value():
    """The files whose headers say nothing, or the wrong thing, are left out here."""
    right = total = 0
    for name, rows in _files().items():
        if name not in ("unhelpful_headers", "wrong_headers"):
            found = _found(rows, with_values=False)
            right += sum(got == row["expected"] for got, row in zip(found, rows, strict=True))
            total += len(rows)
    assert right / total >= 0.94


@pytest.mark.parametrize("name", ["unhelpful_headers", "wrong_headers"])
def test_content_decides_where_headers_say_nothing_or_the_wrong_thing(name):
    rows = _files()[name]
    assert _found(rows) == [row["expected"] for row in rows]


def test_the_order_of_columns_does_not_matter():
    for rows in _files().values():
        there = dict(zip((row["header"] for row in rows), _found(rows), strict=True))
        back = dict(zip((row["header"] for row in rows[::-1]), _found(rows[::-1]), strict=True))
        for header, field in there.items():
            same_family = field.split("_2")[0].rstrip("123")
            assert back[header].split("_2")[0].rstrip("123") == same_family, header

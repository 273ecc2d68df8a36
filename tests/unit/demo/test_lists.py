"""Every list is readable by the program its department would open it with, row for row."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import vobject

from tieline.demo import World


def _readable(world: World, source: str) -> list[bool]:
    records = pq.read_table(world.truth / "records.parquet", columns=["source", "is_readable"])
    return [row["is_readable"] for row in records.to_pylist() if row["source"] == source]


def _check_fields(world: World, source: str, rows: Sequence[Sequence[str]]) -> None:
    head, *body = rows
    readable = _readable(world, source)
    assert len(body) == len(readable)
    whole = [len(row) == len(head) for row in body]
    assert whole == readable


def test_quoted_csv(world: World, lists: Path) -> None:
    for name, encoding, delimiter in (
        ("crm_export", "utf-8", ","),
        ("adressen_dach", "cp1252", ";"),
        ("webinar_registrations", "utf-8", ","),
        ("kreditoren_kontakte", "iso-8859-1", ";"),
        ("liste_partenaires", "utf-16", ";"),
        ("web_forms", "utf-8-sig", ","),
    ):
        with (lists / f"{name}.csv").open(encoding=encoding, newline="") as file:
            _check_fields(world, name, list(csv.reader(file, delimiter=delimiter)))


def test_the_old_dump_mixes_encodings_and_quotes(world: World, lists: Path) -> None:
    lines = (lists / "old_database_dump.txt").read_bytes().split(b"\r\n")
    assert lines.pop() == b""
    _check_fields(world, "old_database_dump", [str(line, "latin-1").split("|") for line in lines])
    utf8 = sum("ü".encode() in line for line in lines)
    cp1252 = sum("ü".encode("cp1252") in line for line in lines)
    assert utf8 > 0
    assert cp1252 > 0
    assert any(line.count(b'"') == 2 for line in lines)


def test_workbooks_open_below_their_preamble(world: World, lists: Path) -> None:
    for name, header_row, first in (
        ("uk_europe_contacts", 5, "Ref"),
        ("press_and_analysts", 2, "Type"),
    ):
        sheet = openpyxl.load_workbook(lists / f"{name}.xlsx").worksheets[0]
        assert sheet.cell(header_row, 1).value == first
        assert sheet.max_row - header_row == len(_readable(world, name))


def test_excel_has_eaten_leading_zeros(world: World, lists: Path) -> None:
    sheet = openpyxl.load_workbook(lists / "uk_europe_contacts.xlsx").worksheets[0]
    head = [cell.value for cell in sheet[5]]
    postcodes = [
        row[head.index("Postcode")] for row in sheet.iter_rows(min_row=6, values_only=True)
    ]
    assert any(isinstance(code, int) for code in postcodes)
    assert any(isinstance(code, str) for code in postcodes)


def test_json_lines(world: World, lists: Path) -> None:
    lines = (lists / "support_users.jsonl").read_text(encoding="utf-8").splitlines()
    readable = _readable(world, "support_users")
    assert len(lines) == len(readable)
    for line, whole in zip(lines, readable, strict=True):
        try:
            user = json.loads(line)
        except json.JSONDecodeError:
            assert not whole
        else:
            assert whole
            assert "id" in user


def test_vcards(world: World, lists: Path) -> None:
    text = (lists / "trade_fair_scans.vcf").read_bytes().decode("utf-8")
    blocks = text.split("BEGIN:VCARD\r\n")[1:]
    readable = _readable(world, "trade_fair_scans")
    assert len(blocks) == len(readable)
    for block, whole in zip(blocks[:150], readable, strict=False):
        if whole:
            card = vobject.readOne("BEGIN:VCARD\r\n" + block)
            assert card.fn.value
        else:
            assert "FN:" not in block


def test_parquet_is_in_capitals(lists: Path) -> None:
    table = pq.read_table(lists / "na_decision_makers.parquet")
    assert table.column_names[:2] == ["INDIVIDUAL_ID", "FNAME"]
    names = [name for name in table["LNAME"].to_pylist() if name]
    assert sum(name == name.upper() for name in names) == len(names)

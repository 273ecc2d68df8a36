"""Whatever lies in the folder: what can be read is read, the rest is named, and nothing crashes."""

from __future__ import annotations

import csv
import json
import os
import random
import sqlite3
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import HEADER, PEOPLE, Ran, Tieline, without_privileges, write_csv

LONG = 20_000_000
"""Characters of one cell: more than a list can mean, so its line is set aside."""

DATES = (
    "2024-01-31",
    "31.01.2024",
    "01/31/2024",
    "2024/01/31",
    "31 Jan 2024",
    "",
    "soon",
    "1.2.23",
)

READ_WHOLE = (
    "utf16", "mixed", "nul", "formulas", "headers", "dates", "excel", "columns", "lines", "cards",
    "old",
)  # fmt: skip
"""The sources of that folder of which every row is read."""


def lay_out(folder: Path) -> None:
    """One folder with everything that people send."""
    folder.mkdir()
    (folder / "empty.csv").write_bytes(b"")
    (folder / "header_only.csv").write_text(",".join(HEADER) + "\n", "utf-8")
    (folder / "binary.csv").write_bytes(random.Random(1).randbytes(20_000))
    (folder / "gone.csv").symlink_to(folder / "nowhere")
    write_csv(folder / "locked.csv", PEOPLE).chmod(0)

    text = write_csv(folder / "utf16.csv", PEOPLE).read_text("utf-8")
    (folder / "utf16.csv").write_bytes(text.encode("utf-16"))
    mixed = [line.encode("latin-1" if "Gruber" in line else "utf-8") for line in text.splitlines()]
    (folder / "mixed.csv").write_bytes(b"\r\n".join(mixed) + b"\r\n")
    (folder / "nul.csv").write_bytes(text.replace("Alvarez", "Alv\0arez").encode())
    write_csv(folder / "formulas.csv", [("=1+1", "@SUM(A1)", *p[2:]) for p in PEOPLE])
    write_csv(folder / "headers.csv", [(*p, "x", "y") for p in PEOPLE], (*HEADER, "City", ""))
    dated = [(*p, d) for p, d in zip(PEOPLE, DATES, strict=True)]
    write_csv(folder / "dates.csv", dated, (*HEADER, "Created"))
    endless = ("Max", "o" * LONG, *PEOPLE[0][2:])
    write_csv(folder / "long_line.csv", [*PEOPLE[:3], endless, *PEOPLE[3:]])
    questions = [f"Question {n}" for n in range(10_000 - len(HEADER))]
    answered = [(*p, *("yes" for _ in questions)) for p in PEOPLE]
    write_csv(folder / "survey.csv", answered, (*HEADER, *questions))

    sheet = openpyxl.Workbook()
    for row in (HEADER, *PEOPLE):
        sheet.active.append(row)
    sheet.save(folder / "excel.xlsx")
    people = [dict(zip(HEADER, person, strict=True)) for person in PEOPLE]
    pq.write_table(pa.Table.from_pylist(people), folder / "columns.parquet")
    (folder / "lines.jsonl").write_text("\n".join(map(json.dumps, people)), "utf-8")
    cards = [
        f"BEGIN:VCARD\nVERSION:3.0\nN:{p[1]};{p[0]}\nFN:{p[0]} {p[1]}\nEMAIL:{p[2]}\nEND:VCARD\n"
        for p in PEOPLE
    ]
    (folder / "cards.vcf").write_text("".join(cards), "utf-8")
    with sqlite3.connect(folder / "old.db") as database:
        database.execute("CREATE TABLE people (name TEXT, email TEXT, company TEXT)")
        rows = [(f"{p[0]} {p[1]}", p[2], p[3]) for p in PEOPLE]
        database.executemany("INSERT INTO people VALUES (?, ?, ?)", rows)


@pytest.fixture(scope="module")
def added(tmp_path_factory) -> tuple[Tieline, Ran]:
    """A workspace that was given the whole folder at once, and what was said to it."""
    folder = tmp_path_factory.mktemp("bad")
    tieline = Tieline(folder / "market")
    tieline("new", tieline.workspace)
    lay_out(folder / "lists")
    said = tieline("add", folder / "lists", code=2, before=without_privileges)
    tieline("build")
    return tieline, said


def verbatim(tieline: Tieline, source: str) -> list[dict[str, str]]:
    rows = [row for row in tieline.rows("records") if row["source"] == source]
    rows.sort(key=lambda row: row["row_number"])
    return [json.loads(row["verbatim"]) if row["verbatim"] else {} for row in rows]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("binary.csv", ("binary data", "Export the list")),
        ("gone.csv", ("gone", "Check the path")),
        ("locked.csv", ("may not be read", "permission")),
        ("empty.csv", ("no data row",)),
        ("header_only.csv", ("no data row",)),
    ],
)
def test_a_file_without_a_list_is_named_with_what_to_do(added, file, told):
    lines = added[1].err.splitlines()
    at = next(n for n, line in enumerate(lines) if f"{file}: " in line)
    for part in told:
        assert part in " ".join(lines[at : at + 2])


def test_the_files_beside_a_bad_one_are_added(added):
    tieline, said = added
    assert "3 of 18 could not be added (see above). The others were added." in said.err
    sources = {path.stem for path in (tieline.workspace / "sources").glob("*.toml")}
    good = {*READ_WHOLE, "long_line", "survey", "empty", "header_only"}
    assert sources == good
    for source in READ_WHOLE:
        assert len(verbatim(tieline, source)) == len(PEOPLE), source


def test_every_record_of_every_file_is_accounted_for(added):
    rows = added[0].rows("record_entities")
    read = sum(row["records"] for row in added[0].rows("funnel") if row["step"] == "records")
    assert 2 * len(rows) == read  # each source, and all of them together
    assert len(rows) > 12 * len(PEOPLE)
    assert all(row["status"] for row in rows)
    assert sum(row["status"] == "usable" for row in rows) == len(PEOPLE)


def test_an_endless_line_is_set_aside_and_the_others_are_kept(added):
    tieline, _ = added
    rows = [row for row in tieline.rows("record_entities") if row["source"] == "long_line"]
    assert {row["row_number"] for row in rows if row["status"] == "unreadable"} == {4}
    issue = next(row for row in tieline.rows("issues") if row["source"] == "long_line")
    assert "16 MiB" in issue["message"]
    told = tieline("explain", "long_line:4").out
    assert "set aside, rows that cannot be read" in told


def test_letters_survive_utf16_and_a_change_of_encoding_within_a_file(added):
    for source in ("utf16", "mixed"):
        rows = verbatim(added[0], source)
        assert [row["Street"] for row in rows[5:7]] == ["Friedrichstraße 10"] * 2
        assert rows[6]["Last Name"] == "Gruber"


def test_nul_bytes_end_no_cell(added):
    name = verbatim(added[0], "nul")[0]["Last Name"]
    assert name.startswith("Alv")
    assert name.endswith("arez")


def test_double_and_missing_headers_lose_no_cell(added):
    row = verbatim(added[0], "headers")[0]
    assert list(row.values()).count("Chicago") == 1
    assert {"x", "y"} <= set(row.values())
    assert all(row)


def test_dates_in_three_styles_stay_as_written_and_give_one_day(added):
    tieline, _ = added
    assert [row.get("Created", "") for row in verbatim(tieline, "dates")] == list(DATES)
    rows = [row for row in tieline.rows("standard_records") if row["source"] == "dates"]
    days = {row["row_number"]: str(row["record_at"])[:10] for row in rows}
    assert [days[n] for n in (1, 2, 3, 4, 5)] == ["2024-01-31"] * 5
    assert days[7] == "None"


def test_a_formula_is_kept_word_for_word_and_cannot_run_after_an_export(added, tmp_path):
    tieline, _ = added
    assert verbatim(tieline, "formulas")[0]["First Name"] == "=1+1"
    file = tmp_path / "golden.csv"
    tieline("export", "golden_values", file)
    with file.open(encoding="utf-8-sig", newline="") as text:
        cells = [cell for row in csv.reader(text) for cell in row]
    assert len(cells) > 100
    risky = [c for c in cells if c.startswith(("=", "@", "-", "+")) and not c[1:].isdigit()]
    # Numbers below zero are none.
    assert [c for c in risky if not c[1:].replace(".", "").isdigit()] == []


def test_ten_thousand_columns_are_all_kept(added):
    rows = verbatim(added[0], "survey")
    full = next(row for row in rows if PEOPLE[0][2] in row.values())
    assert len(full) == 10_000
    assert list(full.values())[: len(HEADER)] == list(PEOPLE[0])


def test_a_disk_that_is_full_keeps_what_was_there(built, tmp_path):
    import resource

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    before, pointer = built.landed(), (built.workspace / ".tieline" / "CURRENT").read_bytes()
    big = write_csv(
        tmp_path / "big.csv", [(*p[:2], os.urandom(40).hex(), *p[3:]) for p in PEOPLE * 40]
    )
    said = built("add", big, code=2, before=full)
    assert "big.csv" in said.err
    assert "space" in said.err or "too large" in said.err.lower()
    said = built("build", code=2, before=full)
    assert "space" in said.err
    assert built.landed() == before
    assert (built.workspace / ".tieline" / "CURRENT").read_bytes() == pointer
    said = built("export", "records", tmp_path / "records.csv", code=2, before=full)
    assert "no space" in said.err
    assert not list(tmp_path.glob("*records.csv*"))

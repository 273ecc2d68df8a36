"""A forgotten person does not return, whatever a later list calls them or its columns."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tieline.actions.forget import forget
from tieline.data.sources.landing import land
from tieline.pipeline import build
from tieline.workspace import Workspace

HEADER = (
    "First Name", "Last Name", "Email", "Company", "Job Title", "Street", "City", "Zip", "Country",
    "Phone", "Birth Date", "LinkedIn",
)  # fmt: skip
CHICAGO = ("410 N Michigan Ave", "Chicago", "60611", "US")
MARIA = (
    "María José", "Álvarez", "maria.alvarez@brightwell.com", "Brightwell Tools Inc", "Buyer",
    *CHICAGO, "+1 312 555 0142", "1980-02-29", "https://www.linkedin.com/in/maria-alvarez-77",
)  # fmt: skip
COLLEAGUES = [
    ("John", "Becker", "john.becker@brightwell.com", "Brightwell Tools Inc", "CEO", *CHICAGO,
     "+1 312 555 0143", "", ""),
    # A namesake elsewhere, a relative with another name, a colleague at the same switchboard.
    ("Maria", "Alvarez", "m.alvarez@oakridge-labs.com", "Oakridge Labs LLC", "Analyst",
     "200 Boylston St", "Boston", "02116", "US", "+1 617 555 0101", "1991-05-05", ""),
    ("Pedro", "Alvarez", "pedro@dawson-freight.com", "Dawson Freight Corp", "Driver",
     "1201 3rd Ave", "Seattle", "98101", "US", "+1 206 555 0117", "", ""),
]  # fmt: skip
NEWCOMERS = [
    ("Clara", "Duval", "clara.duval@brightwell.com", "Brightwell Tools Inc", "Buyer", *CHICAGO,
     "+1 312 555 0142", "", ""),
    ("Maria", "Alvarado", "m.alvarado@verrier.fr", "Verrier SARL", "Directrice",
     "12 Rue de Rivoli", "Paris", "75004", "FR", "+33 1 42 71 00 12", "1980-02-29", ""),
]  # fmt: skip


def as_csv(path: Path, header, rows, *, delimiter=",", encoding="utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


def the_same_file(folder: Path) -> Path:
    return as_csv(folder / "crm.csv", HEADER, [MARIA, *COLLEAGUES])


def a_copy_under_another_name(folder: Path) -> Path:
    return as_csv(folder / "old_backup.csv", HEADER, [MARIA, *COLLEAGUES, *NEWCOMERS])


def in_capitals_and_without_accents(folder: Path) -> Path:
    loud = ("MARIA JOSE", "ALVAREZ", "MARIA.ALVAREZ@BRIGHTWELL.COM", "BRIGHTWELL TOOLS",
            "BUYER", "", "", "", "", "", "", "")  # fmt: skip
    return as_csv(folder / "loud.csv", HEADER, [loud, *NEWCOMERS])


def names_swapped_in_one_cell_with_semicolons(folder: Path) -> Path:
    rows = [("Álvarez, María José", "", "Brightwell Tools Inc."), ("Duval, Clara", "", "Acme Ltd")]
    return as_csv(
        folder / "swapped.csv", ("Name", "E-Mail", "Firma"), rows, delimiter=";", encoding="cp1252"
    )


def another_address_same_name_and_company(folder: Path) -> Path:
    row = ("Maria", "Alvarez", "maria77@gmail.com", "Brightwell Tools, Inc.", "Head of Purchasing",
           "", "", "", "", "", "", "")  # fmt: skip
    return as_csv(folder / "newmail.csv", HEADER, [row, *NEWCOMERS])


def another_company_same_address(folder: Path) -> Path:
    row = ("Mary", "Smith-Alvarez", "Maria.Alvarez+fair@brightwell.com", "Keller GmbH", "", "", "",
           "", "", "", "", "")  # fmt: skip
    return as_csv(folder / "fair.csv", HEADER, [row, *NEWCOMERS])


def a_phone_in_another_format(folder: Path) -> Path:
    row = ("M.", "Alvarez", "", "", "", "", "", "", "US", "001 (312) 555-01.42", "", "")
    return as_csv(folder / "calls.csv", HEADER, [row, *NEWCOMERS])


def as_excel_with_other_columns_in_another_order(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Telefon", "Ort", "Firma", "Nachname", "Vorname", "Notiz"])
    sheet.append(["0013125550142", "Chicago", "Brightwell Tools", "Alvarez", "Maria Jose", "VIP"])
    sheet.append(["", "Paris", "Verrier", "Duval", "Clara", ""])
    book.save(folder / "liste.xlsx")
    return folder / "liste.xlsx"


def as_json_lines(folder: Path) -> Path:
    rows = [
        {"full_name": "Maria Alvarez", "dob": "29.02.1980", "city": "Lima"},
        {"full_name": "Clara Duval", "dob": "01.02.1970", "city": "Paris"},
    ]
    path = folder / "people.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def as_vcard(folder: Path) -> Path:
    path = folder / "contacts.vcf"
    path.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nN:Alvarez;Maria;;;\nFN:Maria Alvarez\nORG:Brightwell Tools Inc\n"
        "EMAIL:maria@home.example\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nN:Duval;Clara;;;\nFN:Clara Duval\nORG:Verrier\nEND:VCARD\n",
        "utf-8",
    )
    return path


def as_parquet_with_the_profile_only(folder: Path) -> Path:
    table = pa.table(
        {
            "linkedin_url": ["linkedin.com/in/Maria-Alvarez-77/?trk=x", "linkedin.com/in/cduval"],
            "note": ["met at the fair", "met at the fair"],
        }
    )
    pq.write_table(table, folder / "profiles.parquet")
    return folder / "profiles.parquet"


def a_bare_list_of_addresses(folder: Path) -> Path:
    path = folder / "newsletter.txt"
    path.write_text("email\nclara.duval@verrier.fr\nmaria.alvarez@brightwell.com\n", "utf-8")
    return path


def name_and_street_only(folder: Path) -> Path:
    row = ("Maria José", "Alvarez", "", "", "", *CHICAGO, "", "", "")
    return as_csv(folder / "post.csv", HEADER, [row, *NEWCOMERS])


def an_unreadable_row(folder: Path) -> Path:
    path = as_csv(folder / "damaged.csv", HEADER, NEWCOMERS * 4)
    with path.open("a", encoding="utf-8") as file:
        file.write("x,y,<Maria.Alvarez@brightwell.com>" + ",z" * 20 + "\n")
    return path


IMPORTS = [
    the_same_file,
    a_copy_under_another_name,
    in_capitals_and_without_accents,
    names_swapped_in_one_cell_with_semicolons,
    another_address_same_name_and_company,
    another_company_same_address,
    a_phone_in_another_format,
    as_excel_with_other_columns_in_another_order,
    as_json_lines,
    as_vcard,
    as_parquet_with_the_profile_only,
    a_bare_list_of_addresses,
    name_and_street_only,
    an_unreadable_row,
]


def without_her(folder: Path) -> Workspace:
    """A market in which she was, and was forgotten."""
    workspace = Workspace.create(folder / "w")
    for landed in land(str(the_same_file(folder)), workspace.landed_dir):
        workspace.remember(landed)
    build(workspace)
    (maria,) = [
        row["contact_id"]
        for row in rows(workspace, "contacts")
        if row["email"] == "maria.alvarez@brightwell.com"
    ]
    done = forget(workspace, maria, reason="ticket 7", by="ben")
    assert done.scan.traces == ()
    return workspace


@pytest.fixture(scope="module")
def _without_her(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return without_her(tmp_path_factory.mktemp("market")).path


@pytest.fixture
def workspace(_without_her: Path, tmp_path: Path) -> Workspace:
    return Workspace.open(Path(shutil.copytree(_without_her, tmp_path / "w")))


def rows(workspace: Workspace, table: str) -> list[dict[str, object]]:
    name = (workspace.hidden_dir / "CURRENT").read_text("ascii").strip()
    return pq.read_table(workspace.snapshots_dir / name / f"{table}.parquet").to_pylist()


@pytest.mark.parametrize("bring", IMPORTS, ids=lambda bring: bring.__name__)
def test_a_forgotten_person_does_not_return(workspace: Workspace, tmp_path: Path, bring):
    file = bring(tmp_path)
    for landed in land(str(file), workspace.landed_dir):
        brought = landed.rows_read
        source = workspace.remember(landed)
    assert source.rows_read == brought
    kept = pq.read_table(source.landed_path).num_rows
    bad = pq.read_table(source.unreadable_path).to_pylist()
    erased = [row for row in bad if row["reason"] == "erased"]
    assert len(erased) == 1, "she, and nobody else"
    assert all(row["text"] is None for row in erased)
    assert kept + len(bad) == brought
    landed_files = {path.name.partition(".")[0] for path in workspace.landed_dir.iterdir()}
    told = {sha for one in workspace.sources() for _, sha in one.arrivals}
    assert landed_files == told, "what came with her is deleted"


def test_all_of_them_at_once_and_a_build(database_url: str, tmp_path: Path):
    workspace = without_her(tmp_path)
    for number, bring in enumerate(IMPORTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        for landed in land(str(bring(folder)), workspace.landed_dir):
            workspace.remember(landed)
    build(workspace)
    told = json.dumps(rows(workspace, "records"), default=str, ensure_ascii=False).lower()
    assert "maria.alvarez@brightwell.com" not in told
    assert "312 555 0142" in told, "her colleague's number is the switchboard's"
    contacts = [row["full_name"] for row in rows(workspace, "contacts") if row["full_name"]]
    assert any("Alvarado" in name for name in contacts)
    statuses = [row["status"] for row in rows(workspace, "record_entities")]
    assert statuses.count("erased") == len(IMPORTS), "the same file is one list"


def test_the_same_list_again_is_no_new_list(workspace: Workspace, tmp_path: Path):
    before = [source.name for source in workspace.sources()]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for landed in land(str(the_same_file(elsewhere)), workspace.landed_dir):
        source = workspace.remember(landed)
    assert [one.name for one in workspace.sources()] == before == [source.name]
    assert source.arrivals == workspace.source("crm").arrivals
    assert len(source.arrivals) == 1


def test_a_column_that_is_mapped_later_shows_who_was_hidden(workspace: Workspace, tmp_path: Path):
    rows_ = [("a1", "maria.alvarez@brightwell.com"), ("a2", "clara.duval@verrier.fr")]
    file = as_csv(tmp_path / "codes.csv", ("Ref", "Contact"), rows_)
    hide = '\n[sources.codes.columns]\n"Contact" = ""\n'
    settings = workspace.settings_path.read_text("utf-8")
    workspace.settings_path.write_text(settings + hide, "utf-8")
    workspace = Workspace.open(workspace.path)
    for landed in land(str(file), workspace.landed_dir):
        assert workspace.remember(landed).rows_readable == 2
    workspace.settings_path.write_text(settings + hide.replace('""', '"email"'), "utf-8")
    workspace = Workspace.open(workspace.path)
    build(workspace)
    assert workspace.source("codes").rows_readable == 1
    assert "maria.alvarez@" not in json.dumps(rows(workspace, "records"), default=str).lower()


def test_nothing_of_her_stays_in_the_cache_of_values(workspace: Workspace, tmp_path: Path):
    for landed in land(str(a_copy_under_another_name(tmp_path)), workspace.landed_dir):
        workspace.remember(landed)
    for path in workspace.cache_dir.glob("*.parquet"):
        assert "maria.alvarez@" not in str(pq.read_table(path).to_pylist()).lower(), path.name

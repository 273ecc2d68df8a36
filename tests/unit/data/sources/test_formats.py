"""Every format by its content, whatever its name says."""

import bz2
import datetime
import gzip
import io
import json
import lzma
import sqlite3
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tieline.data.sources.landing import land
from tieline.errors import TielineError

TEXT = b"id,name\n1,Anna\n2,Bob\n"


def refused(tmp_path, data, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(TielineError) as caught:
        land(str(path), tmp_path / "landed")
    assert caught.value.next_step
    return caught.value


def workbook(**sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(landed):
    return [tuple(row.values())[1:] for row in pq.read_table(landed.rows_path).to_pylist()]


def test_excel_cells_are_the_text_they_show(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Contact export"])
    sheet.append([])
    sheet.append(["id", "zip", "since", "at", "amount", "active", "name"])
    sheet.append(
        [
            1.2e19,
            501,
            datetime.date(2024, 1, 31),
            datetime.datetime(2024, 1, 31, 9, 30),
            2.50,
            True,
            " Anna ",
        ]
    )
    sheet.append([7, "00042", None, None, 3, False, "=1+1"])
    sheet["B4"].number_format = "00000"
    sheet["G5"].data_type = "s"
    path = tmp_path / "book.csv"
    book.save(path)
    (landed,) = land(str(path), tmp_path / "landed")
    assert landed.format == "excel"
    assert landed.header_row == 3
    assert landed.columns == ("id", "zip", "since", "at", "amount", "active", "name")
    assert rows_of(landed) == [
        (
            "12000000000000000000",
            "00501",
            "2024-01-31",
            "2024-01-31 09:30:00",
            "2.5",
            "true",
            " Anna ",
        ),
        ("7", "00042", None, None, "3", "false", "=1+1"),
    ]
    assert "15 digits" in " ".join(landed.notes)
    assert "Contact export" in " ".join(landed.notes)


def test_every_filled_sheet_is_a_table(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(
        workbook(
            People=[["id", "name"], [1, "Anna"], [2, "Bob"]],
            Empty=[],
            Firms=[["company", "city"], ["Acme", "Rome"], ["Total", None]],
        )
    )
    people, firms = land(str(path), tmp_path / "landed")
    assert (people.name, firms.name) == ("book_People", "book_Firms")
    assert people.sha256 != firms.sha256
    assert rows_of(people) == [("1", "Anna"), ("2", "Bob")]
    assert firms.rows_unreadable == 1
    assert [one.sha256 for one in land(str(path), tmp_path / "landed")] == [
        people.sha256,
        firms.sha256,
    ]


def test_an_empty_workbook_is_refused(tmp_path):
    assert refused(tmp_path, workbook(Empty=[])).code == "nothing_inside"


def test_parquet(tmp_path):
    table = pa.table(
        {
            "id": [12345678901234567, 2],
            "zip": ["00501", ""],
            "x": [1.0, 2.5],
            "d": [datetime.date(2024, 1, 31), None],
            "nested": [{"a": [1, 2]}, None],
            "ok": [True, None],
        }
    )
    pq.write_table(table, tmp_path / "x.csv")
    (landed,) = land(str(tmp_path / "x.csv"), tmp_path / "landed")
    assert rows_of(landed) == [
        ("12345678901234567", "00501", "1", "2024-01-31", '{"a": [1, 2]}', "true"),
        ("2", None, "2.5", None, None, None),
    ]


def test_json_lines(read):
    text = "\n".join(
        [
            '{"id": 7, "name": {"given": "Anna", "family": "Øst"}, "tags": ["a", "b"]}',
            "",
            '{"id": 12345678901234567890, "x": 1.50}',
            '{"id": ',
            "[1]",
            '{"id": null, "emails": [{"v": "a@b.c"}]}',
        ]
    )
    result = read(text)
    assert result.landed.columns == ("id", "name.given", "name.family", "tags", "x", "emails.1.v")
    assert result.rows == [
        ("7", "Anna", "Øst", "a; b", None, None),
        ("12345678901234567890", None, None, None, "1.50", None),
        (None, None, None, None, None, "a@b.c"),
    ]
    assert [
        (row["row_number"], row["line_number"], row["reason"]) for row in result.unreadable
    ] == [(3, 4, "broken_json"), (4, 5, "not_an_object")]


@pytest.mark.parametrize(
    "document",
    [[{"a": 1}, {"a": "x", "b": None}], {"count": 2, "items": [{"a": 1}, {"a": "x", "b": None}]}],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_one_json_document(read, document, indent, encoding):
    result = read(json.dumps(document, indent=indent), encoding)
    assert result.rows == [("1", None), ("x", None)]


VCARDS = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen;;Dr.;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen M=C3=BCller
TEL;CELL:+49 170 1234567
EMAIL;INTERNET:juergen@example.com
ADR;WORK:;;Hauptstr. 1;Köln;NRW;50667;Germany
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:Smith;Ann;Q.;;
FN:Ann Smith
ORG:Acme\\, Inc.;Sales
TITLE:Head of Sales
EMAIL;TYPE=WORK:ann@example.com
EMAIL;TYPE=HOME:ann@example.org
TEL;TYPE=FAX:+1 212 5550100
NOTE:a long line that goes
  on here
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Broken
BEGIN:VCARD
VERSION:4.0
FN:Eve Adams
TEL;VALUE=uri;TYPE=work:tel:+44-20-555-0100
BDAY:19800131
END:VCARD
"""


def test_vcards(read):
    result = read(VCARDS, name="people.txt")
    people = [dict(zip(result.landed.columns, row, strict=True)) for row in result.rows]
    first, second, third = ({k: v for k, v in person.items() if v} for person in people)
    assert first == {
        "family_name": "Müller",
        "given_name": "Jürgen",
        "name_prefix": "Dr.",
        "full_name": "Jürgen Müller",
        "mobile": "+49 170 1234567",
        "email": "juergen@example.com",
        "address_line1": "Hauptstr. 1",
        "city": "Köln",
        "region": "NRW",
        "postcode": "50667",
        "country": "Germany",
    }
    assert second == {
        "family_name": "Smith",
        "given_name": "Ann",
        "middle_name": "Q.",
        "full_name": "Ann Smith",
        "company": "Acme, Inc.",
        "department": "Sales",
        "title": "Head of Sales",
        "email": "ann@example.com",
        "email_2": "ann@example.org",
        "fax": "+1 212 5550100",
        "note": "a long line that goes on here",
    }
    assert third == {"full_name": "Eve Adams", "phone": "+44-20-555-0100", "birth_date": "19800131"}
    (bad,) = result.unreadable
    assert (bad["row_number"], bad["line_number"], bad["reason"]) == (3, 21, "broken_card")


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "crm.db"
    connection = sqlite3.connect(path)
    connection.execute(
        "create table people (id integer primary key, name text, zip text, score real)"
    )
    connection.execute("create table firms (company text, city text)")
    connection.executemany(
        "insert into people values (?, ?, ?, ?)", [(2, "Bob", "00042", 2.5), (1, "Anna", "", 1.0)]
    )
    connection.execute("insert into firms values ('Acme', cast(x'4BF66C6E' as text))")
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_all_tables_of_a_database(tmp_path, database, form):
    firms, people = land(form.format(database), tmp_path / "landed")
    assert (firms.name, people.name) == ("crm_firms", "crm_people")
    assert rows_of(people) == [("1", "Anna", None, "1"), ("2", "Bob", "00042", "2.5")]
    assert rows_of(firms) == [("Acme", "Köln")]


def test_one_table_of_a_database(tmp_path, database):
    (people,) = land(f"sqlite:///{database}#people", tmp_path / "landed")
    assert people.rows_read == 2
    with pytest.raises(TielineError, match="no table 'person'") as caught:
        land(f"sqlite:///{database}#person", tmp_path / "landed")
    assert "firms, people" in caught.value.next_step


def test_a_password_is_never_shown(tmp_path):
    for url in [
        "postgresql://ann:s3cret@nowhere.invalid/crm",
        "mysql+nodriver://ann:s3cret@h/crm#t",
        "postgresql://ann:s3cret@nowhere.invalid:port/crm",
        "postgresql://nowhere.invalid/crm?password=s3cret",
    ]:
        with pytest.raises(TielineError) as caught:
            land(url, tmp_path / "landed")
        assert "s3cret" not in str(caught.value)
        assert caught.value.next_step


def test_a_password_is_in_no_landed_file(tmp_path, database):
    """The URL a command was given as `${CRM_URL}` comes here with its secret filled in."""
    landed = land(f"sqlite:///file:{database}?uri=true&api_key=s3cret#people", tmp_path / "landed")
    assert [one.rows_read for one in landed] == [2]
    assert all("s3cret" not in str(one) for one in landed)
    written = [path.read_bytes() for path in (tmp_path / "landed").iterdir()]
    assert len(written) == 3
    assert all(b"s3cret" not in content for content in written)


def zipped(**files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: zipped(x=data)]
)
def test_packed_lists(read, pack):
    result = read(pack(TEXT), name="list.csv.gz")
    assert result.rows == [("1", "Anna"), ("2", "Bob")]
    assert result.landed.name == "list"


def test_a_zip_of_several_files_is_refused(tmp_path):
    assert refused(tmp_path, zipped(a=TEXT, b=TEXT)).code == "several_files_in_zip"


def test_a_zip_bomb_is_refused(tmp_path):
    error = refused(tmp_path, gzip.compress(b"a" * (300 << 20), 9))
    assert error.code == "suspicious_archive"
    assert not list((tmp_path / "landed").iterdir())


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(TEXT * 100, mtime=0)[:-20],
        zipped(a=TEXT)[:-30],
        b"PAR1" + b"x" * 50 + b"PAR1",
        workbook(A=[["a"], [1]])[:-40],
        b"SQLite format 3\x00" + b"x" * 200,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    ],
    # Not named after their bytes: those of an archive hold the time at which it was made.
    ids=["gzip", "zip", "parquet", "xlsx", "sqlite", "xls"],
)
def test_damaged_containers_are_refused_in_words(tmp_path, data):
    error = refused(tmp_path, data)
    assert "Traceback" not in str(error)
    assert not list((tmp_path / "landed").iterdir())


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "image"),
        (b"\x7fELF" + bytes(300), "program"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        (bytes(range(256)) * 20, "binary"),
        (b'<?xml version="1.0"?><a/>', "XML"),
    ],
)
def test_what_is_no_list_is_named(tmp_path, data, what):
    error = refused(tmp_path, data)
    assert error.code == "not_a_table"
    assert what in str(error)

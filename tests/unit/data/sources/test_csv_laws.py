"""Laws of reading delimited text: what was written is read back, and nothing is ever lost."""

import contextlib
import csv
import io

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tieline.data.sources import csv as csv_source
from tieline.data.sources.landing import land
from tieline.errors import TielineError

LIMITS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

NAMES = ["id", "name", "email", "city", "company", "phone", "country"]

#: What MySQL and PostgreSQL write for "no value"; a cell of it alone makes its file theirs.
NULL = "\\N"

#: Any character but NUL (taken out by design), surrogates, and the mark of a file's start.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufeff"),
    max_size=12,
)
TRICKY = st.text(st.sampled_from(list("ab1,;|\t\"'\n\r\\ üß日")), max_size=10)
BROKEN = list("ab,\"'\\ #\r;")
CELL = st.one_of(TRICKY, TEXT)


@st.composite
def tables(draw):
    width = draw(st.integers(2, 6))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12))
    # A line of blanks only is an empty line to a reader, a row that repeats the header no row.
    assume(all(any(cell.strip() for cell in row) for row in rows))
    # The first cells of a line decide whether it is a remark; ids do not look like one.
    return NAMES[:width], [[f"r{n}{row[0]}", *row[1:]] for n, row in enumerate(rows)]


def landed(tmp_path_factory, data: bytes):
    folder = tmp_path_factory.mktemp("law")
    path = folder / "list.csv"
    path.write_bytes(data)
    (result,) = land(str(path), folder / "landed")

    rows = pq.read_table(result.rows_path).to_pylist()
    bad = pq.read_table(result.unreadable_path).to_pylist()
    assert result.rows_read == len(rows) + len(bad)
    numbers = [row["row_number"] for row in rows] + [row["row_number"] for row in bad]
    assert sorted(numbers) == list(range(1, result.rows_read + 1))
    return result, [tuple(row.values())[1:] for row in rows], bad


@LIMITS
@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"]),
)
def test_what_was_written_is_read_back(
    tmp_path_factory, table, delimiter, newline, quoting, encoding
):
    names, rows = table
    # Python quotes neither carriage return nor line feed that is not in its own line end.
    rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    assume(all(any(cell.strip() for cell in row) for row in rows))
    assume(not any(cell == NULL for row in rows for cell in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerows([names, *rows])
    result, read, bad = landed(tmp_path_factory, text.getvalue().encode(encoding))
    assert not bad
    assert list(result.columns) == names
    assert read == [tuple(cell or None for cell in row) for row in rows]


def test_a_null_mark_breaks_no_row_of_a_file_without_escapes(tmp_path_factory):
    rows = [[f"r{n}", "", "1"] for n in range(7)] + [["r7", "", "\n\\"], ["r8", "", NULL]]
    text = io.StringIO()
    csv.writer(text).writerows([NAMES[:3], *rows])
    _, read, bad = landed(tmp_path_factory, text.getvalue().encode())
    assert not bad
    assert read[7] == ("r7", None, "\n\\")
    assert read[8][0] == "r8"


def test_a_null_mark_is_no_value_where_backslashes_escape(tmp_path_factory):
    text = "id,name,city\nr0,\\N,a\\\\b\nr1,x,\\N\nr2,y,c\n"
    _, read, bad = landed(tmp_path_factory, text.encode())
    assert not bad
    assert read == [("r0", None, "a\\b"), ("r1", "x", None), ("r2", "y", "c")]


@pytest.mark.parametrize("cell", ["Ā", "Ā𐜬", "ĂȀ𐠀"])
def test_letters_that_end_in_a_zero_byte_do_not_hide_utf_16(tmp_path_factory, cell):
    text = f"id,name,email,city,company\nr0,,{cell},{cell},{cell}\nr1,,{cell},{cell},{cell}\n"
    result, read, bad = landed(tmp_path_factory, text.encode("utf-16-le"))
    assert not bad
    assert list(result.columns) == ["id", "name", "email", "city", "company"]
    assert read == [("r0", None, cell, cell, cell), ("r1", None, cell, cell, cell)]


@LIMITS
@given(noise=st.binary(max_size=400), text=st.booleans(), repeat=st.integers(1, 3))
def test_noise_is_read_or_refused_but_never_lost(tmp_path_factory, noise, text, repeat):
    data = (b"id,name,city\n" if text else b"") + noise * repeat
    # Some noise begins like a picture or a program; that is refused as a whole, in words.
    with contextlib.suppress(TielineError):
        landed(tmp_path_factory, data)


@LIMITS
@given(
    lines=st.lists(
        st.lists(st.text(st.sampled_from(list("ab,\"'\\ #\r;")), max_size=8), max_size=5).map(
            ",".join
        ),
        max_size=30,
    ),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_broken_lines_are_read_or_set_aside(tmp_path_factory, lines, newline):
    text = newline.join(["id,name,city", *lines])
    landed(tmp_path_factory, text.encode())


@LIMITS
@given(
    table=tables(),
    damage=st.lists(
        st.tuples(st.integers(0, 400), st.sampled_from(list("\",\n\r;'x"))), max_size=3
    ),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_the_fast_and_the_careful_way_agree(tmp_path_factory, monkeypatch, table, damage, newline):
    names, rows = table
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerows([names, *rows])
    damaged = text.getvalue()
    for position, char in damage:
        damaged = damaged[:position] + char + damaged[position:]
    data = damaged.encode()
    with monkeypatch.context() as patch:
        patch.setattr(csv_source, "FOOTER_RECORDS", 0)
        fast = landed(tmp_path_factory, data)
        patch.setattr(csv_source, "regular_shape", lambda *_: None)
        careful = landed(tmp_path_factory, data)
    assert fast[1:] == careful[1:]
    assert fast[0].notes == careful[0].notes

"""Ugly lists, as they come: what a person would read in them is what lands."""

import pytest


def lines(*rows: str) -> str:
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "^", "~", "\x01", "\x1f", "¦", ":", "||"])
def test_any_delimiter(read, mark):
    result = read(
        "\n".join(
            mark.join(row)
            for row in [
                ("id", "name", "city", "zip"),
                ("1", "Anna", "Köln", "00501"),
                ("2", "Bob", "Rome", "00042"),
                ("3", "Eve", "Paris", "01000"),
            ]
        )
    )
    assert result.landed.delimiter == mark
    assert result.landed.columns == ("id", "name", "city", "zip")
    assert result.rows[0] == ("1", "Anna", "Köln", "00501")
    assert len(result.rows) == 3


def test_text_stays_as_written(read):
    result = read(
        lines(
            "id,zip,n,f",
            "12345678901234567890,00501, 1.50 ,=1+1",
            "1e10,007,NULL,@cmd|x",
            "x,NA,nan,+49",
        )
    )
    assert result.rows == [
        ("12345678901234567890", "00501", " 1.50 ", "=1+1"),
        ("1e10", "007", "NULL", "@cmd|x"),
        ("x", "NA", "nan", "+49"),
    ]


def test_empty_cells_are_null_and_empty_lines_no_rows(read):
    result = read('id,name\n\n1,""\n\r\n   \n,\n2,x\n')
    assert result.rows == [("1", None), (None, None), ("2", "x")]


def test_decimal_commas_do_not_make_a_delimiter(read):
    result = read(lines("name;umsatz;anteil", "Anna;1,50;2,5", "Bob;3,75;1,0", "Eve;2,00;3,1"))
    assert result.rows[1] == ("Bob", "3,75", "1,0")


def test_one_column(read):
    result = read(lines("company", "Acme, Inc.", "Beta", "Gamma, Delta & Co, Ltd"))
    assert result.landed.columns == ("company",)
    assert result.rows == [("Acme, Inc.",), ("Beta",), ("Gamma, Delta & Co, Ltd",)]


def test_sep_line(read):
    result = read(lines("sep=;", "a name;b", "1,5;2"))
    assert result.landed.columns == ("a name", "b")
    assert result.rows == [("1,5", "2")]
    assert result.landed.header_row == 2


def test_multi_line_cells(read):
    result = read('id,address,city\n1,"Main St 1\nBuilding ""B""\r\n\nFloor 2",Rome\n2,x,Paris\n')
    assert result.rows == [
        ("1", 'Main St 1\nBuilding "B"\r\n\nFloor 2', "Rome"),
        ("2", "x", "Paris"),
    ]


@pytest.mark.parametrize("stray", ['"Foo', 'Foo"', 'F"oo', '"', '"Foo "Bar" Inc', '"Foo" Bar'])
def test_a_stray_quote_stays_in_its_row(read, stray):
    rows = [f"{n},Name {n},city {n}" for n in range(1, 200)]
    rows[20] = f"21,{stray},city 21"
    rows[120] = '121,"A, B",city 121'
    result = read(lines("id,name,city", *rows))
    assert len(result.rows) == 199
    assert result.rows[20][0] == "21"
    assert result.rows[20][2] == "city 21"
    assert result.rows[20][1].replace('"', "") == stray.replace('"', "")
    assert result.rows[120] == ("121", "A, B", "city 121")
    assert result.row_numbers == list(range(1, 200))


def test_a_pair_of_stray_quotes_far_apart_swallows_no_rows(read):
    rows = [f"{n},Name {n},city {n}" for n in range(1, 100)]
    rows[20] = '21,"Foo,city 21'
    rows[50] = '51,Bar",city 51'
    result = read(lines("id,name,city", *rows))
    assert len(result.rows) == 99
    assert result.rows[20] == ("21", '"Foo', "city 21")
    assert result.rows[50] == ("51", 'Bar"', "city 51")


def test_quotes_inside_a_quoted_cell(read):
    result = read(
        lines("id,name,city", '1,"The "Best" Co",Rome', '2,"a ""b"" c",Paris', '3,""x"" y,Bonn')
    )
    assert result.rows == [
        ("1", 'The "Best" Co', "Rome"),
        ("2", 'a "b" c', "Paris"),
        ("3", '""x"" y', "Bonn"),
    ]


def test_backslash_escapes(read):
    result = read(
        lines("id,name,city", r'1,"The \"Best\", Co",Rome', r"2,\N,Paris", r'3,"a\\b",Bonn')
    )
    assert result.rows == [
        ("1", 'The "Best", Co', "Rome"),
        ("2", None, "Paris"),
        ("3", "a\\b", "Bonn"),
    ]


def test_backslashes_that_are_none(read):
    result = read(
        lines("id,name,path", r'1,"Anna","C:\temp\"', r'2,"Bob","D:\new"', r"3,Eve,\\server\share")
    )
    assert result.rows == [
        ("1", "Anna", "C:\\temp\\"),
        ("2", "Bob", "D:\\new"),
        ("3", "Eve", "\\\\server\\share"),
    ]


def test_single_quotes_as_quotes(read):
    result = read(lines("'id','name','city'", "'1','Smith, John','Rome'", "'2','O''Brien','Cork'"))
    assert result.rows == [("1", "Smith, John", "Rome"), ("2", "O'Brien", "Cork")]


def test_apostrophes_are_no_quotes(read):
    result = read(
        lines("id,name,city", "1,O'Brien,Cork", "2,'t Hoen,'s-Hertogenbosch", "3,D'Arcy,Rome")
    )
    assert result.rows[1] == ("2", "'t Hoen", "'s-Hertogenbosch")


def test_blanks_before_quotes(read):
    result = read(lines("id, name, city", '1, "Smith, John", Rome', '2, "Doe, Jane", Bonn'))
    assert result.rows == [("1", "Smith, John", " Rome"), ("2", "Doe, Jane", " Bonn")]


def test_rows_quoted_as_a_whole(read):
    result = read(lines('"id,name,city"', '"1,""Smith, John"",Rome"', '"2,Bob,Bonn"'))
    assert result.landed.columns == ("id", "name", "city")
    assert result.rows == [("1", "Smith, John", "Rome"), ("2", "Bob", "Bonn")]


def test_ragged_rows(read):
    result = read(
        lines("id,name,city", "1,Anna", "2,Bob,Rome,,", "3,Eve,Bonn,surplus", "4,Zoe,Kyiv")
    )
    assert result.rows == [("1", "Anna", None), ("2", "Bob", "Rome"), ("4", "Zoe", "Kyiv")]
    assert result.row_numbers == [1, 2, 4]
    (bad,) = result.unreadable
    assert (bad["row_number"], bad["line_number"], bad["reason"]) == (3, 4, "too_many_cells")
    assert bad["text"] == "3,Eve,Bonn,surplus"
    assert "1 rows had too few cells" in result.notes


def test_preamble_and_footer(read):
    result = read(
        lines(
            "Report generated 2024-01-01",
            "All contacts;;",
            "",
            "id;name;amount",
            "1;Anna;5",
            "2;Bob;6",
            ";;",
            "Total;;11",
        )
    )
    assert result.landed.columns == ("id", "name", "amount")
    assert result.landed.header_row == 4
    assert result.rows == [("1", "Anna", "5"), ("2", "Bob", "6"), (None, None, None)]
    assert [row["reason"] for row in result.unreadable] == ["footer_line"]
    assert "Report generated 2024-01-01" in result.notes


def test_a_company_called_total_is_no_footer(read):
    result = read(lines("company,city,zip", "Acme,Rome,1", "Total,Paris,92400"))
    assert result.rows[-1] == ("Total", "Paris", "92400")


def test_repeated_header(read):
    result = read(
        lines(
            "# exported by hand",
            "id,name,city",
            "1,Anna,Rome",
            "id,name,city",
            "2,Bob,Bonn",
        )
    )
    assert result.rows == [("1", "Anna", "Rome"), ("2", "Bob", "Bonn")]
    assert "repeat the header" in result.notes


@pytest.mark.parametrize("garbage", ["# second part", "-- page break --", "EOF", "\ufffd\ufffd"])
def test_a_line_that_is_no_record_is_set_aside(read, garbage):
    rows = [f"{n},Anna,Rome" for n in range(1, 50)]
    result = read(lines("id,name,city", *rows[:20], garbage, *rows[20:]))
    assert result.row_numbers == [*range(1, 21), *range(22, 51)]
    (bad,) = result.unreadable
    assert (bad["row_number"], bad["line_number"], bad["text"]) == (21, 22, garbage)
    assert bad["reason"] in ("comment_line", "stray_text")


@pytest.mark.parametrize(
    "rows",
    [
        ["1,Anna Schmidt,anna@example.com", "2,Bob Jones,bob@example.com", "3,Eve,eve@example.com"],
        ["Anna,Schmidt,Berlin", "Bob,Jones,London", "Eve,Adams,Paris", "Zoe,Klein,Berlin"],
        ["0049 30 123456;10115;2024-01-31", "0049 89 123456;80331;2024-02-01"],
    ],
)
def test_no_header(read, rows):
    result = read(lines(*rows))
    assert result.landed.columns == ("column_1", "column_2", "column_3")
    assert result.landed.header_row is None
    assert len(result.rows) == len(rows)


@pytest.mark.parametrize(
    "header",
    [
        "Vorname;Nachname;Ort",
        "nombre;apellidos;ciudad",
        "имя;фамилия;город",
        "氏名;会社名;住所",
        "first_name;LAST;City",
        "prénom;nom;ville",
        "CUSTNO;CNAME;CCITY",
    ],
)
def test_header_of_any_language(read, header):
    result = read(lines(header, "Anna;Schmidt;Berlin", "Bob;Jones;London", "Eve;Adams;Paris"))
    assert result.landed.columns == tuple(header.split(";"))


def test_years_as_column_names(read):
    result = read(lines("company,2022,2023", "Acme,10,20", "Beta,30,40"))
    assert result.landed.columns == ("company", "2022", "2023")


def test_missing_and_repeated_column_names(read):
    result = read(lines("name,,Name,row_number,name", "a,b,c,d,e"))
    assert result.landed.columns == ("name", "column_2", "Name_2", "row_number_2", "name_3")


def test_more_cells_than_names(read):
    result = read(lines("name,city", "Anna,Rome,x", "Bob,Bonn,y", "Eve,Kyiv,z"))
    assert result.landed.columns == ("name", "city", "column_3")
    assert result.rows[0] == ("Anna", "Rome", "x")


def test_row_counter_without_name(read):
    result = read(lines("name,city", "1,Anna,Rome", "2,Bob,Bonn", "3,Eve,Kyiv"))
    assert result.landed.columns == ("column_1", "name", "city")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends(read, newline):
    result = read(newline.join(["id,name", "1,Anna", "2,Bob", ""]))
    assert result.rows == [("1", "Anna"), ("2", "Bob")]


def test_parts_with_different_line_ends(read):
    result = read(b"id,name\r\n1,Anna\r2,Bob\r3,Eve\n4,Zoe\n")
    assert result.rows == [("1", "Anna"), ("2", "Bob"), ("3", "Eve"), ("4", "Zoe")]


def test_a_carriage_return_inside_a_cell(read):
    result = read(b"id,name,city\n1,Main St\rRoom 2,Rome\n2,x,Bonn\n")
    assert result.rows == [("1", "Main St\rRoom 2", "Rome"), ("2", "x", "Bonn")]


def test_nul_bytes(read):
    result = read(b"id,name\n1,An\x00na\n\x002,Bob\n")
    assert result.rows == [("1", "Anna"), ("2", "Bob")]
    assert "2 NUL bytes" in result.notes


def test_header_only_and_empty(read):
    result = read("id,name,email\n")
    assert result.landed.columns == ("id", "name", "email")
    assert result.landed.rows_read == 0
    assert "no rows" in result.notes
    assert read(b"").landed.columns == ()
    assert read(b"\n\n\r\n").landed.rows_read == 0
    assert read("\ufeff").landed.rows_read == 0


def test_ten_thousand_columns(read):
    names = [f"name_{n}" for n in range(10_000)]
    result = read(lines(",".join(names), ",".join(str(n) for n in range(10_000)), "x,y"))
    assert len(result.landed.columns) == 10_000
    assert result.rows[0][9_999] == "9999"
    assert result.rows[1][2] is None


def test_a_line_without_end_is_set_aside_and_reading_goes_on(read):
    result = read(b"id,name\n1,Anna\n2," + b"x" * (18 << 20) + b"\n3,Eve\n")
    assert result.rows == [("1", "Anna"), ("3", "Eve")]
    (bad,) = result.unreadable
    assert (bad["row_number"], bad["line_number"], bad["reason"]) == (2, 3, "line_too_long")


def test_a_long_cell_is_kept(read):
    long = "x" * (3 << 20)
    result = read(f'id,name\n1,"{long}"\n2,Eve\n')
    assert result.rows == [("1", long), ("2", "Eve")]


def test_last_line_without_line_end(read):
    assert read("id,name\n1,Anna\n2,Bob").rows[-1] == ("2", "Bob")
    assert read('id,name\n1,Anna\n2,"Bob').rows[-1] == ("2", '"Bob')


def test_far_below_the_first_block(read):
    rows = [f"{n},Name {n},{n:05d}" for n in range(60_000)]
    rows[50_000] = '50000,"x\ny",50000'
    rows[55_000] = "55000,x,y,z"
    result = read(lines("id,name,zip", *rows))
    assert result.rows[50_000] == ("50000", "x\ny", "50000")
    assert result.unreadable[0]["row_number"] == 55_001
    assert result.unreadable[0]["line_number"] == 55_003
    assert result.rows[-1] == ("59999", "Name 59999", "59999")

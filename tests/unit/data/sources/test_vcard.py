"""Simple cards are read by our own few lines, and come out as the library reads them."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tieline.data.sources import vcard

NAMES = st.sampled_from(
    ["N", "FN", "ORG", "TITLE", "ROLE", "TEL", "EMAIL", "ADR", "URL", "NOTE", "REV", "UID", "BDAY",
     "X-FOO", "item1.EMAIL", "tel", "LANG", "IMPP", "GENDER", "NICKNAME", "CATEGORIES", "GEO",
     "X-ABLabel", "KIND"]
)  # fmt: skip
PARAMETERS = st.sampled_from(
    ["", ";TYPE=WORK", ";TYPE=WORK,VOICE", ";CELL", ";HOME;FAX", ";type=cell", ";VALUE=uri",
     ";TYPE=INTERNET;PREF=1", ";ENCODING=QUOTED-PRINTABLE", ";ENCODING=b", ";X-B=c",
     ';TYPE="a,b"']
)  # fmt: skip
VALUES = st.text(alphabet="Aé1 ;:.@+-=/", max_size=14) | st.sampled_from(
    ["Smith;Ann;Q.;Dr.;", ";;1 High St;Leeds;;LS1 4AP;UK", "Acme Inc.;Sales", "tel:+44-20"]
)
LINES = st.lists(st.builds("{}{}:{}".format, NAMES, PARAMETERS, VALUES), max_size=8)


def card(lines: list[str], version: str = "3.0") -> str:
    return "\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"])


def row_of(entries) -> dict[str, str]:
    row: dict[str, str] = {}
    for entry in entries:
        vcard._add(entry, row)
    return row


@settings(max_examples=400, deadline=None)
@given(LINES, st.sampled_from(["2.1", "3.0", "4.0"]))
@example(["N:Smith,Jones;Ann;Q,R;Dr.;", "ADR:;;a,b;c;d;e;f", "ORG:A;B;C"], "3.0")
@example(["TEL;TYPE=WORK,VOICE:1", "FN: a ", "TEL;CELL:2", "EMAIL:a@b.c", "EMAIL:d@e.f"], "4.0")
def test_a_simple_card_reads_as_the_library_reads_it(lines, version):
    text = card(lines, version)
    simple = vcard._simple_entries(text)
    if simple is not None:
        assert row_of(simple) == row_of(vcard._all_entries(text))
        assert list(row_of(simple)) == list(row_of(vcard._all_entries(text)))


def test_an_ordinary_card_is_simple_and_an_encoded_one_is_not():
    ordinary = [
        "N:York;William;;;",
        "TEL;TYPE=WORK,VOICE:+1 954 700 9505",
        "ADR;TYPE=WORK:;;;A;B;;",
    ]
    assert vcard._simple_entries(card(ordinary)) is not None
    for line in ("FN;ENCODING=QUOTED-PRINTABLE:M=C3=BC", "NOTE;ENCODING=b:aGk=", "Nothing"):
        assert vcard._simple_entries(card([line])) is None


def test_escapes_folds_and_commas_nobody_escaped(read):
    lines = ["FN:Smith, Ann", "ORG:Acme\\, Inc.;Sales", "ADR:;;1 High St\\; Yard;Leeds;;;UK"]
    result = read(card([*lines, "NOTE:one\\ntwo goes", "  on"]), name="a.vcf")
    (row,) = (dict(zip(result.landed.columns, row, strict=True)) for row in result.rows)
    assert row == {
        "full_name": "Smith, Ann",
        "company": "Acme, Inc.",
        "department": "Sales",
        "address_line1": "1 High St; Yard",
        "city": "Leeds",
        "country": "UK",
        "note": "one\ntwo goes on",
    }


def test_a_broken_line_is_told_by_the_row_and_not_on_the_terminal(read, capfd):
    result = read(card(["NKräm", "=?scan failed?="]) + "\n" + card(["FN:Eve"]), name="a.vcf")
    assert (len(result.rows), len(result.unreadable)) == (1, 1)
    assert capfd.readouterr() == ("", "")

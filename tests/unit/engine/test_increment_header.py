"""What a header may say of computing a table in part, and what is said of its mistakes."""

import pytest

from tieline.engine.increment import Keys
from tieline.engine.model import sql_model
from tieline.errors import TielineError

HEADER = """/*
question: What?
row: One.
key: stall
owner: analyst
columns: {{stall: It.}}
increment: {increment}
*/
SELECT s.stall FROM stalls s JOIN sales x ON x.stall = s.stall JOIN days d ON d.day = x.day
"""


@pytest.fixture
def written(tmp_path):
    """A model with this increment."""

    def write(increment):
        file = tmp_path / "seen.sql"
        file.write_text(HEADER.format(increment=increment), encoding="utf-8")
        return sql_model(file)

    return write


def test_rows_are_told_by_columns_and_through_other_inputs(written):
    increment = written(
        "{key: stall, from: {days: x = sales.day, sales: [a = stalls.name, own], stalls: stall}}"
    ).header.increment
    assert (increment.key, increment.nulls) == ("stall", True)
    assert increment.in_order() == ["stalls", "sales", "days"]
    found = increment.needed("sales", Keys("touched", True, 3), {"stalls": "some"})
    assert [str(one) for one in found] == [
        '"a" IN (SELECT "name" AS k FROM some)',
        '("own" IN (SELECT k FROM touched) OR "own" IS NULL)',
    ]


@pytest.mark.parametrize(
    ("increment", "said"),
    [
        ("{key: nope, from: {stalls: stall}}", "key 'nope' is no column"),
        ("{key: stall}", "must hold key and from"),
        ("{key: stall, from: {shops: stall}}", "names shops, which it does not read"),
        ("{key: stall, from: {stalls: sales.stall}}", "up in sales, not in from"),
        ("{key: stall, from: {stalls: sales.a, sales: stalls.b}}", "in a circle"),
        ("{key: stall, from: {stalls: 'a b'}}", "cannot read 'a b'"),
        ("{key: stall, from: {stalls: stall}, nulls: no}", "must be kept or none"),
        ("{key: stall, from: {stalls: stall}, form: 1}", "unknown key 'form'"),
    ],
)
def test_a_bad_increment_is_explained(written, increment, said):
    with pytest.raises(TielineError, match=said) as caught:
        written(increment)
    assert caught.value.code == "bad_header"

"""How a column writes day, month and year."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from tieline.data.values import date


@pytest.mark.parametrize(
    ("values", "style"),
    [
        (["03/04/2020", "25/12/2019"], "dmy"),
        (["03/04/2020", "12/25/2019"], "mdy"),
        (["2020-03-04", "2019-12-25"], "ymd"),
        (["03/04/2020", "05/06/2020"], None),
        (["12/25/2019", "12/26/2019", "25/12/2019"], "mdy"),
        (["12/25/2019", "25/12/2019"], None),
        (["03.04.2020"], "dmy"),
        (["12/31/2020 10:15 PM", "01/02/2020 8:00 AM"], "mdy"),
        (["2020-01-01", "13/01/2020", "March 3, 2020"], "dmy"),
        ([None, "", "n/a", "hello", "43831"], None),
    ],
)
def test_infer_style(values: list[str | None], style: str | None) -> None:
    assert date.infer_style(values) == style


def test_mixed_column_clear_values_by_themselves_the_rest_by_the_majority() -> None:
    column = ["2020-05-01", "25/12/2019", "26/12/2019", "12/31/2019", "03/04/2020"]
    style = date.infer_style(column)
    table = pa.table({"value": column, "style": [style] * len(column)})
    assert date.standardise(table).column("date").to_pylist() == [
        dt.date(2020, 5, 1),
        dt.date(2019, 12, 25),
        dt.date(2019, 12, 26),
        dt.date(2019, 12, 31),
        dt.date(2020, 4, 3),
    ]


@pytest.mark.parametrize("style", ["dmy", "mdy", "ymd"])
@pytest.mark.parametrize("day", [dt.date(1999, 12, 31), dt.date(2024, 2, 29), dt.date(2031, 1, 2)])
def test_written_in_a_known_style_it_is_read_back(style: str, day: dt.date) -> None:
    parts = {"d": f"{day.day:02d}", "m": f"{day.month:02d}", "y": f"{day.year}"}
    for sign in "/-":
        text = sign.join(parts[letter] for letter in style)
        table = pa.table({"value": [text], "style": [style]})
        assert date.standardise(table).column("date").to_pylist() == [day]

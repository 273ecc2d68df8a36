"""A spec is read as it is written, holds where the model is right and shows where it is not."""

import pytest

from tieline.engine.duck import DuckEngine
from tieline.engine.model import python_model
from tieline.engine.spec import check_spec, read_specs
from tieline.errors import TielineError

SPEC = r"""
# Towns with enough people

A town counts when it is large enough.

## given people

| name | town | age BIGINT | since DATE |
|:-----|------|-----------:|------------|
| Ann  | Ulm  | 40         | 2024-01-02 |
| Bo   | Ulm  |            |            |
| a\|b | ""   | 3          |            |

## with

smallest: 2

## then

| town | people | share |
|------|--------|-------|
| Ulm  | 2      | 0.666666667 |

# No people

## given people
| name | town | age BIGINT | since DATE |

## with
smallest: 1

## then
| town | people |
"""


def towns(people, *, smallest):
    """
    question: Which towns have enough people?
    row: one town
    key: town
    columns: {town: name, people: number, share: share of all people}
    owner: analyst
    """
    return f"""
        SELECT town, count(*) AS people, round(count(*) / nullif(max(everyone), 0), 12) AS share
        FROM {people} CROSS JOIN (SELECT count(*) AS everyone FROM {people}) AS a
        GROUP BY town HAVING count(*) >= {smallest}
    """


@pytest.fixture
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


@pytest.fixture
def write(tmp_path):
    def write_specs(text):
        (tmp_path / "towns.md").write_text(text, encoding="utf-8")
        return read_specs(tmp_path / "towns.md")

    return write_specs


def test_a_spec_that_holds_passes_and_leaves_the_engine_empty(engine, write):
    specs = write(SPEC)
    assert [spec.title for spec in specs] == ["Towns with enough people", "No people"]
    for spec in specs:
        check_spec(engine, python_model(towns), spec)
    with pytest.raises(TielineError):
        engine.columns("people")


def test_cells_are_typed_empty_ones_are_null_and_bars_can_be_written(write):
    people = write(SPEC)[0].given["people"]
    rows = people.typed(people.types).to_pylist()
    assert [row["age"] for row in rows] == [40, None, 3]
    assert rows[0]["since"].isoformat() == "2024-01-02"
    assert (rows[2]["name"], rows[2]["town"]) == ("a|b", "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("| Ulm  | 2      |", "| Ulm  | 3      |", r"missing: .*'Ulm' \| 3.*\nunexpected"),
        ("| Ulm  | 2      | 0.666666667 |\n", "", "unexpected: "),
        ("smallest: 2", "smallest: 3", "missing: "),
        ("smallest: 2", "", "needs smallest"),
        ("| town | people | share |", "| town | persons | share |", "no column persons"),
        ("## given people\n\n", "## given persons\n\n", "reads people, which the spec does not"),
        ("## with", "## wiht", "'## wiht' is none of"),
        ("| Bo   | Ulm  |            |", "| Bo   | Ulm  |", "has 3 cells, not 4"),
    ],
)  # fmt: skip
def test_a_spec_that_does_not_hold_says_why(engine, write, old, new, said):
    assert old in SPEC
    with pytest.raises(TielineError, match=said):
        check_spec(engine, python_model(towns), write(SPEC.replace(old, new, 1))[0])


def test_a_spec_without_an_end_is_refused(write):
    with pytest.raises(TielineError, match="has no '## then'"):
        write("# Title\n\n## given people\n| a |\n| 1 |\n")
    with pytest.raises(TielineError, match="begins with a '# title'"):
        write("## given people\n| a |\n| 1 |\n")


def test_a_select_outside_the_portable_subset_fails_its_spec(engine, write):
    def towns(people):
        """
        question: Which towns?
        row: one town
        key: town
        columns: {town: name, people: number, share: share}
        owner: analyst
        """
        return f"SELECT town, sum(age / 2) AS people, 1 AS share FROM {people} GROUP BY town"

    with pytest.raises(TielineError, match="inexact_sum") as caught:
        check_spec(engine, python_model(towns), write(SPEC)[0])
    assert caught.value.code == "not_portable"

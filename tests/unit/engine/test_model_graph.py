"""Models are read, ordered, run and traced, and every mistake is named where it is made."""

from pathlib import Path

import pyarrow as pa
import pytest

from tieline.engine import graph
from tieline.engine.duck import DuckEngine
from tieline.engine.model import python_model, sql_model
from tieline.engine.run import run
from tieline.engine.tables import Table
from tieline.errors import TielineError

HEADER = """
question: How many people are there per town?
row: one town
key: town
columns:
  town: name of the town
  people: people there
owner: analyst
better: up
"""
SELECT = "SELECT town, count(*) AS people FROM people GROUP BY town"


@pytest.fixture
def written(tmp_path):
    """Write a model file into a layer `metrics` and read it."""
    (tmp_path / "metrics").mkdir()

    def write(name, select=SELECT, header=HEADER):
        file = tmp_path / "metrics" / f"{name}.sql"
        file.write_text(f"/*{header}*/\n{select};\n", encoding="utf-8")
        return sql_model(file)

    return write


@pytest.fixture
def engine():
    with DuckEngine(threads=1) as engine:
        engine.load("people", pa.table({"town": ["Ulm", "Ulm", "Bonn"], "age": [3, 40, 50]}))
        yield engine


def towns_over(towns, *, smallest, word="more"):
    """Towns of a size.

    question: Which towns have enough people?
    row: one town
    key: [town]
    columns:
      town: name of the town
      said: a word
    owner: analyst
    """
    return f"SELECT town, '{word}' AS said FROM {towns} WHERE people >= {smallest}"


def doubled(towns, *, engine) -> pa.Table:
    """
    question: What is twice of each town?
    row: one town
    key: town
    columns: {town: name, twice: people times two}
    owner: analyst
    """
    rows = towns.arrow(["town", "people"])
    assert Table(engine, "towns").rows() == rows.num_rows
    twice = [2 * n for n in rows["people"].to_pylist()]
    return pa.table({"town": rows["town"], "twice": twice})


def test_a_select_in_a_file_is_a_model(written):
    model = written("towns")
    assert (model.name, model.layer, model.inputs) == ("towns", "metrics", ("people",))
    assert model.header.key == ("town",)
    assert model.header.columns["people"] == "people there"
    assert model.header.better == "up"


def test_the_inputs_are_the_tables_that_are_really_read(written):
    select = """
        WITH a AS (SELECT * FROM a), b AS (SELECT * FROM a JOIN c USING (n))
        SELECT *, (SELECT max(n) FROM d) AS m FROM b
        WHERE EXISTS (SELECT 1 FROM e WHERE e.n = b.n)
        UNION ALL SELECT * FROM (SELECT * FROM f) AS g, unnest([1, 2]) AS u(v)
    """
    assert written("many", select).inputs == ("a", "c", "d", "e", "f")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("row: one town\n", "", "lacks row"),
        ("owner: analyst\n", "", "lacks owner"),
        ("owner:", "onwer:", "Did you mean 'owner'"),
        ("better: up", "better: bigger", "up, down, neutral"),
        ("key: town", "key: twon", "key names no column: twon"),
        ("  people: people there", "  people:", "does not say what people means"),
        ("question: How", "question: [How", "not valid YAML"),
    ],
)
def test_a_bad_header_is_explained(written, old, new, said):
    with pytest.raises(TielineError, match=said) as caught:
        written("towns", header=HEADER.replace(old, new))
    assert caught.value.code == "bad_header"
    assert "towns.sql" in str(caught.value)


def test_a_file_without_header_or_with_bad_sql_is_explained(tmp_path, written):
    (tmp_path / "bare.sql").write_text("SELECT 1 AS a")
    with pytest.raises(TielineError, match=r"bare\.sql.*does not start with its header"):
        sql_model(tmp_path / "bare.sql")
    with pytest.raises(TielineError, match=r"towns\.sql.*cannot be read"):
        written("towns", "SELECT FROM FROM")


def test_a_function_is_a_model_of_its_parameters(written):
    model = python_model(towns_over)
    assert (model.name, model.inputs) == ("towns_over", ("towns",))
    assert model.header.question == "Which towns have enough people?"
    assert model.file == Path(__file__)
    with pytest.raises(TielineError, match=r"towns_over.*needs smallest"):
        model.compute(DuckEngine(), {"largest": 3})


def test_models_run_in_the_order_their_inputs_ask_for(engine, written):
    models = [python_model(towns_over), python_model(doubled), written("towns")]
    steps = []
    run(
        models,
        engine,
        {"smallest": 2},
        given=["people"],
        keep=["towns_over", "doubled"],
        on_step=lambda model, seconds, made: steps.append((model.name, made.rows, seconds >= 0)),
    )
    assert steps == [("towns", 2, True), ("towns_over", 1, True), ("doubled", 2, True)]
    assert Table(engine, "towns_over").arrow().to_pylist() == [{"town": "Ulm", "said": "more"}]
    assert engine.arrow("SELECT sum(twice) AS n FROM doubled").to_pydict() == {"n": [6]}
    for dropped in ("towns", "people"):
        with pytest.raises(TielineError):
            engine.columns(dropped)


def test_without_a_list_everything_is_kept(engine, written):
    run([written("towns")], engine, {}, given=["people"])
    assert Table(engine, "people").rows() == 3
    assert Table(engine, "towns").rows() == 2


def test_a_circle_is_named(written):
    models = [written(n, f"SELECT town, people FROM {m}") for n, m in ("ab", "bc", "ca")]
    with pytest.raises(TielineError, match="a <- b <- c <- a"):
        graph.ordered(models)


def test_an_input_that_nothing_makes_is_named(written):
    with pytest.raises(TielineError, match=r"towns reads the table people.*Did you mean 'peopel'"):
        graph.ordered([written("towns")], given=["peopel"])


def test_two_models_of_one_name_are_refused(written):
    with pytest.raises(TielineError, match="Two models make the table towns"):
        graph.ordered([written("towns"), written("towns")], given=["people"])


def test_columns_that_differ_from_the_header_are_named(engine, written):
    model = written("towns", "SELECT town, count(*) AS poeple FROM people GROUP BY town")
    with pytest.raises(TielineError, match=r"lacks people; its header does not name poeple"):
        run([model], engine, {}, given=["people"])


def test_a_statement_that_fails_names_its_model(engine, written):
    model = written("towns", "SELECT town, age + town AS people FROM people")
    with pytest.raises(TielineError, match=r"towns\.sql.*The table towns cannot be computed"):
        run([model], engine, {}, given=["people"])


def test_lineage_leads_back_to_the_first_tables(engine, written):
    towns = written("towns", "WITH p AS (SELECT * FROM people) SELECT town, age AS people FROM p")
    share = written("share", "SELECT town, people / 2 AS people FROM towns")
    tables = {"people": engine.columns("people"), "towns": {"town": "VARCHAR", "people": "BIGINT"}}
    assert graph.lineage([share, towns], "share", "people", tables) == [
        ("towns", "people"),
        ("people", "age"),
    ]
    assert graph.lineage([share, towns], "people", "age", tables) == []
    with pytest.raises(TielineError, match="nope"):
        graph.lineage([share, towns], "share", "nope", tables)

"""SELECTs on one engine, Python models on another: each finds its tables where it runs."""

import pyarrow as pa
import pytest

from tieline.engine.duck import DuckEngine
from tieline.engine.model import python_model, sql_model
from tieline.engine.run import run
from tieline.engine.tables import Table
from tieline.errors import TielineError

HEADER = "question: How many?\nrow: One town.\nkey: town\ncolumns: {town: town, people: people}\n"
HEADER += "owner: analyst\n"


def adults(people, *, engine):
    """
    question: Who is of age?
    row: One person.
    key: name
    columns: {name: name, town: town}
    owner: analyst
    """
    # A table that only this function needs, made where it runs.
    engine.load("ages", pa.table({"of_age": [18]}))
    return f"SELECT name, town FROM {people}, ages WHERE age >= of_age"


def largest(towns):
    """
    question: Which town has most people?
    row: One town.
    key: town
    columns: {town: town}
    owner: analyst
    """
    most = max(towns.arrow().to_pylist(), key=lambda row: row["people"])
    return pa.table({"town": [most["town"]]})


@pytest.fixture
def models(tmp_path):
    path = tmp_path / "metrics" / "towns.sql"
    path.parent.mkdir()
    select = "SELECT town, count(*) AS people FROM adults GROUP BY town"
    path.write_text(f"/*\n{HEADER}*/\n{select}")
    return [python_model(adults), sql_model(path), python_model(largest)]


@pytest.fixture
def engines():
    with DuckEngine(threads=1) as engine, DuckEngine(threads=1) as beside:
        people = [("Ann", "Ulm", 40), ("Bo", "Ulm", 20), ("Cy", "Bonn", 30), ("Di", "Bonn", 9)]
        rows = [dict(zip(("name", "town", "age"), person, strict=True)) for person in people]
        engine.load("people", pa.Table.from_pylist(rows))
        yield engine, beside


def there(engine, name):
    try:
        return bool(engine.columns(name))
    except TielineError:
        return False


def test_each_model_runs_where_it_belongs_and_the_result_is_kept(engines, models):
    engine, beside = engines
    rows = {}
    run(
        models, engine, {}, given=["people"], keep=["towns", "largest"], python_engine=beside,
        on_step=lambda model, seconds, outcome: rows.update({model.name: outcome.rows}),
    )  # fmt: skip
    assert rows == {"adults": 3, "towns": 2, "largest": 1}
    assert Table(engine, "largest").arrow().to_pylist() == [{"town": "Ulm"}]
    assert not there(engine, "ages"), "a Python model's own tables stay on its engine"
    for name in ("people", "adults"):
        assert not there(engine, name)
        assert not there(beside, name), f"{name} is dropped from both engines"


def test_without_a_list_everything_is_on_the_first_engine(engines, models):
    engine, beside = engines
    run(models, engine, {}, given=["people"], python_engine=beside)
    for name in ("people", "adults", "towns", "largest"):
        assert there(engine, name)

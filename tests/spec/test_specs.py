"""Every spec holds on every engine: `specs/<model>.md` says what the model makes of what.

Run on DuckDB, and on Sail in process where it is installed; both must give the expected rows.
"""

from dataclasses import replace
from pathlib import Path

import pytest

import tieline
from tieline.engine.duck import DuckEngine
from tieline.engine.spark import sail
from tieline.engine.spec import check_spec, read_specs
from tieline.errors import TielineError
from tieline.identity.judgements import Judgements
from tieline.metrics.scorecard import IN_FORCE
from tieline.pipeline import context, models
from tieline.workspace import Workspace
from tieline.workspace.scorecards import read_scorecard

FOLDER = Path(tieline.__file__).parent / "specs"
BY_NAME = {model.name: model for model in models()}
SELECTS = {name: model for name, model in BY_NAME.items() if model.sql is not None}
FILES = sorted(file for file in FOLDER.glob("*.md"))
CASES = [
    pytest.param(spec, id=f"{file.stem}-{number}")
    for file in FILES
    for number, spec in enumerate(read_specs(file), 1)
]


@pytest.fixture(scope="session", params=["duckdb", "sail"])
def engine(request, tmp_path_factory):
    scratch = tmp_path_factory.mktemp(request.param)
    if request.param == "duckdb":
        with DuckEngine(scratch, threads=1) as engine:
            yield engine
        return
    try:
        with sail(scratch) as engine:
            yield engine
    except TielineError as problem:
        if problem.code != "missing_engine":
            raise
        pytest.skip(problem.message)


@pytest.mark.parametrize("spec", CASES)
def test_spec(engine, spec, tmp_path):
    assert spec.file.stem in BY_NAME, f"{spec.file.name} is not named after a model"
    if spec.file.stem not in SELECTS and not isinstance(engine, DuckEngine):
        pytest.skip("a Python model runs on DuckDB whatever the engine")
    if spec.settings is not None:
        spec = replace(spec, context={**_settled(spec.settings, tmp_path), **spec.context})
    texts = spec.context.get("scorecards")
    if isinstance(texts, dict):
        cards = tuple(_scorecard(name, told) for name, told in texts.items())
        spec = replace(spec, context={**spec.context, "scorecards": cards})
    check_spec(engine, BY_NAME[spec.file.stem], spec, SELECTS)


def _scorecard(name, told):
    """A scorecard by its text; or by the texts that were in force one after the other."""
    if isinstance(told, str):
        return read_scorecard(name, told)
    versions = [
        replace(read_scorecard(name, one["text"]), state=IN_FORCE, in_force_since=one["since"])
        for one in told
    ]
    return replace(versions[-1], earlier=tuple(versions[:-1]))


def _settled(settings, folder):
    """What a workspace with these settings gives the models."""
    workspace = Workspace.create(folder / "workspace")
    workspace.settings_path.write_text(settings, "utf-8")
    with workspace.ledger() as ledger:
        return dict(context(workspace, [], Judgements(ledger), lambda _: None))


@pytest.mark.parametrize("name", sorted(model.name for model in models() if model.sql is not None))
def test_every_sql_model_has_a_spec(name):
    assert name in {file.stem for file in FILES}, f"write src/tieline/specs/{name}.md"

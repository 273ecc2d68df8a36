"""A build gives the same tables whichever engine computes the SELECTs."""

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tieline.cli.main import app
from tieline.data.sources.landing import land
from tieline.engine.snapshot import current
from tieline.errors import TielineError
from tieline.pipeline import PUBLISHED, build
from tieline.workspace import Workspace

CRM = """id,First name,Last name,Company,E-mail,Phone,Street,Zip,City,Country,Opt-out
1,Ann,Lee,Alpha GmbH,ann.lee@alpha.de,+49 30 901820,Hauptstr. 5,10115,Berlin,DE,
2,Bo,Kern,Alpha GmbH,bo.kern@alpha.de,,Hauptstr. 5,10115,Berlin,DE,yes
3,Cy,Rich,Rival AG,cy@rival.de,,Marktplatz 1,80331,München,DE,
4,Di,Wolf,,di.wolf@gmail.com,,Marktplatz 1,80331,München,DE,
5,Ed,Roth,Beta Ltd,ed@beta.co.uk,,12 High Street,99999,Nowhere,GB,
6,Test,Test,Alpha GmbH,test@alpha.de,,Hauptstr. 5,10115,Berlin,DE,
"""
FAIR = """Name;Firma;E-Mail;Strasse;PLZ;Ort;Land
Ann Lee;Alpha;ann.lee@alpha.de;Hauptstraße 5;10115;Berlin;Deutschland
Flo Berg;Gamma KG;flo.berg@gamma.de;;;;
Gus Hahn;Alpha GmbH;gus@alpha.de;Hauptstr. 5;10115;Berlin;Deutschland
"""
SETTINGS = '[competitors]\nnames = ["Rival AG"]\n'


def workspace(folder, lists):
    made = Workspace.create(folder)
    made.settings_path.write_text(SETTINGS, encoding="utf-8")
    for file in lists:
        for landed in land(str(file), made.landed_dir):
            made.remember(landed)
    return made


def run(space, *arguments):
    result = CliRunner().invoke(app, ["-w", str(space.path), *arguments])
    if isinstance(result.exception, TielineError) and result.exception.code == "missing_engine":
        pytest.skip(result.exception.message)
    assert result.exit_code == 0, (result.output, result.exception)


def published(space):
    """Every table of the current snapshot, byte for byte."""
    snapshot = current(space.hidden_dir)
    found = {}
    for name in PUBLISHED:
        path = snapshot.table(name)
        files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
        found[name] = [file.read_bytes() for file in files]
    return found


@pytest.fixture
def own_lists(tmp_path):
    for name, text in (("crm", CRM), ("fair", FAIR)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return [tmp_path / "crm.csv", tmp_path / "fair.csv"]


def test_sail_gives_the_tables_that_duckdb_gives(tmp_path, own_lists):
    made = {}
    for engine in ("duckdb", "sail"):
        space = workspace(tmp_path / engine, own_lists)
        run(space, "build", "--engine", engine)
        made[engine] = published(space)
        assert not list(space.scratch_dir.iterdir()), "scratch files are removed"
    for name in PUBLISHED:
        assert made["sail"][name] == made["duckdb"][name], name
    rows = pq.read_table(current(space.hidden_dir).table("record_entities")).num_rows
    assert rows > len(own_lists)


def test_a_build_tells_what_became_of_every_record(tmp_path, own_lists):
    space = workspace(tmp_path / "market", own_lists)
    build(space)
    path = current(space.hidden_dir).table("record_entities")
    rows = pq.read_table(path, columns=["source", "row_number", "status"]).to_pylist()
    became = {(row["source"], row["row_number"]): row["status"] for row in rows}
    assert became == {
        ("crm", 1): "usable",
        ("crm", 2): "opted_out",
        ("crm", 3): "competitor",
        ("crm", 4): "no_company",
        ("crm", 5): "invalid_address",
        ("crm", 6): "junk_name",
        ("fair", 1): "duplicate",
        ("fair", 2): "no_address",
        ("fair", 3): "usable",
    }


def test_the_same_lists_give_the_same_snapshot(tmp_path, own_lists):
    ids = {build(workspace(tmp_path / name, own_lists)).id for name in ("one", "other")}
    assert len(ids) == 1


def test_an_engine_that_is_not_known_is_refused_before_anything_is_done(tmp_path, own_lists):
    space = workspace(tmp_path / "market", own_lists)
    for name, code in (("postgres", "unknown_engine"), ("spark", "engine_needs_session")):
        result = CliRunner().invoke(app, ["-w", str(space.path), "build", "--engine", name])
        assert isinstance(result.exception, TielineError)
        assert result.exception.code == code
        assert result.exception.next_step
    assert current(space.hidden_dir) is None

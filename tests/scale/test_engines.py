"""Real lists give the same tables whichever engine computes the SELECTs."""

from pathlib import Path

import pytest

from tieline.data.sources.landing import land
from tieline.engine.spark import sail
from tieline.errors import TielineError
from tieline.pipeline import build
from tieline.workspace import Workspace

NORTHWIND = Path(__file__).parents[3] / "shared" / "data" / "northwind"


def test_sail_gives_the_tables_of_northwind_that_duckdb_gives(tmp_path):
    files = sorted(NORTHWIND.glob("*.json"))
    if not files:
        pytest.skip("the Northwind lists are not here")
    made = {}
    for name in ("duckdb", "sail"):
        workspace = Workspace.create(tmp_path / name)
        for file in files:
            for landed in land(str(file), workspace.landed_dir):
                workspace.remember(landed)
        if name == "duckdb":
            made[name] = build(workspace).id
            continue
        try:
            with sail(tmp_path / "scratch") as engine:
                made[name] = build(workspace, engine=engine).id
        except TielineError as problem:
            if problem.code != "missing_engine":
                raise
            pytest.skip(problem.message)
    # The id of a snapshot is made of the bytes of its tables.
    assert made["sail"] == made["duckdb"]

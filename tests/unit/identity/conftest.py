"""Small markets built in a second: lists in, tables out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tieline.data.sources.landing import land
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot
from tieline.identity.account_evidence import ACCOUNTS
from tieline.identity.contact_evidence import CONTACTS
from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.parameters import ParameterStore
from tieline.pipeline import build
from tieline.workspace import Workspace

Row = dict[str, str]
MATCH_SHARE = 1e-3
"""About one duplicate a record in a list of 600; stated, so that a case judges only itself."""


def beliefs(model: LinkageModel) -> Parameters:
    """The stated m and u of a model, as if nothing had been learned."""
    return Parameters(
        entity=model.entity,
        match_share=MATCH_SHARE,
        m={c.field: [o.m for o in c.outcomes] for c in model.comparisons},
        u={c.field: [o.u for o in c.outcomes] for c in model.comparisons},
        rows=600,
    )


def market(folder: Path, lists: dict[str, list[Row]], settings: str = "") -> Snapshot:
    """Build lists, each a CSV file of the given rows, with the stated weights."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Workspace.create(folder / "market")
    if settings:
        made.settings_path.write_text(settings, encoding="utf-8")
        made = Workspace.open(made.path)
    store = ParameterStore(made.parameters_dir)
    for model in (ACCOUNTS, CONTACTS):
        store.pin(model, beliefs(model))
    for name, rows in lists.items():
        file = folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as written:
            writer = csv.DictWriter(written, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        for landed in land(str(file), made.landed_dir):
            made.remember(landed)
    return build(made)


def rows_of(snapshot: Snapshot, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(snapshot.table(table)).to_pylist()
    return found


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Snapshot]:
    """A function from lists (and settings) to the snapshot of their build."""

    def make(lists: dict[str, list[Row]], settings: str = "") -> Snapshot:
        return market(tmp_path_factory.mktemp("identity"), lists, settings)

    return make


@pytest.fixture(scope="session")
def table() -> Callable[[Snapshot, str], list[dict[str, Any]]]:
    return rows_of


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[DuckEngine]:
    with DuckEngine(tmp_path / "scratch", threads=1) as engine:
        yield engine

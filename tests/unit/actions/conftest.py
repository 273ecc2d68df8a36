"""A small market, built: eight people on a list, three of them on a second one."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tieline.data.sources.landing import land
from tieline.engine.snapshot import Snapshot, current
from tieline.pipeline import build
from tieline.workspace import Workspace

HEADER = ("Name", "Email", "Company", "Job Title", "Street", "City", "Zip", "Country", "Phone")
CHICAGO = ("410 N Michigan Ave", "Chicago", "60611", "US")
BOSTON = ("200 Boylston St", "Boston", "02116", "US")
SEATTLE = ("1201 3rd Ave", "Seattle", "98101", "US")
BERLIN = ("Friedrichstraße 10", "Berlin", "10117", "DE")
PEOPLE = [
    ("Maria Alvarez", "maria@brightwell.com", "Brightwell Inc", "Buyer", *CHICAGO, "312 555 0142"),
    ("John Becker", "john@brightwell.com", "Brightwell Inc", "CEO", *CHICAGO, "312 555 0143"),
    ("Susan Chen", "susan@oakridge.com", "Oakridge LLC", "Analyst", *BOSTON, "617 555 0101"),
    ("Peter Dawson", "peter@dawson.com", "Dawson Corp", "Owner", *SEATTLE, "206 555 0117"),
    ("Laura Evans", "laura@dawson.com", "Dawson Corp", "Controller", *SEATTLE, "206 555 0118"),
    ("Anna Gruber", "anna@keller.de", "Keller GmbH", "Einkauf", *BERLIN, "+49 30 901821"),
]


@dataclass(frozen=True)
class Market:
    """The workspace and a look at its current snapshot."""

    workspace: Workspace

    def snapshot(self) -> Snapshot:
        found = current(self.workspace.hidden_dir)
        assert found is not None
        return found

    def rows(self, table: str) -> list[dict[str, object]]:
        return pq.read_table(self.snapshot().table(table)).to_pylist()

    def contact(self, name: str) -> str:
        """The id of the one contact of a name."""
        (found,) = [r["contact_id"] for r in self.rows("contacts") if r["full_name"] == name]
        return found

    def of(self, source: str, row: int) -> dict[str, object]:
        """What became of a record."""
        (found,) = [
            r
            for r in self.rows("record_entities")
            if (r["source"], r["row_number"]) == (source, row)
        ]
        return found


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("market")
    workspace = Workspace.create(folder / "w")
    for name, people in (("crm", PEOPLE), ("fair", PEOPLE[2:5])):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *people])
        for landed in land(str(folder / f"{name}.csv"), workspace.landed_dir):
            workspace.remember(landed)
    build(workspace)
    return workspace.path


@pytest.fixture
def market(_built: Path, tmp_path: Path) -> Market:
    """A copy, to do with as a test likes."""
    return Market(Workspace.open(Path(shutil.copytree(_built, tmp_path / "w"))))


@pytest.fixture(scope="session")
def unchanged(_built: Path) -> Market:
    """The same for tests that only look."""
    return Market(Workspace.open(_built))

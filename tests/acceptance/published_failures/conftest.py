"""A small market, built once: six lists, two women of whom somebody knows that they are one.

Helena Marsh and Helena Okafor stand at two companies each. Both got the same letter in the same
second, came to the same webinar in the same minute, and said something about the newsletter. No
list says that they are one person; a test may.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tieline.data.sources.landing import land
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current
from tieline.identity import explanation
from tieline.pipeline import build
from tieline.workspace import Workspace

ADDRESSES = {
    "Alder Pumps Inc": ("410 N Michigan Ave", "Chicago", "IL", "60611", "US"),
    "Birch Valves LLC": ("1201 3rd Ave", "Seattle", "WA", "98101", "US"),
    "Cedar Motors Corp": ("200 Boylston St", "Boston", "MA", "02116", "US"),
    "Dogwood Tools Inc": ("600 Congress Ave", "Austin", "TX", "78701", "US"),
    "Elm Freight Corp": ("1700 Broadway", "Denver", "CO", "80290", "US"),
    "Keller Pumpen GmbH": ("Friedrichstraße 10", "Berlin", "", "10117", "DE"),
}
HEADER = (
    "Name", "Email", "Company", "Job Title", "Phone", "LinkedIn", "Last Modified",
    "Street", "City", "State", "Zip", "Country",
)  # fmt: skip
CRM = [
    ("Helena Marsh", "helena.marsh@alderpumps.com", "Alder Pumps Inc", "Buyer",
     "+1 312 555 0142", "helena-marsh", "2021-03-01"),
    ("Helena Okafor", "h.okafor@cedarmotors.com", "Cedar Motors Corp", "Head of Purchasing",
     "+1 617 555 0101", "helena-okafor", "2022-05-01"),
    ("Tomas Rivera", "t.rivera@alderpumps.com", "Alder Pumps Inc", "Plant Manager",
     "+1 312 555 0177", "", "2022-06-01"),
    ("Grace Whitfield", "grace@elmfreight.com", "Elm Freight Corp", "Owner",
     "+1 303 555 0118", "", "2020-02-01"),
    ("Anna Gruber", "anna.gruber@keller-pumpen.de", "Keller Pumpen GmbH", "Einkauf",
     "+49 30 901821", "", "2023-01-15"),
    ("Michael Fischer", "m.fischer@keller-pumpen.de", "Keller Pumpen GmbH", "Vertriebsleiter",
     "+49 30 901820", "", "2023-01-15"),
    ("Peter Lund", "peter.lund@dogwoodtools.com", "Dogwood Tools Inc", "Controller",
     "+1 512 555 0134", "", "2022-09-01"),
]  # fmt: skip
FAIR = [
    ("Helena Marsh", "helena@birchvalves.com", "Birch Valves LLC", "Senior Buyer",
     "+1 206 555 0117", "helena-marsh", "2023-04-01"),
    ("Helena Okafor", "helena.okafor@dogwoodtools.com", "Dogwood Tools Inc", "Purchasing Director",
     "+1 512 555 0188", "helena-okafor", "2024-06-01"),
    ("Tomas Rivera", "t.rivera@alderpumps.com", "Alder Pumps Inc", "Head of Production",
     "+1 312 555 0177", "", "2024-06-01"),
    ("Grace Whitfield", "grace@elmfreight.com", "Elm Freight Corp", "Managing Director",
     "+1 303 555 0119", "", "2024-06-01"),
    ("Ivan Petrov", "ivan.petrov@birchvalves.com", "Birch Valves LLC", "Engineer",
     "+1 206 555 0160", "", "2024-06-01"),
]  # fmt: skip
WEB = [
    ("webinar registration", "Pumps that last", "2024-03-04T10:00:00Z",
     "helena.marsh@alderpumps.com", "ck-marsh"),
    ("webinar registration", "Pumps that last", "2024-03-04T10:00:00Z",
     "h.okafor@cedarmotors.com", "ck-okafor"),
    ("download", "Price list", "2024-03-05T09:30:00Z", "", "ck-marsh"),
    ("download", "Price list", "2024-03-06T11:15:00Z", "", "ck-okafor"),
    ("visit", "Spare parts", "2024-03-07T08:00:00Z", "t.rivera@alderpumps.com", "ck-rivera"),
    ("visit", "Spare parts", "2024-03-07T08:05:00Z", "grace@elmfreight.com", ""),
]  # fmt: skip
MAILING = [
    ("Spring letter", "e-mail", "2024-02-01T06:00:00Z", email)
    for email in (
        "helena.marsh@alderpumps.com", "h.okafor@cedarmotors.com", "helena@birchvalves.com",
        "t.rivera@alderpumps.com", "anna.gruber@keller-pumpen.de",
    )
]  # fmt: skip
DEALS = [
    ("D-1", "Pumps for hall 3", "proposal", "12000", "USD", "2024-04-01",
     "Alder Pumps Inc", "helena.marsh@alderpumps.com"),
    ("D-2", "Pumps for hall 3", "proposal", "12000", "USD", "2024-04-01",
     "Cedar Motors Corp", "h.okafor@cedarmotors.com"),
    ("D-3", "Valves", "won", "800", "EUR", "2024-01-10",
     "Keller Pumpen GmbH", "anna.gruber@keller-pumpen.de"),
]  # fmt: skip
CONSENTS = [
    ("helena.marsh@alderpumps.com", "newsletter", "email", "granted", "2024-01-05"),
    ("h.okafor@cedarmotors.com", "newsletter", "email", "withdrawn", "2022-07-05"),
    ("helena.marsh@alderpumps.com", "events", "email", "granted", "2024-01-05"),
    ("h.okafor@cedarmotors.com", "events", "email", "granted", "2024-02-05"),
    ("t.rivera@alderpumps.com", "newsletter", "email", "granted", "2023-01-05"),
]  # fmt: skip

RELATIONS = {
    "responses": "response_id",
    "touches": "touch_id",
    "opportunities": "opportunity_id",
    "notes": "note_id",
}


@dataclass(frozen=True)
class Market:
    """A workspace and a look at its current snapshot."""

    workspace: Workspace

    def snapshot(self) -> Snapshot:
        found = current(self.workspace.hidden_dir)
        assert found is not None
        return found

    def rows(self, table: str, **equal: Any) -> list[dict[str, Any]]:
        """The rows of a table, those of which these columns have these values."""
        rows = pq.read_table(self.snapshot().table(table)).to_pylist()
        return [row for row in rows if all(row[name] == value for name, value in equal.items())]

    def contact(self, source: str, row: int) -> str:
        """The contact that a row of a list belongs to."""
        return self.of(source, row)["contact_id"]

    def of(self, source: str, row: int) -> dict[str, Any]:
        """What became of a row of a list."""
        (found,) = self.rows("record_entities", source=source, row_number=row)
        return found

    def companies(self, contact: str) -> set[str]:
        """The names of the companies where a contact works and worked."""
        names = {row["account_id"]: row["name"] for row in self.rows("accounts")}
        return {
            names[row["account_id"]] for row in self.rows("contact_positions", contact_id=contact)
        }

    def relations(self) -> dict[str, Counter[Any]]:
        """Each relation by the contact it stands with, and how often it is there."""
        return {
            table: Counter(row["contact_id"] for row in self.rows(table)) for table in RELATIONS
        }

    def add(
        self, folder: Path, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> str:
        """Save a list as a spreadsheet would and add it; the name of the source it became."""
        file = folder / f"{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text).writerows([header, *rows])
        (landed,) = land(str(file), self.workspace.landed_dir)
        return self.workspace.remember(landed).name

    def people(self, folder: Path, name: str, rows: Sequence[Sequence[str]]) -> str:
        """Add a list of people as in CRM; the address is that of the company."""
        told = [(*row, *ADDRESSES.get(row[2], ("",) * 5)) for row in rows]
        return self.add(folder, name, HEADER, told)

    def build(self, *, full: bool = False) -> Snapshot:
        return build(self.workspace, full=full)

    def story(self, which: str) -> explanation.Story:
        """What `tieline explain` tells."""
        snapshot = self.snapshot()
        with DuckEngine() as engine:
            for table in explanation.TABLES:
                engine.read_parquet(table, snapshot.table(table))
            return explanation.story(engine, which)


@pytest.fixture(scope="session")
def built_market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The market, for copies of it only."""
    folder = tmp_path_factory.mktemp("market")
    made = Market(Workspace.create(folder / "w"))
    made.people(folder, "crm", CRM)
    made.people(folder, "fair", FAIR)
    made.add(folder, "web", ("Activity", "Topic", "Time", "Email", "Cookie"), WEB)
    made.add(folder, "mailing", ("Campaign", "Medium", "Sent At", "Email"), MAILING)
    made.add(
        folder,
        "deals",
        ("Id", "Opportunity Name", "Stage", "Amount", "Currency", "Created", "Company", "Email"),
        DEALS,
    )
    made.add(
        folder,
        "consents",
        ("Email", "Consent Purpose", "Consent Channel", "Consent Status", "Consent Date"),
        CONSENTS,
    )
    # Whatever database the environment names is for the tests, not for what they start from.
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("DATABASE_URL", raising=False)
        made.build()
    return made.workspace.path


@pytest.fixture(scope="session")
def copied(built_market: Path) -> Callable[[Path], Market]:
    """Makes a copy of the market in a folder."""
    return lambda folder: Market(Workspace.open(Path(shutil.copytree(built_market, folder / "w"))))


@pytest.fixture
def market(copied: Callable[[Path], Market], tmp_path: Path, database_url: str) -> Market:
    """A copy, to do with as a test likes; its ledger is on each of both databases."""
    return copied(tmp_path)


@pytest.fixture
def one_market(copied: Callable[[Path], Market], tmp_path: Path) -> Market:
    """A copy for tests that judge nothing: one database will do."""
    return copied(tmp_path)


@pytest.fixture(scope="module")
def empty_market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    """A workspace without a list."""
    return Market(Workspace.create(tmp_path_factory.mktemp("empty") / "w"))

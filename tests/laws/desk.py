"""A small firm's lists and the people who correct them: random days at a desk, and what must hold.

Used by the laws in `make test` with few operations, and with ten thousand in `make test-scale`.
"""

from __future__ import annotations

import csv
import random
import shutil
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tieline.data.sources.landing import land
from tieline.engine.snapshot import Snapshot
from tieline.ledger import Event
from tieline.pipeline import build
from tieline.workspace import Workspace

GIVEN = ("Anna", "Bernd", "Carla", "David", "Eva", "Frank", "Grete", "Hans", "Ines", "Jan")
FAMILY = ("Ott", "Meyer", "Meier", "Schulz", "Kowalski", "Brandt", "Lindner", "Sommer")
FIRMS = ("Alpha Werke GmbH", "Beta Handel AG", "Gamma Bau GmbH", "Delta Optik KG", "Epsilon SE")
TOWNS = (("10115", "Berlin"), ("20095", "Hamburg"), ("50667", "Köln"), ("80331", "München"))
RELATIONS = {
    "responses": "response_id",
    "touches": "touch_id",
    "opportunities": "opportunity_id",
    "notes": "note_id",
}
FIRST_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Desk:
    """One workspace, and everything that was done at it: `done` are (what, arguments)."""

    def __init__(self, folder: Path, seed: int, people: int = 24) -> None:
        self.dice = random.Random(seed)
        self.folder = folder
        self.workspace = Workspace.create(folder / "w")
        self.people = [self._person(n) for n in range(people)]
        self.clock = FIRST_DAY
        self.made = 0

    def _person(self, number: int) -> dict[str, str]:
        given, family = self.dice.choice(GIVEN), self.dice.choice(FAMILY)
        firm = self.dice.randrange(len(FIRMS))
        domain = FIRMS[firm].split()[0].lower() + ".example"
        postcode, town = TOWNS[(firm + self.dice.randrange(2)) % len(TOWNS)]
        return {
            "first name": given,
            "last name": family,
            "email": f"{given}.{family}{number % 7 or ''}@{domain}".lower(),
            "company": FIRMS[firm],
            "street": f"Hauptstr. {firm + 1}",
            "zip": postcode,
            "city": town,
            "country": "DE",
        }

    # Lists.

    def add(self, name: str, rows: list[dict[str, str]], kind: str) -> None:
        """Add a list, or the next content of the list of that name."""
        file = self.folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        for landed in land(str(file), self.workspace.landed_dir):
            self.workspace.remember(landed, kind=kind, name=name)

    def lists(self) -> dict[str, tuple[str, list[dict[str, str]]]]:
        """Some messy lists of the people: name -> (kind, rows)."""
        dice, people = self.dice, self.people
        crm = [{"id": str(n), **self._careless(p)} for n, p in enumerate(people)]
        fair = [{"nr": str(n), **self._careless(p)} for n, p in enumerate(people) if n % 2]
        forms = [
            {
                "message_id": f"m{n}",
                "email": dice.choice(people)["email"],
                "response": dice.choice(("download", "webinar", "form")),
                "topic": dice.choice(("pumps", "valves")),
                "occurred_at": (FIRST_DAY + timedelta(hours=n)).isoformat(),
            }
            for n in range(30)
        ]
        mailing = [
            {
                "message_id": f"t{n}",
                "email": person["email"],
                "campaign": "spring",
                "medium": "e-mail",
                "sent_at": (FIRST_DAY - timedelta(days=n)).isoformat(),
            }
            for n, person in enumerate(people)
        ]
        deals = [
            {
                "opportunity_id": f"o{n}",
                "opportunity_name": f"Deal {n}",
                "company": dice.choice(FIRMS),
                "email": dice.choice(people)["email"],
                "stage": dice.choice(("open", "won", "lost")),
                "amount": str(1000 * n),
            }
            for n in range(8)
        ]
        return {
            "crm": ("contacts", crm),
            "fair": ("contacts", fair),
            "forms": ("responses", forms),
            "mailing": ("touches", mailing),
            "deals": ("opportunities", deals),
        }

    def _careless(self, person: dict[str, str]) -> dict[str, str]:
        row = dict(person)
        if self.dice.random() < 0.3:
            row["email"] = ""
        if self.dice.random() < 0.2:
            row["first name"] = row["first name"][0] + "."
        if self.dice.random() < 0.2:
            row["street"], row["zip"], row["city"] = "", "", ""
        row["opt_out"] = "yes" if self.dice.random() < 0.1 else ""
        return row

    def start(self) -> Snapshot:
        """Add all lists and build for the first time: this learns the weights."""
        for name, (kind, rows) in self.lists().items():
            self.add(name, rows, kind)
        return build(self.workspace)

    # What people do.

    def operate(self, snapshot: Snapshot, leave_out: tuple[str, ...] = ()) -> tuple[str, Any]:
        """Do one random thing; return what it was. Nothing is built."""
        kinds: dict[str, Callable[[Snapshot], Any]] = {
            "merge": self._merge,
            "split": self._split,
            "distinct": self._distinct,
            "pin": self._of_one("pin"),
            "set_aside": self._of_one("set_aside"),
            "restore": self._of_one("restore"),
            "note": self._note,
            "override": self._override,
            "undo": self._undo,
            "grow": self._grow,
            "happen": self._happen,
        }
        name = self.dice.choice([kind for kind in kinds if kind not in leave_out])
        self.made += 1
        self.clock += timedelta(minutes=1)
        return name, kinds[name](snapshot)

    def groups(self, snapshot: Snapshot, entity: str) -> dict[str, list[str]]:
        """The records of each contact, site or account."""
        found = defaultdict(list)
        for row in rows(snapshot, "record_entities"):
            if row[f"{entity}_id"] is not None:
                found[row[f"{entity}_id"]].append(row["record_id"])
        return dict(sorted(found.items()))

    def judge(self, kind: str, entity: str, body: dict[str, Any]) -> int:
        with self.workspace.ledger() as ledger:
            made = ledger.judge(
                kind, entity, body, reason=f"reason {self.made}", by="desk", at=self.clock
            )
        return made.number

    def _merge(self, snapshot: Snapshot) -> int | None:
        entity = self.dice.choice(("contact", "contact", "account"))
        groups = list(self.groups(snapshot, entity).values())
        if len(groups) < 2:
            return None
        chosen = self.dice.sample(groups, 2)
        return self.judge("merge", entity, {"groups": chosen})

    def _split(self, snapshot: Snapshot) -> int | None:
        entity = self.dice.choice(("contact", "contact", "account", "site"))
        large = [group for group in self.groups(snapshot, entity).values() if len(group) > 1]
        if not large:
            return None
        group = self.dice.choice(large)
        apart = set(self.dice.sample(group, self.dice.randrange(1, len(group))))
        rest = [record for record in group if record not in apart]
        listed = [record for record in group if record in apart]
        return self.judge("split", entity, {"apart": listed, "rest": rest})

    def _distinct(self, snapshot: Snapshot) -> int:
        records = [r for group in self.groups(snapshot, "contact").values() for r in group]
        one, other = self.dice.sample(records, 2)
        return self.judge("distinct", "contact", {"groups": [[one], [other]]})

    def _of_one(self, kind: str) -> Callable[[Snapshot], int]:
        def act(snapshot: Snapshot) -> int:
            entity = self.dice.choice(("contact", "account", "site"))
            return self.judge(kind, entity, {"records": self._one(snapshot, entity)})

        return act

    def _note(self, snapshot: Snapshot) -> int:
        body = {"records": self._one(snapshot, "contact"), "text": f"note {self.made}"}
        return self.judge("note", "contact", body)

    def _override(self, snapshot: Snapshot) -> int:
        field, value = self.dice.choice(
            (("email", f"new{self.made}@beta.example"), ("full_name", "Zoe Neu"), ("title", "CEO"))
        )
        body = {"records": self._one(snapshot, "contact"), "field": field, "value": value}
        return self.judge("override", "contact", body)

    def _one(self, snapshot: Snapshot, entity: str) -> list[str]:
        return self.dice.choice(list(self.groups(snapshot, entity).values()))

    def _undo(self, _: Snapshot) -> int | None:
        with self.workspace.ledger() as ledger:
            held = [judgement.number for judgement in ledger.judgements()]
            if not held:
                return None
            number = self.dice.choice(held)
            ledger.end(number, reason="undone", by="desk", at=self.clock)
        return number

    def _grow(self, _: Snapshot) -> str:
        """The next content of a list: a few people more, the others as they were."""
        self.people += [self._person(len(self.people) + n) for n in range(2)]
        name = f"leads_{self.made}"
        listed = [self._careless(person) for person in self.people[-2:]]
        self.add(name, [{"nr": str(n), **row} for n, row in enumerate(listed)], "contacts")
        return name

    def _happen(self, _: Snapshot) -> int:
        """Somebody does something on the web, which a tool tells us."""
        body = {"email": self.dice.choice(self.people)["email"], "response_kind": "visit"}
        event = Event("site", f"e{self.made}", "response", self.clock, body)
        with self.workspace.ledger() as ledger:
            return ledger.remember([event]).new

    # Other worlds.

    def copy(self, folder: Path) -> Workspace:
        """The same lists and weights at another place, with nothing built and nothing judged."""
        other = Workspace.create(folder)
        for name in ("landed_dir", "parameters_dir", "sources_dir"):
            shutil.copytree(getattr(self.workspace, name), getattr(other, name), dirs_exist_ok=True)
        return other


def rows(snapshot: Snapshot, table: str) -> list[dict[str, Any]]:
    """All rows of a table."""
    found: list[dict[str, Any]] = pq.read_table(snapshot.table(table)).to_pylist()
    return found


def fingerprints(snapshot: Snapshot) -> dict[str, str]:
    """The hash of every table: which one differs is seen at once."""
    return {name: told["sha256"] for name, told in snapshot.manifest["tables"].items()}


def relations(snapshot: Snapshot) -> dict[str, list[str]]:
    """Every relation there is, by its key: none may be lost or doubled."""
    return {
        table: sorted(row[key] for row in rows(snapshot, table))
        for table, key in RELATIONS.items()
        if table in snapshot.tables
    }


def check_ids(before: Snapshot, after: Snapshot) -> None:
    """Every id that is no longer in use leads to one that is."""
    redirects = {(row["kind"], row["old_id"]): row["new_id"] for row in rows(after, "redirects")}
    for entity in ("contact", "site", "account"):
        now = {row[f"{entity}_id"] for row in rows(after, f"{entity}s")}
        for row in rows(before, f"{entity}s"):
            old = row[f"{entity}_id"]
            assert old in now or redirects.get((entity, old)) in now, f"{old} leads nowhere"


def check_relations(snapshot: Snapshot) -> None:
    """What is attached stands at entities that exist, and with those of its record."""
    there = {
        entity: {row[f"{entity}_id"] for row in rows(snapshot, f"{entity}s")}
        for entity in ("contact", "site", "account")
    }
    for table in RELATIONS:
        if table in snapshot.tables:
            for row in rows(snapshot, table):
                for entity, ids in there.items():
                    assert row[f"{entity}_id"] is None or row[f"{entity}_id"] in ids


def follow(copy: dict[str, dict[str, dict[str, Any]]], feed: pa.Table) -> None:
    """Apply the change feed to a copy of contacts, sites and accounts: {entity: {id: values}}."""
    listed = feed.to_pylist()
    for row in listed:
        if row["entity"] in copy and row["change"] in ("created", "split"):
            copy[row["entity"]][row["id"]] = {}
        if row["entity"] in copy and row["change"] in ("ended", "merged"):
            del copy[row["entity"]][row["id"]]
    for row in listed:
        if row["entity"] in copy and row["field"] is not None:
            copy[row["entity"]][row["id"]][row["field"]] = row["after"]


def as_text(snapshot: Snapshot) -> dict[str, dict[str, dict[str, Any]]]:
    """Contacts, sites and accounts as a follower of the feed has them: fields that are filled."""
    from tieline.engine.duck import DuckEngine

    found: dict[str, dict[str, dict[str, Any]]] = {}
    with DuckEngine() as engine:
        for entity in ("contact", "site", "account"):
            engine.read_parquet(f"{entity}s", snapshot.table(f"{entity}s"))
            columns = [name for name in engine.columns(f"{entity}s") if name != f"{entity}_id"]
            texts = ", ".join(f'"{name}"::VARCHAR AS "{name}"' for name in columns)
            listed = engine.arrow(f"SELECT {entity}_id AS id, {texts} FROM {entity}s").to_pylist()
            found[entity] = {row.pop("id"): filled(row) for row in listed}
    return found


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in values.items() if value is not None}

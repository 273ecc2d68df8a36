"""Forgetting a person: nothing of them is left in any place, and nobody else is touched."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import HEADER, PEOPLE, Market
from tieline.actions import forget as erasure
from tieline.actions import merge, note, override
from tieline.actions.erasure.journal import unfinished
from tieline.actions.forget import Draft, draft, forget
from tieline.data.sources.landing import land
from tieline.errors import TielineError
from tieline.ledger import Event
from tieline.pipeline import build
from tieline.workspace import Workspace

SUSAN = ("susan@oakridge.com", "Susan Chen", "susan chen", "617 555 0101", "6175550101")
"""How she would be found."""


def add(workspace: Workspace, file: Path, **options: str) -> None:
    for landed in land(str(file), workspace.landed_dir):
        workspace.remember(landed, **options)


def write(path: Path, rows, header=HEADER) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def everything(folder: Path) -> dict[str, str]:
    """Every file of a folder as text, the cells of Parquet files among it."""
    told = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            if path.suffix == ".parquet":
                text += json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False)
            told[str(path.relative_to(folder))] = text
    return told


def places_with(folder: Path, values=SUSAN) -> set[str]:
    return {
        name
        for name, text in everything(folder).items()
        if any(value.lower() in text.lower() for value in values)
    }


def fill(market: Market, tmp_path: Path) -> None:
    """Susan in every place: lists old and new, notes, values, events, labels, faults, leftovers."""
    workspace = market.workspace
    old = ("Susan Chen", "s.chen@older.org", "Older Corp", "Intern", "", "", "", "", "")
    add(workspace, write(tmp_path / "alumni.csv", [old, PEOPLE[3]]))
    add(workspace, write(tmp_path / "alumni.csv", [PEOPLE[3]]))
    damaged = tmp_path / "damaged.csv"
    write(damaged, PEOPLE[3:5])
    with damaged.open("a", encoding="utf-8") as file:
        file.write("Susan Chen,susan@oakridge.com,Oakridge LLC,x,y,z,1,2,3,4,5,6,7,8,9\n")
    add(workspace, damaged)
    # Landed, and then never remembered.
    land(str(write(tmp_path / "lost.csv", PEOPLE[1:3])), workspace.landed_dir)
    build(workspace)
    susan = market.contact("Susan Chen")
    note.note(workspace, susan, "Susan Chen asked for a call on 617 555 0101", reason="call")
    override.override(workspace, susan, "title", "Head of Susan Chen", reason="she said so")
    merge.merge(workspace, [market.contact("Anna Gruber"), susan], reason="Susan Chen married")
    with workspace.ledger() as ledger:
        ledger.end(3, reason="no, Susan Chen is another", by="ben")
        ledger.remember(
            [
                Event("web", "m1", "response", "2024-01-02", {"email": "SUSAN@oakridge.com"}),
                Event("web", "m2", "response", "2024-01-02", {"email": "peter@dawson.com"}),
            ]
        )
        records = [row["record_id"] for row in market.rows("records")[:2]]
        ledger.label(*records, "contact", same=True, by="ben", shown={"left": "Susan Chen"})
    build(workspace)
    (workspace.hidden_dir / "fault.txt").write_text("fault at susan@oakridge.com", "utf-8")
    (workspace.scratch_dir / "spill-old").mkdir()
    (workspace.scratch_dir / "spill-old" / "block").write_text("Susan Chen", "utf-8")


@pytest.fixture(scope="session")
def _full(_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full")
    market = Market(Workspace.open(Path(shutil.copytree(_built, folder / "w"))))
    fill(market, folder)
    return market.workspace.path


@pytest.fixture
def full(_full: Path, tmp_path: Path) -> Market:
    return Market(Workspace.open(Path(shutil.copytree(_full, tmp_path / "w"))))


@pytest.fixture
def full_on_each(market: Market, tmp_path: Path, database_url: str) -> Market:
    """The same with its ledger on each database."""
    fill(market, tmp_path)
    return market


@dataclass(frozen=True)
class Forgotten:
    """The full market without Susan, and what it was before; only looked at."""

    market: Market
    shown: Draft
    done: erasure.Forgotten
    files_before: dict[str, str]
    files_after_the_dry_run: dict[str, str]
    records: dict[tuple[str, int], str]
    contacts: dict[str, str]
    rows_read: dict[str, int]


@pytest.fixture(scope="module")
def forgotten(_full: Path, tmp_path_factory: pytest.TempPathFactory) -> Forgotten:
    folder = tmp_path_factory.mktemp("forgotten")
    market = Market(Workspace.open(Path(shutil.copytree(_full, folder / "w"))))
    workspace, susan = market.workspace, market.contact("Susan Chen")
    records = {(r["source"], r["row_number"]): r["record_id"] for r in market.rows("records")}
    contacts = {r["full_name"]: r["contact_id"] for r in market.rows("contacts")}
    read = {source.name: source.rows_read for source in workspace.sources()}
    files = everything(workspace.path)
    shown = draft(workspace, susan)
    looked_at = everything(workspace.path)
    done = forget(workspace, susan, reason="ticket 7", by="ben")
    return Forgotten(market, shown, done, files, looked_at, records, contacts, read)


def test_nothing_of_the_person_is_left_in_any_place(full_on_each: Market):
    full = full_on_each
    workspace = full.workspace
    before = places_with(workspace.path)
    kinds = {"landed", "snapshots", "cache", "fault.txt", "scratch"}
    assert kinds <= {Path(name).parts[1] for name in before if name.startswith(".tieline")}
    done = forget(workspace, full.contact("Susan Chen"), reason="ticket 7", by="ben")
    assert done.scan is not None
    assert done.scan.traces == ()
    assert done.scan.looked_for >= 3
    assert places_with(workspace.path) == set()
    with workspace.ledger() as ledger:
        facts = [*ledger.judgements(active=False), *ledger.labels(active=False)]
        assert not any(value.lower() in str(facts).lower() for value in SUSAN)
        events = [row for batch in ledger.event_batches() for row in batch.to_pylist()]
    assert [event["message_id"] for event in events] == ["m2"]


def test_rows_keep_their_number_and_the_erased_ones_are_counted(forgotten: Forgotten):
    market, before, read = forgotten.market, forgotten.records, forgotten.rows_read
    after = market.rows("record_entities")
    assert {source.name: source.rows_read for source in market.workspace.sources()} == read
    erased = {(r["source"], r["row_number"]) for r in after if r["status"] == "erased"}
    assert erased == {("crm", 3), ("fair", 1), ("damaged", 3)}
    kept = {(r["source"], r["row_number"]): r["record_id"] for r in after}
    lists = {place for place in before if place[0] in read}
    assert {place for place in kept if place[0] in read} == lists
    assert all(kept[place] == before[place] for place in lists - erased)
    assert len(lists) == sum(read.values())
    names = {r["full_name"]: r["contact_id"] for r in market.rows("contacts")}
    others = {name: one for name, one in forgotten.contacts.items() if name != "Susan Chen"}
    assert names == others
    aside = market.rows("set_aside")
    (told,) = [r for r in aside if (r["source"], r["status"]) == ("crm", "erased")]
    assert told["records"] == 1
    funnel = {r["step"]: r for r in market.rows("funnel") if r["source"] == "crm"}
    assert funnel["records"]["records"] == len(PEOPLE)
    assert sum(r["dropped"] for r in funnel.values()) + funnel["usable"]["records"] == len(PEOPLE)


def test_a_judgement_stays_but_says_nothing_of_the_person(forgotten: Forgotten):
    market = forgotten.market
    anna = market.contact("Anna Gruber")
    with market.workspace.ledger() as ledger:
        told = {one.number: one for one in ledger.judgements(active=False)}
    assert sorted(told) == [1, 2, 3]
    assert told[1].body == {"records": [], "text": "(erased)"}
    assert told[2].body["value"] == ""
    annas = [r["record_id"] for r in market.rows("record_entities") if r["contact_id"] == anna]
    assert [group for group in told[3].body["groups"] if group] == [annas]
    assert told[3].reason == "(erased)"
    assert told[3].ended.reason == "(erased)"


def test_a_dry_run_shows_what_would_go_and_changes_nothing(forgotten: Forgotten):
    def kept(files):
        return {n: t for n, t in files.items() if "scratch" not in n and "cache" not in n}

    shown, done = forgotten.shown, forgotten.done
    assert kept(forgotten.files_after_the_dry_run) == kept(forgotten.files_before)
    assert dict(shown.rows) == done.certificate["removed"]["landed_rows"]
    assert len(shown.plan.keys) == done.certificate["tombstones"]
    assert shown.judgements == done.certificate["removed"]["ledger"]["judgements"]


def test_the_certificate_says_what_was_removed_and_names_nobody(forgotten: Forgotten):
    done = forgotten.done
    text = done.path.read_text("utf-8")
    assert json.loads(text) == json.loads(json.dumps(done.certificate))
    assert not any(value.lower() in text.lower() for value in SUSAN)
    assert "older" not in text
    told = done.certificate
    assert told["removed"]["landed_rows"] == {"crm": 1, "fair": 1, "alumni": 1, "damaged": 1}
    assert told["removed"]["landed_contents"] == 1
    assert told["removed"]["ledger"] == {"judgements": 3, "labels": 1, "events": 1}
    assert {one["source"] for one in told["outside"]["lists"]} == {
        "crm", "fair", "alumni", "damaged",
    }  # fmt: skip
    assert (told["reason"], told["by"]) == ("ticket 7", "ben")


class Killed(BaseException):
    """The machine went away."""


@pytest.mark.parametrize("moment", ["tombstones", "ledger", "data"])
def test_stopped_anywhere_the_same_command_finishes_it(full: Market, moment: str):
    workspace = full.workspace
    susan = full.contact("Susan Chen")
    armed = [moment != "data"]

    def stop(word: str) -> None:
        if word == "lists":
            armed[0] = True
        # A build says what it reads: here, that the last build is under way.
        if armed[0] and (word == moment or (moment == "data" and "addresses" in word)):
            raise Killed

    with pytest.raises(Killed):
        forget(workspace, susan, reason="ticket 7", by="ben", said=stop)
    (begun,) = unfinished(workspace)
    assert begun.contact == susan
    left = (workspace.hidden_dir / "erasure" / f"{susan}.journal.json").read_text("utf-8")
    assert not any(value.lower() in left.lower() for value in SUSAN)
    done = forget(Workspace.open(workspace.path), susan, reason="ticket 7", by="ben")
    assert done.scan is not None
    assert done.scan.traces == ()
    assert done.certificate["removed"]["landed_rows"] == {
        "crm": 1, "fair": 1, "alumni": 1, "damaged": 1,
    }  # fmt: skip
    assert places_with(workspace.path) == set()
    assert unfinished(workspace) == []


def test_a_reason_that_names_the_person_is_refused(market: Market):
    with pytest.raises(TielineError) as refused:
        forget(market.workspace, market.contact("Susan Chen"), reason="asked by Susan Chen", by="x")
    assert refused.value.code == "names_the_person"
    assert market.contact("Susan Chen")


def test_some_records_only(full: Market):
    """A row that was held together with hers by mistake is forgotten alone."""
    workspace = full.workspace
    susan = full.contact("Susan Chen")
    done = forget(workspace, susan, records=["fair:1"], reason="ticket 7", by="ben")
    assert done.certificate["removed"]["landed_rows"]["fair"] == 1
    assert full.contact("Susan Chen") == susan
    with pytest.raises(TielineError) as refused:
        draft(workspace, susan, records=["crm:1"])
    assert refused.value.code == "not_theirs"


def test_an_account_is_nobody_to_forget(market: Market):
    account = market.rows("accounts")[0]["account_id"]
    with pytest.raises(TielineError) as refused:
        draft(market.workspace, account)
    assert refused.value.code == "no_person"


def test_two_people_are_forgotten_one_after_the_other(market: Market):
    workspace = market.workspace
    for name in ("Susan Chen", "Peter Dawson"):
        done = forget(workspace, market.contact(name), reason="ticket 7", by="ben")
        assert done.scan.traces == ()
    assert done.certificate["certificate"] == 2
    left = {row["full_name"] for row in market.rows("contacts")}
    assert left == {p[0] for p in PEOPLE} - {"Susan Chen", "Peter Dawson"}
    with workspace.ledger() as ledger:
        assert [c.number for c in ledger.certificates()] == [1, 2]
        assert all(c.made_at <= datetime.now(UTC) for c in ledger.certificates())

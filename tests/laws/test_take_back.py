"""What people do can be taken back, nothing is lost on the way, and ids can be relied on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from desk import (
    Desk,
    as_text,
    check_ids,
    check_relations,
    filled,
    fingerprints,
    follow,
    relations,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tieline.engine.snapshot import Snapshot
from tieline.identity.change_feed import since
from tieline.ledger import Event
from tieline.pipeline import build
from tieline.workspace import Workspace

SEEDS = st.integers(0, 10_000)
DAYS = settings(
    max_examples=1,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
JUDGED = ("merge", "split", "distinct", "pin", "set_aside", "restore", "override")


@contextmanager
def ledger_at(url: str) -> Iterator[None]:
    """Ledgers that are opened lie there; '' is a file in the workspace."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DATABASE_URL", url)
        yield


@DAYS
@given(SEEDS)
def test_the_laws_of_a_day_at_the_desk(a_database, seed):
    """Step by step no relation is lost, old ids lead on, and the change feed can be followed; at
    the end an increment equals a full build, and a judgement taken back was never made."""
    with TemporaryDirectory() as folder, ledger_at(a_database()):
        desk = Desk(Path(folder), seed)
        snapshot = desk.start()
        copy = as_text(snapshot)
        for number in range(5):
            # Two things at a time; every other time one, so that it is seen what it did.
            names = [desk.operate(snapshot)[0] for _ in range(1 + number % 2)]
            before, snapshot = snapshot, build(desk.workspace)
            check_ids(before, snapshot)
            check_relations(snapshot)
            if set(names) <= set(JUDGED):
                assert relations(snapshot) == relations(before), names
            follow(copy, since(desk.workspace.changes_dir, before.id))
            followed = {e: {i: filled(v) for i, v in of.items()} for e, of in copy.items()}
            assert followed == as_text(snapshot)
        whole = build(desk.workspace, full=True)
        assert fingerprints(snapshot) == fingerprints(whole)
        check_taking_back(desk, snapshot, Path(folder, "never"), a_database)


def check_taking_back(
    desk: Desk, snapshot: Snapshot, folder: Path, a_database: Callable[[], str]
) -> None:
    """A judgement that is ended leaves the tables of a world in which it was never made."""
    with desk.workspace.ledger() as ledger:
        held = [judgement.number for judgement in ledger.judgements()]
        if not held:
            return
        number = desk.dice.choice(held)
        ledger.end(number, reason="a mistake", by="desk")
    undone = build(desk.workspace)
    never = replay(desk, folder, number, a_database())
    assert fingerprints(undone) == fingerprints(never)
    assert undone.id == never.id
    assert relations(undone)["responses"] == relations(snapshot)["responses"]


def replay(desk: Desk, folder: Path, without: int, url: str) -> Snapshot:
    """The snapshot of a world in which one judgement (and whatever ended) was never made."""
    other = desk.copy(folder)
    with desk.workspace.ledger() as ledger:
        judgements, events = ledger.judgements(), list(events_of(ledger))
    with ledger_at(url):
        with other.ledger() as fresh:
            for judgement in judgements:
                if judgement.number != without:
                    fresh.judge(
                        judgement.kind,
                        judgement.entity,
                        judgement.body,
                        reason=judgement.reason,
                        by=judgement.made_by,
                        at=judgement.made_at,
                    )
            fresh.remember(events)
        return build(other, full=True)


def events_of(ledger) -> Iterator[Event]:
    """What the ledger remembers, to be remembered elsewhere."""
    for batch in ledger.event_batches():
        for row in batch.to_pylist():
            yield Event(
                row["stream"],
                row["message_id"],
                row["type"],
                datetime.fromisoformat(row["occurred_at"]),
                json.loads(row["body"]),
            )


def test_ids_of_what_did_not_change_stay(tmp_path):
    desk = Desk(tmp_path, 7, people=120)
    before = desk.start()
    desk.people += [desk._person(n) for n in range(120, 126)]  # five per cent more
    listed = [{"nr": str(n), **desk._careless(p)} for n, p in enumerate(desk.people[-6:] * 2)]
    desk.add("leads", listed, "contacts")
    after = build(Workspace.open(desk.workspace.path))
    check_ids(before, after)
    for entity in ("contact", "site", "account"):
        old, now = desk.groups(before, entity), desk.groups(after, entity)
        kept = [one for one, group in old.items() if set(group) <= set(now.get(one, ()))]
        assert len(kept) >= 0.999 * len(old)

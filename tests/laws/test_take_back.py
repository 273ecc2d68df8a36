"""What people do can be taken back, nothing is lost on the way, and ids can be relied on."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

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
from tieline.pipeline import build
from tieline.workspace import Workspace

SEEDS = st.integers(0, 10_000)
FEW = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def a_day(folder: Path, seed: int, operations: int) -> tuple[Desk, Snapshot]:
    """A desk after some operations, built after each third one."""
    desk = Desk(folder, seed)
    snapshot = desk.start()
    for number in range(operations):
        desk.operate(snapshot)
        if number % 3 == 2:
            before, snapshot = snapshot, build(desk.workspace)
            check_ids(before, snapshot)
    return desk, build(desk.workspace)


def replay(desk: Desk, folder: Path, without: int | None) -> Snapshot:
    """The snapshot of a world in which one judgement (and whatever ended) was never made."""
    other = desk.copy(folder)
    with desk.workspace.ledger() as ledger, other.ledger() as fresh:
        for judgement in ledger.judgements():
            if judgement.number != without:
                fresh.judge(
                    judgement.kind,
                    judgement.entity,
                    judgement.body,
                    reason=judgement.reason,
                    by=judgement.made_by,
                    at=judgement.made_at,
                )
        fresh.remember(events_of(ledger))
    return build(other, full=True)


def events_of(ledger):
    import json
    from datetime import datetime

    from tieline.ledger import Event

    for batch in ledger.event_batches():
        for row in batch.to_pylist():
            yield Event(
                row["stream"],
                row["message_id"],
                row["type"],
                datetime.fromisoformat(row["occurred_at"]),
                json.loads(row["body"]),
            )


@FEW
@given(SEEDS)
def test_to_take_one_judgement_back_is_never_to_have_made_it(seed):
    with TemporaryDirectory() as folder:
        desk, snapshot = a_day(Path(folder), seed, 12)
        with desk.workspace.ledger() as ledger:
            held = [judgement.number for judgement in ledger.judgements()]
        if not held:
            return
        number = desk.dice.choice(held)
        with desk.workspace.ledger() as ledger:
            ledger.end(number, reason="a mistake", by="desk")
        undone = build(desk.workspace)
        never = replay(desk, Path(folder, "never"), number)
        assert fingerprints(undone) == fingerprints(never)
        assert undone.id == never.id
        assert relations(undone)["responses"] == relations(snapshot)["responses"]


@FEW
@given(SEEDS)
def test_an_increment_equals_a_full_build(seed):
    with TemporaryDirectory() as folder:
        desk, snapshot = a_day(Path(folder), seed, 9)
        whole = build(desk.workspace, full=True)
        assert fingerprints(snapshot) == fingerprints(whole)


@FEW
@given(SEEDS)
def test_no_relation_is_lost_or_doubled(seed):
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), seed)
        snapshot = desk.start()
        check_relations(snapshot)
        for _ in range(5):
            name, _ = desk.operate(snapshot)
            before, snapshot = snapshot, build(desk.workspace)
            check_relations(snapshot)
            if name in ("merge", "split", "distinct", "pin", "set_aside", "restore", "override"):
                assert relations(snapshot) == relations(before), name


@FEW
@given(SEEDS)
def test_whoever_follows_the_change_feed_has_the_same_tables(seed):
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), seed)
        first = snapshot = desk.start()
        copy = as_text(first)
        for _ in range(4):
            desk.operate(snapshot)
            desk.operate(snapshot)
            before, snapshot = snapshot, build(desk.workspace)
            follow(copy, since(desk.workspace.changes_dir, before.id))
            if before.id == snapshot.id:
                continue
            followed = {e: {i: filled(v) for i, v in of.items()} for e, of in copy.items()}
            assert followed == as_text(snapshot)


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

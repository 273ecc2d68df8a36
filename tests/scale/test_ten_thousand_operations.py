"""Ten thousand things that people do, one after the other, and every law holds all along.

Run by `make test-scale`; `tests/laws/test_take_back.py` has the same laws on short days.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "laws"))

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

from tieline.identity.change_feed import since
from tieline.pipeline import build

OPERATIONS = int(os.environ.get("TIELINE_OPERATIONS", "10000"))
BETWEEN_BUILDS = 25
BETWEEN_FULL_BUILDS = 100


def test_ten_thousand_operations(tmp_path):
    desk = Desk(tmp_path, seed=20_261_122)
    snapshot = desk.start()
    copy = as_text(snapshot)
    builds = 0
    for number in range(1, OPERATIONS + 1):
        # Lists that grow for ever would make it a test of linking.
        desk.operate(snapshot, leave_out=("grow",) if number % 200 else ())
        if number % BETWEEN_BUILDS:
            continue
        before, snapshot = snapshot, build(desk.workspace)
        builds += 1
        check_ids(before, snapshot)
        check_relations(snapshot)
        earlier, now = relations(before), relations(snapshot)
        for table in ("responses", "touches", "opportunities"):
            assert set(earlier[table]) <= set(now[table]), f"{table} were lost"
            assert len(now[table]) == len(set(now[table])), f"{table} were doubled"
        if before.id != snapshot.id:
            follow(copy, since(desk.workspace.changes_dir, before.id))
        assert {e: {i: filled(v) for i, v in of.items()} for e, of in copy.items()} == as_text(
            snapshot
        )
        if builds % BETWEEN_FULL_BUILDS == 0:
            assert fingerprints(build(desk.workspace, full=True)) == fingerprints(snapshot)
    with desk.workspace.ledger() as ledger:
        for judgement in reversed(ledger.judgements()):
            ledger.end(judgement.number, reason="all is taken back", by="desk")
    bare = build(desk.workspace)
    other = desk.copy(tmp_path / "never")
    with desk.workspace.ledger() as ledger, other.ledger() as fresh:
        from test_take_back import events_of

        fresh.remember(events_of(ledger))
    assert fingerprints(bare) == fingerprints(build(other, full=True))

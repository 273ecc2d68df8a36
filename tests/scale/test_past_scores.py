"""A million past scores, told once more from the ledger alone, are the same numbers.

Run by `make test-scale`; `tests/laws/test_past_scores.py` has the same law on few people.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "laws"))

from past_scores import market, told_again, told_by_the_tables

from tieline.engine.snapshot import current

MANY = 1_000_000


def test_a_million_past_scores_told_again_are_the_same(tmp_path):
    workspace = market(tmp_path, people=20_000, responses=22, products=3)
    found = told_by_the_tables(workspace, current(workspace.hidden_dir))
    again = told_again(workspace)
    assert len(again) >= MANY
    assert found.keys() == again.keys()
    wrong = [(key, found[key], told) for key, told in again.items() if tuple(found[key]) != told]
    assert not wrong, (len(wrong), wrong[:5])

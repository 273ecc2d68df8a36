"""Every past score, told once more from the ledger alone, is the same number."""

from past_scores import market, told_again, told_by_the_tables

from tieline.engine.snapshot import current


def test_past_scores_told_again_from_the_ledger_are_the_same(tmp_path):
    workspace = market(tmp_path, people=60, responses=15, products=2)
    found = told_by_the_tables(workspace, current(workspace.hidden_dir))
    again = told_again(workspace)
    assert len(again) > 1_500
    assert {stage for *_, stage in again.values()} > {"inquiry", "sales_qualified"}
    assert found.keys() == again.keys()
    wrong = [(key, found[key], told) for key, told in again.items() if tuple(found[key]) != told]
    assert not wrong, wrong[:5]

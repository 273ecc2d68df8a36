"""A run says what got worse than the kept result, and what misses its target."""

from __future__ import annotations

import pytest
from benchmarks.results import changes, keep_missing, missed_targets
from benchmarks.tables import result_table


def result(name: str = "demo", **systems: dict[str, object]) -> dict[str, object]:
    return {"set": name, "title": name, "systems": systems}


def system(f1: float, seconds: float = 20.0, precision: float = 0.995) -> dict[str, object]:
    figures = {"precision": precision, "recall": 0.99, "f1": f1}
    return {"seconds": seconds, "peak_gb": 1.0, "entities": {"contact": figures}}


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (system(0.980), ["WORSE: tieline contact f1 0.9870 -> 0.9800"]),
        (system(0.990), ["better: tieline contact f1 0.9870 -> 0.9900"]),
        (system(0.987, seconds=40), ["WORSE: tieline seconds 20.0 -> 40"]),
        (system(0.9871, seconds=22), []),
    ],
)
def test_changes_beyond_noise_are_told(now, told):
    assert changes(result(tieline=now), result(tieline=system(0.987))) == told


def test_a_peer_that_was_not_run_again_is_shown_without_a_ratio():
    now = result(tieline=system(0.99, seconds=30))
    keep_missing(now, result(splink=system(0.984, seconds=10)))
    assert "(earlier run)" in result_table(now)
    assert "3.0" not in result_table(now)
    now["systems"]["splink"]["same_run"] = True
    assert "3.0" in result_table(now)


def test_missed_targets_name_the_figure_and_the_limit():
    slow = result(tieline=system(0.9, seconds=45, precision=0.9), goldenmatch=system(0.95))
    assert missed_targets(slow) == [
        "45 s, target 30 s",
        "contact F1 0.9000, target 0.985",
        "contact precision 0.9000, target 0.99",
        "contact F1 0.9000 is not above goldenmatch's 0.9500",
        "45 s is over twice GoldenMatch's 20.0 s",
    ]
    assert missed_targets(result(tieline=system(0.99), goldenmatch=system(0.95))) == []


def test_a_system_that_failed_is_told_as_failed():
    assert missed_targets(result(tieline={"failed": "out of memory"})) == [
        "tieline was not measured"
    ]
    assert "failed" in result_table(result(tieline={"failed": "out of memory"}))

"""What follows from answers is not asked."""

from __future__ import annotations

import pytest

from tieline.actions.implied_answers import ImpliedAnswers


@pytest.mark.parametrize(
    ("answers", "asked", "implied"),
    [
        ([("a", "b", True), ("b", "c", True)], ("a", "c"), True),
        ([("a", "b", True), ("b", "c", False)], ("c", "a"), True),
        ([("a", "b", False), ("b", "c", False)], ("a", "c"), False),
        ([("a", "b", None), ("b", "c", True)], ("a", "c"), False),
        ([("a", "b", False), ("b", "c", True), ("a", "d", True)], ("c", "d"), True),
        ([("a", "a", False)], ("a", "a"), False),
        ([], ("a", "b"), False),
    ],
)
def test_implied(answers, asked, implied):
    assert ImpliedAnswers.of(answers).imply(*asked) is implied

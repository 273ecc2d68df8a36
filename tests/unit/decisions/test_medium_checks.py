"""What learned rates are worth is told without trying them, and the intervals hold."""

import numpy as np
import pytest

from tieline.decisions.approach import Approach
from tieline.decisions.medium_checks import checked


def touches(medium, half, touches, answered):
    return {"medium": medium, "half": half, "touches": touches, "answered": answered}


def test_what_is_better_later_is_said_to_be_better():
    told = checked(
        "key_player",
        [touches("phone", 1, 400, 80), touches("mail", 1, 400, 8),
         touches("phone", 2, 400, 80), touches("mail", 2, 400, 8)],
        Approach(),
    )  # fmt: skip
    assert (told["medium"], told["verdict"]) == ("phone", "better")
    assert told["gain"] == pytest.approx(0.18)


def test_what_was_luck_is_said_to_be_worse():
    told = checked(
        "key_player",
        [touches("phone", 1, 400, 80), touches("mail", 1, 400, 8),
         touches("phone", 2, 400, 8), touches("mail", 2, 400, 80)],
        Approach(),
    )  # fmt: skip
    assert (told["medium"], told["verdict"]) == ("phone", "worse")


def test_one_medium_alone_cannot_be_tested():
    told = checked("sales", [touches("email", 1, 900, 9), touches("email", 2, 900, 9)], Approach())
    assert told["verdict"] == "not testable"
    assert "0 by other media" in told["says"]


def test_the_intervals_hold_the_true_gain_nine_times_in_ten():
    """A policy that takes media by chance; the true rates of each are known."""
    rng, truth, held, tested = np.random.default_rng(4), {"phone": 0.12, "mail": 0.07}, 0, 0
    for _ in range(400):
        rows = []
        for half in (1, 2):
            by_phone = rng.binomial(600, 0.3)
            for medium, many in (("phone", by_phone), ("mail", 600 - by_phone)):
                answered = int(rng.binomial(many, truth[medium]))
                rows.append(touches(medium, half, int(many), answered))
        told = checked("key_player", rows, Approach())
        other = "mail" if told["medium"] == "phone" else "phone"
        gain = truth[told["medium"]] - truth[other]
        held += told["gain_low"] <= gain <= told["gain_high"]
        tested += 1
    assert tested == 400
    assert held / tested >= 0.9

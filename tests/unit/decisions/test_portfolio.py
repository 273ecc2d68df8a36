"""The best portfolio is the best of all: against trying every combination on small cases."""

from __future__ import annotations

import itertools
import random

import pytest

from tieline.decisions.portfolio import Choice, best, quantities, valued

SEGMENTS = ("large", "small")


def market(dice):
    """Some offers with their quantities, what pairs of them share, and what segments need."""
    choices, sizes = [], {}
    for number in range(dice.randint(1, 4)):
        offer, size = f"o{number}", dice.randint(50, 400)
        price, fixed = dice.choice([0.5, 1.0, 2.5]), dice.choice([0.0, 40.0])
        shares = [dice.random() * 0.5 for _ in SEGMENTS]
        sizes[offer] = size
        for records in quantities(size, dice.randint(0, 60), price, fixed, 600)[::3]:
            gains = {s: records * part for s, part in zip(SEGMENTS, shares, strict=True)}
            choices.append(Choice(offer, records, size, fixed + price * records, gains))
    shared = {
        pair: {segment: dice.random() * 20 for segment in SEGMENTS}
        for pair in itertools.combinations(sorted(sizes), 2)
        if dice.random() < 0.6
    }
    caps = {"large": dice.random() * 120} if dice.random() < 0.6 else {}
    return choices, shared, caps


def every_way(choices):
    offers = sorted({choice.offer for choice in choices})
    ways = [[None, *(c for c in choices if c.offer == offer)] for offer in offers]
    for picked in itertools.product(*ways):
        yield [choice for choice in picked if choice is not None]


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("worth", [None, 3.0])
def test_no_combination_is_better(seed, worth):
    dice = random.Random(seed)
    choices, shared, caps = market(dice)
    budget = dice.choice([0.0, 90.0, 250.0, 600.0])
    found = best(choices, budget, shared=shared, caps=caps, worth=worth)
    tried = [
        valued(way, shared=shared, caps=caps, worth=worth)
        for way in every_way(choices)
        if sum(choice.cost for choice in way) <= budget + 0.005
    ]
    assert found.objective == pytest.approx(max(one.objective for one in tried), abs=1e-4)
    assert found.cost <= budget + 0.01


def choice(offer, cost, gain):
    return Choice(offer, 100, 100, cost, {"all": gain})


def test_what_two_lists_share_is_bought_once():
    both = [choice("a", 100, 60), choice("b", 100, 50), choice("c", 100, 30)]
    apart = best(both, 200)
    assert [c.offer for c in apart.choices] == ["a", "b"]
    together = best(both, 200, shared={("a", "b"): {"all": 45}})
    assert [c.offer for c in together.choices] == ["a", "c"]
    assert together.gain == pytest.approx(90)


def test_buying_stops_where_a_key_player_costs_more_than_it_is_worth():
    offers = [choice("cheap", 100, 50), choice("dear", 100, 5)]
    assert [c.offer for c in best(offers, 1e6, worth=10).choices] == ["cheap"]
    assert best(offers, 1e6, worth=1).choices == ()
    assert best(offers, 1e6, worth=10, caps={"all": 0.0}).choices == ()


def test_without_money_nothing_is_bought():
    assert best([choice("a", 100, 60)], 0).choices == ()
    assert best([], 100).choices == ()


@pytest.mark.parametrize(
    ("size", "minimum", "price", "fixed", "budget", "expected"),
    [
        (1000, 400, 1.0, 0, 350, []),
        (1000, 400, 1.0, 0, 450, [400, 450]),
        (1000, 0, 0, 500, 499, []),
        (1000, 0, 0, 500, 500, [1000]),
        (100, 500, 1.0, 0, 1000, [100]),
        (0, 0, 1.0, 0, 1000, []),
    ],
)
def test_quantities_that_can_be_ordered_and_paid(size, minimum, price, fixed, budget, expected):
    assert quantities(size, minimum, price, fixed, budget) == expected

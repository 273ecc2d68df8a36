"""Which pairs are looked at and scored, on a table of a few people."""

from __future__ import annotations

from math import log2

import pyarrow as pa
import pytest

from tieline.identity.linkage.candidates import candidates
from tieline.identity.linkage.comparison import Block, Comparison, Level, LinkageModel, otherwise
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.linkage.links import score
from tieline.identity.linkage.scoring import FORBIDDEN

PEOPLE = pa.table(
    {
        "node": pa.array(range(6), pa.int64()),
        "name": ["ann", "ann", "ann", "bob", "bob", None],
        "mail": ["a", "a", "b", "b", None, "z"],
        "tags": [["x"], ["y"], ["x", "y"], [], ["y"], None],
        "suffix": [None, "jr", None, None, "sr", "jr"],
    }
)
MODEL = LinkageModel(
    "people",
    (
        Comparison(
            "name",
            "l.name IS NOT NULL AND r.name IS NOT NULL",
            (Level("same", "l.name = r.name", m=0.9, u=0.1),),
            otherwise("other", m=0.1, u=0.9),
        ),
        Comparison(
            "mail",
            "l.mail IS NOT NULL AND r.mail IS NOT NULL",
            (Level("same", "l.mail = r.mail", m=0.8, u=0.001),),
            otherwise("other", m=0.2, u=0.999),
        ),
        Comparison(
            "suffix",
            "l.suffix IS NOT NULL AND r.suffix IS NOT NULL",
            (Level("same", "l.suffix = r.suffix", m=0.9, u=0.5),),
            otherwise("other", m=0.1, u=0.5, forbids=True),
        ),
    ),
    (Block("mail", "mail"),),
)
BELIEFS = Parameters(
    "people",
    0.1,
    {"name": [0.9, 0.1], "mail": [0.8, 0.2], "suffix": [0.9, 0.1]},
    {"name": [0.1, 0.9], "mail": [0.001, 0.999], "suffix": [0.5, 0.5]},
    6,
)


@pytest.fixture
def people(duck):
    duck.load("people", PEOPLE)
    return duck


def looked_at(engine, *blocks):
    candidates(engine, "people", blocks, "found")
    pairs = engine.arrow("SELECT left_node, right_node FROM found ORDER BY ALL").to_pylist()
    return [(pair["left_node"], pair["right_node"]) for pair in pairs]


def links(engine, model=MODEL, parameters=BELIEFS):
    score(engine, "people", model, "linked", probability=0.9, parameters=parameters)
    return engine.arrow("FROM linked ORDER BY left_node, right_node").to_pylist()


def weights(engine):
    return {(link["left_node"], link["right_node"]): link["weight"] for link in links(engine)}


def test_rows_with_one_key_are_looked_at_once_and_without_a_key_never(people):
    both = (Block("mail", "mail"), Block("name and mail", "name || mail"))
    assert looked_at(people, *both) == [(0, 1), (2, 3)]


def test_a_key_that_too_many_share_is_not_used(people):
    assert looked_at(people, Block("name", "name", limit=3)) == [(0, 1), (0, 2), (1, 2), (3, 4)]
    assert looked_at(people, Block("name", "name", limit=2)) == [(3, 4)]


def test_a_row_may_have_many_keys(people):
    assert looked_at(people, Block("tags", "tags", many=True)) == [(0, 2), (1, 2), (1, 4), (2, 4)]


def test_inside_a_component_every_pair_is_scored_though_no_block_proposed_it(people):
    blocks = (Block("mail", "mail"), Block("tie", "CASE WHEN node IN (1, 2) THEN 'k' END"))
    model = LinkageModel("people", MODEL.comparisons[:2], blocks)
    m, u = {"name": [0.9, 0.1], "mail": [0.8, 0.2]}, {"name": [0.01, 0.9], "mail": [0.001, 0.5]}
    sure = Parameters("people", 0.5, m, u)
    found = links(people, model, sure)
    # 0-1 and 2-3 share the mail, 1-2 the other key; so 0-2 is looked at too.
    proposed = {(link["left_node"], link["right_node"]): link["proposed"] for link in found}
    assert proposed == {**proposed, (0, 1): True, (1, 2): True, (0, 2): False}
    assert len(proposed) == len(found)
    assert {link["component"] for link in found if link["right_node"] < 3} == {0}


def test_weights_are_the_prior_and_one_weight_for_each_field_that_both_fill(people):
    weight = weights(people)
    prior, same, other, mail = log2(1 / 9), log2(9), -log2(9), log2(800)
    assert weight[0, 1] == pytest.approx(prior + same + mail)
    assert weight[2, 3] == pytest.approx(prior + other + mail)


def test_hard_evidence_forbids_a_pair_whatever_else_agrees(people):
    people.create(
        "people",
        "SELECT node, 'ann' AS name, 'a' AS mail, "
        "CASE node WHEN 0 THEN 'jr' WHEN 1 THEN 'sr' END AS suffix FROM range(3) t(node)",
    )
    weight = weights(people)
    assert weight[0, 1] < FORBIDDEN / 2
    assert weight[0, 2] == weight[1, 2] > 3.2

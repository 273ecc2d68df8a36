"""https://github.com/moj-analytical-services/splink/issues/2529: two pictures, two probabilities.

There one picture of a pair says 83 percent and the next 31, of the same weight. Here a pair is
asked about in the queue, explained from the one side and from the other, and listed among the
links: it is the same number everywhere, and the sum of what it is made of.
"""

import pytest

UNSURE = [
    ("Karen Smith", "karen.smith@elmfreight.com", "Elm Freight Corp", "Planner"),
    ("Kara Smith", "k.smith@elmfreight.com", "Elm Freight Corp", "Driver"),
    ("Paul Johnson", "", "Birch Valves LLC", "Planner"),
    ("Pablo Johnson", "p.johnson@birchvalves.com", "Birch Valves LLC", "Driver"),
    ("David Brown", "", "Cedar Motors Corp", "Planner"),
    ("David Brown", "david.brown@dogwoodtools.com", "Dogwood Tools Inc", "Driver"),
]


@pytest.fixture(scope="module")
def unsure(copied, tmp_path_factory):
    """The market with three pairs of whom nobody knows whether they are one; only looked at."""
    folder = tmp_path_factory.mktemp("unsure")
    market = copied(folder)
    market.people(folder, "unsure", [(*row, "", "", "") for row in UNSURE])
    market.build()
    return market


def told(link):
    return (
        link.weight,
        link.probability,
        link.prior,
        sorted(part.weight for part in link.evidence),
    )


def test_both_sides_tell_the_same_of_a_pair(unsure):
    market, seen = unsure, 0
    contacts = [row["contact_id"] for row in market.rows("contacts")]
    stories = {one: market.story(one) for one in contacts}
    entity_of = {row["record_id"]: row["contact_id"] for row in market.rows("record_entities")}
    for one, story in stories.items():
        for link in story.apart:
            sides = {entity_of[link.left_record], entity_of[link.right_record]}
            (other,) = sides - {one}
            again = [
                told(found)
                for found in stories[other].apart
                if {found.left_record, found.right_record} == {link.left_record, link.right_record}
            ]
            assert again in ([told(link)], [])
            seen += len(again)
    assert seen >= len(UNSURE)


def test_the_parts_add_up_and_the_table_of_links_says_the_same(unsure):
    market = unsure
    node = {row["record_id"]: row["node"] for row in market.rows("record_contacts")}
    listed = {
        frozenset((row["left_node"], row["right_node"])): row["weight"]
        for row in market.rows("contact_links")
    }
    seen = 0
    for contact in market.rows("contacts"):
        story = market.story(contact["contact_id"])
        for link in [*story.links, *story.apart]:
            # The table of weights has four decimals.
            parts = link.prior + sum(part.weight for part in link.evidence)
            assert link.weight == pytest.approx(parts, abs=1e-3)
            pair = frozenset((node[link.left_record], node[link.right_record]))
            assert link.weight == listed[pair]
            assert link.probability == pytest.approx(1 / (1 + 2**-link.weight))
            seen += 1
    assert seen >= 5


def test_the_queue_asks_with_the_number_of_the_explanation(unsure):
    market, compared = unsure, 0
    for question in market.rows("review_queue", entity="contact", together=False):
        if (question["left_records"], question["right_records"]) != (1, 1):
            continue
        pair = {question["left_record"], question["right_record"]}
        for side in ("left_id", "right_id"):
            for link in market.story(question[side]).apart:
                if {link.left_record, link.right_record} == pair:
                    assert question["weight"] == pytest.approx(link.weight, abs=1e-4)
                    assert question["probability"] == pytest.approx(link.probability, abs=1e-4)
                    compared += 1
    assert compared == 2 * len(UNSURE) / 2

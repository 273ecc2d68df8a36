"""https://github.com/PostHog/posthog/issues/104939: the identifier a person is named after.

There, splitting off the one that the person was made from is reported as done, moves nothing, and
empties the person's row. An id of ours, too, is made of one record, the oldest.
"""

import pytest

from tieline.actions import split, undo
from tieline.errors import TielineError

WHOLE = ("full_name", "email", "phone", "title", "account_id")


@pytest.fixture
def helena(market):
    """Her id, which is made of the first row of crm: taken alone, that row has the same."""
    helena = market.contact("crm", 1)
    mine = {(row["source"], row["row_number"]) for row in market.rows("record_entities",
            contact_id=helena)}  # fmt: skip
    assert {("crm", 1), ("fair", 1)} <= mine
    return helena


def test_the_record_that_a_contact_is_named_after_can_be_split_off(market, helena):
    before = market.snapshot().id
    records = {row["record_id"] for row in market.rows("record_entities", contact_id=helena)}
    (known,) = market.rows("contacts", contact_id=helena)
    done = split.split(market.workspace, helena, ["crm:1"], reason="a namesake", by="Kim")

    # What is reported is what is there: two contacts, the named row alone in one of them.
    (told,) = [group for group in done.changes.regrouped if group.kind == "contact"]
    assert [part.id for part in told.before] == [helena]
    alone, rest = market.contact("crm", 1), market.contact("fair", 1)
    assert alone != rest
    assert {part.id for part in told.after} == {alone, rest}
    (only,) = market.rows("record_entities", contact_id=alone)
    others = {row["record_id"] for row in market.rows("record_entities", contact_id=rest)}
    assert (only["source"], only["row_number"]) == ("crm", 1)
    assert others == records - {only["record_id"]}

    # Nobody is blank: each has what its own records say.
    (one,) = market.rows("contacts", contact_id=alone)
    (two,) = market.rows("contacts", contact_id=rest)
    assert [one[name] for name in WHOLE[:4]] == [
        "Helena Marsh", "helena.marsh@alderpumps.com", "+13125550142", "Buyer"
    ]  # fmt: skip
    assert two["email"] == known["email"]
    assert two["title"] == "Senior Buyer"
    # The id stays with the record it is made of.
    assert (alone, helena) == (helena, alone)

    undo.undo(market.workspace)
    assert market.rows("contacts", contact_id=helena) == [known]
    assert market.snapshot().id == before


def test_each_can_be_split_off_until_one_is_left(market):
    tomas, before = market.contact("crm", 3), market.snapshot().id
    rows = market.rows("record_entities", contact_id=tomas)
    names = [f"{row['source']}:{row['row_number']}" for row in rows]
    for name in names[:-1]:
        split.split(market.workspace, name, [name], reason="each for itself", by="Kim")
    ids = [market.contact(row["source"], row["row_number"]) for row in rows]
    assert len(set(ids)) == len(rows) == 3
    assert tomas in ids
    counted = {row["contact_id"]: row["records"] for row in market.rows("contacts")}
    assert [counted[one] for one in ids] == [1, 1, 1]
    with pytest.raises(TielineError) as refused:
        split.split(market.workspace, names[0], [names[0]], reason="once more", by="Kim")
    assert refused.value.code == "nothing_left"
    assert market.snapshot().id != before

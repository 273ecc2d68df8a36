"""Leads are handed over to sellers, answered at once, and come back: the whole loop, small."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from tieline.actions import lead_queue, merge
from tieline.actions.erasure.ledger_facts import GONE, without_person
from tieline.actions.erasure.values import Values
from tieline.actions.history import history
from tieline.actions.lead_answer import answer
from tieline.actions.remember import remember
from tieline.actions.undo import undo
from tieline.cli.judgement_words import says
from tieline.errors import TielineError
from tieline.ledger import Event, Judgement
from tieline.metrics.hand_over import ANSWERED
from tieline.pipeline import build
from tieline.workspace.scorecards import ENTITY, PROPOSAL, SIGNATURE, path_of, version_of

CARD = """\
product = "Pumps"
[owners]
marketing = "Ann"
sales = "Bob"
[thresholds]
marketing_qualified = 10
sales_accepted = 20
sales_qualified = 30
[hand_over]
answer_within_days = 3
[[hand_over.sellers]]
name = "Dirk"
when = "account.country = 'DE'"
[criteria.reads]
group = "activity"
kinds = ["download*"]
points = 10
most = 5
collected_by = { marketing = 0.9 }
"""
DAY = datetime.now(UTC) - timedelta(days=1)
"""A time before anybody answers: answers are given by the clock."""


def responds(market, *emails, at=DAY, kind="response", what="download"):
    events = [
        Event("web", f"{email} {at} {n}", kind, at, {"email": email, "response_kind": what})
        for n, email in enumerate(emails)
    ]
    done = remember(market.workspace, events)
    assert (done.new, done.faults) == (len(events), [])


def queue(market, *, everything=False, **asked):
    """Who waits or waited: name -> row."""
    with lead_queue.queue_now(market.workspace) as (_, engine):
        found = lead_queue.rows(engine, everything=everything, **asked)
    return {row["who"]: row for row in found}


def standings(market):
    return {who: row["standing"] for who, row in queue(market, everything=True).items()}


def built(market):
    """What the tables say after the next build; the queue said the same before."""
    foreseen = queue(market, everything=True)
    build(market.workspace)
    found = {row["contact_id"]: row for row in market.rows("lead_queue")}
    for row in foreseen.values():
        for column, value in found[row["contact_id"]].items():
            assert row[column] == value, column
    assert queue(market, everything=True) == foreseen


def refused(code, *given, **more):
    with pytest.raises(TielineError) as caught:
        answer(*given, **more)
    assert caught.value.code == code
    assert caught.value.next_step
    return f"{caught.value.message} {caught.value.next_step}"


@pytest.fixture
def signed(market):
    """The market with a scorecard in force, and three who responded: one of them in Berlin."""
    path = path_of(market.workspace, "pumps")
    path.parent.mkdir()
    path.write_text(CARD, "utf-8")
    responds(market, "maria@brightwell.com", "susan@oakridge.com", "anna@keller.de")
    version = version_of(CARD)
    said = {"scorecard": "pumps", "version": version}
    with market.workspace.ledger() as ledger:
        # As lead_definition writes them, without a build after each.
        for kind, more, by in (
            (PROPOSAL, {"content": CARD}, "Ann"),
            (SIGNATURE, {"role": "marketing"}, "Ann"),
            (SIGNATURE, {"role": "sales"}, "Bob"),
        ):
            ledger.judge(kind, ENTITY, {**said, **more}, reason="agreed", by=by)
    build(market.workspace)
    return market


def test_the_loop_from_hand_over_to_coming_back(database_url, signed):
    world = signed.workspace
    first = queue(signed)
    assert {who: row["seller"] for who, row in first.items()} == {
        "Maria Alvarez": "Bob",
        "Susan Chen": "Bob",
        "Anna Gruber": "Dirk",
    }
    assert set(queue(signed, seller="dirk")) == {"Anna Gruber"}
    with lead_queue.queue_now(world) as (_, engine), pytest.raises(TielineError) as caught:
        lead_queue.check_seller(engine, "Drik")
    assert "Did you mean 'Dirk'?" in caught.value.message
    maria, susan = signed.contact("Maria Alvarez"), signed.contact("Susan Chen")
    before = signed.snapshot().id

    accepted = answer(world, maria, "pumps", "accept", by="Bob")
    rejected = answer(
        world, "crm:3", "Pumps", "reject", because="no_need", reason="has one", by="Bob"
    )
    assert signed.snapshot().id == before, "an answer builds nothing"
    assert standings(signed) == {
        "Maria Alvarez": "accepted",
        "Susan Chen": "rejected",
        "Anna Gruber": "waiting",
    }
    assert "Susan Chen" not in queue(signed)
    built(signed)
    assert standings(signed)["Susan Chen"] == "rejected"
    told = {one.judgement.name: one for one in history(world)}
    said = told[rejected.judgement.name]
    assert says(said.judgement, said.records) == (
        "crm:3, fair:1 rejected as a lead for Pumps, no_need"
    )
    assert said.ids == (susan,)

    # A touch is work; a response after the rejection brings her back.
    later = datetime.now(UTC)
    responds(signed, "maria@brightwell.com", at=later, kind="touch", what="call")
    responds(signed, "susan@oakridge.com", at=later)
    build(world)
    rows = queue(signed)
    assert rows["Maria Alvarez"]["touches"] == 1
    assert (rows["Susan Chen"]["standing"], rows["Susan Chen"]["is_back"]) == ("waiting", True)
    assert rows["Susan Chen"]["because"] == "no_need"

    undo(world, accepted.judgement.name)
    assert standings(signed)["Maria Alvarez"] == "waiting"
    (row,) = signed.rows("lead_answers")
    assert (row["contact_id"], row["word"], row["counts"]) == (susan, "has one", True)
    (month,) = {(row["handed_over"], row["rejected"]) for row in signed.rows("lead_outcomes")}
    assert month == (3, 0), "who came back is handed over anew"


def test_an_answer_follows_its_records_into_another_contact(signed):
    world = signed.workspace
    john, maria = signed.contact("John Becker"), signed.contact("Maria Alvarez")
    answer(world, maria, "pumps", "recycle", until="2999-01-01", by="Bob")
    merge.merge(world, [john, maria], reason="one person", by="Kim")
    (row,) = [row for row in queue(signed, everything=True).values() if row["answer"]]
    assert row["contact_id"] in (john, maria)
    assert (row["standing"], row["back_on"]) == ("recycled", date(2999, 1, 1))
    undo(world, reason="two after all")
    found = queue(signed, everything=True)
    assert found["Maria Alvarez"]["standing"] == "recycled"
    assert "John Becker" not in found


def test_what_cannot_be_answered_is_told_with_the_reason(signed):
    world = signed.workspace
    maria, john = signed.contact("Maria Alvarez"), signed.contact("John Becker")
    said = refused("unknown_reason", world, maria, "pumps", "reject", because="no_bugdet")
    assert "Did you mean 'no_budget'?" in said
    assert "one of: no_need" in refused("unknown_reason", world, maria, "pumps", "reject")
    refused("no_word", world, maria, "pumps", "reject", because="other")
    refused("bad_day", world, maria, "pumps", "recycle", until="next spring")
    assert "is over" in refused("bad_day", world, maria, "pumps", "recycle", until="2020-01-01")
    assert "Did you mean 'Pumps'?" in refused("unknown_product", world, maria, "Pmups", "accept")
    assert "never responded" in refused("not_in_queue", world, john, "pumps", "accept")
    answer(world, maria, "pumps", "accept", by="Bob")
    assert "accepted by Bob" in refused("already_answered", world, maria, "pumps", "accept")
    # A seller may change their mind.
    answer(world, maria, "pumps", "reject", because="no_budget", by="Bob")
    assert standings(signed)["Maria Alvarez"] == "rejected"


def test_of_two_sellers_at_once_the_later_is_told_of_the_other(signed):
    maria = signed.contact("Maria Alvarez")

    def accept(seller):
        try:
            made = answer(signed.workspace, maria, "pumps", "accept", by=seller)
        except TielineError as problem:
            return problem.code == "already_answered"
        return bool(made.meanwhile)

    with ThreadPoolExecutor(2) as sellers:
        told = list(sellers.map(accept, ("Bob", "Dirk")))
    assert any(told), "both believe that the lead is theirs alone"
    assert standings(signed)["Maria Alvarez"] == "accepted"


def test_a_draft_hands_nobody_over_and_says_so(signed):
    world = signed.workspace
    with world.ledger() as ledger:
        last = ledger.judgements(kind="lead_signature")[-1]
    undo(world, last.name)
    assert queue(signed, everything=True) == {}
    maria = signed.contact("Maria Alvarez")
    assert "not yet signed by both" in refused("not_in_force", world, maria, "pumps", "accept")
    assert [card.name for card in lead_queue.idle_cards(world)] == ["pumps"]


def test_a_recycled_lead_rests_as_long_as_the_scorecard_says(signed):
    made = answer(
        signed.workspace, "crm:1", "pumps", "recycle", by="Bob", today=date(2030, 1, 1)
    ).judgement
    assert made.body["until"] == "2030-04-01"
    assert made.reason == ANSWERED["recycle"]
    assert made.evidence["parts"] == {"reads": 10.0}


def test_of_a_forgotten_person_only_that_there_was_an_answer_is_left():
    body = {"records": ["r1"], "product": "Pumps", "version": "v1", "answer": "reject"}
    body |= {"because": "no_need", "until": ""}
    made = Judgement(
        7, "lead_answer", "contact", body, "Susan has one", "Bob", DAY, {"ids": ["C1"]}
    )
    left = without_person(made, {"r1"}, Values())
    assert left.body == {**body, "records": []}
    assert (left.reason, left.made_by, left.evidence) == (GONE, "Bob", None)
    assert says(left, {}) == "somebody who was forgotten rejected as a lead for Pumps, no_need"

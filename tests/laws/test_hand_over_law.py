"""Where leads stand does not depend on whose answer came first, nor on answers taken back."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline import identity, metrics
from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.identity.judgements import Judgements
from tieline.ledger import open_ledger
from tieline.metrics.hand_over import ANSWERS, REASONS

MODELS = {model.name: model for model in (*identity.models(), *metrics.models())}
PEOPLE = ("anna", "ben", "cleo")
TODAY = date(2024, 6, 30)
TEXT, DAY, MOMENT, TRUTH = pa.string(), pa.date32(), pa.timestamp("us"), pa.bool_()
TYPES = {
    "lead_handovers": {
        **dict.fromkeys(
            ("product", "contact_id", "site_id", "account_id", "stage", "version", "seller"), TEXT
        ),
        "score": pa.float64(), "is_lead": TRUTH, "outcome": TEXT, "closed_on": DAY,
        "last_response_on": DAY, "crossed_on": DAY, "crossed_before_on": DAY,
        "handing_over_since": DAY, "answer_within_days": pa.int64(), "work_within_days": pa.int64(),
    },
    "responses": {"contact_id": TEXT, "occurred_at": MOMENT},
    "touches": {"contact_id": TEXT, "occurred_at": MOMENT},
    "as_of": {"as_of": DAY},
    "record_entities": {"record_id": TEXT, "contact_id": TEXT},
    "records": {"record_id": TEXT, "arrival": pa.int64()},
}  # fmt: skip
DAYS = st.integers(0, 59).map(lambda days: TODAY - timedelta(days=days))
SAID = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(ANSWERS),
    st.sampled_from(REASONS),
    st.one_of(st.just(""), DAYS.map(date.isoformat)),
)
HAPPENED = st.lists(st.tuples(st.sampled_from(PEOPLE), DAYS), max_size=6)
LEADS = st.fixed_dictionaries(
    {
        name: st.fixed_dictionaries(
            {
                "is_lead": st.booleans(),
                "crossed_on": st.one_of(st.none(), DAYS),
                "closed_on": st.one_of(st.none(), DAYS),
            }
        )
        for name in PEOPLE
    }
)


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=1) as made:
        yield made


def load(engine, leads, responses, touches):
    given = {
        "lead_handovers": [
            {"product": "pumps", "contact_id": name, "handing_over_since": date(2024, 5, 1),
             "last_response_on": TODAY, "answer_within_days": 2, "work_within_days": 14, **lead}
            for name, lead in leads.items()
        ],
        "responses": [{"contact_id": who, "occurred_at": _noon(day)} for who, day in responses],
        "touches": [{"contact_id": who, "occurred_at": _noon(day)} for who, day in touches],
        "as_of": [{"as_of": TODAY}],
        "record_entities": [{"record_id": f"r-{name}", "contact_id": name} for name in PEOPLE],
        "records": [{"record_id": f"r-{name}", "arrival": n} for n, name in enumerate(PEOPLE)],
    }  # fmt: skip
    for table, rows in given.items():
        engine.load(table, pa.Table.from_pylist(rows, schema=pa.schema(list(TYPES[table].items()))))


def _noon(day):
    return datetime(day.year, day.month, day.day, 12)


def standings(engine, answers, undone=()):
    """Everything about every lead, after these answers were written into a ledger of their own.

    An answer is (moment, who, answer, because, until); those in `undone`, by place, are ended.
    """
    with TemporaryDirectory() as folder, open_ledger(Path(folder), "") as ledger:
        made = [
            ledger.judge(
                "lead_answer",
                "contact",
                {
                    "records": [f"r-{who}"],
                    "product": "pumps",
                    "version": "v1",
                    "answer": answer,
                    "because": because if answer == "reject" else "",
                    "until": until if answer == "recycle" else "",
                },
                reason="said so",
                by="Bob",
                at=moment,
            )
            for moment, who, answer, because, until in answers
        ]
        for place in undone:
            ledger.end(made[place].number, reason="a slip", by="Bob")
        context = {"judgements": Judgements(ledger), "scorecards": ("pumps",)}
        for name in ("stated_answers", "lead_answers", "lead_standings"):
            compute(MODELS[name], engine, context)
    rows = engine.arrow("SELECT * FROM lead_standings ORDER BY contact_id").to_pylist()
    told = engine.arrow("SELECT * FROM lead_answers ORDER BY answer_id").to_pylist()
    return rows, told


def timed(said):
    """Each answer a day after the one before it, so that its moment is its own."""
    start = datetime(2024, 6, 1, 15, tzinfo=UTC)
    return [(start + timedelta(days=n), *one) for n, one in enumerate(said)]


@settings(max_examples=15, deadline=None)
@given(LEADS, HAPPENED, HAPPENED, st.lists(SAID, min_size=2, max_size=6), st.randoms())
def test_whose_answer_arrives_first_does_not_matter(engine, leads, responses, touches, said, dice):
    load(engine, leads, responses, touches)
    answers = timed(said)
    places = [one[1] for one in answers]
    dice.shuffle(places)
    waiting = {name: [one for one in answers if one[1] == name] for name in Counter(places)}
    # Of each contact in their order, of different ones in any.
    mixed = [waiting[name].pop(0) for name in places]
    assert standings(engine, mixed) == standings(engine, answers)


@settings(max_examples=15, deadline=None)
@given(LEADS, HAPPENED, HAPPENED, st.lists(SAID, min_size=1, max_size=5), st.integers(0, 4))
def test_an_answer_taken_back_was_never_made(engine, leads, responses, touches, said, chosen):
    load(engine, leads, responses, touches)
    answers = timed(said)
    place = chosen % len(answers)
    never = answers[:place] + answers[place + 1 :]
    assert standings(engine, answers, [place]) == standings(engine, never)


@settings(max_examples=25, deadline=None)
@given(LEADS, HAPPENED, HAPPENED, st.lists(SAID, max_size=5))
def test_nobody_is_lost_and_every_lead_that_waits_has_a_day(
    engine, leads, responses, touches, said
):
    load(engine, leads, responses, touches)
    rows, _ = standings(engine, timed(said))
    answered = {one[0] for one in said}
    found = {row["contact_id"]: row for row in rows}
    assert {name for name in PEOPLE if leads[name]["is_lead"]} | answered <= set(found)
    for row in rows:
        assert row["answer_due_on"] >= date(2024, 5, 3)
        waits = row["standing"] in ("waiting", "overdue")
        if waits:
            assert row["answer"] is None or row["is_back"]
            assert (row["standing"] == "overdue") <= row["is_lead"]
            assert (row["standing"] == "overdue") == (row["answer_due_on"] < TODAY)

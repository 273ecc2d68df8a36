"""As of any day: the periods tell what a build told that knew no more than was told by then."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.engine import graph
from tieline.engine.duck import DuckEngine
from tieline.engine.tables import Table
from tieline.metrics.response_rules import RULES, StageLimits
from tieline.pipeline import models

NAMES = (
    "stage_clock", "record_days", "contact_stays", "site_players", "dialogue_spans",
    "sales_spans", "site_stage_periods", "site_stages",
)  # fmt: skip
BY_NAME = {model.name: model for model in models()}
FIRST = date(2024, 1, 1)
SITES = {"paris": "acme", "lyon": "acme", "rome": "globex"}
PLAYERS = {"anna", "eva"}
DAYS = st.integers(0, 60)
RECORDS = st.lists(
    st.tuples(st.sampled_from(["anna", "tom", "eva", "ida"]), DAYS, st.sampled_from(list(SITES))),
    min_size=2, max_size=8, unique_by=lambda one: one[:2],
)  # fmt: skip
RESPONSES = st.lists(
    st.tuples(
        DAYS, st.sampled_from(["anna", "tom", "eva", "ida"]), st.sampled_from(list(SITES)),
        st.sampled_from(["survey", "guide download", "demo request", "ticket", "riddle"]),
    ), min_size=2, max_size=10,
)  # fmt: skip
DEALS = st.lists(
    st.tuples(DAYS, st.integers(0, 30), st.sampled_from(["won", "lost", "open"]),
              st.sampled_from(list(SITES))), max_size=3,
)  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def on(day):
    return FIRST + timedelta(days=day)


def table(rows, **types):
    columns = [[row[n] for row in rows] for n in range(len(types))]
    arrays = [pa.array(c, t) for c, t in zip(columns, types.values(), strict=True)]
    return pa.table(arrays, names=list(types))


def told(engine, records, responses, deals, until, silence, after_close):
    """The tables of a build that stands at a day and knows what was told by then."""
    text, day = pa.string(), pa.date32()
    records = [one for one in records if one[1] <= until]
    # Nobody is known, and nothing of them is attached, before a record says them.
    people = {who for who, _, _ in records}
    numbered = [(f"m{n:02}", *one) for n, one in enumerate(responses)]
    found = [one for one in numbered if one[1] <= until and one[2] in people]
    newest = {who: (d, where) for who, d, where in sorted(records, key=lambda one: one[1])}
    known = {where for _, _, where in records}
    opened = [(f"o{n}", *one) for n, one in enumerate(deals) if one[0] <= until and one[3] in known]
    given = {
        "as_of": table([(on(until),)], as_of=day),
        "accounts": table([("acme", None), ("globex", None)], account_id=text, set_aside=text),
        "sites": table(
            [(where, SITES[where], None, 0, 0) for where in sorted(known)], site_id=text,
            account_id=text, moved_to_site_id=text, contacts=pa.int64(), records=pa.int64(),
        ),
        "record_entities": table(
            [(f"{w}{d}", "crm", w, SITES[s], s, "usable") for w, d, s in records], record_id=text,
            source=text, contact_id=text, account_id=text, site_id=text, status=text,
        ),
        "standard_records": table(
            [(f"{w}{d}", on(d), 5) for w, d, _ in records], record_id=text, record_at=day,
            trust=pa.int64(),
        ),
        "landings": table([("crm", on(100))], source=text, landed_on=day),
        "contact_positions": table(
            [(who, SITES[where], where, 1) for who, (_, where) in newest.items()],
            contact_id=text, account_id=text, site_id=text, place=pa.int64(),
        ),
        "address_moves": table([], entity_id=text, from_site_id=text, site_id_now=text),
        "contacts": table([(who, None) for who in people], contact_id=text, buying_role=text),
        "key_players": table([(w, "p") for w in people & PLAYERS], contact_id=text, product=text),
        "product_roles": table([("p", "any")], product=text, function=text),
        "universe": table([], member=text, site_id=text, segment=text),
        "segments": table([], segment=text, product=text),
        "responses": table(
            [
                (name, who, where, kind, None, None, datetime.combine(on(d), time(9)), "log")
                for name, d, who, where, kind in found
            ],
            response_id=text, contact_id=text, site_id=text, kind=text, topic=text, medium=text,
            occurred_at=pa.timestamp("us"), source=text,
        ),
        "opportunities": table(
            [
                (
                    name, SITES[where], where, outcome if d + more <= until else "open", None,
                    datetime.combine(on(d), time(9)),
                    on(d + more) if outcome != "open" and d + more <= until else None, "crm",
                )
                for name, d, more, outcome, where in opened
            ],
            opportunity_id=text, account_id=text, site_id=text, outcome=text, name=text,
            created_at=pa.timestamp("us"), closed_at=day, source=text,
        ),
    }  # fmt: skip
    for name, rows in given.items():
        engine.load(name, rows)
    context = {"stages": StageLimits(silence, after_close, RULES)}
    for name in NAMES:
        graph.compute(BY_NAME[name], engine, context)
    periods = Table(engine, "site_stage_periods").arrow().to_pylist()
    now = Table(engine, "site_stages").arrow().to_pylist()
    for name in (*given, *NAMES):
        engine.drop(name)
    return periods, {row["site_id"]: as_told(row) for row in now}


def as_told(row):
    names = ("stage", "phase", "entered_on", "moved_by", "response_id", "contact_id", "because")
    return tuple(row[name] for name in names)


@settings(max_examples=20, deadline=None)
@given(
    records=RECORDS, responses=RESPONSES, deals=DEALS, day=DAYS,
    silence=st.sampled_from([1, 7, 20, 365]), after_close=st.sampled_from([0, 5]),
)  # fmt: skip
def test_as_of_any_day_is_what_was_told_by_then(
    engine, records, responses, deals, day, silence, after_close
):
    facts = records, responses, deals
    periods, _ = told(engine, *facts, 95, silence, after_close)
    _, then = told(engine, *facts, day, silence, after_close)
    replayed = {
        row["site_id"]: as_told(row)
        for row in periods
        if row["entered_on"] <= on(day) and (row["left_on"] is None or row["left_on"] > on(day))
    }
    assert replayed == then


@settings(max_examples=10, deadline=None)
@given(records=RECORDS, responses=RESPONSES, deals=DEALS)
def test_periods_follow_each_other_without_a_gap(engine, records, responses, deals):
    periods, _ = told(engine, records, responses, deals, 95, 20, 0)
    for site in SITES:
        own = sorted((p for p in periods if p["site_id"] == site), key=lambda p: p["entered_on"])
        assert all(period["left_on"] is None for period in own[-1:])
        for before, after in pairwise(own):
            assert before["left_on"] == after["entered_on"]
            assert (after["from_stage"], after["from_phase"]) == (before["stage"], before["phase"])
            assert (after["stage"], after["phase"]) != (before["stage"], before["phase"])

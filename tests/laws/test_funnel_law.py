"""Whatever was read: rows read = rows usable + rows set aside by reason, and no step adds any."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tieline
from tieline.engine.duck import DuckEngine
from tieline.engine.model import sql_model
from tieline.engine.run import run
from tieline.engine.tables import Table

SOURCE = Path(tieline.__file__).parent
ENTITIES = [
    sql_model(SOURCE / "identity" / f"{name}.sql")
    for name in (
        "suppressed_contacts", "suppressed_emails", "reachable_sites", "record_fates",
        "record_entities",
    )
]  # fmt: skip
FUNNEL = [sql_model(SOURCE / "metrics" / f"{name}.sql") for name in ("funnel", "set_aside")]
REASONS = (
    "unreadable", "invalid_address", "no_address", "duplicate", "no_company", "competitor",
    "own_company", "set_aside", "suppressed", "opted_out", "junk_name", "log_entry",
    "address_change", "no_registry_match",
)  # fmt: skip

SOURCES = st.sampled_from(["crm", "fair 2019", "käufer", "ALL"])
OUTCOMES = st.lists(st.tuples(SOURCES, st.sampled_from(["usable", *REASONS])), max_size=60)

few = st.integers(0, 3)
rarely = st.sampled_from([False] * 9 + [True])
LINKED = st.lists(
    st.fixed_dictionaries(
        {
            "source": SOURCES,
            "kind": st.sampled_from(["contacts"] * 5 + ["companies", "responses", "suppressions"]),
            "trust": few,
            "unreadable": rarely,
            "listed": st.booleans(),
            "verdict": st.sampled_from(["ok"] * 5 + ["corrected", "mismatch", "missing", None]),
            "nobody": rarely,
            "opted_out": rarely,
            "contact": st.sampled_from([0, 1, 2, 3, None]),
            "account": st.sampled_from([0, 1, 2, 3, 0, 1, 2, 3, None]),
            "site": few,
            "fate": st.sampled_from([None] * 8 + ["set_aside", "restored"]),
        }
    ),
    # Fewer records are seldom linked to each other.
    min_size=8,
    max_size=25,
)


LOADED = (
    "records", "introductions", "standard_records", "judged_contacts", "judged_accounts",
    "judged_sites", "judged_fates", "set_aside_accounts", "record_consents",
    "unmatched_accounts",
)  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def table(types, rows):
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    return pa.table(
        {name: pa.array(list(column), kind) for (name, kind), column in zip(types, columns)}
    )


def computed(engine, models, *names):
    run(models, engine, {}, given=["record_entities"])
    return [Table(engine, name).arrow().to_pylist() for name in names]


def check_sums(engine, outcomes):
    """`outcomes` are the (source, status) of the records that were read."""
    funnel, aside = computed(engine, FUNNEL, "funnel", "set_aside")
    read = Counter(source for source, _ in outcomes)
    usable = Counter(source for source, status in outcomes if status == "usable")
    told = {(row["source"], row["step"]): row for row in funnel}
    reasons = Counter()
    for row in aside:
        reasons[row["source"]] += row["records"]

    assert {source for source, _ in told} == ({*read, "all"} if read else set())
    for source in read:
        assert told[source, "records"]["records"] == read[source]
        assert told[source, "usable"]["records"] == usable[source]
        assert read[source] == usable[source] + reasons[source]
    if read:
        assert told["all", "records"]["records"] == read.total()
        assert read.total() == told["all", "usable"]["records"] + reasons.total()
    dropped = {(s, step): row["dropped"] for (s, step), row in told.items() if s != "all"}
    by_step = Counter()
    for row in aside:
        by_step[row["source"], row["step"]] += row["records"]
    assert +Counter(dropped) == by_step
    check_steps(funnel)


def check_steps(funnel):
    for source in {row["source"] for row in funnel}:
        steps = sorted(
            (row for row in funnel if row["source"] == source), key=lambda r: r["step_number"]
        )
        assert [row["step_number"] for row in steps] == [1, 2, 3, 4, 5, 6, 7]
        assert (steps[0]["share"], steps[0]["dropped"]) == (1, 0)
        for before, after in pairwise(steps):
            assert before["records"] == after["records"] + after["dropped"]
            assert 0 <= after["records"] <= before["records"]
            assert after["share"] == after["records"] / steps[0]["records"]


@settings(max_examples=60, deadline=None)
@given(outcomes=OUTCOMES)
def test_records_read_are_usable_or_set_aside(engine, outcomes):
    types = [("record_id", pa.string()), ("source", pa.string()), ("status", pa.string())]
    rows = [(f"r{n}", *outcome) for n, outcome in enumerate(outcomes)]
    engine.load("record_entities", table(types, rows))
    check_sums(engine, outcomes)


@settings(max_examples=60, deadline=None)
@given(
    linked=LINKED,
    reasons=st.tuples(*[st.sampled_from([None, None, None, *REASONS[5:7], "suppressed"])] * 4),
)
def test_every_record_gets_one_known_status_whatever_it_is_linked_to(engine, linked, reasons):
    load_linked(engine, linked, reasons)
    run(ENTITIES, engine, {}, given=LOADED)
    judged = Table(engine, "record_entities").arrow().to_pylist()
    assert sorted(row["record_id"] for row in judged) == [f"r{n:02}" for n in range(len(linked))]
    assert {row["status"] for row in judged} <= {"usable", *REASONS}
    kept = Counter(row["contact_id"] for row in judged if row["status"] == "usable")
    del kept[None]
    assert all(times == 1 for times in kept.values()), "a contact is usable once"
    readable = [(f"r{n:02}", row) for n, row in enumerate(linked) if not row["unreadable"]]
    asked = {r["contact"] for _, r in readable if r["opted_out"] or r["kind"] == "suppressions"}
    theirs = {name for name, r in readable if r["contact"] is not None and r["contact"] in asked}
    usable = {row["record_id"] for row in judged if row["status"] == "usable"}
    assert not usable & theirs, "they asked not to be written to"
    check_sums(engine, [(row["source"], row["status"]) for row in judged])


def load_linked(engine, linked, reasons):
    """Load the inputs of record_entities: only readable records are linked to anything."""
    text, number, truth = pa.string(), pa.int64(), pa.bool_()
    rows = [(f"r{n:02}", row) for n, row in enumerate(linked)]
    readable = [(name, row) for name, row in rows if not row["unreadable"]]
    at_account = [(name, row) for name, row in readable if row["account"] is not None]
    tables = {
        "records": (
            [("record_id", text), ("source", text), ("row_number", number), ("kind", text),
             ("trust", number), ("unreadable", text), ("is_list_entry", truth)],
            [(name, r["source"], n, r["kind"], r["trust"], "cells" if r["unreadable"] else None,
              r["kind"] != "responses" or r["listed"])
             for n, (name, r) in enumerate(rows, 1)],
        ),
        "introductions": (
            [("record_id", text)],
            [(name,) for name, r in readable if r["contact"] is not None],
        ),
        "standard_records": (
            [("record_id", text), ("record_at", pa.date32()), ("address_verdict", text),
             ("names_nobody", truth), ("email", text), ("phone", text), ("title", text)],
            [(name, None, r["verdict"], r["nobody"], None, None, None) for name, r in readable],
        ),
        "record_consents": (
            [("record_id", text), ("purpose", text), ("state", text)],
            [(name, "marketing", "withdrawn") for name, r in readable if r["opted_out"]],
        ),
        "judged_contacts": (
            [("record_id", text), ("contact", text)],
            [(name, f"c{r['contact']}") for name, r in readable if r["contact"] is not None],
        ),
        "judged_accounts": (
            [("record_id", text), ("account", text)],
            [(name, f"a{r['account']}") for name, r in at_account],
        ),
        "judged_sites": (
            [("record_id", text), ("site", text), ("site_basis", text)],
            [(name, f"s{r['account']}.{r['site']}", "address") for name, r in at_account],
        ),
        "judged_fates": (
            [("record_id", text), ("fate", text)],
            [(name, r["fate"]) for name, r in rows if r["fate"]],
        ),
        "set_aside_accounts": (
            [("account", text), ("reason", text)],
            [(f"a{n}", reason) for n, reason in enumerate(reasons) if reason],
        ),
        "unmatched_accounts": ([("account_id", text)], []),
    }  # fmt: skip
    for name, (types, content) in tables.items():
        engine.load(name, table(types, content))

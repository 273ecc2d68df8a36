"""The memory on small tables: what responses count, for how long, and what is told of the rest."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.metrics import models
from tieline.metrics.memory_issues import MOST_SINGLE
from tieline.metrics.response_rules import RULES, StageLimits
from tieline.metrics.segment import Product, Segment

BY_NAME = {model.name: model for model in models()}
TEXT, DAY, MOMENT = pa.string(), pa.date32(), pa.timestamp("us")
TYPES = {
    "responses": {
        "response_id": TEXT, "contact_id": TEXT, "site_id": TEXT, "kind": TEXT, "topic": TEXT,
        "medium": TEXT, "occurred_at": MOMENT, "source": TEXT, "row_number": pa.int64(),
    },
    "opportunities": {
        "opportunity_id": TEXT, "account_id": TEXT, "site_id": TEXT, "outcome": TEXT,
        "created_at": MOMENT, "closed_at": DAY, "source": TEXT, "row_number": pa.int64(),
    },
    "contact_stays": {"contact_id": TEXT, "site_id": TEXT, "entered_on": DAY, "left_on": DAY},
    "sites": {"site_id": TEXT, "account_id": TEXT},
    "landings": {"source": TEXT, "landed_on": DAY},
    "site_stages": {"site_id": TEXT, "segment": TEXT},
}  # fmt: skip
ANNA = {"contact_id": "anna", "site_id": "paris", "entered_on": date(2024, 2, 1)}
LANDED = {"source": "log", "landed_on": date(2024, 6, 30)}


@pytest.fixture
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def made(engine, name, days=100, after_close=0, **given):
    """The rows of a table, made from the rows given of others."""
    for table, types in TYPES.items():
        rows = given.get(table, ())
        engine.load(table, pa.Table.from_pylist(list(rows), schema=pa.schema(list(types.items()))))
    context = {
        "stages": StageLimits(days, after_close, RULES),
        "segments": given.get("segments", ()),
        "products": given.get("products", ()),
    }
    compute(BY_NAME[name], engine, context)
    return engine.arrow(f"SELECT * FROM {name}").to_pylist()


def said(number, day, kind="survey", *, contact="anna", site="paris", **more):
    return {
        "response_id": f"m{number}", "contact_id": contact, "site_id": site, "kind": kind,
        "occurred_at": datetime(2024, *day, 9) if day else None, "source": "log",
        "row_number": number, **more,
    }  # fmt: skip


def test_a_response_counts_for_the_days_of_the_settings(engine):
    responses = [said(1, (3, 1)), said(2, (3, 5)), said(3, (3, 5), "demo request")]
    rows = made(engine, "dialogue_spans", responses=responses, contact_stays=[ANNA])
    spans = {
        (r["phase"], r["started_on"], r["ended_on"], r["response_id"], r["responses"]) for r in rows
    }
    assert spans == {
        ("early", date(2024, 3, 1), date(2024, 6, 13), "m1", 2),
        ("late", date(2024, 3, 5), date(2024, 6, 13), "m3", 1),
    }


def test_what_came_before_the_contact_counts_from_then_on(engine):
    responses = [said(1, (1, 10)), said(2, (1, 20)), said(3, (3, 1))]
    rows = made(engine, "dialogue_spans", responses=responses, contact_stays=[ANNA])
    assert sorted((r["started_on"], r["ended_on"], r["response_id"]) for r in rows) == [
        (date(2024, 2, 1), date(2024, 4, 29), "m1"),
        (date(2024, 3, 1), date(2024, 6, 9), "m3"),
    ]


def test_what_is_no_dialogue_or_cannot_be_true_counts_for_nothing(engine):
    responses = [
        said(1, (3, 1), "support ticket"), said(2, (3, 1), "riddle"), said(3, (7, 1)),
        said(4, None), said(5, (3, 1), contact=None), said(6, (3, 1), contact="eva"),
        said(7, (3, 1), site=None),
    ]  # fmt: skip
    given = {"responses": responses, "contact_stays": [ANNA], "landings": [LANDED]}
    assert made(engine, "dialogue_spans", **given) == []
    rows = made(engine, "memory_issues", **given)
    assert {(row["activity_id"], row["code"]) for row in rows} == {
        ("m2", "unknown_kind"), ("m3", "dated_in_future"), ("m4", "undated"), ("m5", "no_contact"),
        ("m6", "contact_not_usable"), ("m7", "no_site"),
    }  # fmt: skip
    assert all(row["activities"] == 1 for row in rows)
    told = {row["code"]: row["message"] for row in rows}
    assert 'kinds = ["riddle"]' in told["unknown_kind"]
    assert "2024-07-01" in told["dated_in_future"]


def test_many_of_one_kind_are_told_as_one(engine):
    responses = [said(n, (3, 1), contact=None) for n in range(1, MOST_SINGLE + 2)]
    responses.append(said(99, (1, 1)))
    rows = made(engine, "memory_issues", responses=responses, contact_stays=[ANNA])
    assert [(r["code"], r["row_number"], r["activities"]) for r in rows] == [
        ("no_contact", 1, MOST_SINGLE + 1), ("before_contact", 99, 1),
    ]  # fmt: skip
    assert rows[0]["message"].startswith(f"The first of {MOST_SINGLE + 1}.")


def test_opportunities_that_cannot_count_are_told(engine):
    deal = {"site_id": "paris", "account_id": "acme", "outcome": "won", "source": "log"}
    opened = {"created_at": datetime(2024, 3, 1), "closed_at": date(2024, 4, 1)}
    rows = [
        {**deal, **opened}, {**deal, **opened, "closed_at": None},
        {**deal, **opened, "created_at": datetime(2024, 5, 1)},
        {**deal, **opened, "outcome": "open", "created_at": datetime(2024, 8, 1)},
        {**deal, **opened, "site_id": None, "account_id": None},
        {**deal, **opened, "site_id": None, "account_id": "globex"},
        {**deal, **opened, "site_id": None}, {**deal, **opened, "created_at": None},
    ]  # fmt: skip
    rows = [{**row, "opportunity_id": f"o{n}", "row_number": n} for n, row in enumerate(rows)]
    found = made(
        engine, "memory_issues", opportunities=rows, landings=[LANDED],
        sites=[{"site_id": "paris", "account_id": "acme"}],
    )  # fmt: skip
    assert sorted((row["activity_id"], row["code"]) for row in found) == [
        ("o1", "closed_undated"), ("o2", "closed_before_opened"), ("o3", "opportunity_in_future"),
        ("o4", "opportunity_without_account"), ("o5", "opportunity_without_site"),
        ("o7", "opportunity_undated"),
    ]  # fmt: skip


def test_the_kinds_of_response_add_up(engine):
    responses = [said(1, (3, 1)), said(2, (3, 1)), said(3, (3, 1), "visit", topic="/pricing"),
                 said(4, (3, 1), "visit", topic="/pumps"), said(5, (3, 1), None)]  # fmt: skip
    rows = made(engine, "response_kinds", responses=responses)
    assert {(r["said"], r["phase"], r["responses"], r["topics"]) for r in rows} == {
        ("survey", "early", 2, 0), ("visit", "late", 1, 1), ("visit", "mid", 1, 1),
        ("log", "unknown", 1, 0),
    }  # fmt: skip


STANDING = [{"site_id": "s1", "segment": "dach"}, {"site_id": "s2", "segment": "north"},
            {"site_id": "s3", "segment": None}]  # fmt: skip
DACH = Segment("dach", "true", 1, "", "pumps")
NORTH = Segment("north", "true", 2)


def test_without_products_the_job_titles_count_and_that_is_told(engine):
    (row,) = made(engine, "stage_settings_issues", site_stages=STANDING, segments=[NORTH])
    assert (row["code"], row["sites"]) == ("no_products", 3)
    assert "by the job title" in row["message"]


def test_a_product_without_a_list_is_told(engine):
    rows = made(
        engine, "stage_settings_issues", site_stages=STANDING, segments=[DACH, NORTH],
        products=[Product("pumps", {}, 0.8), Product("valves", {"procurement": ()}, 0.8)],
    )  # fmt: skip
    assert {(row["section"], row["code"], row["sites"]) for row in rows} == {
        ("[products.pumps]", "product_without_list", 1),
        ("[segments.north]", "segment_without_product", 1),
        ("[segments]", "outside_segments", 1),
    }
    told = {row["code"]: row["message"] for row in rows}
    assert "by the job title" in told["product_without_list"]
    assert "any product" in told["outside_segments"]


def test_without_sites_there_is_nothing_to_say(engine):
    assert made(engine, "stage_settings_issues") == []


@pytest.mark.parametrize("name", ["response_kinds", "dialogue_spans", "memory_issues"])
def test_without_a_memory_the_columns_are_the_same(engine, name):
    made(engine, name, responses=[said(1, (3, 1))], contact_stays=[ANNA])
    before = engine.columns(name)
    assert made(engine, name) == []
    assert engine.columns(name) == before

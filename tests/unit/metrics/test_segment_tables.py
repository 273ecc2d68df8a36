"""Segments on small tables: sizes, the unknown, what is ours already, and what is set aside."""

from datetime import datetime

import pyarrow as pa
import pytest

from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.metrics import models
from tieline.metrics.concentration import ConcentrationLimits
from tieline.metrics.segment import Product, Segment

BY_NAME = {model.name: model for model in models()}
DACH = Segment("dach", "country IN ('DE', 'AT')", 1, "Field sales", "pumps")
LARGE = Segment("large", "employees >= 100", 2)

ACCOUNTS = {
    "account_id": pa.string(), "name": pa.string(), "legal_form": pa.string(),
    "domain": pa.string(), "industry": pa.string(), "employees": pa.float64(),
    "revenue": pa.float64(), "country": pa.string(), "set_aside": pa.string(),
}  # fmt: skip
SITES = {
    "site_id": pa.string(), "account_id": pa.string(), "country": pa.string(),
    "region": pa.string(), "city": pa.string(), "postcode": pa.string(),
    "moved_to_site_id": pa.string(),
}  # fmt: skip
ENTRIES = {
    "entry": pa.int64(), "registry": pa.string(), "registry_id": pa.string(), "name": pa.string(),
    "domain": pa.string(), "city": pa.string(), "region": pa.string(), "postcode": pa.string(),
    "country": pa.string(), "industry": pa.string(), "employees": pa.int64(),
    "revenue": pa.float64(), "is_active": pa.bool_(), "site_kind": pa.string(),
    "headquarters_id": pa.string(), "domestic_ultimate_id": pa.string(),
}  # fmt: skip
MATCHES = {
    "account_id": pa.string(), "registry": pa.string(), "registry_id": pa.string(),
    "confidence": pa.float64(),
}  # fmt: skip
SITE_MATCHES = {"site_id": pa.string(), **{k: v for k, v in MATCHES.items() if k != "account_id"}}
TWINS = dict.fromkeys(("registry", "registry_id", "twin_registry", "twin_id"), pa.string())


def table(types, rows):
    return pa.Table.from_pylist(list(rows), schema=pa.schema(list(types.items())))


@pytest.fixture
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def targets(engine, *, accounts=(), sites=(), entries=(), matches=(), site_matches=(), twins=(),
            segments=(DACH, LARGE)):  # fmt: skip
    """The table target_sites of these rows, by member."""
    given = {
        "accounts": (ACCOUNTS, accounts), "sites": (SITES, sites),
        "registry_entries": (ENTRIES, entries), "registry_matches": (MATCHES, matches),
        "site_registry_matches": (SITE_MATCHES, site_matches), "registry_twins": (TWINS, twins),
    }  # fmt: skip
    for name, (types, rows) in given.items():
        engine.load(name, table(types, rows))
    for name in ("target_sites", "segment_members", "segments"):
        compute(BY_NAME[name], engine, {"segments": list(segments)})
    return {row["member"]: row for row in engine.arrow("SELECT * FROM target_sites").to_pylist()}


def sizes(engine):
    return {row["segment"]: row for row in engine.arrow("SELECT * FROM segments").to_pylist()}


def account(name, **told):
    return {"account_id": name, "name": name, **told}


def entry(number, **told):
    return {"registry": "dnb", "registry_id": number, "name": f"Company {number}", **told}


def matched(who, number, **told):
    return {"registry": "dnb", "registry_id": number, "confidence": 0.99, **who, **told}


def test_an_entry_that_is_a_site_of_ours_counts_once(engine):
    found = targets(
        engine,
        accounts=[account("a1"), account("a2", country="GB")],
        sites=[{"site_id": "s1", "account_id": "a1", "country": "DE"},
               {"site_id": "s2", "account_id": "a2"}],
        entries=[entry("1"), entry("2", headquarters_id="1"), entry("3", country="GB"), entry("4")],
        matches=[matched({"account_id": "a1"}, "1"), matched({"account_id": "a2"}, "3")],
        site_matches=[matched({"site_id": "s1"}, "2")],
    )  # fmt: skip
    # s1 is the branch 2, so its headquarters is a site that we do not know of a company we know.
    assert set(found) == {"s1", "s2", "dnb:1", "dnb:4"}
    assert (found["s1"]["registry_id"], found["s1"]["known"]) == ("2", True)
    assert found["dnb:1"]["account_id"] == "a1"
    assert found["dnb:4"]["account_id"] is None
    # a2's entry is at another address than s2, and is taken for it.
    assert found["s2"]["country"] == "GB"


def test_a_registry_fills_what_we_do_not_have(engine):
    found = targets(
        engine,
        accounts=[account("a1", employees=20.0)],
        sites=[{"site_id": "s1", "account_id": "a1", "country": "DE"}],
        entries=[entry("1", employees=500, industry="Chemicals")],
        matches=[matched({"account_id": "a1"}, "1")],
    )
    assert (found["s1"]["employees"], found["s1"]["registry_employees"]) == (20.0, 500.0)
    assert (found["s1"]["industry"], found["s1"]["account_industry"]) == ("Chemicals", None)


def test_who_is_set_aside_or_dissolved_is_no_target(engine):
    found = targets(
        engine,
        accounts=[account("rival", set_aside="competitor"), account("a1"), account("a2")],
        sites=[{"site_id": "s0", "account_id": "rival"}, {"site_id": "s1", "account_id": "a1"},
               {"site_id": "s2", "account_id": "a2"}],
        entries=[entry("1"), entry("2", headquarters_id="1"), entry("3", is_active=False),
                 entry("4", is_active=False), entry("5", is_active=True)],
        matches=[matched({"account_id": "rival"}, "1"), matched({"account_id": "a1"}, "3")],
    )  # fmt: skip
    assert set(found) == {"s2", "dnb:5"}


def test_a_place_that_was_left_is_no_target_and_no_unknown_site(engine):
    found = targets(
        engine,
        accounts=[account("a1", country="DE")],
        sites=[{"site_id": "s1", "account_id": "a1", "moved_to_site_id": "s2"},
               {"site_id": "s2", "account_id": "a1"}],
        entries=[entry("1", country="DE")],
        matches=[matched({"account_id": "a1"}, "1")],
        site_matches=[matched({"site_id": "s1"}, "1")],
    )  # fmt: skip
    assert set(found) == {"s2"}


def test_a_site_in_two_registries_counts_once(engine):
    lei = {"registry": "lei", "registry_id": "L1"}
    found = targets(
        engine,
        entries=[entry("1"), {**entry("9"), **lei}],
        twins=[{**lei, "twin_registry": "dnb", "twin_id": "1"}],
    )
    assert set(found) == {"dnb:1"}


def test_twins_have_one_name_in_one_town(engine):
    from tieline.identity.registry_keys import registry_keys

    both = {"city": "Berlin", "country": "DE"}
    engine.load(
        "registry_entries",
        table(
            {**ENTRIES, "other_name": pa.string(), "phone": pa.string(), "scheme": pa.string()},
            [
                {**entry("1"), **both, "entry": 1, "name": "Alder GmbH", "postcode": "10115"},
                {**entry("2"), **both, "entry": 2, "name": "Birch AG", "postcode": "10115"},
                {**entry("A"), **both, "entry": 3, "name": "ALDER", "registry": "lei"},
                {**entry("B"), **both, "entry": 4, "name": "Birch", "registry": "lei",
                 "postcode": "10999"},
            ],
        ),
    )  # fmt: skip
    from tieline.engine.model import python_model

    compute(python_model(registry_keys), engine, {})
    compute(BY_NAME["registry_twins"], engine, {})
    rows = engine.arrow("SELECT * FROM registry_twins").to_pylist()
    assert [(row["registry_id"], row["twin_id"]) for row in rows] == [("A", "1")]


def test_sizes_overlap_and_the_unknown(engine):
    targets(
        engine,
        accounts=[account("a1", employees=200.0), account("a2", employees=50.0), account("a3")],
        sites=[{"site_id": "s1", "account_id": "a1", "country": "DE"},
               {"site_id": "s2", "account_id": "a2", "country": "FR"},
               {"site_id": "s3", "account_id": "a3"}],
        entries=[entry("1", country="AT", employees=100), entry("2", country="GB")],
    )  # fmt: skip
    found = sizes(engine)
    dach, large = found["dach"], found["large"]
    assert (dach["sites"], dach["known_sites"], dach["own_sites"]) == (2, 1, 2)
    assert (large["sites"], large["own_sites"], large["shared_sites"]) == (2, 0, 2)
    assert (dach["unknown_sites"], dach["unknown_because"]) == (1, "country: 1")
    assert (large["unknown_sites"], large["unknown_because"]) == (2, "employees: 2")
    assert (dach["unfilled_fields"], dach["owner"], dach["product"]) == (
        None, "Field sales", "pumps",
    )  # fmt: skip


def test_a_field_that_nobody_fills_is_told(engine):
    rich = Segment("rich", "revenue > 1000 OR country = 'DE'", 1)
    targets(
        engine,
        accounts=[account("a1")],
        sites=[{"site_id": "s1", "account_id": "a1", "country": "DE"}],
        segments=[rich],
    )
    found = sizes(engine)["rich"]
    assert (found["sites"], found["unfilled_fields"]) == (1, "revenue")


def test_without_segments_every_table_is_empty(engine):
    found = targets(
        engine,
        accounts=[account("a1")],
        sites=[{"site_id": "s1", "account_id": "a1", "country": "DE"}],
        segments=[],
    )
    assert found == {}
    assert sizes(engine) == {}
    assert engine.arrow("SELECT * FROM segment_members").num_rows == 0


def test_the_roles_of_a_product(engine):
    pumps = Product("pumps", {"procurement": (), "engineering": ("director", "manager")}, 0.9)
    compute(BY_NAME["product_roles"], engine, {"products": [pumps]})
    rows = engine.arrow("SELECT * FROM product_roles ORDER BY function, level").to_pylist()
    assert [(row["function"], row["level"]) for row in rows] == [
        ("engineering", "director"), ("engineering", "manager"), ("procurement", "any"),
    ]  # fmt: skip
    assert {row["target"] for row in rows} == {0.9}


def concentrated(engine, contacts, responses, **limits):
    """The table concentration: contacts as accounts, responses as (account, day)."""
    names = {*contacts, *(who for who, _ in responses)} - {"rival"}
    accounts = [{"account_id": "rival", "set_aside": "competitor"}]
    accounts += [{"account_id": name} for name in sorted(names)]
    places = dict.fromkeys(("account_id", "site_id"), pa.string())
    engine.load(
        "accounts", table(dict.fromkeys(("account_id", "set_aside"), pa.string()), accounts)
    )
    engine.load("contacts", table(places, [{"account_id": one} for one in contacts]))
    days = [
        {"account_id": who, "occurred_at": datetime.fromisoformat(day)} for who, day in responses
    ]
    engine.load("responses", table({**places, "occurred_at": pa.timestamp("us")}, days))
    engine.load("universe", table({"site_id": pa.string(), "segment": pa.string()}, []))
    given = {"concentration_limits": ConcentrationLimits(**limits)}
    compute(BY_NAME["concentration"], engine, given)
    return {
        (row["subject"], row["period"], row["measure"]): row
        for row in engine.arrow("SELECT * FROM concentration").to_pylist()
    }


def test_contacts_at_one_company_are_an_alarm(engine):
    contacts = ["a"] * 8 + ["b"] + ["c"] + ["rival"] * 50
    found = concentrated(engine, contacts, [], top=1, max_top_share=0.5)
    top = found["contacts", "all", "top_share"]
    assert (top["companies"], top["items"], top["value"]) == (3, 10, 0.8)
    assert (top["threshold"], top["alarm"]) == (0.5, "threshold")
    assert top["says"] == "The company with most has 80% of all, beyond the threshold of 50%."
    assert found["contacts", "all", "herfindahl"]["alarm"] == "threshold"
    assert found["contacts", "all", "gini"]["alarm"] is None
    assert found["contacts", "all", "effective_companies"]["value"] == pytest.approx(100 / 66)


def test_responses_are_held_against_the_period_before(engine):
    even = [(f"a{n}", "2024-02-01") for n in range(40)]
    piled = [(f"a{n}", "2025-06-01") for n in range(20)] + [("a1", "2025-06-02")] * 60
    found = concentrated(engine, [], even + piled, max_herfindahl=0.0)
    assert found["responses", "before", "gini"]["value"] == 0
    last = found["responses", "last", "top_share"]
    assert last["alarm"] == "worse"
    assert "after 25% in the period before" in last["says"]
    assert found["responses", "all", "gini"]["alarm"] is None


def test_one_company_is_no_inequality(engine):
    found = concentrated(engine, ["a", "a"], [])
    gini = found["contacts", "all", "gini"]
    assert (gini["value"], gini["low"], gini["high"]) == (0, None, None)

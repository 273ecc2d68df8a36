"""The lists of words and weights: complete, consistent, and readable in five languages."""

import pyarrow as pa
import pytest

from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.metrics import models
from tieline.metrics.category import (
    CATEGORIES,
    PRIORS,
    CategoryRule,
    CategoryRules,
    SourceOwner,
    phrases,
    weights,
)

BY_NAME = {model.name: model for model in models()}
FIELDS = ("kind", "topic", "source", "contact_type", "department", "industry")


def test_every_weight_speaks_for_a_category():
    for one in weights():
        assert {category for category, _ in one.speaks_for} <= set(CATEGORIES), one
        assert all(bits > 0 for _, bits in one.speaks_for), one
        assert 0 < one.telling <= 1
        assert one.why


def test_what_words_say_has_a_weight():
    known = {"kind": "interaction", "topic": "interaction", "industry": "account"}
    said = {(one.basis, one.said) for one in weights()}
    for field in FIELDS:
        wanted = {(known.get(field, field), word) for word, _ in phrases(field)}
        assert wanted <= said, wanted - said


def test_priors_are_shares():
    assert set(PRIORS) == {*CATEGORIES, "unknown"}
    assert sum(PRIORS.values()) == pytest.approx(1)


def readings(owners=(), **texts):
    """What category_readings makes of these texts of each field: (field, text) -> said."""
    columns = {
        "responses": ("kind", "topic", "source"), "contacts": ("department",),
        "standard_records": ("contact_type",), "accounts": ("industry",),
    }  # fmt: skip
    with DuckEngine(threads=1) as engine:
        for table, names in columns.items():
            rows = [{n: t if n == name else None for n in names}
                    for name in names for t in texts.get(name, ())]  # fmt: skip
            schema = pa.schema([(name, pa.string()) for name in names])
            engine.load(table, pa.Table.from_pylist(rows, schema=schema))
        compute(BY_NAME["category_readings"], engine, {"source_owners": list(owners)})
        rows = engine.arrow("SELECT * FROM category_readings").to_pylist()
    return {(row["field"], row["text"]): row["said"] for row in rows}


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("Your invoice 4711", "payment_question"),
        ("Mahnung trotz Zahlung", "payment_question"),
        ("Relance facture n° 12", "payment_question"),
        ("Extracto de cuenta", "payment_question"),
        ("Bonifico", "payment_question"),
        ("Störung an Linie 4", "support_ticket"),
        ("PANNE DU DÉBITMÈTRE", "support_ticket"),
        ("Bestellung 4500012", "purchase_order"),
        ("Angebotsanfrage Pumpen", "quote_request"),
        ("Demande de prix", "quote_request"),
        ("Presseanfrage", "press_enquiry"),
        ("Hauptversammlung 2026", "investor_enquiry"),
        ("Initiativbewerbung", "job_application"),
        ("Trattativa prezzi", "contract"),
        ("/pricing", "price_page"),
        ("/careers", "career_page"),
        ("Hello", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_topics_are_read_in_five_languages(topic, said):
    assert readings(topic=[topic]).get(("topic", topic)) == said


def test_a_source_is_read_by_its_owner_before_its_name():
    told = readings(
        [
            SourceOwner("support_users"),
            SourceOwner("liste_12", "Accounts payable"),
            SourceOwner("press_list", "Investor relations"),
            SourceOwner("crm_export", "Sales"),
        ]
    )
    assert told == {
        ("source", "support_users"): "support",
        ("source", "liste_12"): "payables",
        ("source", "press_list"): "investors",
    }


def test_types_departments_and_industries_are_read():
    told = readings(
        contact_type=["Owner", "Journalist", "Purchasing Agent", "Sales Representative"],
        department=["Buchhaltung", "Achats", "Sales"],
        industry=["Publishing & Media", "Verlage und Medien", "Metals"],
    )
    assert told == {
        ("contact_type", "Owner"): "decision_makers",
        ("contact_type", "Journalist"): "press",
        ("contact_type", "Purchasing Agent"): "purchasing",
        ("contact_type", "Sales Representative"): "vendors",
        ("department", "Buchhaltung"): "payables",
        ("department", "Achats"): "purchasing",
        ("department", "Sales"): "sales_people",
        ("industry", "Publishing & Media"): "media",
        ("industry", "Verlage und Medien"): "media",
    }


def test_rules_become_patterns():
    rules = CategoryRules(rules=(CategoryRule("partner", kind="Portal*", source="ext"),))
    with DuckEngine(threads=1) as engine:
        compute(BY_NAME["category_rules"], engine, {"categories": rules})
        (row,) = engine.arrow("SELECT * FROM category_rules").to_pylist()
    assert row == {
        "rule": 1, "category": "partner", "kind": "portal%", "topic": None, "source": "ext",
        "function": None, "says": "kind Portal*, source ext",
    }  # fmt: skip

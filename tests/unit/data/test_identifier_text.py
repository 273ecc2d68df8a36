"""One identifier in one form, however it is written; nobody's is none."""

from __future__ import annotations

import pytest

from tieline.data.identifier_text import identifier_text, scheme_text
from tieline.data.kinds.identifiers import scheme_named
from tieline.data.sql_text import literal
from tieline.engine.duck import DuckEngine


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def compared(engine: DuckEngine, scheme: str, text: str) -> str | None:
    expression = identifier_text(scheme_named(scheme), "x")
    return engine.arrow(f"SELECT {expression} AS v FROM (SELECT {literal(text)} AS x)")["v"][
        0
    ].as_py()


@pytest.mark.parametrize(
    ("scheme", "texts", "expected"),
    [
        (
            "linkedin",
            [
                "https://www.linkedin.com/in/Jane-Doe-12/?trk=people",
                "de.linkedin.com/in/jane-doe-12",
                "jane-doe-12",
                " @Jane-Doe-12 ",
            ],
            "jane-doe-12",
        ),
        ("linkedin", ["https://linkedin.com/pub/jane-doe/1/2/3"], "jane-doe-321"),
        ("twitter", ["@Jane_Doe", "https://x.com/Jane_Doe/status/7", "jane_doe"], "jane_doe"),
        ("facebook", ["https://facebook.com/profile.php?id=123456"], "123456"),
        ("github", ["https://github.com/jdoe", "jdoe"], "jdoe"),
        ("ssn", ["078-05-1120", "078 05 1120"], "078051120"),
        ("cookie", [" GA1.2.Abc= "], "GA1.2.Abc="),
        ("user_id", ["7"], "7"),
        ("hubspot_id", ["ab-12"], "AB12"),
    ],
)
def test_the_same_identifier_has_one_form(engine, scheme, texts, expected):
    assert {compared(engine, scheme, text) for text in texts} == {expected}


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("linkedin", "https://www.linkedin.com/company/acme"),
        ("linkedin", "https://www.linkedin.com/feed/"),
        ("twitter", "n/a"),
        ("cookie", "(not set)"),
        ("anonymous_id", "00000000-0000-0000-0000-000000000000"),
        ("ssn", "-"),
        ("ip", "127.0.0.1"),
        ("twitter", "ab"),
    ],
)
def test_what_stands_for_everybody_is_no_identifier(engine, scheme, text):
    assert compared(engine, scheme, text) is None


def test_two_handles_that_differ_by_a_sign_are_two(engine):
    assert compared(engine, "twitter", "jane_doe") != compared(engine, "twitter", "janedoe")


def test_the_number_of_a_user_means_something_in_its_own_log_only():
    assert scheme_text(scheme_named("user_id"), "shop") == "user_id@shop"
    assert scheme_text(scheme_named("twitter"), "shop") == "twitter"


@pytest.mark.parametrize(
    ("name", "strong"),
    [
        ("cookie", False), ("session", False), ("ip", False), ("anonymous_id", False),
        ("our_device", False), ("twitter", True), ("user_id", True), ("passport", True),
        ("badge", True),
    ],
)  # fmt: skip
def test_devices_and_networks_make_nobody(name, strong):
    assert scheme_named(name).strong is strong

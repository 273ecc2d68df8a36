"""Categories and the mix through the command line: tickets, orders, a user's rules, wrong words."""

from __future__ import annotations

import json
import shutil

import pytest

from conftest import PEOPLE, Tieline, write_csv

LOG = ("Ticket ID", "Created at", "Email", "Activity type", "Subject")
TICKETS = [
    (f"t{n}", f"2026-0{1 + n % 4}-1{n % 9} 10:00", PEOPLE[4][2], "ticket", "Display dark")
    for n in range(7)
] + [
    ("t7", "2026-04-20 10:00", PEOPLE[4][2], "download", "Datasheet"),
    ("t8", "2026-04-21 10:00", PEOPLE[4][2], "zz9", "Hello"),
    ("t9", "2026-04-22 10:00", PEOPLE[7][2], "zz9", "Hello"),
]
RULES = """
[[categories.rules]]
kind = "zz*"
category = "media"

[[categories.rules]]
kind = "nobody does this"
category = "vendor"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mix")
    tieline = Tieline(folder / "market")
    tieline("new", tieline.workspace)
    desk = write_csv(folder / "desk.csv", TICKETS, LOG)
    tieline("add", write_csv(folder / "crm.csv", PEOPLE), desk)
    tieline("build")
    return tieline


def contact(tieline, email):
    return next(row for row in tieline.rows("contacts") if row["email"] == email)["contact_id"]


def test_what_somebody_does_outweighs_the_title(built):
    told = built("explain", contact(built, PEOPLE[4][2])).out
    assert "Who this is to us\n  user," in told
    assert "because: 7 of 9 responses are support tickets\n" in told
    assert "bits for finance: title: Controller" in told


def test_a_mix_is_shown_by_name_with_its_people(built):
    told = built("mix", "dawson", "freight", "corp").out
    assert "Dawson Freight Corp" in told
    assert "2 contacts, as of 2026-04-22" in told
    assert "7 of 9 responses are support tickets" in told
    assert "What is usual is not known" in told


def test_the_rows_are_there_as_json(built):
    rows = [json.loads(line) for line in built("mix", "--json").out.splitlines()]
    assert {row["level"] for row in rows} == {"database"}
    assert abs(sum(row["share"] for row in rows) - 1) < 1e-6


def test_kinds_that_say_nothing_are_named_with_what_to_write(built):
    told = built("mix").out
    assert "desk, kind 'zz9': 2 of 2, such as 'Hello'." in told
    assert '[[categories.rules]] kind = "zz9"' in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mix", "dawson"), "Did you mean one of: Dawson Freight Corp?"),
        (("mix", "nobody at all"), "tieline show accounts"),
        (("mix", "--source", "crn"), "Did you mean 'crm'?"),
        (("mix", "--segment", "large"), "No segment 'large'"),
        (("mix", "--segment", "large", "--source", "desk"), "several mixes"),
    ],
)
def test_wrong_words_lead_to_right_ones(built, words, said):
    assert said in built(*words, code=2).err


def test_the_users_rules_count_and_one_that_fits_nothing_is_named(built, tmp_path):
    shutil.copytree(built.workspace, tmp_path / "ruled")
    tieline = Tieline(tmp_path / "ruled")
    settings = tieline.workspace / "tieline.toml"
    settings.write_text(settings.read_text("utf-8") + RULES, "utf-8")
    tieline("build")
    said = tieline("explain", contact(tieline, PEOPLE[7][2])).out
    assert "media" in said.split("Who this is to us")[1].splitlines()[1]
    told = tieline("mix").out
    assert "Rule 2 (kind nobody does this) fits nothing" in told
    assert "Rule 1" not in told

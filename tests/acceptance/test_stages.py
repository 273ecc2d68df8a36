"""Stages from lists to words: bad dates, unknown kinds, open settings, each with a remedy."""

from __future__ import annotations

import json

import pytest

import prepared

CONTACTS = """\
Contact ID,Full Name,Email,Job Title,Company,Street,Zip,City,Country,Updated
1,Anna Weber,anna@nordpumpen.de,Head of Purchasing,Nordpumpen GmbH,Kai 1,20457,Hamburg,DE,2024-01-10
2,Tom Busch,tom.busch@nordpumpen.de,Technician,Nordpumpen GmbH,Kai 1,20457,Hamburg,DE,2024-01-10
3,Eva Klein,eva.klein@suedventil.de,Technician,Südventil GmbH,Ring 8,80331,München,DE,2024-02-10
"""
RESPONSES = """\
response id,date,what,about,email
r1,2024-03-01,survey,Project status,anna@nordpumpen.de
r2,2024-04-01,download,Datasheet P100,tom.busch@nordpumpen.de
r3,2199-05-01,download,Datasheet P100,anna@nordpumpen.de
r4,2024-05-01,riddle,,anna@nordpumpen.de
r5,2023-05-01,survey,,anna@nordpumpen.de
r6,2024-05-02,survey,,somebody@elsewhere.example
"""


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages")
    (folder / "contacts.csv").write_text(CONTACTS, "utf-8")
    (folder / "downloads.csv").write_text(RESPONSES, "utf-8")
    tell(folder, "new m")
    with (folder / "m" / "tieline.toml").open("a", encoding="utf-8") as file:
        file.write('[sources.downloads]\nkind = "responses"\n[sources.downloads.columns]\n')
        file.write('"what" = "response_kind"\n"about" = "topic"\n"date" = "occurred_at"\n')
    tell(folder, "-w m add contacts.csv downloads.csv")
    tell(folder, "-w m build")
    return folder


def tell(folder, words, code=0):
    ran = prepared.tieline(words.split(), folder=folder)
    assert ran.code == code, ran.out + ran.err
    return ran.out + ran.err


def test_the_distribution_stands_at_the_newest_day_that_can_be_true(market):
    told = tell(market, "-w m stages")
    assert "as they stood on 2024-05-02" in told
    assert "no key player          1" in told
    assert "late dialogue          1" in told


def test_what_does_not_count_is_told_with_what_to_do(market):
    told = tell(market, "-w m stages")
    assert "No product says who plays a role in buying it" in told
    assert "[[stages.rules]]" in told
    assert 'kinds = ["riddle"]' in told
    issues = tell(market, "-w m show memory_issues")
    for code in ("dated_in_future", "unknown_kind", "before_contact", "contact_not_usable"):
        assert code in issues


def test_any_day_of_the_past_is_told_and_none_ahead(market):
    # What she answered before she was known counts from then on.
    assert "early dialogue         1" in tell(market, "-w m stages --as-of 2024-01-31")
    assert "key player             0" in tell(market, "-w m stages --as-of 2024-01-31")
    assert "nobody has told yet" in tell(market, "-w m stages --as-of 2199-05-01", code=2)
    assert "'May' is no day" in tell(market, "-w m stages --as-of May", code=2)
    moved = tell(market, "-w m stages --between 2024-05-02 2024-01-31 --json")
    rows = [json.loads(line) for line in moved.splitlines()]
    assert [(row["before"], row["after"]) for row in rows] == [(None, 0), (None, 1), (3, 5)]


def test_a_contact_is_explained_by_what_moved_their_site(market):
    told = tell(market, "-w m explain contacts:1")
    assert "late dialogue since 2024-04-01 (31 days)" in told
    assert '"download" about "Datasheet P100"' in told
    assert "downloads row 2" in told
    assert "counts as a key player there, by the job title" in told


def test_a_segment_that_is_not_there_is_refused(market):
    told = tell(market, "-w m stages --segment dahc", code=2)
    assert "There is no segment 'dahc'" in told


def test_a_campaign_is_held_against_it(market):
    told = tell(market, "-w m campaign-check --family product --medium email --date 2024-06-01")
    assert "It goes out 30 days after that" in told
    assert "It fits a part: 50% (1 of 2)" in told
    assert "1 have no consent" in told
    assert "Known are: identification" in tell(
        market, "-w m campaign-check --family produkt --medium email", code=2
    )

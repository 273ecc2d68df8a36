"""Who moves by a change of address, and who stays: nobody moves whom the file does not name."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from tieline.identity.address_changes import decide

BERLIN = {"Street": "Hauptstr. 5", "Postcode": "10115", "City": "Berlin", "Country": "DE"}
KOELN = {"Street": "Domstr. 9", "Postcode": "50668", "City": "Köln", "Country": "DE"}
HAMBURG = {"Street": "Speersort 10", "Postcode": "20095", "City": "Hamburg", "Country": "DE"}
BONN = {"Street": "Markt 7", "Postcode": "53111", "City": "Bonn", "Country": "DE"}
LEIPZIG = {"Street": "Ring 3", "Postcode": "04109", "City": "Leipzig", "Country": "DE"}
ROSTOCK = {"Street": "Am Kai 4", "Postcode": "18055", "City": "Rostock", "Country": "DE"}


def person(name, company, place, mail):
    return {"Name": name, "Company": company, "E-mail": mail, **place}


LISTS = {
    "crm": [
        person("Anna Lang", "Orbis Werke GmbH", BERLIN, "anna.lang@orbis-werke.de"),
        person("Bernd Ott", "Orbis Werke GmbH", BERLIN, "bernd.ott@orbis-werke.de"),
        person("Carla Meurer", "Orbis Werke GmbH", KOELN, "c.meurer@orbis-werke.de"),
        person("Dora Wulf", "Hansa Optik AG", BERLIN, "dora.wulf@hansa-optik.de"),
        person("Emil Kranz", "Hansa Optik AG", HAMBURG, "emil.kranz@hansa-optik.de"),
        person("Maria Schmidt", "Hansa Optik AG", ROSTOCK, "maria.schmidt@hansa-optik.de"),
    ],
}  # fmt: skip


def move(old, new, day, *, name="", company="", kind="", mail="", our_id=""):
    return {
        "Move Type": kind,
        "Name": name,
        "Company": company,
        "E-mail": mail,
        "Our ID": our_id,
        **{f"Old {field}": old.get(field, "") for field in BERLIN},
        **{f"New {field}": new.get(field, "") for field in BERLIN},
        "Move Date": day,
    }


MOVES = [
    move(BERLIN, BONN, "2024-03-01", company="Orbis Werke", kind="B"),
    move(BERLIN, HAMBURG, "2024-04-01", name="Dora Wulf", kind="I"),
    move(ROSTOCK, BONN, "2024-04-01", name="Marius Schmidt", kind="I"),
    move(KOELN, BERLIN, "2024-04-01", company="Hansa Optik AG", kind="B"),
    move(LEIPZIG, BERLIN, "2024-04-01", company="Nie Gehört GmbH", kind="B"),
    move(KOELN, {}, "2024-04-01", name="Carla Meurer", kind="I"),
]


def world(built, table, lists, moves=(), settings=""):
    said = settings + "".join(f'[sources.{name}]\nkind = "address-changes"\n' for name, _ in moves)
    snapshot = built({**lists, **dict(moves)}, said)
    towns = {row["site_id"]: row["city"] for row in table(snapshot, "sites")}
    contacts = sorted(table(snapshot, "contacts"), key=lambda row: (row["email"], row["full_name"]))
    places = {row["email"].partition("@")[0]: towns[row["site_id"]] for row in contacts}
    own = {row["email"].partition("@")[0]: row["own_address"] for row in contacts}
    return snapshot, places, own


def test_whom_the_file_names_moves_and_nobody_else(built, table):
    before, places, _ = world(built, table, LISTS)
    assert set(places.values()) == {"Berlin", "Köln", "Hamburg", "Rostock"}
    after, now, own = world(built, table, LISTS, [("ncoa", MOVES)])
    assert now == {**places, "anna.lang": "Bonn", "bernd.ott": "Bonn", "dora.wulf": "Hamburg"}
    assert not any(own.values()), "all went to sites we know, or with their site"
    for name in ("contact_id", "account_id"):
        ids = [{row[name] for row in table(one, f"{name[:-3]}s")} for one in (before, after)]
        assert ids[0] == ids[1]
    outcomes = {row["row_number"]: row["outcome"] for row in table(after, "address_changes")}
    assert outcomes == {
        1: "moved",
        2: "moved",
        3: "unknown",
        4: "unknown",
        5: "unknown",
        6: "no_new_address",
    }
    reasons = {row["row_number"]: row["reason"] for row in table(after, "address_changes")}
    assert reasons[4] == "the name is known, but not at the old address"
    assert reasons[5] == "neither the name nor the old address is known"
    history = [row for row in table(after, "address_history") if row["entity_id"][0] == "S"]
    assert [(row["address"], row["until_on"], row["basis"]) for row in history] == [
        ("Hauptstr. 5, 10115 Berlin, DE", dt.date(2024, 3, 1), "records"),
        ("Markt 7, 53111 Bonn, DE", None, "change of address"),
    ]
    fates = [row for row in table(after, "record_entities") if row["source"] == "ncoa"]
    assert {row["status"] for row in fates} == {"address_change"}
    assert {row["contact_id"] for row in fates} == {None}


CHAIN = [
    move(BERLIN, BONN, "2022-03-01", company="Orbis Werke", kind="B"),
    move(BONN, ROSTOCK, "2023-03-01", company="Orbis Werke", kind="B"),
    move({}, BONN, "2023-05-01", mail="c.meurer@orbis-werke.de", kind="individual"),
]


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_in_which_moves_are_told_does_not_matter(built, table, turned):
    moves = CHAIN[::-1] if turned else CHAIN
    files = [(f"moved_{number}", [row]) for number, row in enumerate(moves)]
    _, places, own = world(built, table, LISTS, files)
    assert places["anna.lang"] == places["bernd.ott"] == "Rostock"
    assert places["c.meurer"] == "Köln", "where the rest of her site is"
    assert own["c.meurer"] == "Markt 7, 53111 Bonn, DE"
    assert own["anna.lang"] is None


def candidate(record, entity, day, address, **more):
    return {
        "record_id": record,
        "entity_id": entity,
        "account_id": "A1",
        "from_site_id": "S1",
        "new_site_id": None,
        "move_type": "business",
        "moved_on": day and dt.date.fromisoformat(day),
        "new_address": address,
        "new_address_verdict": "ok",
        "is_same": False,
        "names_somebody": True,
        "has_id": False,
        "has_old": True,
        "name_known": False,
        "place_known": False,
        **more,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", "2024-01-01", "X"), ("b", "2024-01-01", "Y")], "ab contradicted"),
        ([("a", "2024-01-01", "X"), ("b", "2024-01-01", "X")], "a moved, b earlier"),
        ([("a", None, "X"), ("b", "2020-01-01", "Y")], "a earlier, b moved"),
        (
            [("a", "2023-01-01", "X"), ("b", "2024-01-01", "Y"), ("c", "2024-01-01", "Z")],
            "a moved, bc contradicted",
        ),
    ],
)
def test_of_several_moves_the_newest_counts_and_what_contradicts_does_not(rows, expected):
    told = [candidate(record, "S1", day, address) for record, day, address in rows]
    wanted = {
        letter: part.split()[1] for part in expected.split(", ") for letter in part.split()[0]
    }
    for _ in range(3):
        random.Random(1).shuffle(told)
        assert {row["record_id"]: row["outcome"] for row in decide(told)} == wanted


@pytest.mark.parametrize(
    ("entities", "kind", "outcome"),
    [
        ({"C1": "A1", "C2": "A1"}, "individual", "several"),
        ({"C1": "A1", "C2": "A1"}, "family", "moved"),
        ({"S1": "A1", "S2": "A2"}, "business", "several"),
        ({"S1": "A1", "S2": "A1"}, "business", "moved"),
    ],
)
def test_what_fits_several_moves_nobody(entities, kind, outcome):
    told = [
        candidate("a", entity, "2024-01-01", "X", move_type=kind, account_id=account)
        for entity, account in entities.items()
    ]
    decided = decide(told)
    assert {row["outcome"] for row in decided} == {outcome}
    assert {row["candidates"] for row in decided} == {2}


def test_a_move_that_is_announced_waits_for_a_list_that_comes_after_it():
    told = [candidate("a", "S1", "2024-01-01", "X"), candidate("b", "S1", "2026-12-01", "Y")]
    before = {row["record_id"]: row["outcome"] for row in decide(told, dt.date(2026, 11, 30))}
    after = {row["record_id"]: row["outcome"] for row in decide(told, dt.date(2026, 12, 1))}
    assert before == {"a": "moved", "b": "not_yet"}
    assert after == {"a": "earlier", "b": "moved"}


def test_who_went_away_and_came_back_is_where_they_were():
    there = candidate("a", "S1", "2021-01-01", "X", new_site_id="S2")
    back = candidate("b", "S2", "2023-01-01", "Y", from_site_id="S2", new_site_id="S1")
    now = {row["entity_id"]: row["site_id_now"] for row in decide([there, back])}
    assert now == {"S1": "S1", "S2": "S1"}

# ruff: noqa: E501 -- a line of a list is a record.
"""The story of an entity adds up, names the records it is told from, and tells of a job change."""

from __future__ import annotations

import pytest

from tieline.engine.duck import DuckEngine
from tieline.errors import TielineError
from tieline.identity.explanation import TABLES, story

CRM = """
Nadine Falkenrath | Head of Quality   | Burgfalken GmbH         | nadine.falkenrath@gmail.com  | +49 261 90180100 | Burgweg 1   | 56068 | Koblenz | 2018-03-01
Robert Delaney    | Engineer          | Hafenkran Rostock GmbH  | r.delaney@hafenkran.de       |                  | Am Kai 4    | 18055 | Rostock | 2020-05-05
Uwe Sandbach      | Welder            | Hafenkran Rostock GmbH  | u.sandbach@hafenkran.de      |                  | Am Kai 4    | 18055 | Rostock | 2020-05-05
Jürgen Größmann   | Managing Director | Walzwerk Unna GmbH      | j.groessmann@walzwerk-unna.de|                  | Ringstr. 2  | 59423 | Unna    | 2019-01-01
"""
FAIR = """
Nadine Falkenrath | Head of Quality   | Kreuzfahrt Warnow GmbH  | nadine.falkenrath@gmail.com  | +49 381 90180200 | Strandweg 9 | 18119 | Rostock | 2023-09-15
Bob Delaney       | Senior Engineer   | Hafenkran Rostock       | r.delaney@hafenkran.de       |                  | Am Kai 4    | 18055 | Rostock | 2022-02-02
Juergen Groessmann| CEO               | Walzwerk Unna           | j.groessmann@walzwerk-unna.de|                  | Ringstr. 2  | 59423 | Unna    | 2022-02-02
"""
COLUMNS = (
    "Name",
    "Title",
    "Company",
    "E-mail",
    "Phone",
    "Street",
    "Postcode",
    "City",
    "Updated at",
)


def rows(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    return [
        {
            **dict(zip(COLUMNS, [cell.strip() for cell in line.split("|")], strict=True)),
            "Country": "DE",
        }
        for line in lines
    ]


@pytest.fixture(scope="module")
def snapshot(built):
    return built({"crm": rows(CRM), "fair": rows(FAIR)})


@pytest.fixture(scope="module")
def engine(snapshot, tmp_path_factory):
    with DuckEngine(tmp_path_factory.mktemp("scratch"), threads=1) as engine:
        for name in TABLES:
            engine.read_parquet(name, snapshot.table(name))
        yield engine


def of(engine, name):
    """The story of the contact of that name."""
    found = engine.arrow(
        "SELECT DISTINCT e.contact_id FROM record_entities e JOIN standard_records s "
        f"USING (record_id) WHERE s.full_name = '{name}'"
    )["contact_id"].to_pylist()
    assert len(found) == 1
    return story(engine, found[0])


def every_story(engine):
    for kind in ("contact", "site", "account"):
        for entity in engine.arrow(f"SELECT {kind}_id AS id FROM {kind}s")["id"].to_pylist():
            yield story(engine, entity)


def test_prior_and_parts_add_up_to_the_weight_of_every_link(engine):
    told = [link for found in every_story(engine) for link in found.links + found.apart]
    assert len(told) >= 4
    for link in told:
        assert link.prior + sum(part.weight for part in link.evidence) == pytest.approx(
            link.weight, abs=0.01
        )
        assert link.evidence
        assert (link.weight > 0) == (link.probability > 0.5)


def test_a_link_shows_what_both_records_say(engine):
    (link,) = of(engine, "Bob Delaney").links
    given = next(part for part in link.evidence if part.field == "given name")
    assert {given.left, given.right} == {"Robert", "Bob"}
    assert given.says == "forms of the same name"
    assert given.weight > 0


def test_links_join_all_records_of_an_entity(engine):
    for name in ("Nadine Falkenrath", "Robert Delaney", "Jürgen Größmann"):
        found = of(engine, name)
        assert len(found.records) == 2
        joined = {
            record for link in found.links for record in (link.left_record, link.right_record)
        }
        assert joined == {record["record_id"] for record in found.records}


def test_a_colleague_is_told_of_as_apart_not_as_a_link(engine):
    ours = {record["record_id"] for record in of(engine, "Uwe Sandbach").records}
    found = of(engine, "Robert Delaney")
    assert not ours & {record["record_id"] for record in found.records}
    for link in found.apart:
        assert link.probability < 0.9
        assert (
            len({link.left_record, link.right_record} & {r["record_id"] for r in found.records})
            == 1
        )


def test_a_story_tells_where_a_job_changer_works_and_worked(engine):
    found = of(engine, "Nadine Falkenrath")
    assert [(p["place"], p["name"]) for p in found.positions] == [
        (1, "Kreuzfahrt Warnow GmbH"),
        (2, "Burgfalken GmbH"),
    ]
    assert "Rostock" in found.positions[0]["address"]
    assert "Koblenz" in found.positions[1]["address"]


def test_a_record_tells_the_story_of_its_contact(engine):
    found = of(engine, "Uwe Sandbach")
    assert story(engine, found.records[0]["record_id"]).id == found.id


def test_the_record_named_for_a_golden_value_says_that_value(engine):
    said = {
        "full_name": "full_name", "email": "email", "phone": "phone", "title": "title",
        "name": "company", "domain": "company_domain",
    }  # fmt: skip
    values = engine.arrow("SELECT * FROM golden_values").to_pylist()
    standard = {
        r["record_id"]: r for r in engine.arrow("SELECT * FROM standard_records").to_pylist()
    }
    entities = {
        r["record_id"]: r for r in engine.arrow("SELECT * FROM record_entities").to_pylist()
    }
    for value in values:
        record = standard[value["record_id"]]
        if value["field"] in said:
            assert record[said[value["field"]]] == value["value"]
        owners = entities[value["record_id"]]
        assert value["entity_id"] in (owners["contact_id"], owners["site_id"], owners["account_id"])
    assert {value["field"] for value in values} >= {*said, "address"}


@pytest.mark.parametrize("unknown", ["C123", "r0", "", "x", "C'; DROP TABLE contacts"])
def test_an_id_that_is_not_there_says_where_ids_are(engine, unknown):
    with pytest.raises(TielineError) as problem:
        story(engine, unknown)
    assert problem.value.code == "unknown_id"
    assert "tieline show" in problem.value.next_step

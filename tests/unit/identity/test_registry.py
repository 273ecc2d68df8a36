"""Company registers: oddities are told and the rest goes on, near ties abstain, families climb."""

from datetime import date

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from tieline.cli.main import app
from tieline.engine.duck import DuckEngine
from tieline.identity.families import families_on
from tieline.identity.registry_story import grades_in_words
from tieline.identity.registry_words import active, registry_number, relation, site_kind

HEAD = (
    "DUNS Number,Business Name,Street Address,City,Postal Code,Country Code,Telephone,Web Address,"
    "Location Type,Operating Status,Headquarters DUNS,Parent DUNS,Global Ultimate DUNS\n"
)
REGISTER = HEAD + (
    "1000001,Nordwind Logistik GmbH,Hafenstr. 1,Hamburg,20457,DE,,www.nordwind.de,Headquarters,"
    "Active,,,1000001\n"
    "001000002,NORDWIND LOGISTIK GMBH,Kaistr. 5,Bremen,28195,DE,,,Branch,Active,"
    "001000001,,1000001\n"
    "1000003,Berger Metallbau GmbH,Weg 1,Stuttgart,70173,DE,,,Single,Active,,,\n"
    "1000004,Berger Metallbau GmbH,Platz 2,Leipzig,04103,DE,,,Single,Active,,,\n"
    "1000003,Berger Metallbau GmbH,Weg 1,Stuttgart,70173,DE,,,Single,Active,,,\n"
    "1000005,Kreis Eins GmbH,,Berlin,10115,DE,,,Single,Active,,1000006,\n"
    "1000006,Kreis Zwei GmbH,,Berlin,10115,DE,,,Single,Active,,1000005,\n"
    "1000007,Waise GmbH,,Berlin,10115,DE,,,Single,Active,,999999999,\n"
    "n/a,Ohne Nummer GmbH,,Berlin,10115,DE,,,Single,Active,,,\n"
)
LIST = (
    "First name,Last name,Company,Street,City,Zip,Country,E-mail\n"
    "Anna,Schmidt,Nordwind Logistik,Hafenstraße 1,Hamburg,20457,Germany,a.schmidt@nordwind.de\n"
    "Bernd,Kaiser,Nordwind Logistik GmbH,Kaistr. 5,Bremen,28195,Germany,b.kaiser@nordwind.de\n"
    "Carla,Weber,Berger Metallbau GmbH,,,,Germany,carla@berger-metallbau.de\n"
    "Dieter,Vogt,Ganz Andere Leute AG,Ring 9,Köln,50667,Germany,d.vogt@ganzandere.de\n"
)


def rows_of(workspace, table):
    from tieline.engine.snapshot import current

    found = current(workspace / ".tieline").table(table)
    with DuckEngine() as engine:
        engine.read_parquet("shown", found)
        return engine.arrow("SELECT * FROM shown").to_pylist()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registry")
    (folder / "duns_file.csv").write_bytes(REGISTER.encode("utf-8"))
    (folder / "customers.csv").write_text(LIST, "utf-8")
    home = folder / "crm"
    for words in (
        ["new", str(home)],
        ["-w", str(home), "add", str(folder / "duns_file.csv"), str(folder / "customers.csv")],
        ["-w", str(home), "build"],
    ):
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        assert done.exit_code in (0, 1), done.output
    return home


def test_a_register_is_recognised_and_makes_no_records(workspace):
    assert {row["source"] for row in rows_of(workspace, "records")} == {"customers"}
    assert {row["registry"] for row in rows_of(workspace, "registry_entries")} == {"duns_file"}


def test_oddities_are_told_and_the_rest_goes_on(workspace):
    told = {(row["row_number"], row["code"]) for row in rows_of(workspace, "registry_issues")}
    assert told == {
        (5, "duplicate_id"),
        (6, "parent_cycle"),
        (7, "parent_cycle"),
        (8, "missing_parent"),
        (9, "no_id"),
    }
    assert len(rows_of(workspace, "registry_entries")) == 7


def test_who_is_sure_is_matched_and_who_is_in_doubt_is_not(workspace):
    names = {row["account_id"]: row["name"] for row in rows_of(workspace, "accounts")}
    matched = {names[r["account_id"]]: r for r in rows_of(workspace, "registry_matches")}
    assert {name: row["registry_id"] for name, row in matched.items()} == {
        "Nordwind Logistik GmbH": "001000001"
    }
    # Two companies of that name are as likely: neither is taken, both are shown.
    doubtful = next(
        row
        for row in rows_of(workspace, "registry_candidates")
        if names[row["account_id"]] == "Berger Metallbau GmbH"
    )
    assert not doubtful["matched"]
    assert doubtful["confidence"] == pytest.approx(doubtful["runner_up_confidence"], abs=0.01)
    assert {doubtful["registry_id"], doubtful["runner_up_id"]} == {"001000003", "001000004"}


def test_each_site_is_its_own_entry(workspace):
    sites = {row["site_id"]: row["city"] for row in rows_of(workspace, "sites")}
    found = rows_of(workspace, "site_registry_matches")
    assert {(sites[row["site_id"]], row["registry_id"]) for row in found} == {
        ("Hamburg", "001000001"),
        ("Bremen", "001000002"),
    }


def test_companies_that_no_register_knows_are_set_aside_on_demand(workspace):
    assert "no_registry_match" not in {
        row["status"] for row in rows_of(workspace, "record_entities")
    }
    settings = workspace / "tieline.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("[registry]\n", "[registry]\nrequired = true\n", 1), "utf-8")
    CliRunner().invoke(app, ["-w", str(workspace), "build"], catch_exceptions=False)
    told = {row["row_number"]: row["status"] for row in rows_of(workspace, "record_entities")}
    settings.write_text(text, "utf-8")
    CliRunner().invoke(app, ["-w", str(workspace), "build"], catch_exceptions=False)
    assert told[4] == "no_registry_match"
    assert told[1] != "no_registry_match"


LINKS = """
SELECT * FROM (VALUES
  ('A1', 'parent', 'A2', NULL::DATE, DATE '2019-06-30', false, 'registry', 'r', 'DE', 'DE', 0),
  ('A1', 'parent', 'registry:9', DATE '2019-07-01', NULL, true, 'registry', 'r', 'DE', 'US', 0),
  ('A2', 'parent', 'A3', NULL, NULL, true, 'data', '', 'DE', 'DE', 2),
  ('A3', 'parent', 'A2', NULL, NULL, true, 'data', '', 'DE', 'DE', 1)
) t(child, kind, parent, from_on, to_on, is_active, basis, registry, child_country, parent_country,
    records)
"""


@pytest.mark.parametrize(
    ("day", "parent", "ultimate"),
    [(None, "registry:9", "registry:9"), (date(2018, 1, 1), "A2", "A2")],
)
def test_a_family_is_as_of_any_day(day, parent, ultimate):
    with DuckEngine(threads=1) as engine:
        engine.create("links", LINKS)
        engine.create(
            "accounts", "SELECT unnest(['A1', 'A2', 'A3', 'A4']) AS account_id, 'DE' AS country"
        )
        found = families_on(engine, "accounts", "links", day)
        rows = found if isinstance(found, pa.Table) else engine.arrow(found)
    told = {row["account_id"]: row for row in rows.to_pylist()}
    assert (told["A1"]["parent_id"], told["A1"]["global_ultimate_id"]) == (parent, ultimate)
    # A2 and A3 own each other: told, and not followed.
    assert told["A2"]["in_cycle"]
    assert told["A2"]["global_ultimate_id"] == "A2"
    assert told["A4"]["global_ultimate_id"] == "A4"


def sql(expression):
    with DuckEngine(threads=1) as engine:
        return engine.arrow(f"SELECT {expression} AS found")["found"][0].as_py()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (registry_number("duns", "'12-345-6789'"), "123456789"),
        (registry_number("duns", "'1234567'"), "001234567"),
        (registry_number("duns", "'n/a'"), None),
        (registry_number("ror", "'https://ror.org/05D538656'"), "05d538656"),
        (registry_number("cik", "'320193'"), "0000320193"),
        (active("'Out of Business'"), False),
        (active("'ACTIVE'"), True),
        (active("'unknown'"), None),
        (site_kind("'Single Location'"), "single"),
        (site_kind("'2'"), "branch"),
        (relation("'IS_DIRECTLY_CONSOLIDATED_BY'"), "parent"),
        (relation("'IS_ULTIMATELY_CONSOLIDATED_BY'"), "global_ultimate"),
        (relation("'child'"), "child"),
    ],
)
def test_words_of_registers(expression, expected):
    assert sql(expression) == expected


def test_grades_are_told_in_words():
    assert grades_in_words("AAFZZB") == "same: name, street; similar: domain; different: city"

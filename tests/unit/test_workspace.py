"""The workspace folder: made, opened, configured, and what it remembers of its sources."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tieline.data.sources.landed import Landed, read_landed
from tieline.errors import TielineError
from tieline.workspace import Settings, Workspace, stated_secret, with_environment


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace.create(tmp_path / "market")


def configure(workspace: Workspace, text: str) -> Workspace:
    workspace.settings_path.write_text(text, encoding="utf-8")
    return Workspace.open(workspace.path)


def landed(
    workspace: Workspace,
    columns: dict[str, list[str | None]],
    *,
    name: str = "crm",
    sha256: str = "a1",
    location: str = "",
) -> Landed:
    """Put a landed file into the workspace, in the form that sources leave behind."""
    rows = len(next(iter(columns.values())))
    table = pa.table({"row_number": pa.array(range(1, rows + 1), pa.int64()), **columns})
    facts = {
        "name": name, "location": location or f"/lists/{name}.csv", "format": "csv",
        "encoding": "utf-8", "delimiter": ",", "header_row": 1, "columns": list(columns),
        "rows_read": rows + 1, "rows_readable": rows, "rows_unreadable": 1, "notes": [],
    }  # fmt: skip
    pq.write_table(table, workspace.landed_dir / f"{sha256}.parquet")
    path = workspace.landed_dir / f"{sha256}.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    return read_landed(path)


PEOPLE = {
    "Vorname": ["Sabine", "Thomas", None],
    "Nachname": ["Schäfer", "Krüger", "Weiß"],
    "Kontaktweg": ["s@a.de", "t@b.de", "u@c.de"],
    "Firma": ["Alpha GmbH", "Beta AG", "Gamma KG"],
}


def test_a_new_workspace_has_its_folders_and_says_every_default(workspace):
    assert Workspace.open(workspace.path).settings.workspace.name == "market"
    for folder in ("sources", "models", ".tieline/landed", ".tieline/parameters",
                   ".tieline/snapshots", ".tieline/cache", ".tieline/scratch"):  # fmt: skip
        assert (workspace.path / folder).is_dir()
    text = workspace.settings_path.read_text(encoding="utf-8")
    for section, model in Settings.model_fields.items():
        assert f"[{section}" in text
        if not isinstance(model.default, dict):
            assert all(f"{key} = " in text for key in type(model.default).model_fields)


def test_the_defaults_in_the_fresh_file_are_the_ones_in_force(workspace):
    lines = workspace.settings_path.read_text(encoding="utf-8").splitlines()
    own = {'names = ["', 'domains = ["', 'country = "US"'}
    uncommented = [
        line.removeprefix("# ")
        if " = " in line and not any(line.startswith(f"# {start}") for start in own)
        else line
        for line in lines
    ]
    text = "\n".join(uncommented)
    text = text[: text.index("# Each list")] + text[text.index("[identity]") :]
    fresh = configure(workspace, text).settings
    assert fresh.model_copy(update={"workspace": Settings().workspace}) == Settings()
    assert fresh.workspace.max_set_aside_share == Settings().workspace.max_set_aside_share


def test_a_workspace_is_not_made_over_another(workspace):
    with pytest.raises(TielineError) as error:
        Workspace.create(workspace.path)
    assert error.value.code == "workspace_exists"


def test_a_folder_that_is_none_says_how_to_make_one(tmp_path):
    with pytest.raises(TielineError) as error:
        Workspace.open(tmp_path)
    assert error.value.code == "no_workspace"
    assert f"tieline new {tmp_path}" in str(error.value)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ('[workspace]\nnam = "x"\n', "unknown_setting", ["line 2", "'nam'", "'name'"]),
        ("[identiy]\n", "unknown_setting", ["line 1", "'identity'"]),
        ("[sources.crm]\ntrsut = 1\n", "unknown_setting", ["line 2", "'trust'", "sources.crm"]),
        ("[sources.crm]\ntrust = 12\n", "bad_setting", ["line 2", "sources.crm.trust", "12"]),
        ('[sources.crm]\ntrust = "high"\n', "bad_setting", ["line 2", "integer", "high"]),
        ('[sources.crm]\nkind = "contact"\n', "bad_setting", ["line 2", "contacts"]),
        ('\n[workspace]\ncountry = "Germany"\n', "bad_setting", ["line 3", "two letters"]),
        ('[sources.crm.columns]\n"A b" = "emial"\n', "bad_setting", ["email", "'A b'"]),
        ("[identity]\nprobability = 1.5\n", "bad_setting", ["line 2", "1.5"]),
        ("[workspace]\nname = Acme\n", "bad_toml", ["line 2", 'name = "Acme"']),
        ('[sources.crm.columns]\nE-Mail Adresse = "email"\n', "bad_toml", ["line 2"]),
        ('[own_company]\nnames = ["a"\n', "bad_toml", ["toml line"]),
        ("[identity]\n[workspace]\n[identity]\n", "bad_toml", ["line 3", "line 1 already"]),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_line(workspace, text, code, told):
    with pytest.raises(TielineError) as error:
        _ = configure(workspace, text).settings
    assert error.value.code == code
    for part in ["tieline.toml", *told]:
        assert part in str(error.value), str(error.value)


def test_settings_that_are_not_text_are_refused(workspace):
    workspace.settings_path.write_bytes(b'[workspace]\nname = "\xff\xfe"\n')
    with pytest.raises(TielineError) as error:
        _ = workspace.settings
    assert error.value.code == "bad_toml"


def test_a_password_in_the_settings_is_refused(workspace):
    text = '[sources.crm]\nowner = "postgresql://reader:hunter2@db/crm"\n'
    with pytest.raises(TielineError) as error:
        _ = configure(workspace, text).settings
    assert error.value.code == "secret_in_config"
    assert "line 2" in str(error.value)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("location", "secret"),
    [
        ("postgresql://me:pw@host/db", True),
        ("postgresql://me:${PW}@host/db", False),
        ("${CRM_URL}", False),
        ("mysql://host/db?user=me&password=pw", True),
        ("mysql://host/db?password=${PW}", False),
        ("/lists/a:b@c.csv", False),
        ("sqlite:///crm.db", False),
    ],
)
def test_what_counts_as_a_secret(location, secret):
    assert stated_secret(location) is secret


def test_variables_come_from_the_environment():
    assert with_environment("pg://me:${PW}@h", {"PW": "x"}) == "pg://me:x@h"
    with pytest.raises(TielineError) as error:
        with_environment("${CRM_URL}", {})
    assert "export CRM_URL=" in str(error.value)


def test_an_added_source_is_mapped_and_remembered(workspace):
    added = workspace.remember(landed(workspace, PEOPLE))
    assert added.columns == {
        "Vorname": "given_name",
        "Nachname": "family_name",
        "Kontaktweg": "email",
        "Firma": "company",
    }
    assert (added.name, added.kind, added.trust) == ("crm", "contacts", 5)
    assert (added.rows_read, added.rows_readable, added.rows_unreadable) == (4, 3, 1)
    assert Workspace.open(workspace.path).sources() == [added]
    assert pq.read_table(added.landed_path).num_rows == 3


def test_the_users_words_win_over_what_was_recognised(workspace):
    workspace.remember(landed(workspace, PEOPLE))
    configured = configure(
        workspace,
        '[sources.crm]\nkind = "responses"\nowner = "Events"\ntrust = 2\ndate_style = "dmy"\n'
        '[sources.crm.columns]\n"Nachname" = "company"\n"Vorname" = ""\n',
    )
    source = configured.source("crm")
    assert source.columns == {"Nachname": "company", "Kontaktweg": "email"}
    assert (source.kind, source.owner, source.trust) == ("responses", "Events", 2)
    assert source.mapping["Firma"].why == "you set another column to company"


def test_a_column_that_loses_its_field_moves_to_the_next_of_the_family(workspace):
    columns = {"E-Mail": ["a@b.de", "c@d.de", "e@f.de"], "Weitere": ["x@y.de", None, None]}
    workspace.remember(landed(workspace, columns))
    source = configure(workspace, '[sources.crm.columns]\n"Weitere" = "email"\n').source("crm")
    assert source.columns == {"E-Mail": "email_2", "Weitere": "email"}


def test_taking_a_correction_back_restores_what_was_recognised(workspace):
    before = workspace.remember(landed(workspace, PEOPLE))
    configure(workspace, '[sources.crm.columns]\n"Firma" = ""\n').remember(
        landed(workspace, PEOPLE)
    )
    assert configure(workspace, "").source("crm").columns == before.columns


def test_a_correction_for_a_header_that_is_not_there_names_the_nearest(workspace):
    workspace.remember(landed(workspace, PEOPLE))
    with pytest.raises(TielineError) as error:
        configure(workspace, '[sources.crm.columns]\n"Frima" = "company"\n').sources()
    assert error.value.code == "unknown_column"
    assert "'Firma'" in str(error.value)


def test_new_content_of_a_source_keeps_what_was_known_of_its_columns(workspace):
    workspace.remember(landed(workspace, PEOPLE))
    later = {
        "Kontaktweg": [None, None, None],
        "E-Mail": ["x@a.de", "y@b.de", "z@c.de"],
        "Firma": ["Delta GmbH", "Epsilon AG", "Zeta KG"],
    }
    source = workspace.remember(landed(workspace, later, sha256="b2"))
    assert source.sha256 == "b2"
    assert source.columns == {"Kontaktweg": "email", "E-Mail": "email_2", "Firma": "company"}
    assert [s.name for s in workspace.sources()] == ["crm"]


def test_two_files_of_one_name_are_two_sources_and_one_file_twice_is_one(workspace):
    first = landed(workspace, PEOPLE, sha256="a1", location="/north/list.csv", name="list")
    other = landed(workspace, PEOPLE, sha256="b2", location="/south/list.csv", name="list")
    moved = landed(workspace, PEOPLE, sha256="b2", location="/moved/list.csv", name="list")
    assert workspace.remember(first).name == "list"
    assert workspace.remember(other).name == "list_2"
    assert workspace.remember(first).name == "list"
    assert workspace.remember(moved).name == "list_2"
    assert workspace.remember(other, name="list").sha256 == "b2"
    assert [source.name for source in workspace.sources()] == ["list", "list_2"]


def test_a_kind_that_was_named_stays_when_new_content_comes(workspace):
    workspace.remember(landed(workspace, PEOPLE), kind="suppressions")
    assert workspace.remember(landed(workspace, PEOPLE, sha256="b2")).kind == "suppressions"
    with pytest.raises(TielineError) as error:
        workspace.remember(landed(workspace, PEOPLE), kind="people")
    assert "contacts, companies" in str(error.value)


def test_no_password_is_written_into_the_workspace(workspace):
    file = landed(workspace, PEOPLE, location="postgresql://me:hunter2@db/crm")
    with pytest.raises(TielineError) as error:
        workspace.remember(file)
    assert error.value.code == "secret_in_location"
    assert "hunter2" not in str(error.value)
    workspace.remember(file, location="postgresql://me:${PW}@db/crm")
    assert "hunter2" not in (workspace.sources_dir / "crm.toml").read_text(encoding="utf-8")


def test_a_source_file_damaged_by_hand_says_how_to_repair_it(workspace):
    workspace.remember(landed(workspace, PEOPLE))
    (workspace.sources_dir / "crm.toml").write_text('location = "x"\n', encoding="utf-8")
    with pytest.raises(TielineError) as error:
        workspace.sources()
    assert "tieline add FILE --name crm" in str(error.value)


def test_an_unknown_source_names_the_known_ones(workspace):
    workspace.remember(landed(workspace, PEOPLE))
    with pytest.raises(TielineError) as error:
        workspace.source("cmr")
    assert "crm" in error.value.next_step


def test_settings_for_a_source_that_was_never_added_can_be_listed(workspace):
    assert configure(workspace, "[sources.crm]\ntrust = 1\n").unused_settings() == ["crm"]


def test_remembering_is_the_same_every_time(workspace):
    workspace.remember(landed(workspace, PEOPLE))
    first = (workspace.sources_dir / "crm.toml").read_bytes()
    workspace.remember(landed(workspace, PEOPLE))
    assert (workspace.sources_dir / "crm.toml").read_bytes() == first


def test_sparse_columns_of_a_long_file_are_still_seen(workspace):
    rows = 5_000
    emails = [None] * rows
    emails[1234:1240] = [f"p{i}@example.com" for i in range(6)]
    columns = {"Nr": [str(i) for i in range(rows)], "x": emails}
    source = workspace.remember(landed(workspace, columns))
    assert source.columns == {"Nr": "record_key", "x": "email"}


def test_names_of_sources_are_safe_for_files(workspace):
    file = landed(workspace, PEOPLE, name="Ünsere Liste (3)/../x")
    assert workspace.remember(file).name == "unsere_liste_3_x"
    assert Path(workspace.sources_dir / "unsere_liste_3_x.toml").is_file()


def test_no_source_has_the_name_of_the_funnels_total(workspace):
    file = landed(workspace, PEOPLE, name="All")
    assert workspace.remember(file).name == "all_records"
    assert workspace.remember(landed(workspace, PEOPLE, sha256="b2"), name="all").name != "all"

"""Every command as a newcomer uses it: right, wrong, in a pipe, on a poor terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess

import pytest

from conftest import PEOPLE, Tieline, environment, without_privileges, write_csv
from tieline.cli.lead import COMMANDS as LEAD_COMMANDS
from tieline.cli.main import COMMANDS


def test_the_help_names_every_command_and_each_has_its_own(tmp_path):
    tieline = Tieline(tmp_path)
    text = tieline("--help").out
    commands = re.findall(r"^  (\w[\w-]*) +[A-Z].*\.$", text, re.MULTILINE)
    assert commands == list(COMMANDS)
    assert all(len(line) <= 80 for line in text.splitlines())
    for command in ("add", "explain"):
        assert f"{command} [OPTIONS]" in tieline(command, "--help").out
    told = tieline("lead", "--help").out
    assert re.findall(r"^  (\w+) +[A-Z].*\.$", told, re.MULTILINE) == list(LEAD_COMMANDS)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("bild",), ("Did you mean 'build'?",)),
        (("lead", "shwo"), ("no command 'lead shwo'", "Did you mean 'lead show'?")),
        (("lead", "draft"), ("NAME", "tieline lead draft --help")),
        (("build", "--ful"), ("--ful", "tieline build --help")),
        (("build", "-w", "x"), ("before the command",)),
        (("build",), ("not a Tieline workspace", "tieline new")),
        (("show", "contacts", "--limit", "few"), ("--limit", "tieline show --help")),
    ],
)
def test_a_wrong_command_is_answered_with_the_right_one(tmp_path, words, told):
    said = Tieline(tmp_path / "nowhere")(*words, code=2)
    assert all(part in said.err for part in told), said.err
    assert said.out == ""


def test_a_new_workspace_leads_on(tieline, tmp_path):
    assert "tieline -w" in tieline("show", "contacts", code=2).err
    assert "Add your lists first" in tieline("build", code=2).err
    assert "workspace already" in tieline("new", tieline.workspace, code=2).err
    (tmp_path / "nothing").mkdir()
    assert "no file in this folder" in tieline("add", tmp_path / "nothing", code=2).err


def test_show_export_and_path_give_the_same_rows(built, tmp_path):
    shown = built("show", "contacts", "--limit", "3").out
    assert "maria.alvarez@brightwell.com" in built("show", "contacts").out
    assert f"3 of {len(PEOPLE)} rows" in shown
    assert built("path", "contacts").out.strip().endswith("contacts.parquet")
    file = tmp_path / "contacts.csv"
    file.write_text("old", "utf-8")
    built("export", "contacts", file)
    assert len(file.read_text("utf-8-sig").splitlines()) == len(PEOPLE) + 1
    said = built("show", "contcts", code=2).err
    assert "Did you mean 'contacts'?" in said
    assert "record_entities" in said


def test_an_export_is_whole_or_not_at_all(built, tmp_path):
    assert "Name a folder" in built("export", "contacts", tmp_path / "no" / "x.csv", code=2).err
    assert ".csv nor .parquet" in built("export", "contacts", tmp_path / "x.doc", code=2).err
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    said = built("export", "contacts", shut / "x.csv", code=2, before=without_privileges)
    assert str(shut / "x.csv") in said.err
    assert list(shut.iterdir()) == []


def test_explain_takes_an_id_or_a_row(built):
    by_row = built("explain", "crm:1").out
    contact = next(r for r in built.rows("contacts") if r["family_name"] == "Alvarez")["contact_id"]
    assert by_row.startswith(f"contact {contact}: Maria Alvarez")
    assert built("explain", "crm", "row", "1").out == by_row
    assert built("explain", str(contact).lower()).out == by_row
    assert "410 N Michigan Ave" in by_row
    assert "Did you mean 'crm'?" in built("explain", "crn:1", code=2).err
    assert "1 to 8" in built("explain", "crm:99", code=2).err
    assert "tieline show contacts" in built("explain", "C0000", code=2).err


def test_a_build_ends_with_the_funnel_the_figures_and_three_steps(end_of_build):
    assert re.search(r"records read +11 ", end_of_build)
    assert re.search(r"usable +8 ", end_of_build)
    assert re.search(r"^ +3  the same contact again$", end_of_build, re.MULTILINE)
    assert "Found 5 accounts" in end_of_build
    assert "Usable are 8 contacts" in end_of_build
    assert len(re.findall(r"^  \d\. ", end_of_build, re.MULTILINE)) == 3


def test_letters_that_a_terminal_lacks_are_no_error(built):
    for env in ({"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}):
        assert "Friedrichstra" in built("explain", "crm:6", env=env).out


def test_a_reader_that_has_enough_is_no_error(built):
    for words in (("show", "golden_values", "--limit", "5000"), ("build",)):
        process = subprocess.Popen(
            built.line(*words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(None),
        )
        process.stdout.close()
        said = process.stderr.read().decode()
        assert process.wait(timeout=60) == 0, said
        assert "Error" not in said


def test_on_a_terminal_lines_fit_and_the_build_shows_a_bar(built):
    for words in (("build",), ("show", "contacts")):
        master, slave = pty.openpty()
        env = environment({"COLUMNS": "80", "TERM": "xterm"})
        process = subprocess.Popen(built.line(*words), stdout=slave, stderr=slave, env=env)
        os.close(slave)
        seen = b""
        while True:
            try:
                piece = os.read(master, 65_536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        os.close(master)
        assert process.wait(timeout=60) == 0
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.decode())
        if words[0] == "build":
            assert re.search(r"\d+/\d+ tables", text)
        # A path is never cut, however long the folder is that the tests run in.
        folder = str(built.workspace.parent)
        lines = [line for line in re.split(r"[\r\n]+", text) if folder not in line]
        assert max(map(len, lines)) <= 80


def test_a_fault_of_tieline_is_told_in_a_line_and_kept_for_a_report(built):
    current = built.workspace / ".tieline" / "CURRENT"
    folder = built.workspace / ".tieline" / "snapshots" / current.read_text("ascii").strip()
    (folder / "manifest.json").write_text("{", "utf-8")
    said = built("show", "contacts", code=2)
    assert "fault of Tieline" in said.err
    kept = built.workspace / ".tieline" / "fault.txt"
    assert str(kept) in said.err
    assert "Traceback" in kept.read_text("utf-8")


def test_a_correction_in_the_settings_takes_effect(built, tmp_path):
    settings = built.workspace / "tieline.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text + '\n[sources.fair.columns]\n"Phone" = ""\n', "utf-8")
    assert re.search(r"Phone +\(left out\) +set by you", built("check", "fair").out)
    settings.write_text(text + '\n[sources.fair.colums]\n"Phone" = ""\n', "utf-8")
    said = built("build", code=2).err
    assert "tieline.toml line" in said
    assert "Did you mean 'columns'?" in said
    settings.write_text(text + '\n[sources.fair.columns]\n"Fone" = "phone"\n', "utf-8")
    assert "Did you mean 'Phone'?" in built("build", code=2).err


def test_too_much_set_aside_ends_with_1_and_a_built_database(tieline, tmp_path):
    settings = tieline.workspace / "tieline.toml"
    text = settings.read_text("utf-8")
    share = "# max_set_aside_share = 0.9"
    assert share in text
    settings.write_text(text.replace(share, "max_set_aside_share = 0.2"), "utf-8")
    homeless = [(*p[:5], "", "", "", "", "", p[10]) for p in PEOPLE[:4]]
    tieline("add", write_csv(tmp_path / "leads.csv", [*homeless, *PEOPLE[5:]]))
    said = tieline("build", code=1)
    assert "57.1% of the records were set aside" in said.err
    assert "allows 20.0%" in said.err
    assert tieline.rows("contacts")


def test_a_small_demo_is_a_workspace_ready_to_build(tmp_path):
    tieline = Tieline(tmp_path / "demo")
    said = tieline("demo", tieline.workspace, "--records", "1000")
    assert "12 lists" in said.out
    assert "crm_export: contacts" in tieline("check", "crm_export").out
    assert "1000" in tieline("demo", tmp_path / "less", "--records", "10", code=2).err

"""What the tutorial and the how-to pages tell a reader to do works as it is written."""

import csv
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import prepared

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
SET_ASIDE = DOCS / "how-to" / "set-companies-aside.md"
CORRECT = DOCS / "how-to" / "correct-a-wrong-merge.md"
UNKNOWN = DOCS / "how-to" / "see-what-we-do-not-know.md"
REGISTRY = DOCS / "how-to" / "match-a-registry.md"
STAGES = DOCS / "how-to" / "see-where-relationships-stand.md"
DECIDE = DOCS / "how-to" / "decide-what-to-do-next.md"
MIX = DOCS / "how-to" / "see-the-contact-mix.md"
TEAM = DOCS / "how-to" / "serve-a-team.md"  # test_serve_a_team.py
LEAD = DOCS / "how-to" / "agree-on-what-a-lead-is.md"
TOLD_APART = (SET_ASIDE, CORRECT, UNKNOWN, REGISTRY, STAGES, DECIDE, MIX, LEAD, TEAM)
OTHERS = sorted(page for page in DOCS.glob("how-to/*.md") if page not in TOLD_APART)
EXAMPLES = PROJECT / "examples"
BLOCK = re.compile(r"^```(sh|toml|sql)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


def named(pages):
    return [pytest.param(page, id=page.stem) for page in pages]


def run(command, folder):
    """What a command line printed; one that needs no shell is run at once."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "COLUMNS": "200"}
    if command.startswith("tieline ") and not re.search(r"[|&;<>$`*?]", command):
        ran = prepared.tieline(shlex.split(command)[1:], folder=folder, env=env)
        assert ran.code == 0, f"{command}\n{ran.out}{ran.err}"
        return ran.out
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=env,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def folder(tmp_path):
    """The project's folder as a reader has it: the examples, and room for a workspace."""
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    with sqlite3.connect(tmp_path / "examples" / "support.db") as database:
        database.execute("CREATE TABLE users (id, full_name, email, company, country)")
        database.execute(
            "INSERT INTO users VALUES (7, 'Hans Meier', 'hans.meier@nordwind-energie.ch', "
            "'Nordwind Energie AG', 'CH')"
        )
    database.close()
    return tmp_path


@pytest.fixture
def workspace(folder):
    """The workspace the how-to pages speak of, as the tutorial leaves it."""
    run("tieline new market", folder)
    run("tieline -w market add examples/first-database", folder)
    return folder / "market"


def write_settings(settings, block):
    """Write the lines of each section below its heading, or all at the end, as a reader would."""
    text = settings.read_text(encoding="utf-8")
    for section in re.split(r"^(?=\[)", block, flags=re.MULTILINE):
        heading, _, lines = section.partition("\n")
        if heading and f"\n{heading}\n" in text:
            text = text.replace(f"\n{heading}\n", f"\n{heading}\n{lines}")
        else:
            text += f"\n{section}"
    settings.write_text(text, encoding="utf-8")


def follow(page, folder, name="market"):
    """Do what the page says in the workspace of that name; what each command printed at last."""
    printed = {}
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "toml":
            write_settings(folder / name / "tieline.toml", block)
            continue
        if language == "sql":
            # The page names the file in the sentence before: `models/NAME.sql`.
            file = re.search(r"`(models/[a-z_]+\.sql)`", page.read_text(encoding="utf-8"))
            (folder / name / file.group(1)).write_text(block, encoding="utf-8")
            continue
        for command in block.strip().splitlines():
            if command.endswith(" ID"):
                told = run("tieline -w market path contacts", folder).strip()
                command = command.removesuffix("ID") + first_contact(Path(told))
            printed[command] = run(command, folder)
    return printed


def first_contact(parquet):
    import pyarrow.parquet as pq

    rows = pq.read_table(parquet).sort_by("full_name").to_pylist()
    return next(row["contact_id"] for row in rows if row["records"] > 1)


def test_the_tutorial_leads_to_what_it_promises(folder):
    page = DOCS / "tutorial" / "first-database.md"
    printed = follow(page, folder)
    checks = [run("tieline -w market check webinar", folder)]
    assert re.search(r"Workplace +company", checks[0])
    with (folder / "contacts.csv").open(encoding="utf-8-sig", newline="") as file:
        contacts = list(csv.DictReader(file))
    assert [c["records"] for c in contacts if c["family_name"] == "Delaney"] == ["2"]
    priya = [c for c in contacts if c["given_name"] == "Priya"]
    assert [c["accounts"] for c in priya] == ["2"], "she changed her job and stayed one contact"
    assert "records read" in printed["tieline -w market build"]
    explained = next(text for command, text in printed.items() if " explain " in command)
    assert "The records" in explained


@pytest.mark.parametrize("page", named(OTHERS))
def test_a_how_to_page_works_as_written(page, workspace):
    assert follow(page, workspace.parent)


def test_competitors_and_own_people_are_set_aside(workspace):
    printed = follow(SET_ASIDE, workspace.parent)
    told = printed["tieline -w market show set_aside"]
    assert "competitor" in told
    assert "own_company" in told


def test_a_wrong_merge_is_found_split_and_brought_back(tmp_path):
    printed = follow(CORRECT, tmp_path, "demo")
    splits = [text for command, text in printed.items() if " split " in command]
    first, done = splits
    assert "A dry run: nothing was changed." in first
    assert "1 contact becomes 2" in first
    assert "1 response from" in first
    assert "Consents" in first
    assert "usable" in first
    assert "Undo: tieline -w demo undo J1" in done
    snapshot = re.search(r"snapshots/(\w+)", printed["tieline -w demo path"]).group(1)
    assert f"Snapshot {snapshot} in" in printed['tieline -w demo undo J1 --reason "trying it out"']
    assert f"Snapshot {snapshot} in" not in done
    assert "Jason Jones" not in printed["tieline -w demo show seen_at_two_companies"]


def test_what_we_do_not_know_is_shown_down_to_the_sites(tmp_path):
    printed = follow(UNKNOWN, tmp_path, "demo")
    assert "Sales is set up to address" in printed["tieline -w demo segments"]
    known = re.search(r"Sites known in all: (\d+)%", printed["tieline -w demo coverage"])
    assert 25 <= int(known.group(1)) <= 45
    assert "dnb_registry:" in printed["tieline -w demo coverage dach --gap unknown"]
    moved = next(text for command, text in printed.items() if " --since " in command)
    assert re.search(r"metal +pumps +sites", moved)


def test_the_contact_mix_is_shown_and_the_users_rules_count(tmp_path):
    printed = follow(MIX, tmp_path, "demo")
    assert "Who this is to us" in printed["tieline -w demo explain crm_export:12"]
    whole = printed["tieline -w demo mix"]
    assert re.search(r"decision maker +[\d.]+ +\d+%", whole)
    assert "accounts that bought or grew" in whole
    assert re.search(
        r"% of the people are users", printed["tieline -w demo mix --source support_users"]
    )
    assert "segment large" in printed["tieline -w demo mix --segment large"]
    assert re.search(
        r"old_database_dump +Accounts payable +payables",
        printed["tieline -w demo show source_departments"],
    )


def test_where_relationships_stand_is_told_and_a_campaign_is_held_against_it(tmp_path):
    printed = follow(STAGES, tmp_path, "demo")
    assert re.search(r"key player +\d+ +\d+%", printed["tieline -w demo stages"])
    moved = next(text for command, text in printed.items() if " --between " in command)
    assert "sites went forward" in moved
    assert "level-sensors" in printed["tieline -w demo stages --rules"]
    explained = next(text for command, text in printed.items() if " explain " in command)
    assert "Where the relationship stands" in explained
    checked = [text for command, text in printed.items() if " campaign-check " in command]
    assert "It skips two stages" in checked[0]
    assert "The order that fits" in checked[1]


def test_what_to_do_next_is_told_with_why_not_something_else(tmp_path):
    printed = follow(DECIDE, tmp_path, "demo")
    assert re.search(r"at risk +█*", printed["tieline -w demo outlook"])
    assert "A won deal is given more" in printed["tieline -w demo show outlook_models"]
    listed = printed["tieline -w demo next --step offer_product --limit 3"]
    assert "worth most of what can be done" in listed
    told = printed["tieline -w demo next crm_export:12"]
    assert re.search(r"mail +300 +0\.4 ", told), "every factor of a way is shown"
    # The settings of the page allow sixty calls.
    calls = re.findall(r"phone +(\d+)", printed["tieline -w demo next"])
    assert 0 < sum(map(int, calls)) <= 60


def test_a_lead_is_agreed_on_signed_and_tested(folder):
    printed = follow(LEAD, folder, "demo")
    assert "It can be proposed" in printed["tieline -w demo lead lint sensors"]
    shown = printed["tieline -w demo lead show sensors"]
    assert "is in force since" in shown
    assert re.search(r"marketing_qualified +[1-9]", shown)
    receipt = printed["tieline -w demo lead show sensors crm_export:12"]
    said, added = re.findall(r"([-\d.]+) points for|([-+\d.]+) in all", receipt)
    assert float(said[0]) == float(added[1])
    queued = printed["tieline -w demo lead queue sensors --all --limit 200"]
    assert "accepted by Bob" in queued
    assert re.search(r"rejected by Bob on \S+ as no_need: bought one in March", queued)
    assert "back on 2027-03-01" in queued
    assert (
        "fewer than 10 on one side tell nothing" in printed["tieline -w demo lead evidence sensors"]
    )
    assert "for Bob" in printed["tieline -w demo lead queue sensors --limit 1"]
    drafted = next(text for command, text in printed.items() if " --cases " in command)
    assert "seller_rating: it holds the verdict" in drafted
    tested = printed["tieline -w demo lead backtest history"]
    assert re.search(r"proposed points, later cases +0\.[67]", tested)
    asked = printed["tieline -w demo show lead_questions --limit 5"]
    assert re.search(r"sensors +C\w+ +1 .*\?", asked)
    planned = printed["tieline -w demo lead plan history"]
    assert re.search(r"cases\.level +100% +0\.0[2-5].* ask ", planned)
    told_apart = printed["tieline -w demo lead backtest history --by source"]
    assert re.search(r"Bought list +\d+ .*too few", told_apart)
    disagreed = printed["tieline -w demo lead disagreements history"]
    assert re.search(r"^10\. lead \d+: (won|lost)", disagreed, re.MULTILINE)
    simulated = printed["tieline -w demo lead simulate history --hours 2 --capacity 30"]
    assert "With 30 hours a month the best threshold is" in simulated


def test_companies_are_matched_to_a_register(tmp_path):
    printed = follow(REGISTRY, tmp_path, "universe")
    assert "dnb_registry" in printed["tieline -w universe show registry_matches --limit 5"]
    assert "no_registry_match" in printed["tieline -w universe show set_aside"]
    groups = printed["tieline -w universe show contacts_by_group --limit 5"]
    assert re.search(r"^\w\S+ +\d+$", groups, re.MULTILINE), "a group, and how many it has"


@pytest.mark.parametrize("page", named(sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])))
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    missing = [target for target in LINK.findall(text) if not (page.parent / target).exists()]
    assert not missing, missing


def test_the_reference_is_that_of_the_code():
    done = subprocess.run(
        [sys.executable, DOCS / "generate.py", "--check"], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr

"""The house's own rules: small files, names that say what is in them, imports one way."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
ROOMS = ("src", "tests", "benchmarks", "docs", "scripts")
SOURCES = sorted(
    file
    for room in ROOMS
    for file in (PROJECT / room).rglob("*")
    if file.suffix in (".py", ".sql") and "egg-info" not in str(file)
)
VAGUE = re.compile(r"(^|_)(utils?|helpers?|misc|common|manager|base|stuff|tools)$")
AGED = re.compile(r"_(v\d+|new|old|final|legacy|tmp)$")
MOST_LINES = 400
DECISION = re.compile(r"^\d{4}-[a-z0-9-]+$")


def named(files):
    return [pytest.param(file, id=str(file.relative_to(PROJECT))) for file in files]


@pytest.mark.parametrize("file", named(SOURCES))
def test_a_file_holds_one_thing(file):
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{lines} lines: it holds two things"


@pytest.mark.parametrize("file", named(SOURCES))
def test_a_file_is_named_for_what_is_in_it(file):
    assert not VAGUE.search(file.stem), "name the noun"
    assert not AGED.search(file.stem), "no history in names"


def test_imports_run_one_way():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


def test_decisions_are_numbered_without_gaps():
    names = sorted(file.stem for file in (PROJECT / "docs" / "adr").glob("*.md"))
    assert all(DECISION.match(name) for name in names)
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_every_package_is_pinned():
    from importlib.metadata import requires

    pinned = {
        re.split("==", line)[0].lower().replace("_", "-")
        for line in (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    wanted = {
        re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in requires("tieline")
    }
    assert wanted - pinned == set()


def test_the_architecture_page_names_every_table():
    from tieline.pipeline import models

    page = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    missing = [model.name for model in models() if f"`{model.name}`" not in page]
    assert not missing, missing

"""What a later export of a log no longer tells stays; what it tells again is told once."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from tieline.data.sources.landing import land
from tieline.workspace import Workspace

LOG = ("message_id", "timestamp", "email", "event")
UNKEYED = LOG[1:]
ROWS = [
    ("m1", "2024-03-01T10:00:00Z", "anna@brightwell.com", "download"),
    ("m2", "2024-03-02T10:00:00Z", "john@brightwell.com", "visit"),
    ("m3", "2024-03-03T10:00:00Z", "susan@oakridge-labs.com", "visit"),
    ("m4", "2024-03-04T10:00:00Z", "susan@oakridge-labs.com", "download"),
]


def export(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    cut = len(LOG) - len(header)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *(row[cut:] for row in rows)])
    return path


def add(workspace: Workspace, path: Path, **named) -> str:
    (landed,) = land(str(path), workspace.landed_dir)
    return workspace.remember(landed, **named).name


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "w")


@pytest.mark.parametrize("header", [LOG, UNKEYED])
def test_an_export_that_lacks_earlier_rows_continues_the_log(workspace, tmp_path, header):
    file = tmp_path / "web.csv"
    assert add(workspace, export(file, header, ROWS[:2])) == "web"
    assert add(workspace, export(file, header, ROWS[1:3])) == "web_2"
    assert add(workspace, export(file, header, ROWS[2:])) == "web_3"
    known = {source.name: source for source in workspace.sources()}
    assert [source.continues for source in known.values()] == ["", "web", "web"]
    assert [source.kind for source in known.values()] == ["responses"] * 3
    assert [source.rows_read for source in known.values()] == [2, 2, 2]


@pytest.mark.parametrize("header", [LOG, UNKEYED])
def test_an_export_with_all_earlier_rows_takes_their_place(workspace, tmp_path, header):
    file = tmp_path / "web.csv"
    add(workspace, export(file, header, ROWS[:2]))
    assert add(workspace, export(file, header, ROWS[:3])) == "web"
    add(workspace, export(file, header, ROWS[2:]))
    assert add(workspace, export(file, header, ROWS[2:] + ROWS[:1])) == "web_2"
    assert [source.rows_read for source in workspace.sources()] == [3, 3]


def test_an_export_that_is_added_again_is_no_further_part(workspace, tmp_path):
    file = tmp_path / "web.csv"
    add(workspace, export(file, LOG, ROWS[:2]))
    add(workspace, export(file, LOG, ROWS[2:]))
    before = [(one.name, one.sha256, one.arrivals) for one in workspace.sources()]
    assert add(workspace, export(file, LOG, ROWS[:2])) == "web"
    assert add(workspace, export(tmp_path / "copy.csv", LOG, ROWS[2:]), name="web") == "web_2"
    assert [(one.name, one.sha256, one.arrivals) for one in workspace.sources()] == before


def test_a_log_from_another_place_continues_it_under_its_name(workspace, tmp_path):
    add(workspace, export(tmp_path / "web.csv", LOG, ROWS[:2]))
    other = export(tmp_path / "june.csv", LOG, ROWS[2:])
    assert add(workspace, other, name="web") == "web_2"


def test_a_log_from_another_place_that_tells_the_same_again_continues_it(workspace, tmp_path):
    for folder in ("june", "july", "else"):
        (tmp_path / folder).mkdir()
    assert add(workspace, export(tmp_path / "june" / "web.csv", LOG, ROWS[:2])) == "web"
    assert add(workspace, export(tmp_path / "july" / "web.csv", LOG, ROWS[1:3])) == "web_2"
    theirs = [(key, when, "x@elsewhere.com", what) for key, when, _, what in ROWS]
    assert add(workspace, export(tmp_path / "else" / "web.csv", LOG, theirs)) == "web_3"
    assert [source.continues for source in workspace.sources()] == ["", "web", ""]


def test_a_list_takes_new_content_as_ever(workspace, tmp_path):
    header = ("First name", "Last name", "E-Mail")
    file = tmp_path / "people.csv"
    for names in (("Ann", "Tom"), ("Eva", "Ann")):
        rows = [(n, "Berger", f"{n}@brightwell.com") for n in names]
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([header, *rows])
        assert add(workspace, file) == "people"
    assert len(workspace.sources()) == 1


def test_deals_continue_only_by_their_ids(workspace, tmp_path):
    header = ("Opportunity ID", "Opportunity Name", "Account Name", "Stage", "Amount")
    rows = [("o1", "Pumps", "Acme Inc", "Won", "5"), ("o2", "Meters", "Globex Corp", "Open", "7")]

    def write(path, header, rows):
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([header, *rows])
        return path

    add(workspace, write(tmp_path / "deals.csv", header, rows))
    assert add(workspace, write(tmp_path / "deals.csv", header, rows[1:])) == "deals_2"
    add(workspace, write(tmp_path / "pipeline.csv", header[1:], [row[1:] for row in rows]))
    fewer = write(tmp_path / "pipeline.csv", header[1:], [rows[1][1:]])
    assert add(workspace, fewer) == "pipeline"


def test_what_the_user_says_of_a_log_holds_for_its_later_exports(workspace, tmp_path):
    file = tmp_path / "web.csv"
    add(workspace, export(file, LOG, ROWS[:2]))
    with workspace.settings_path.open("a", encoding="utf-8") as settings:
        settings.write('\n[sources.web]\nowner = "web team"\ncolumns = {event = "topic"}\n')
    again = Workspace.open(workspace.path)
    add(again, export(file, LOG, ROWS[2:]))
    told = {source.name: source for source in again.sources()}
    assert told["web_2"].owner == "web team"
    assert told["web_2"].columns["event"] == "topic"


def test_the_day_a_content_came_is_kept_while_it_is_the_same(workspace, tmp_path, monkeypatch):
    def days():
        return {one.name: one.landed_on for one in workspace.sources()}

    first, later = date(2024, 3, 10), date(2024, 4, 10)
    monkeypatch.setattr("tieline.workspace.folder._day_in_the_east", lambda: first)
    add(workspace, export(tmp_path / "web.csv", LOG, ROWS[:2]))
    monkeypatch.setattr("tieline.workspace.folder._day_in_the_east", lambda: later)
    add(workspace, tmp_path / "web.csv")
    assert days() == {"web": first}
    add(workspace, export(tmp_path / "web.csv", LOG, ROWS[:3]))
    assert days() == {"web": later}

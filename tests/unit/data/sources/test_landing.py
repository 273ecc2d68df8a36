"""Landing: once per content, completely or not at all, and in words when it cannot be."""

import json
import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from tieline.data.sources import csv as csv_source
from tieline.data.sources import landing
from tieline.data.sources.landed import read_landed
from tieline.data.sources.landing import land
from tieline.errors import TielineError

TEXT = "id,name\n1,Anna\n2,Bob,x\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(TEXT)
    return path


def test_what_is_left_behind(tmp_path, file):
    (landed,) = land(str(file), tmp_path / "landed")
    assert sorted(path.name for path in (tmp_path / "landed").iterdir()) == sorted(
        f"{landed.sha256}{suffix}" for suffix in (".json", ".parquet", ".unreadable.parquet")
    )
    facts = json.loads(landed.facts_path.read_text())
    assert facts["name"] == "leads"
    assert facts["columns"] == ["id", "name"]
    assert (facts["rows_read"], facts["rows_readable"], facts["rows_unreadable"]) == (2, 1, 1)
    assert read_landed(landed.facts_path) == landed
    schema = pq.read_schema(landed.rows_path)
    assert [str(kind) for kind in schema.types] == ["int64", "string", "string"]


def test_the_same_content_lands_once(tmp_path, file):
    (first,) = land(str(file), tmp_path / "landed")
    written = first.rows_path.stat().st_mtime_ns
    copy = tmp_path / "copy.csv"
    copy.write_text(TEXT)
    (second,) = land(str(copy), tmp_path / "landed", name="again")
    assert second.sha256 == first.sha256
    assert (second.name, second.location) == ("again", str(copy))
    assert first.rows_path.stat().st_mtime_ns == written


def test_landing_is_the_same_every_time(tmp_path, file):
    (first,) = land(str(file), tmp_path / "a")
    (second,) = land(str(file), tmp_path / "b")
    assert first.rows_path.read_bytes() == second.rows_path.read_bytes()
    assert first.facts_path.read_bytes() == second.facts_path.read_bytes()


def test_an_interrupted_landing_leaves_nothing_that_counts(tmp_path, file, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(csv_source.CarefulRows, "read", interrupt)
        with pytest.raises(KeyboardInterrupt):
            land(str(file), tmp_path / "landed")
    assert list((tmp_path / "landed").iterdir()) == []
    (landed,) = land(str(file), tmp_path / "landed")
    assert landed.rows_read == 2


def test_leftovers_of_a_killed_landing_are_swept_and_those_of_a_running_one_stay(tmp_path, file):
    folder = tmp_path / "landed"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    running = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    folder.mkdir()
    try:
        for process in (ended, running):
            (folder / f".partial-{process.pid}-rows.rows").write_text("half")
        land(str(file), folder)
        left = [path.name for path in folder.glob(".partial-*")]
        assert left == [f".partial-{running.pid}-rows.rows"]
    finally:
        running.communicate(b"\n")


def test_an_incomplete_landing_is_done_again(tmp_path, file):
    (landed,) = land(str(file), tmp_path / "landed")
    landed.rows_path.unlink()
    (again,) = land(str(file), tmp_path / "landed")
    assert again.rows_path.exists()


def test_progress_is_told(tmp_path, file):
    seen = []
    land(str(file), tmp_path / "landed", progress=lambda name, rows: seen.append((name, rows)))
    assert seen == [("leads", 2)]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, file):
    def grow(_name, _rows):
        with file.open("a") as more:
            more.write("3,Eve\n")

    with pytest.raises(TielineError, match="changed while it was read"):
        land(str(file), tmp_path / "landed", progress=grow)
    assert not list((tmp_path / "landed").glob("*.json"))


def test_no_such_file_folder_and_dangling_link(tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "gone.csv")
    for path, code in [
        (tmp_path / "gone.csv", "no_such_file"),
        (link, "no_such_file"),
        (tmp_path, "is_a_folder"),
        (tmp_path / ("x" * 300), "cannot_read"),
    ]:
        with pytest.raises(TielineError) as caught:
            land(str(path), tmp_path / "landed")
        assert caught.value.code == code
        assert caught.value.next_step


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path, file):
    file.chmod(0)
    with pytest.raises(TielineError, match="may not be read"):
        land(str(file), tmp_path / "landed")


def test_every_format_has_one_reader():
    assert set(landing.READERS) | set(landing.CONTAINERS) == {
        "parquet",
        "json",
        "text",
        "vcard",
        "excel",
        "sqlite",
    }

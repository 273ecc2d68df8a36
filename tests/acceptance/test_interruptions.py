"""A build that is stopped at any moment: the old database stays, and the next build works."""

from __future__ import annotations

import re
import signal
import subprocess

import pyarrow.parquet as pq
import pytest

from conftest import PEOPLE, Tieline, write_csv


@pytest.fixture
def grown(built: Tieline, tmp_path) -> Tieline:
    """A built workspace with one more list that the next build will take in."""
    others = [(p[1], p[0], f"x{p[2]}", *p[3:]) for p in PEOPLE]
    built("add", write_csv(tmp_path / "more.csv", others))
    return built


def until(process: subprocess.Popen[str], word: str) -> None:
    """Read the stage lines of a build up to the one that names `word`."""
    for line in process.stderr:
        if word in line:
            return
    raise AssertionError(f"the build ended before {word}")


def whole(tieline: Tieline) -> bool:
    """Whether CURRENT names a snapshot all of whose tables can be read."""
    name = (tieline.workspace / ".tieline" / "CURRENT").read_text("ascii").strip()
    tables = sorted((tieline.workspace / ".tieline" / "snapshots" / name).glob("*.parquet"))
    return len(tables) > 10 and all(pq.read_table(table) is not None for table in tables)


def test_a_build_killed_at_any_moment_costs_nothing(grown):
    landed = grown.landed()
    pointer = grown.workspace / ".tieline" / "CURRENT"
    before = pointer.read_bytes()
    # While values are read, while records are linked, and right before or during publishing.
    for moment in ("addresses", "contact_links", "set_aside,"):
        process = grown.start("build")
        until(process, moment)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert whole(grown)
        assert grown.landed() == landed
        if moment != "set_aside,":
            assert pointer.read_bytes() == before
    grown("build")
    assert whole(grown)
    assert len(grown.rows("record_entities")) == 2 * len(PEOPLE) + 3
    snapshots = list((grown.workspace / ".tieline" / "snapshots").iterdir())
    assert [path for path in snapshots if path.name.startswith(".")] == []


def test_ctrl_c_stops_a_build_with_a_word(grown):
    pointer = grown.workspace / ".tieline" / "CURRENT"
    before = pointer.read_bytes()
    process = grown.start("build")
    until(process, "data: records")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2, said
    assert "Stopped." in said
    assert "Traceback" not in said
    assert pointer.read_bytes() == before
    assert whole(grown)


def test_a_second_build_says_who_is_building(grown):
    process = grown.start("build")
    until(process, "data: records")
    process.send_signal(signal.SIGSTOP)
    try:
        said = grown("build", code=2)
        assert re.search(rf"\b{process.pid}\b", said.err)
        assert "Wait" in said.err
    finally:
        process.send_signal(signal.SIGCONT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(grown.rows("record_entities")) == 2 * len(PEOPLE) + 3

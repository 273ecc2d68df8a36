"""Whatever happens to a build, the current snapshot is whole, and readers never see a mixture."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import building, collect, current, damaged, publish, reading
from tieline.errors import TielineError

PUBLISHER = str(Path(__file__).with_name("publisher.py"))


def command(home, rounds, steps=()):
    return [sys.executable, PUBLISHER, str(home), str(rounds), *map(str, steps)]


@pytest.fixture
def put(tmp_path):
    """Publish one table `a` holding the given numbers."""
    with DuckEngine(threads=1) as engine:

        def publish_numbers(*numbers, inputs="x", keep=None):
            with building(tmp_path) as build:
                engine.load("a", pa.table({"n": numbers}))
                made = publish(build, engine, {"a": ["n"]}, inputs=inputs, versions={"code": "1"})
                if keep is not None:
                    collect(build, keep)
            return made

        yield publish_numbers


def numbers(snapshot):
    return pq.read_table(snapshot.table("a"))["n"].to_pylist()


def round_of(snapshot):
    """Return the one number in all cells of all tables, or fail."""
    seen = {n for name in "ab" for n in pq.read_table(snapshot.table(name))["n"].to_pylist()}
    assert len(seen) == 1
    return seen.pop()


def hidden(home):
    return sorted(file.name for file in [*home.glob(".*"), *(home / "snapshots").glob(".*")])


def test_before_the_first_build_there_is_nothing(tmp_path):
    assert current(tmp_path) is None
    with pytest.raises(TielineError, match="tieline build"), reading(tmp_path):
        pass


def test_what_is_published_is_current_and_described(tmp_path, put):
    made = put(3, 1, 2)
    now = current(tmp_path)
    assert now == made
    assert numbers(now) == [1, 2, 3]
    assert now.tables == ("a",)
    assert now.manifest["inputs"] == "x"
    assert now.manifest["versions"] == {"code": "1"}
    assert now.manifest["tables"]["a"]["rows"] == 3
    assert now.manifest["tables"]["a"]["bytes"] == now.table("a").stat().st_size
    assert damaged(now) == []
    assert hidden(tmp_path) == []
    with pytest.raises(TielineError, match="Its tables are: a"):
        now.table("b")


def test_equal_content_is_the_same_snapshot_and_other_content_another(tmp_path, put):
    first = put(1, 2)
    second = put(1, 2, 3)
    again = put(2, 1, inputs="y")
    assert first.id == again.id != second.id
    assert current(tmp_path).manifest["inputs"] == "y"
    assert numbers(current(tmp_path)) == [1, 2]
    assert len(list((tmp_path / "snapshots").iterdir())) == 2


def test_a_changed_or_lost_file_is_noticed(put):
    made = put(1, 2)
    content = made.table("a").read_bytes()
    made.table("a").write_bytes(content[:-9] + b"x" + content[-8:])
    assert damaged(made) == ["a"]
    made.table("a").unlink()
    assert damaged(made) == ["a"]


def test_a_lost_current_snapshot_is_explained(tmp_path, put):
    put(1).folder.rename(tmp_path / "elsewhere")
    with pytest.raises(TielineError, match="not there any more"):
        current(tmp_path)
    with pytest.raises(TielineError, match="not there any more"), reading(tmp_path):
        pass


def test_collecting_keeps_the_current_and_the_newest_others(tmp_path, put):
    ids = [put(n).id for n in range(5)]
    put(1)  # an old one becomes current again
    with building(tmp_path) as build:
        assert collect(build, keep=3) == sorted([ids[0], ids[2]])
        assert collect(build, keep=0) == [ids[3]]
    assert sorted(f.name for f in (tmp_path / "snapshots").iterdir()) == sorted([ids[1], ids[4]])
    assert numbers(current(tmp_path)) == [1]


def test_a_snapshot_that_is_being_read_is_never_collected(tmp_path, put):
    put(0)
    with reading(tmp_path) as held:
        for n in range(1, 5):
            put(n, keep=2)
        assert numbers(held) == [0]
        assert damaged(held) == []
    put(9, keep=2)
    assert not held.folder.exists()


def test_a_second_build_is_refused_and_names_the_first(tmp_path):
    with (
        building(tmp_path),
        pytest.raises(TielineError, match=f"process {os.getpid()}") as caught,
        building(tmp_path),
    ):
        pass
    assert caught.value.code == "build_running"
    with building(tmp_path):
        pass


def test_a_table_that_cannot_be_sorted_leaves_the_old_snapshot(tmp_path, put):
    put(1)
    with DuckEngine() as engine, building(tmp_path) as build:
        engine.load("a", pa.table({"n": [5]}))
        with pytest.raises(TielineError):
            publish(build, engine, {"a": ["n"], "b": ["n"]}, inputs="", versions={})
    assert numbers(current(tmp_path)) == [1]
    assert hidden(tmp_path) == []


def test_a_build_killed_at_any_step_leaves_a_whole_snapshot_and_no_debris_for_long(tmp_path):
    subprocess.run(command(tmp_path, 1), check=True, stdout=subprocess.DEVNULL)
    few, many = (
        int(subprocess.run(command(tmp_path / str(n), n), capture_output=True).stdout.split()[-1])
        for n in (2, 3)
    )
    assert many - few > 15
    # Every step of the third round, the first one that also collects.
    steps = range(few + 1, many + 1)
    child = subprocess.Popen(
        command(tmp_path, 3, steps), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with_debris = 0
    for _ in steps:
        # A sequence of crashed builds upon each other, never cleaned by a good one in between.
        assert child.stdout.readline() == "ready\n"
        assert child.stdout.readline() == "died\n"
        assert damaged(current(tmp_path)) == []
        assert round_of(current(tmp_path)) in (0, 1, 2)
        with_debris += bool(hidden(tmp_path))
        child.stdin.write("next\n")
        child.stdin.flush()
    child.communicate(timeout=20)
    assert with_debris > 2
    with building(tmp_path) as build:
        collect(build)
        assert hidden(tmp_path) == []
        assert len(list((tmp_path / "snapshots").iterdir())) <= 2
    assert damaged(current(tmp_path)) == []


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_build_stopped_at_any_moment_leaves_a_whole_snapshot(tmp_path, sent):
    subprocess.run(command(tmp_path, 1), check=True, stdout=subprocess.DEVNULL)
    chance = random.Random(7)
    for _ in range(8):
        child = subprocess.Popen(command(tmp_path, 10_000), stdout=subprocess.PIPE, text=True)
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.4 * chance.random())
        while child.poll() is None:
            # DuckDB loses a Ctrl-C once in a while (see engine/interrupt.py): people press again.
            child.send_signal(sent)
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=3)
        out, _ = child.communicate(timeout=20)
        assert damaged(current(tmp_path)) == []
        assert round_of(current(tmp_path)) >= 0
        if sent is signal.SIGINT:
            assert out == "interrupted\n"
            assert child.returncode == 3
        with building(tmp_path):
            assert hidden(tmp_path) == []


def test_readers_during_publishes_see_only_whole_snapshots(tmp_path):
    writer = subprocess.Popen(command(tmp_path, 40), stdout=subprocess.DEVNULL)
    reads, seen = 0, set()
    while writer.poll() is None:
        if current(tmp_path) is None:
            continue
        with reading(tmp_path) as snapshot:
            seen.add(round_of(snapshot))
            assert snapshot.manifest["inputs"] == str(round_of(snapshot))
        reads += 1
    assert writer.returncode == 0
    assert reads >= 10
    assert len(seen) >= 5


def test_a_full_disk_leaves_the_old_snapshot(tmp_path):
    subprocess.run(command(tmp_path, 1), check=True, stdout=subprocess.DEVNULL)
    before = current(tmp_path)

    def tiny_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    done = subprocess.run(
        command(tmp_path, 2), preexec_fn=tiny_files, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.split()) == (2, ["ready", "disk_full"]), done.stderr
    assert current(tmp_path) == before
    assert damaged(before) == []
    assert hidden(tmp_path) == []


def test_a_full_file_system_leaves_the_old_snapshot(tmp_path, put):
    home = tmp_path / "small"
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(home)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small file system")
    try:
        with DuckEngine() as engine, building(home) as build:
            engine.load("a", pa.table({"n": [1]}))
            publish(build, engine, {"a": ["n"]}, inputs="", versions={})
            engine.create("a", "SELECT range AS n, md5(range::VARCHAR) AS t FROM range(50000)")
            with pytest.raises(TielineError) as caught:
                publish(build, engine, {"a": ["n"]}, inputs="", versions={})
        assert caught.value.code == "disk_full"
        assert numbers(current(home)) == [1]
        assert damaged(current(home)) == []
        assert hidden(home) == []
    finally:
        subprocess.run(["umount", str(home)], check=True)


def test_the_manifest_of_equal_builds_is_equal_text(tmp_path, put):
    first = (put(1).folder / "manifest.json").read_text()
    put(2)
    second = (put(1).folder / "manifest.json").read_text()
    assert first == second
    assert json.loads(first)["id"] == current(tmp_path).id

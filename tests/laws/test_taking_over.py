"""What a second build takes over, brings up to date or computes, and when it trusts the first."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from market_day import SELECTS, build, content, models

from tieline.engine import fingerprint
from tieline.engine.model import python_model
from tieline.engine.snapshot import building, current, damaged
from tieline.engine.table_files import Limits
from tieline.errors import TielineError

DAY = {
    "sales": [(n, stall, n % 3, 0.5) for n, stall in enumerate(["bread", "fish", None] * 4)],
    "stalls": [("bread", "north", "Ann"), ("fish", "north", "Bob"), (None, None, "Cy")],
    "moves": [("bread", "fish"), (None, "bread")],
}
# One row more, of a stall that had no sale: little to do.
NEXT = {**DAY, "sales": [*DAY["sales"], (99, "toys", 1, 0.5)]}


@pytest.fixture
def listed(tmp_path):
    return models(tmp_path)


def became(made):
    return {name: outcome.how for name, outcome in made.items()}


def same_as_in_full(snapshot, folder, listed, day, **more):
    whole, _ = build(folder / "afresh", listed, day, full=True, **more)
    return snapshot.id == whole.id and content(snapshot) == content(whole)


def test_nothing_new_is_nothing_computed(tmp_path, listed):
    first, made = build(tmp_path, listed, DAY)
    assert set(became(made).values()) == {"computed"}
    second, made = build(tmp_path, listed, DAY)
    assert set(became(made).values()) == {"taken over"}
    assert second == first
    assert not any(outcome.changed for outcome in made.values())
    _, made = build(tmp_path, listed, DAY, full=True)
    assert set(became(made).values()) == {"computed"}


def test_one_new_row_is_as_much_work_as_its_keys(tmp_path, listed):
    build(tmp_path, listed, DAY)
    snapshot, made = build(tmp_path, listed, NEXT, differences=True)
    how = became(made)
    assert how["moves_per_stall"] == "taken over"
    assert [how[n] for n in ("stall_sales", "labels", "shares")] == ["patched"] * 3
    assert made["stall_sales"].added.to_pylist() == [{"stall": "toys", "amount": 1, "sales": 1}]
    assert made["stall_sales"].removed.num_rows == 0
    assert same_as_in_full(snapshot, tmp_path, listed, NEXT)


def test_what_comes_out_as_it_was_touches_nothing_behind_it(tmp_path, listed):
    build(tmp_path, listed, DAY)
    # Half a kilo more: the sales differ, no amount does.
    heavier = [(sale, stall, amount, 1.0) for sale, stall, amount, _ in DAY["sales"]]
    snapshot, made = build(tmp_path, listed, {**DAY, "sales": heavier})
    assert (made["sales"].changed, made["stall_sales"].changed) == (True, False)
    assert became(made)["best"] == became(made)["shares"] == "taken over"
    assert same_as_in_full(snapshot, tmp_path, listed, {**DAY, "sales": heavier})


def test_an_input_that_is_not_named_makes_the_whole_table_new(tmp_path, listed):
    build(tmp_path, listed, DAY)
    best = {**DAY, "sales": [*DAY["sales"], (99, "fish", 1_000, 0.5)]}
    snapshot, made = build(tmp_path, listed, best)
    assert became(made)["shares"] == "computed"
    assert same_as_in_full(snapshot, tmp_path, listed, best)


def test_too_many_keys_are_computed_together(tmp_path, listed):
    few = Limits(single_file_rows=4, buckets=4, patch_share=0.01)
    build(tmp_path, listed, DAY, limits=few)
    snapshot, made = build(tmp_path, listed, NEXT, limits=few)
    assert "patched" not in became(made).values()
    assert same_as_in_full(snapshot, tmp_path, listed, NEXT, limits=few)


def test_another_value_of_the_context_is_noticed_where_it_is_asked_for(tmp_path, listed):
    build(tmp_path, listed, DAY)
    snapshot, made = build(tmp_path, listed, DAY, word="gone")
    changed = [name for name, how in became(made).items() if how != "taken over"]
    assert changed == ["labels"]
    assert pq.read_table(snapshot.table("labels"))["sign"][0].as_py().startswith("gone")


def test_another_select_is_noticed(tmp_path, listed):
    build(tmp_path, listed, DAY)
    key, columns, increment, select = SELECTS["best"]
    other = {**SELECTS, "best": (key, columns, increment, select.replace("max", "min"))}
    snapshot, made = build(tmp_path, models(tmp_path, other), DAY)
    assert became(made)["best"] == became(made)["shares"] == "computed"
    assert pq.read_table(snapshot.table("best")).to_pylist() == [{"amount": 0}]


def test_other_code_is_computed_anew(tmp_path, listed, monkeypatch):
    build(tmp_path, listed, DAY)
    monkeypatch.setattr(fingerprint, "code", lambda: "another version")
    _, made = build(tmp_path, listed, DAY)
    assert set(became(made).values()) == {"computed"}


def test_a_value_that_cannot_be_told_from_others_is_refused():
    class Secret:
        pass

    assert fingerprint.of({"a": (1, "x"), "b": {2, 1}}) == fingerprint.of(
        {"a": (1, "x"), "b": {1, 2}}
    )
    assert fingerprint.of([1, 2]) != fingerprint.of([2, 1])
    assert fingerprint.of("1") != fingerprint.of(1)
    assert fingerprint.of(Path("/here")) == fingerprint.of(Path("/there"))
    with pytest.raises(TielineError, match=r"Secret.*fingerprint\(\)"):
        fingerprint.of([Secret()])
    with pytest.raises(TielineError, match="fingerprint"):
        # What lies in the file is what matters, and nobody says that.
        fingerprint.of([Path("/here")])


def test_a_key_that_is_never_null_is_checked(tmp_path, listed):
    key, columns, increment, select = SELECTS["stall_keepers"]
    wrong = select.replace("WHERE s.stall IS NOT NULL", "")
    listed = models(tmp_path, {**SELECTS, "stall_keepers": (key, columns, increment, wrong)})
    with pytest.raises(TielineError, match=r"rows without stall.*nulls: none") as caught:
        build(tmp_path, listed, DAY)
    assert caught.value.code == "wrong_increment"


def test_a_model_sees_no_row_of_other_keys_and_no_table_it_does_not_name(tmp_path):
    key, columns, increment, select = SELECTS["stall_sales"]
    hidden = select.replace("count(*)", "(SELECT count(*) FROM sales)")
    listed = models(tmp_path, {**SELECTS, "stall_sales": (key, columns, increment, hidden)})
    build(tmp_path, listed, DAY)
    snapshot, _ = build(tmp_path, listed, NEXT)
    counts = {
        row["stall"]: row["sales"]
        for row in pq.read_table(snapshot.table("stall_sales")).to_pylist()
    }
    assert (counts["toys"], counts["bread"]) == (1, 12), "the header says more than is true"


ASKED = ("stall_sales", "labels", "nope")


def remembering(stall_sales, *, last, tell) -> pa.Table:
    """
    question: How many stalls are there?
    row: One.
    key: stalls
    owner: analyst
    columns: {stalls: How many have sales.}
    """
    tell([None if (was := last(name)) is None else was.rows() for name in ASKED])
    return pa.table({"stalls": [stall_sales.rows()]})


def test_a_model_may_ask_for_the_tables_of_the_last_build(tmp_path, monkeypatch):
    listed = [*models(tmp_path), python_model(remembering)]
    told = []
    for day, more in ((DAY, {}), (NEXT, {}), (DAY, {"word": "other"}), (NEXT, {"full": True})):
        build(tmp_path, listed, day, tell=told.append, **more)
    # The first and a full build know of none; one whose maker was told otherwise is not given.
    assert told == [[None] * 3, [3, 3, None], [4, None, None], [None] * 3]
    monkeypatch.setattr(fingerprint, "code", lambda: "another version")
    build(tmp_path, listed, DAY, tell=told.append)
    assert told[-1] == [None] * 3


@pytest.mark.parametrize("harm", ["cut", "overwritten", "lost", "no JSON", "of another"])
def test_what_the_last_build_left_is_trusted_as_a_whole_or_not_at_all(tmp_path, listed, harm):
    build(tmp_path, listed, DAY)
    state, file = tmp_path / "state" / "state.json", tmp_path / "state" / "stalls.parquet"
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-1])
    elif harm == "overwritten":
        file.write_bytes(file.read_bytes()[::-1])
    elif harm == "lost":
        file.unlink()
    elif harm == "no JSON":
        state.write_text(state.read_text()[:-20])
    else:
        state.write_text(json.dumps({**json.loads(state.read_text()), "snapshot": "0" * 16}))
    snapshot, made = build(tmp_path, listed, DAY)
    assert set(became(made).values()) == {"computed"}
    assert damaged(snapshot) == []


def test_a_damaged_table_of_the_snapshot_is_made_again(tmp_path, listed):
    snapshot, _ = build(tmp_path, listed, DAY)
    file = sorted(snapshot.table("sales").iterdir())[0]
    # Another file of the same name, not the linked one changed.
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[::-1])
    assert damaged(snapshot) == ["sales"]
    again, _ = build(tmp_path, listed, DAY)
    assert again.id == snapshot.id
    assert damaged(again) == []


def test_a_file_system_without_links_copies(tmp_path, listed, monkeypatch):
    def no_links(*_, **__):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    build(tmp_path, listed, DAY)
    snapshot, made = build(tmp_path, listed, NEXT)
    assert "taken over" in became(made).values()
    assert same_as_in_full(snapshot, tmp_path, listed, NEXT)
    _, made = build(tmp_path, listed, NEXT)
    assert set(became(made).values()) == {"taken over"}


def test_files_that_have_not_changed_are_the_same_files(tmp_path, listed):
    day = {**DAY, "sales": [(n, f"s{n % 7}", 1, 0.5) for n in range(40)]}
    before, _ = build(tmp_path, listed, day)
    later = {**day, "sales": [*day["sales"], (99, "s3", 1, 0.5)]}
    after, made = build(tmp_path, listed, later)

    def inodes(snapshot, name):
        return {f.name: f.stat().st_ino for f in snapshot.table(name).iterdir()}

    old, now = inodes(before, "stall_sales"), inodes(after, "stall_sales")
    assert became(made)["stall_sales"] == "patched"
    assert len([name for name in now if old.get(name) != now[name]]) == 1
    assert old.keys() == now.keys()
    assert (
        before.table("moves_per_stall").stat().st_ino
        == after.table("moves_per_stall").stat().st_ino
    )


def test_a_snapshot_of_the_earlier_form_is_read_and_built_upon_in_full(tmp_path, listed):
    plain = Limits(single_file_rows=1_000)
    first, _ = build(tmp_path, listed, DAY, limits=plain)
    shutil.rmtree(tmp_path / "state")
    assert all(
        set(told) == {"rows", "bytes", "sha256"} for told in first.manifest["tables"].values()
    )
    assert pq.read_table(first.table("sales")).num_rows == 12
    second, made = build(tmp_path, listed, DAY, limits=plain)
    assert set(became(made).values()) == {"computed"}
    assert second.id == first.id


KILLED = """
import sys
sys.path.insert(0, sys.argv[1])
import os, signal
from pathlib import Path
from market_day import build, models
from test_taking_over import DAY, NEXT

CALLS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime", "os.link")
home, die_at, seen = Path(sys.argv[2]), int(sys.argv[3]), 0

def count(event, arguments):
    global seen
    if event in CALLS and arguments and str(home / "s") in str(arguments[0]):
        seen += 1
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

listed = models(home)
sys.addaudithook(count)
build(home, listed, NEXT)
print(seen)
"""


def test_a_build_killed_at_any_step_never_leads_to_wrong_tables(tmp_path, listed):
    build(tmp_path / "ready", listed, DAY)

    def attempt(home, die_at):
        shutil.copytree(tmp_path / "ready", home)
        return subprocess.run(
            [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(home), str(die_at)],
            capture_output=True,
            text=True,
        )

    steps = int(attempt(tmp_path / "whole", 0).stdout)
    whole, _ = build(tmp_path / "afresh", listed, NEXT, full=True)
    reached = set()
    # From the last files of the run, through state and pointer, to the end.
    for at in range(steps - 40, steps + 1, 5):
        home = tmp_path / f"killed{at}"
        assert attempt(home, at).returncode == -signal.SIGKILL
        assert damaged(current(home)) == []
        snapshot, made = build(home, listed, NEXT)
        assert content(snapshot) == content(whole)
        assert damaged(snapshot) == []
        reached.add(tuple(sorted(set(became(made).values()))))
    assert len(reached) > 1, "some were killed before the new state, some after"


def test_the_build_folder_is_gone_with_the_build(tmp_path, listed):
    with pytest.raises(ValueError, match="argument"):
        build(tmp_path, listed, {**DAY, "moves": [("one column",)]})
    assert [file.name for file in (tmp_path / "snapshots").iterdir()] == []
    with building(tmp_path):
        pass

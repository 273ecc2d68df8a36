"""A backup made into a workspace again is the same workspace, or nothing is made of it."""

import stat
import tarfile

import pytest

from tieline.actions.backup import back_up, restore
from tieline.actions.backup_folder import delete_older, name_in
from tieline.actions.note import note
from tieline.engine.snapshot import building, current
from tieline.errors import TielineError
from tieline.ledger import open_ledger
from tieline.pipeline import build
from tieline.workspace import Workspace


def files(folder):
    left_out = ("scratch", "cache", "build.lock")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and not set(left_out) & set(path.relative_to(folder).parts)
        and path.name != "ledger.sqlite"
        and not path.name.endswith(("-wal", "-shm"))
    }


def test_a_workspace_comes_back_as_it_was(market, tmp_path):
    workspace = market.workspace
    note(workspace, market.contact("Susan Chen"), "likes tea", by="ann")
    done = back_up(workspace, tmp_path / "whole.tar")
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    told = restore(done.path, tmp_path / "again")
    again = Workspace.open(tmp_path / "again")
    assert told.snapshot == done.snapshot == current(again.hidden_dir).id
    assert files(again.path) == files(workspace.path)
    with workspace.ledger() as before, again.ledger() as after:
        assert after.judgements() == before.judgements()
        assert after.fingerprint() == before.fingerprint()
    assert build(again, full=True).id == done.snapshot


def test_a_ledger_in_a_database_is_in_the_backup(market, tmp_path, database_url):
    with open_ledger(market.workspace.hidden_dir) as ledger:
        ledger.judge("note", "contact", {"records": ["r1"], "text": "x"}, reason="r", by="ann")
        kept = ledger.judgements()
    done = back_up(market.workspace, tmp_path / "whole.tar")
    restore(done.path, tmp_path / "again")
    with open_ledger(tmp_path / "again" / ".tieline", "") as ledger:
        assert ledger.judgements() == kept
    assert done.from_database == bool(database_url)


@pytest.mark.parametrize("damage", ["cut", "changed", "no_tar", "missing"])
def test_of_a_damaged_backup_nothing_is_made(unchanged, tmp_path, damage):
    path = back_up(unchanged.workspace, tmp_path / "whole.tar").path
    data = path.read_bytes()
    if damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "changed":
        at = data.index(b"Brightwell") if b"Brightwell" in data else data.index(b"[workspace]")
        path.write_bytes(data[:at] + b"X" + data[at + 1 :])
    elif damage == "no_tar":
        path.write_bytes(b"no archive at all")
    else:
        path.unlink()
    with pytest.raises(TielineError) as caught:
        restore(path, tmp_path / "again")
    assert caught.value.code == ("no_backup" if damage == "missing" else "damaged_backup")
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob(".restore-*"))


def test_a_backup_that_leads_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "evil.txt").write_text("x", "utf-8")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(tmp_path / "evil.txt", "../out.txt")
    with pytest.raises(TielineError, match="no whole backup"):
        restore(tmp_path / "evil.tar", tmp_path / "in" / "again")
    assert not (tmp_path / "out.txt").exists()
    assert not (tmp_path / "in" / "out.txt").exists()


def test_nothing_is_written_over_and_no_build_is_cut(unchanged, tmp_path):
    workspace = unchanged.workspace
    there = tmp_path / "there.tar"
    there.write_text("mine", "utf-8")
    for path, code in ((there, "file_exists"), (workspace.path / "b.tar", "inside_workspace")):
        with pytest.raises(TielineError) as caught:
            back_up(workspace, path)
        assert caught.value.code == code
    assert there.read_text("utf-8") == "mine"
    with building(workspace.hidden_dir), pytest.raises(TielineError) as caught:
        back_up(workspace, tmp_path / "new.tar")
    assert caught.value.code == "build_running"
    whole = back_up(workspace, tmp_path / "new.tar").path
    with pytest.raises(TielineError) as caught:
        restore(whole, workspace.path)
    assert caught.value.code == "folder_in_use"


def test_in_a_folder_the_newest_backups_stay(unchanged, tmp_path):
    workspace = unchanged.workspace
    name = workspace.path.resolve().name
    made = [f"{name}-2026010{day}-000000.tar" for day in (1, 2, 3)]
    others = ["notes.txt", f"{name}.tar", "other-20260101-000000.tar", f"{name}-20260101.tar"]
    for file in (*made, *others):
        (tmp_path / file).write_text("x")
    gone = delete_older(tmp_path, workspace, 2)
    assert [path.name for path in gone] == made[:1]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*made[1:], *others])
    assert name_in(tmp_path, workspace).parent == tmp_path
    with pytest.raises(TielineError, match="no such folder"):
        name_in(tmp_path / "missing", workspace)


def test_what_a_killed_backup_left_goes_with_the_next_one(unchanged, tmp_path, monkeypatch):
    seen, opened = [], tarfile.open

    def watched(*words, **more):
        seen.extend(tmp_path.glob(".backup-*"))
        return opened(*words, **more)

    monkeypatch.setattr(tarfile, "open", watched)
    back_up(unchanged.workspace, tmp_path / "one.tar")
    (working,) = seen
    # As SIGKILL leaves it; the other one is of another workspace, which may be at work.
    others = tmp_path / ".backup-of-somebody-else"
    for left in (working, others):
        left.mkdir()
        (left / "unfinished").write_text("x")
    back_up(unchanged.workspace, tmp_path / "two.tar")
    assert list(tmp_path.glob(".backup-*")) == [others]

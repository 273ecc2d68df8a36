"""A workspace's facts move to another database whole, and a build sees no difference."""

from datetime import UTC, datetime

import pytest

from tieline.errors import TielineError
from tieline.ledger import Event, open_ledger

NOW = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
SAID = {"reason": "same ä", "by": "Ana"}


def fill(ledger):
    ledger.judge("pin", "contact", {"records": ["b", "a"]}, **SAID, at=NOW, evidence=[1, "x"])
    ledger.judge("note", "site", {"records": ["c"], "text": "\0"}, **SAID, at=NOW)
    ledger.end(1, **SAID, at=NOW)
    ledger.label("a", "b", "contact", same=False, by="Ana", at=NOW, shown={"a": 1}, judgement=2)
    ledger.add_tombstones({"removed": 1}, [("email", "aa")], at=NOW)
    ledger.remember(
        (Event("web", f"m{n}", "touch", "2026-04-01", {"n": str(n)}) for n in range(100)), at=NOW
    )


def everything(ledger):
    return [
        ledger.judgements(active=False),
        ledger.judgements(records=["c"]),
        ledger.labels(active=False),
        ledger.certificates(),
        ledger.tombstones(),
        ledger.judged_records().to_pylist(),
        [row for batch in ledger.event_batches() for row in batch.to_pylist()],
        ledger.salt(),
        ledger.fingerprint("judgements", "events", "labels", "tombstones"),
        ledger.counts(),
    ]


@pytest.fixture
def two(a_database, tmp_path):
    """A file and a database, and two databases of the other kind: (here, there)."""
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    with (
        open_ledger(tmp_path / "here", "") as here,
        open_ledger(tmp_path / "there", a_database()) as there,
    ):
        yield here, there


def test_everything_moves_and_moves_back(two, tmp_path):
    here, there = two
    fill(here)
    (tmp_path / "back").mkdir()
    held = there.take_over(here)
    assert held == {
        "judgements": 2,
        "endings": 1,
        "events": 100,
        "labels": 1,
        "certificates": 1,
        "tombstones": 1,
    }
    assert everything(there) == everything(here)
    with open_ledger(tmp_path / "back", "") as back:
        assert back.take_over(there) == held
        assert everything(back) == everything(here)


def test_work_goes_on_where_the_facts_went(two):
    here, there = two
    fill(here)
    there.take_over(here)
    assert there.judge("pin", "contact", {"records": ["z"]}, **SAID).number == 3
    assert there.remember([Event("web", "m5", "touch", "2026-04-01", {})]).known == 1
    assert there.remember([Event("web", "new", "touch", "2026-04-01", {})]).new == 1
    assert there.fingerprint() != here.fingerprint()
    before = everything(there)
    there.close()
    assert everything(there) == before


def test_facts_are_not_mixed(two):
    here, there = two
    fill(here)
    there.judge("pin", "contact", {"records": ["z"]}, **SAID)
    before = everything(there)
    with pytest.raises(TielineError) as caught:
        there.take_over(here)
    assert caught.value.code == "ledger_not_empty"
    assert everything(there) == before


def test_from_no_ledger_nothing_moves(two):
    here, there = two
    assert not any(there.take_over(here).values())


def test_a_workspace_remembers_that_its_facts_lie_elsewhere(postgres, tmp_path, monkeypatch):
    url, other = postgres.new_database(), postgres.new_database()
    monkeypatch.setenv("DATABASE_URL", url)
    for _again in range(2):
        with open_ledger(tmp_path) as ledger:
            ledger.judge("pin", "contact", {"records": ["z"]}, **SAID)
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(TielineError) as caught:
        open_ledger(tmp_path)
    assert caught.value.code == "ledger_elsewhere"
    monkeypatch.setenv("DATABASE_URL", other)
    with pytest.raises(TielineError) as caught:
        open_ledger(tmp_path).judgements()
    assert caught.value.code == "another_ledger"
    bound = tmp_path / "ledger.postgresql"
    assert str(bound) in str(caught.value)
    assert "postgres://" not in bound.read_text(encoding="utf-8")
    bound.unlink()
    assert open_ledger(tmp_path).judgements() == []
    for made in (url, other):
        postgres.drop(made)

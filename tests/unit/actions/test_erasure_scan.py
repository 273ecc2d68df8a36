"""The scan finds a person in every place, in any spelling; it would notice one left out."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import Market
from tieline.actions.erasure.scan import scan
from tieline.actions.erasure.values import Values, values_of
from tieline.ledger import Event
from tieline.workspace import Workspace

SUSAN = Values(
    emails=("susan@oakridge.com",),
    phones=("16175550101",),
    identifiers=("susan-chen-88",),
    names=((("susan",), ("chen",)), (("jörg", "joerg", "jorg"), ("müller", "mueller", "muller"))),
)


def traces(workspace: Workspace, values: Values = SUSAN):
    with workspace.ledger() as ledger:
        return scan(workspace, ledger, values)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "w")
    for folder in ("state", "changes"):
        (made.hidden_dir / folder).mkdir(exist_ok=True)
    return made


def parquet(path: Path, **columns) -> None:
    pq.write_table(pa.table(columns), path)


R1 = {"records": ["r1"]}
PLACES = {
    "a landed row": lambda w: parquet(
        w.landed_dir / "a.parquet", c=["x", "mail SUSAN@oakridge.com"]
    ),
    "an unreadable row": lambda w: parquet(
        w.landed_dir / "a.unreadable.parquet", text=["Chen, Susan"]
    ),
    "a fact about a landing": lambda w: (w.landed_dir / "a.json").write_text(
        '{"location": "Susan Chen.vcf"}'
    ),
    "a list's own file": lambda w: (w.sources_dir / "x.toml").write_text(
        'why = "as in 617-555-0101"'
    ),
    "the name of a file": lambda w: (w.sources_dir / "susan chen.toml").write_text(""),
    "the settings": lambda w: w.settings_path.write_text('names = ["Susan Chen"]'),
    "a model": lambda w: (w.models_dir / "m.sql").write_text("-- not susan@oakridge.com"),
    "the cache": lambda w: parquet(
        w.cache_dir / "e.values.parquet", raw=["Susan\u00a0Chen", "susan.chen"]
    ),
    "a snapshot": lambda w: parquet(w.snapshots_dir / "a.parquet", phone=["+16175550101"]),
    "a list in a cell": lambda w: parquet(
        w.snapshots_dir / "a.parquet", ids=[["x"], ["linkedin:susan-chen-88"]]
    ),
    "a structure in a cell": lambda w: parquet(
        w.snapshots_dir / "a.parquet", s=[{"deep": "Susan Chen"}]
    ),
    "two cells of a row": lambda w: parquet(
        w.snapshots_dir / "a.parquet", given=["Susan"], family=["Chen"]
    ),
    "a dictionary": lambda w: parquet(
        w.snapshots_dir / "a.parquet", d=pa.array(["Susan Chen"]).dictionary_encode()
    ),
    "bytes in a cell": lambda w: parquet(w.snapshots_dir / "a.parquet", b=[b"Susan Chen"]),
    "the state of a build": lambda w: (w.hidden_dir / "state" / "s.json").write_text(
        '"Susan Chen"'
    ),
    "the change feed": lambda w: parquet(w.changes_dir / "1-a-b.parquet", after=["Susan Chen"]),
    "weights": lambda w: (w.parameters_dir / "p.json").write_text(
        '{"text": "J\\u00f6rg M\\u00fcller"}'
    ),
    "scratch": lambda w: (w.scratch_dir / "block").write_bytes(b"\x00\xffSusan Chen\x00"),
    "a fault report": lambda w: (w.hidden_dir / "fault.txt").write_text("at 001 (617) 555 01 01"),
    "a certificate": lambda w: (w.hidden_dir / "c.json").write_text("JOERG MUELLER"),
    "an unknown file": lambda w: (w.hidden_dir / "whatever.bin").write_text("MÜLLER, JÖRG"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_value_left_in_a_place_is_found(workspace: Workspace, place: str):
    assert traces(workspace).traces == ()
    PLACES[place](workspace)
    assert traces(workspace).traces


@pytest.mark.parametrize(
    "tell",
    [
        lambda ledger: ledger.judge(
            "note", "contact", {**R1, "text": "Susan Chen"}, reason="x", by="b"
        ),
        lambda ledger: ledger.judge("pin", "contact", R1, reason="for Susan Chen", by="b"),
        lambda ledger: ledger.judge("pin", "contact", R1, reason="x", by="Susan Chen"),
        lambda ledger: ledger.judge(
            "pin", "contact", R1, reason="x", by="b", evidence={"a": ["Susan Chen"]}
        ),
        lambda ledger: ledger.end(
            ledger.judge("pin", "contact", R1, reason="x", by="b").number,
            reason="Susan Chen",
            by="b",
        ),
        lambda ledger: ledger.label(
            "r1", "r2", "contact", same=True, by="b", shown={"left": "Susan Chen"}
        ),
        lambda ledger: ledger.remember(
            [Event("s", "1", "touch", "2024-01-01", {"topic": "call Susan Chen"})]
        ),
        lambda ledger: ledger.remember(
            [Event("s", "susan@oakridge.com", "touch", "2024-01-01", {})]
        ),
    ],
    ids=["note", "reason", "by", "evidence", "ending", "label", "event", "message id"],
)
def test_a_fact_left_in_the_ledger_is_found_on_both_databases(
    workspace: Workspace, database_url: str, tell
):
    with workspace.ledger() as ledger:
        tell(ledger)
    assert "ledger" in {trace.file for trace in traces(workspace).traces}


def test_what_was_deleted_from_a_database_file_and_still_stands_in_it_is_found(
    workspace: Workspace,
):
    path = workspace.hidden_dir / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES ('Jörg Müller')")
    connection.commit()
    connection.execute("DELETE FROM t")
    connection.commit()
    connection.close()
    assert any(trace.file.endswith("other.sqlite") for trace in traces(workspace).traces)


def test_a_file_of_the_user_is_told_apart(workspace: Workspace):
    (workspace.path / "export.csv").write_text("Susan Chen", "utf-8")
    found = traces(workspace)
    assert [trace.file for trace in found.yours] == ["export.csv"]
    assert found.traces == ()


def test_nothing_is_found_of_somebody_who_is_not_there(market: Market):
    nobody = Values(("nobody@nowhere.org",), ("4930123456",), (), ((("nemo",), ("nadie",)),))
    found = traces(market.workspace, nobody)
    assert found.traces == found.yours == ()
    assert found.looked_for == 3
    assert found.files > 50


ROW = {
    "record_id": "r1", "is_organisation": False, "given_key": "susan", "family_key": "chen",
    "name_key": "chen susan", "given_root": "susan", "given_name": "Susan", "family_name": "Chen",
    "birth_date": None, "email_key": "susan@oakridge.com", "is_role_account": False,
    "email_2_key": "info@oakridge.com", "is_role_account_2": True, "phone": "+16175550101",
    "phone_2": None, "phone_3": None,
}  # fmt: skip


def test_what_others_have_too_is_not_looked_for_and_counted():
    others = pa.chunked_array(
        [
            [
                json.dumps(
                    {"Name": "John Becker", "Phone": "(617) 555-0101", "Note": "ask Chen, Susan"}
                )
            ]
        ]
    )
    alone = values_of(
        [ROW], ["Susan.Chen <Susan@Oakridge.com>"], ["susan-chen-88"], pa.chunked_array([[""]])
    )
    assert alone.emails == ("susan@oakridge.com",)
    assert (len(alone.phones), len(alone.names), alone.identifiers) == (1, 1, ("susan-chen-88",))
    shared = values_of([ROW], ["Susan@Oakridge.com"], ["susan-chen-88"], others)
    assert (shared.phones, shared.names) == ((), ())
    assert shared.shared == {"name": 1, "phone": 1}
    assert shared.emails == ("susan@oakridge.com",)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("chen, SUSAN", "name"), ("susan_chen", "name"), ('{"First":"Susan","Last":"Chen"}', "name"),
     ("Tel. 617.555.0101 ext 4", "phone"), ("00 1 617 5550101", "phone"), ("6175550101", "phone"),
     ("<Susan@Oakridge.com>.", "e-mail"), ("in/susan-chen-88?x", "identifier")],
)  # fmt: skip
def test_spellings_that_are_found(text: str, kind: str):
    assert kind in SUSAN.hits(text)


@pytest.mark.parametrize(
    "text",
    ["Susan Cheng", "Susanne Chen", "susan@oakridge.com.au", "asusan@oakridge.com",
     "617 555 01012", "xsusan-chen"],
)  # fmt: skip
def test_what_looks_alike_and_is_not_found(text: str):
    assert SUSAN.hits(text) == {}

"""Access: all that is held about a person, and nothing that is held about others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_forget import add, write

from conftest import Market
from tieline.actions import consent, merge, note
from tieline.actions.doing import carry_out
from tieline.actions.person import FORMAT, person
from tieline.errors import TielineError
from tieline.ledger import Event
from tieline.pipeline import build


@pytest.fixture(scope="module")
def told(tmp_path_factory, _built):
    import shutil

    from tieline.workspace import Workspace

    folder = tmp_path_factory.mktemp("person")
    market = Market(Workspace.open(Path(shutil.copytree(_built, folder / "w"))))
    workspace = market.workspace
    rows = [("susan@oakridge.com", "newsletter", "email", "granted", "2024-01-05")]
    header = ("Email", "Consent Purpose", "Consent Channel", "Consent Status", "Date")
    add(workspace, write(folder / "consents.csv", rows, header), kind="consents")
    with workspace.ledger() as ledger:
        ledger.remember(
            [Event("web", "m1", "response", "2024-01-02", {"email": "susan@oakridge.com",
                                                          "topic": "prices"})]
        )  # fmt: skip
    build(workspace)
    susan = market.contact("Susan Chen")
    note.note(workspace, susan, "likes tea", reason="call")
    merge.merge(workspace, [market.contact("Anna Gruber"), susan], reason="one?")
    with workspace.ledger() as ledger:
        ledger.end(2, reason="no", by="ben")
    build(workspace)
    return person(workspace, susan)


def test_every_row_of_the_person_word_for_word(told):
    assert told["format"] == FORMAT
    rows = {f"{row['source']}:{row['row']}": row["verbatim"] for row in told["records"]}
    assert set(rows) >= {"crm:3", "fair:1", "consents:1"}
    assert rows["crm:3"]["Phone"] == "617 555 0101"
    assert rows["crm:3"]["Name"] == "Susan Chen"


def test_what_was_made_of_it_and_which_row_says_so(told):
    golden = {v["field"]: v for v in told["values"] if v["rank"] == 1}
    assert golden["email"]["value"] == "susan@oakridge.com"
    assert golden["full_name"]["record"] in ("crm:3", "fair:1")
    assert [p["name"] for p in told["positions"]] == ["Oakridge LLC"]
    assert {(i["scheme"], i["value"]) for i in told["identifiers"]} >= {
        ("email", "susan@oakridge.com"), ("phone", "+16175550101"),
    }  # fmt: skip


def test_consents_activities_notes_and_judgements(told):
    assert [(c["purpose"], c["channel"], c["state"]) for c in told["consents"]] == [
        ("newsletter", "email", "granted")
    ]
    assert told["consents"][0]["since"] == "2024-01-05"
    assert told["consents"][0]["record"] == "consents:1"
    assert [r["topic"] for r in told["responses"]] == ["prices"]
    assert [n["text"] for n in told["notes"]] == ["likes tea"]
    kinds = {one["kind"]: one for one in told["judgements"]}
    assert set(kinds) == {"note", "merge"}
    assert kinds["merge"]["ended"]["reason"] == "no"


def test_nobody_else_is_in_it_and_it_is_json(told):
    text = json.dumps(told, ensure_ascii=False)
    assert json.loads(text) == told
    for other in ("Gruber", "anna@", "Becker", "Dawson", "Evans"):
        assert other not in text


def test_a_company_is_no_person(market: Market):
    with pytest.raises(TielineError) as refused:
        person(market.workspace, market.rows("accounts")[0]["account_id"])
    assert refused.value.code == "no_person"


def test_a_statement_by_hand_counts_and_can_be_undone(market: Market):
    workspace = market.workspace
    peter = market.contact("Peter Dawson")
    snapshot = market.snapshot().id
    drafted = consent.draft(
        workspace, peter, state="withdrawn", purpose="marketing", channel="phone", at="2024-05-01"
    )
    carry_out(workspace, drafted, reason="he called", by="ben")
    (now,) = consent.consents(workspace, peter).now
    assert (now["state"], now["source"], str(now["since"])) == (
        "withdrawn", "by hand", "2024-05-01",
    )  # fmt: skip
    statuses = {r["status"] for r in market.rows("record_entities") if r["contact_id"] == peter}
    assert statuses == {"opted_out"} or statuses == {"opted_out", "duplicate"}
    grant = consent.draft(
        workspace, peter, state="granted", purpose="marketing", channel="phone",
        at="2024-06-01", evidence="form 12",
    )  # fmt: skip
    carry_out(workspace, grant, reason="he signed", by="ben")
    (now,) = consent.consents(workspace, peter).now
    assert (now["state"], now["rule"]) == ("granted", "by_hand")
    with workspace.ledger() as ledger:
        for number in (1, 2):
            ledger.end(number, reason="a test", by="ben")
    assert build(workspace).id == snapshot


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"state": "granted"}, "no_evidence"),
        ({"state": "withdrawn", "channel": "pigeon"}, "unknown_channel"),
        ({"state": "withdrawn", "purpose": "Marke ting"}, "bad_purpose"),
        ({"state": "withdrawn", "at": "yesterday"}, "no_day"),
    ],
)
def test_a_statement_that_cannot_stand(market: Market, options, code):
    told = {"purpose": "marketing", "channel": "any", **options}
    with pytest.raises(TielineError) as refused:
        consent.draft(market.workspace, market.contact("Peter Dawson"), **told)
    assert refused.value.code == code
    assert refused.value.next_step

"""The API as programs meet it: lists, single entities, bulk, judgements, and what it refuses."""

import io
import json
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest


def listed(server, path, key=None):
    """Every row of a list, page by page."""
    rows, cursor = [], ""
    while True:
        sign = "&" if "?" in path else "?"
        page = server.api("GET", f"{path}{sign}cursor={quote(cursor)}").json
        rows += page["rows"]
        cursor = page["next"]
        if not cursor:
            assert len(rows) == page["total"]
            return rows


@pytest.fixture(scope="module")
def person(server):
    return listed(server, "/contacts?limit=500&where=email=mallory.beckett@boltwright.com")[0]


def test_pages_hold_every_row_once_in_order(server):
    rows = listed(server, "/contacts?limit=4&sort=title,-full_name")
    assert len(rows) == 18
    assert len({row["contact_id"] for row in rows}) == 18
    order = [(row["title"], [-ord(letter) for letter in row["full_name"]]) for row in rows]
    assert order == sorted(order)


def test_rows_without_a_value_come_last_and_once(server):
    for sort in ("score,account_id", "-score,account_id", "-domain", "stage_since"):
        rows = listed(server, f"/accounts?limit=2&sort={sort}")
        assert len({row["account_id"] for row in rows}) == 6


def test_conditions(server):
    names = lambda where: {  # noqa: E731
        row["name"] for row in listed(server, "/accounts?" + "&".join(f"where={w}" for w in where))
    }
    assert names(["name=Larkmill Inc"][:0]) == {
        "Boltwright Inc", "Larkmill Inc", "Ostrander Inc", "Pellworth Inc", "Quarrystone Inc",
        "Sumwright Inc",
    }  # fmt: skip
    assert names([quote("domain=larkmill.com")]) == {"Larkmill Inc"}
    assert names([quote("name>=P"), quote("name<R")]) == {"Pellworth Inc", "Quarrystone Inc"}
    assert len(names(["contacts%3E=3"])) == 6
    assert names(["contacts%3E3"]) == set()
    assert names(["industry="]) | names(["industry!="]) == names([])


def test_search_takes_no_notice_of_accents_and_case(server):
    rows = listed(server, f"/contacts?q={quote('MÁLLORY bolt')}")
    assert [row["full_name"] for row in rows] == ["Mallory Beckett"]


def test_one_entity(server, person):
    told = server.api("GET", f"/contacts/{person['contact_id']}").json
    assert told["full_name"] == "Mallory Beckett"
    assert told["asked_id"] == person["contact_id"]
    values = {one["field"]: one["value"] for one in told["values"]}
    assert values["email"] == "mallory.beckett@boltwright.com"
    assert len(told["record_ids"]) == 1
    assert server.api("GET", f"/accounts/{person['account_id']}").json["name"] == "Boltwright Inc"
    assert server.api("GET", f"/sites/{person['site_id']}").json["account"] == "Boltwright Inc"
    told = server.api("GET", f"/timeline/{person['account_id']}").json
    assert told["account_id"] == person["account_id"]


@pytest.mark.parametrize(
    "path",
    ["/contacts/C00000000000000", "/contacts/{account_id}", "/accounts/x'--", "/accounts/%00",
     "/timeline/nobody", "/tables/passwords", "/tables/..%2F..%2Fweb.key/bulk", "/tables/x/bulk",
     "/webhooks/99999999999999999999999/deliveries", "/nothing"],
)  # fmt: skip
def test_what_there_is_not(server, person, path):
    answer = server.api("GET", path.format(**person))
    assert answer.status == 404
    assert set(answer.json) == {"code", "message", "next_step"}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/accounts?where=" + quote("1=1; DROP TABLE accounts"), "bad_condition"),
        ("/accounts?where=" + quote("name=x' OR '1'='1"), ""),
        ("/accounts?where=" + quote("(SELECT 1)=1"), "bad_condition"),
        ("/accounts?where=employees=many", "bad_value"),
        ("/accounts?where=" + quote("contacts>=1e999999999999"), ""),
        ("/accounts?where=" + quote("stage_since>=yesterday"), "bad_value"),
        ("/accounts?where=" + quote("name=a\0b"), "bad_text"),
        ("/accounts?where=emploees=3", "unknown_column"),
        ("/accounts?where=search_text=x", "unknown_column"),
        ("/accounts?sort=" + quote("name) --"), "unknown_column"),
        ("/accounts?sort=nothing", "unknown_column"),
        ("/accounts?columns=" + quote('name" FROM contacts --'), "unknown_column"),
        ("/accounts?cursor=e30=", "bad_cursor"),
        ("/accounts?cursor=" + quote("Ä"), "bad_cursor"),
        ("/accounts?limit=0", "bad_request"),
        ("/accounts?limit=100000", "bad_request"),
        ("/accounts?limit=x", "bad_request"),
        ("/accounts?q=" + "x" * 600, "bad_request"),
        ("/tables/funnel/bulk?form=xml", "bad_request"),
    ],
)
def test_questions_that_make_no_sense_or_are_hostile(server, path, code):
    answer = server.api("GET", path)
    if code:
        assert (answer.status, answer.json["code"]) == (400, code)
        assert answer.json["message"]
    else:
        assert (answer.status, answer.json["rows"]) == (200, [])


def test_a_cursor_of_another_question_is_refused(server):
    cursor = server.api("GET", "/accounts?limit=2").json["next"]
    answer = server.api("GET", f"/accounts?limit=2&sort=name&cursor={quote(cursor)}")
    assert answer.json["code"] == "bad_cursor"


def test_unchanged_is_not_sent_again(server):
    first = server.api("GET", "/accounts")
    assert first.headers["ETag"] == f'"{server.snapshot()}"'
    again = server.api("GET", "/accounts", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert server.api("GET", "/accounts", If_None_Match='"another"').status == 200


def test_a_table_in_bulk_is_the_table(server):
    from tieline.engine.snapshot import current

    snapshot = current(server.workspace / ".tieline")
    for name in ("contacts", "funnel", "record_entities"):
        wanted = pq.read_table(snapshot.table(name))
        parquet = server.api("GET", f"/tables/{name}/bulk?form=parquet")
        assert parquet.headers["ETag"] == f'"{snapshot.id}"'
        assert pq.read_table(io.BytesIO(parquet.body)).equals(wanted)
        lines = server.api("GET", f"/tables/{name}/bulk").body.splitlines()
        rows = [json.loads(line) for line in lines]
        assert len(rows) == wanted.num_rows
        assert list(rows[0]) == wanted.column_names


def test_every_list_and_table_answers(server):
    tables = server.api("GET", "/tables").json["tables"]
    assert {one["table"] for one in tables} >= {"accounts", "golden_values", "next_actions"}
    assert all(one["question"] and one["columns"] for one in tables)
    for path in ("/sites", "/next-actions", "/lead-scores", "/stages", "/funnel"):
        assert server.api("GET", f"{path}?limit=3").status == 200
    for one in tables[::7]:
        answer = server.api("GET", f"/tables/{one['table']}?limit=3")
        assert (answer.status, answer.json["total"]) == (200, one["rows"])


def test_events_by_api(server):
    key = server.key("hook", "EVENTS")
    batch = [
        {"message_id": "flat-1", "type": "touch", "occurred_at": "2026-03-01T10:00:00Z",
         "email": "trent.holloway@boltwright.com", "medium": "email"},
        {"stream": "stolen", "message_id": "flat-2", "occurred_at": "2026-03-01T10:00:00Z",
         "email": "trent.holloway@boltwright.com"},
        {"message_id": "flat-3", "occurred_at": "2026-03-01T10:00:00Z", "emale": "x"},
    ]  # fmt: skip
    told = server.ask("POST", "/api/v1/events", {"events": batch}, key=key).json
    assert {name: told[name] for name in ("new", "known", "set_aside")} == {
        "new": 2, "known": 0, "set_aside": 1,
    }  # fmt: skip
    assert told["faults"][0]["place"] == 2
    assert "email" in told["faults"][0]["message"]
    again = server.ask("POST", "/api/v1/events", {"events": batch}, key=key).json
    assert (again["new"], again["known"]) == (0, 2)
    found = [one for one in server.events() if one["message_id"].startswith("flat-")]
    assert {(one["stream"], one["type"]) for one in found} == {
        ("hook", "touch"), ("hook", "response"),
    }  # fmt: skip


def test_too_much_at_once(server):
    key = server.key("eager", "READ")
    for _ in range(400):
        answer = server.ask("GET", "/api/v1/funnel?limit=1", key=key)
        if answer.status != 200:
            break
    assert (answer.status, answer.json["code"]) == (429, "too_many")
    assert int(answer.headers["Retry-After"]) >= 1

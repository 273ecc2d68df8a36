"""Laws of the memory: whatever the order and the batches, each message is one and leads to one."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tieline
from tieline.data.activities import activities, activity_identifiers
from tieline.data.records import records
from tieline.data.source import Source
from tieline.data.sources.landed import UNREADABLE_SCHEMA
from tieline.engine import graph
from tieline.engine.duck import DuckEngine
from tieline.engine.model import python_model, sql_model
from tieline.engine.tables import Table

SOURCE = Path(tieline.__file__).parent
MODELS = [
    python_model(records),
    python_model(activities),
    python_model(activity_identifiers),
    *(
        sql_model(SOURCE / "identity" / f"{name}.sql")
        for name in ("identifier_contacts", "activity_attachments", "responses")
    ),
]
COLUMNS = {
    "id": "record_key",
    "when": "occurred_at",
    "what": "response_kind",
    "mail": "email",
    "cookie": "identifier:cookie",
    "device": "identifier:device_id",
    "handle": "identifier:twitter",
}
KNOWN = {
    "anna@meta-gmbh.de": ("anna", "meta"),
    "tom@meta-gmbh.de": ("tom", "meta"),
    "eva@globex.co.uk": ("eva", "globex"),
}
ON_FORMS = {"c0": "anna", "c1": "anna", "c2": "eva"}
"""Cookies that stand on forms; c1 on one of Anna's and one of Eva's."""

# Few different identifiers, so that they meet each other often.
MAILS = st.sampled_from([*KNOWN, "info@globex.co.uk", "new@globex.co.uk", None, None, None])
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "mail": MAILS,
            "cookie": st.sampled_from(["c0", "c1", "c2", "c3", "c4", None]),
            "device": st.sampled_from(["d0", "d1", "d2", None, None]),
            "handle": st.sampled_from(["@anna_b", "https://x.com/Eva", None, None, None]),
            "what": st.sampled_from(["visit", "download"]),
        }
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def source(folder: Path, number: int, events: list[tuple[int, dict]], *, keyed: bool) -> Source:
    """One export: rows of (number of the message, event); the first is the stream itself."""
    columns = COLUMNS if keyed else {c: f for c, f in COLUMNS.items() if f != "record_key"}
    rows, unreadable = folder / f"{number}.parquet", folder / f"{number}.unreadable.parquet"
    cells = {
        "id": [f"m{message}" for message, _ in events],
        "when": [f"2024-03-{message + 1:02}T10:00:00Z" for message, _ in events],
        **{name: [event[name] for _, event in events] for name in ("what", "mail")},
        **{name: [event[name] for _, event in events] for name in ("cookie", "device", "handle")},
    }
    table = {"row_number": pa.array(range(1, len(events) + 1), pa.int64())}
    table |= {name: pa.array(cells[name], pa.string()) for name in columns}
    pq.write_table(pa.table(table), rows)
    pq.write_table(UNREADABLE_SCHEMA.empty_table(), unreadable)
    return Source(
        name="log" if number == 0 else f"log_{number + 1}",
        kind="responses",
        rows=rows,
        unreadable=unreadable,
        columns=columns,
        arrivals=((number + 1, rows, unreadable),),
        stream="" if number == 0 else "log",
    )


def load_people(engine: DuckEngine) -> None:
    """Who is who, as linking found it."""
    text = pa.string()
    people = [(f"p{n}", mail, *who) for n, (mail, who) in enumerate(sorted(KNOWN.items()))]
    people.append(("p9", "info@globex.co.uk", "john", "globex"))
    forms = [("f0", "c0", "anna"), ("f1", "c1", "anna"), ("f2", "c1", "eva"), ("f3", "c2", "eva")]
    count = len(people)
    engine.load(
        "standard_records",
        pa.table(
            {
                "record_id": [row[0] for row in people],
                "email_key": [row[1] for row in people],
                "is_role_account": [row[1].startswith("info") for row in people],
                "is_role_account_2": [False] * count,
                "company_domain": [row[1].partition("@")[2] for row in people],
                **{name: pa.nulls(count, text) for name in ("email_2_key", "phone", "phone_2")},
                "phone_3": pa.nulls(count, text),
            }
        ),
    )
    engine.load(
        "record_identifiers",
        pa.table(
            {
                "record_id": [row[0] for row in forms],
                "owner": ["person"] * len(forms),
                "nature": ["device"] * len(forms),
                "scheme": ["cookie"] * len(forms),
                "value": [row[1] for row in forms],
            }
        ),
    )
    known = [(row[0], row[2], row[3]) for row in people] + [(f[0], f[2], None) for f in forms]
    engine.load(
        "record_entities",
        pa.table(
            {
                "record_id": [row[0] for row in known],
                "contact_id": [row[1] for row in known],
                "account_id": pa.array([row[2] for row in known], text),
                "site_id": pa.nulls(len(known), text),
            }
        ),
    )
    placed = sorted({(row[2], row[3]) for row in people})
    engine.load(
        "contact_positions",
        pa.table(
            {
                "contact_id": [row[0] for row in placed],
                "account_id": [row[1] for row in placed],
                "site_id": [f"{row[1]} site" for row in placed],
                "place": pa.array([1] * len(placed), pa.int64()),
            }
        ),
    )


def attached(engine: DuckEngine, exports: list[list[tuple[int, dict]]], *, keyed: bool = True):
    """What each response is and whom it leads to, by its id; and how many rows were read."""
    given = ("standard_records", "record_identifiers", "record_entities", "contact_positions")
    load_people(engine)
    with tempfile.TemporaryDirectory() as folder:
        sources = [source(Path(folder), n, rows, keyed=keyed) for n, rows in enumerate(exports)]
        context = {"sources": sources, "default_country": None, "cache": None}
        # `record_entities` of the rows themselves: they name nobody.
        kept = [model.name for model in MODELS]
        for model in MODELS:
            graph.compute(model, engine, context)
        rows = Table(engine, "responses").arrow().to_pylist()
        read = Table(engine, "records").rows()
        for name in (*kept, *given):
            engine.drop(name)
    said = ("contact_id", "account_id", "attached_by", "attached_value", "kind", "occurred_at")
    found = {row["response_id"]: tuple(row[name] for name in said) for row in rows}
    assert len(found) == len(rows), "a response id is that of one response"
    return found, read


@settings(max_examples=10, deadline=None)
@given(events=EVENTS, data=st.data())
def test_no_order_and_no_batch_changes_what_leads_where(engine, events, data):
    numbered = list(enumerate(events))
    once, _ = attached(engine, [numbered])
    shuffled = data.draw(st.permutations(numbered))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(events) - 1)), max_size=3)))
    parts = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(events)], strict=True)]
    again, read = attached(engine, [part for part in parts if part])
    assert again == once
    assert len(once) == len(events) == read


@settings(max_examples=10, deadline=None)
@given(events=EVENTS, keyed=st.booleans(), data=st.data())
def test_exports_that_overlap_lose_and_double_nothing(engine, events, keyed, data):
    numbered = list(enumerate(events))
    windows = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(events) - 1), st.integers(1, len(events))), max_size=4
        )
    )
    exports = [numbered[a : a + size] for a, size in windows]
    whole, _ = attached(engine, [numbered], keyed=keyed)
    found, read = attached(engine, [*exports, numbered], keyed=keyed)
    assert found == whole
    assert read == len(numbered) + sum(len(rows) for rows in exports)


@settings(max_examples=10, deadline=None)
@given(events=EVENTS)
def test_a_response_leads_to_nobody_or_to_whom_its_identifier_does(engine, events):
    found, _ = attached(engine, [list(enumerate(events))])
    for contact, account, how, value, *_ in found.values():
        assert (contact is None) == (how in (None, "account"))
        assert (how is None) == (account is None and contact is None)
        if how == "email" and value in KNOWN:
            assert contact == KNOWN[value][0]
        assert value != "c1" or how != "cookie", "the kiosk's cookie glues nobody"
        assert how != "email" or not value.startswith("info@"), "a team inbox is nobody's"


def test_equal_rows_without_an_id_are_two_in_one_export_and_the_same_two_in_the_next(engine):
    row = (0, {"mail": "anna@meta-gmbh.de", "cookie": None, "device": None, "handle": None,
               "what": "visit"})  # fmt: skip
    one, _ = attached(engine, [[row]], keyed=False)
    two, _ = attached(engine, [[row, row]], keyed=False)
    assert (len(one), len(two)) == (1, 2)
    later, _ = attached(engine, [[row, row], [row, row], [row]], keyed=False)
    assert later == two
    assert set(one) < set(two)


def test_an_event_sent_again_with_the_same_id_is_the_same(engine):
    row = {"mail": "anna@meta-gmbh.de", "cookie": None, "device": None, "handle": None}
    first, second = (0, row | {"what": "visit"}), (0, row | {"what": "download"})
    found, _ = attached(engine, [[first, first], [second]])
    ((*_, kind, _when),) = found.values()
    assert kind == "download", "the newest word counts"

"""When many people are forgotten, nobody else vanishes, from these lists or from later ones."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tieline.actions.entities import open_tables
from tieline.actions.erasure.plan import ACTIVITIES, TABLES, activity_records, plan
from tieline.data import erasure_keys
from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.pipeline import build
from tieline.workspace import Workspace
from tieline.workspace.tombstones import Tombstones, content_rows

FORGOTTEN = 100
SALT = b"any"


def workspace_of(folder: Path, files: list[str]) -> Workspace:
    workspace = Workspace.create(folder)
    for file in files:
        for landed in land(file, workspace.landed_dir):
            workspace.remember(landed)
    return workspace


@pytest.fixture(scope="module")
def forgotten(tmp_path_factory):
    """Half of an invented market's lists, the other half, who is who, and people forgotten."""
    folder = tmp_path_factory.mktemp("spared")
    world = generate(folder / "world", records=3_000, sources=6, seed=11)
    files = sorted(map(str, world.lists))
    now = workspace_of(folder / "now", files[::2])
    later = workspace_of(folder / "later", files[1::2])
    build(now)
    truth = {
        (row["source"], row["row_number"]): row["person_id"]
        for row in pq.read_table(
            next((folder / "world").rglob("records.parquet")),
            columns=["source", "row_number", "person_id"],
        ).to_pylist()
    }
    keys, records = set(), set()
    with open_tables(now, *TABLES, *ACTIVITIES) as (snapshot, engine):
        known = engine.arrow("SELECT contact_id FROM contacts ORDER BY 1")["contact_id"].to_pylist()
        for contact in random.Random(1).sample(known, FORGOTTEN):
            own = engine.arrow(
                f"SELECT record_id FROM record_entities WHERE contact_id = '{contact}'"
            )["record_id"].to_pylist()
            own += activity_records(engine, snapshot.tables, contact)
            planned = plan(engine, contact, list(dict.fromkeys(own)))
            keys |= planned.keys
            records |= set(planned.all_records)
        places = engine.arrow("SELECT record_id, source, row_number FROM records").to_pylist()
    people = {
        truth.get((row["source"], row["row_number"]))
        for row in places
        if row["record_id"] in records
    }
    stones = Tombstones(SALT, frozenset((key[0], erasure_keys.digest(SALT, key)) for key in keys))
    return now, later, truth, records, people, stones


def test_nobody_else_vanishes_from_the_lists_there_are(forgotten):
    now, _, _, records, _, stones = forgotten
    for source in now.sources():
        rows = content_rows(now, source, source.sha256)
        ids = dict(
            zip(rows.records["row_number"].to_pylist(), rows.records["record_id"].to_pylist(),
                strict=True)
        )  # fmt: skip
        assert {ids[number] for number in stones.caught(rows)} <= records


def test_nobody_else_vanishes_from_later_lists_and_nearly_all_of_them_are_caught(forgotten):
    _, later, truth, _, people, stones = forgotten
    caught, theirs = Counter(), Counter()
    for source in later.sources():
        rows = content_rows(later, source, source.sha256)
        hit = stones.caught(rows)
        for row in rows.rows():
            person = truth[source.name, row["row_number"]]
            theirs[person in people] += 1
            caught[person in people] += row["row_number"] in hit
    assert caught[False] == 0
    assert theirs[True] > 20
    # The others are named otherwise: misspelt, at another company, by an initial.
    assert caught[True] / theirs[True] >= 0.8

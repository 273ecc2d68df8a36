"""Laws of a build: what it may and may not depend on, on a small market of messy lists."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.engine.snapshot import Snapshot
from tieline.pipeline import build
from tieline.workspace import Workspace

ENTITIES = ("contact_id", "site_id", "account_id")


@pytest.fixture(scope="module")
def lists(tmp_path_factory) -> list[Path]:
    """Six lists of one invented market, in several formats."""
    world = generate(tmp_path_factory.mktemp("market"), records=1_500, sources=6, seed=3)
    return [Path(file) for file in world.lists]


def add(workspace: Workspace, files: Iterable[Path]) -> None:
    for file in files:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)


@pytest.fixture(scope="module")
def first(lists, tmp_path_factory) -> tuple[Workspace, Snapshot]:
    """A workspace with all lists, and its first build, which learned the weights."""
    workspace = Workspace.create(tmp_path_factory.mktemp("first") / "w")
    add(workspace, lists)
    return workspace, build(workspace)


@pytest.fixture
def pinned(first, tmp_path) -> Workspace:
    """An empty workspace with the weights that the first build learned."""
    workspace = Workspace.create(tmp_path / "other")
    shutil.copytree(first[0].parameters_dir, workspace.parameters_dir, dirs_exist_ok=True)
    return workspace


def rows(snapshot: Snapshot, table: str) -> list[dict[str, object]]:
    return pq.read_table(snapshot.table(table)).to_pylist()


def partition(snapshot: Snapshot, entity: str) -> set[frozenset[object]]:
    """Which records are together, whatever the ids are."""
    groups: dict[object, set[object]] = {}
    for row in rows(snapshot, "record_entities"):
        if row[entity] is not None:
            groups.setdefault(row[entity], set()).add((row["source"], row["row_number"]))
    return {frozenset(group) for group in groups.values()}


def test_the_market_has_something_to_join(first):
    sizes = [len(group) for group in partition(first[1], "contact_id")]
    assert max(sizes) > 1
    assert len(sizes) > 500


def test_building_twice_gives_the_same_snapshot(first):
    workspace, before = first
    assert build(Workspace.open(workspace.path)).id == before.id


def test_ids_are_a_function_of_content_not_of_place_or_cache(first, lists, pinned):
    add(pinned, lists)
    again = build(pinned)
    assert again.id == first[1].id


def test_the_order_of_adding_changes_no_group(first, lists, pinned):
    add(pinned, reversed(lists))
    again = build(pinned)
    for entity in ENTITIES:
        assert partition(again, entity) == partition(first[1], entity)


def test_adding_one_by_one_with_builds_between_changes_no_group(first, lists, pinned):
    add(pinned, lists[3:])
    build(pinned)
    add(pinned, lists[:3])
    again = build(pinned)
    for entity in ENTITIES:
        assert partition(again, entity) == partition(first[1], entity)


def test_every_record_read_has_one_status(first):
    workspace, snapshot = first
    entities = rows(snapshot, "record_entities")
    read = sum(source.rows_read for source in workspace.sources())
    assert len(entities) == len({row["record_id"] for row in entities}) == read
    set_aside = sum(row["records"] for row in rows(snapshot, "set_aside"))
    usable = sum(row["status"] == "usable" for row in entities)
    assert usable + set_aside == read
    assert 0 < usable < read

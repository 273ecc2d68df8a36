"""The logs of how people interact with us: beside everything else, with the truth of everybody."""

from __future__ import annotations

import csv
from collections import Counter

import numpy as np
import pyarrow.parquet as pq
import pytest

from tieline.demo.interactions import COLUMNS
from tieline.demo.outcomes import MIX_STRENGTH
from tieline.demo.world import World, generate
from tieline.metrics.category import CATEGORIES

ROWS = 4_000


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("i")
    return generate(folder, records=3_000, seed=5, memory=500, interactions=ROWS)


def truth(world, name):
    return pq.read_table(world.truth / f"{name}.parquet").to_pylist()


def test_they_change_nothing_of_the_rest(world, tmp_path):
    plain = generate(tmp_path, records=3_000, seed=5, memory=500)
    for file in (*plain.lists, *plain.truth.glob("*.parquet")):
        same = world.directory / file.relative_to(plain.directory)
        assert file.read_bytes() == same.read_bytes(), file.name


def test_the_same_seed_gives_the_same_logs(world, tmp_path):
    again = generate(tmp_path, records=3_000, seed=5, memory=500, interactions=ROWS)
    for one, other in zip(again.lists, world.lists, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_every_row_has_its_truth(world):
    told = Counter(row["source"] for row in truth(world, "interactions"))
    assert sum(told.values()) == ROWS
    for file in world.lists:
        if file.stem in COLUMNS:
            with file.open(encoding="utf-8", newline="") as lines:
                assert told[file.stem] == len(list(csv.DictReader(lines)))


def test_everybody_has_a_category_and_some_become_another(world):
    rows = truth(world, "categories")
    people = Counter(row["person_id"] for row in rows)
    assert {row["category"] for row in rows} <= set(CATEGORIES)
    assert len(people) == pq.read_table(world.truth / "people.parquet").num_rows
    assert 0.01 < sum(count > 1 for count in people.values()) / len(people) < 0.1


def test_outcomes_hang_on_the_mix_as_strongly_as_told(world):
    rows = truth(world, "outcomes")
    assert len(rows) > 200
    stated = np.array([row["probability"] for row in rows])
    logit = np.array([row["mix_part"] + row["firm_part"] for row in rows])
    assert np.allclose(stated, 1 / (1 + np.exp(-logit)), atol=1e-5)
    assert 0.7 < np.std([row["mix_part"] for row in rows]) / MIX_STRENGTH < 1.3
    grew = np.array([row["outcome"] == "grew" for row in rows])
    assert abs(grew.mean() - stated.mean()) < 0.1
    assert stated[grew].mean() - stated[~grew].mean() > 0.1


def test_outcomes_come_after_all_interactions(world):
    newest = max(
        row["Activity date"][:10]
        for row in csv.DictReader((world.directory / "lists/campaigns.csv").open(encoding="utf-8"))
    )
    assert newest < min(str(row["date"]) for row in truth(world, "outcomes"))

"""The memory of the invented market: beside the lists, with a truth for every row."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tieline.demo.world import World, generate

ROWS = 3_000


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    return generate(tmp_path_factory.mktemp("m"), records=1_000, sources=2, seed=5, memory=ROWS)


def log(world: World, name: str) -> list[dict[str, str]]:
    (file,) = [path for path in world.lists if path.stem == name]
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_logs_change_nothing_of_the_lists(world, tmp_path):
    plain = generate(tmp_path, records=1_000, sources=2, seed=5)
    for file in plain.lists:
        assert file.read_bytes() == (world.directory / "lists" / file.name).read_bytes()
    records = [Path(w.truth) / "records.parquet" for w in (plain, world)]
    assert records[0].read_bytes() == records[1].read_bytes()


def test_the_same_seed_gives_the_same_logs(world, tmp_path):
    again = generate(tmp_path, records=1_000, sources=2, seed=5, memory=ROWS)
    for one, other in zip(again.lists, world.lists, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_every_row_has_its_truth(world):
    truth = pq.read_table(world.truth / "memory.parquet").to_pylist()
    assert len(truth) == ROWS
    for name in ("mailing_log", "web_log", "downloads", "deals"):
        assert [t["row_number"] for t in truth if t["source"] == name] == list(
            range(1, len(log(world, name)) + 1)
        )


def test_cookies_are_told_later_by_a_download_or_never(world):
    told = {row["visitor_id"] for row in log(world, "downloads")}
    visits = [row["visitor_id"] in told for row in log(world, "web_log")]
    assert 0.1 < sum(visits) / len(visits) < 0.6
    assert all("@" in row["email"] for row in log(world, "mailing_log") if row["email"])

"""On an invented market: shares sum to one, order does not matter, history ends at today."""

import csv
import random

import duckdb
import pytest

from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.pipeline import build
from tieline.workspace import Workspace

TABLES = ("category_evidence", "category_shares", "contact_categories", "contact_mix", "mix_gaps")


def built(folder, files):
    workspace = Workspace.create(folder)
    for file in files:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)
    return build(workspace)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("world"), records=1_000, sources=4, interactions=1_500)


@pytest.fixture(scope="module")
def snapshot(world, tmp_path_factory):
    return built(tmp_path_factory.mktemp("categories") / "market", world.lists)


@pytest.fixture(scope="module")
def market(snapshot):
    with duckdb.connect() as connection:
        for name in snapshot.tables:
            path = snapshot.table(name)
            file = f"{path}/*.parquet" if path.is_dir() else str(path)
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{file}'")
        yield connection


def none(market, select):
    found = market.execute(select).fetchall()
    assert not found, found[:5]


def test_shares_of_a_contact_sum_to_one(market):
    none(
        market,
        "SELECT contact_id FROM category_shares GROUP BY ALL "
        "HAVING abs(sum(probability) - 1) > 1e-6 OR min(probability) < 0",
    )
    none(market, "SELECT contact_id FROM contacts ANTI JOIN contact_categories USING (contact_id)")


def test_shares_of_a_mix_sum_to_one_within_their_intervals(market):
    none(
        market,
        "SELECT level, member FROM contact_mix GROUP BY ALL HAVING abs(sum(share) - 1) > 1e-6",
    )
    none(
        market, "SELECT * FROM contact_mix WHERE NOT (low <= share + 1e-6 AND share <= high + 1e-6)"
    )
    none(
        market,
        "SELECT level, member FROM contact_mix WHERE usual_share IS NOT NULL GROUP BY ALL "
        "HAVING abs(sum(usual_share) - 1) > 0.02",
    )


def test_few_contacts_leave_wide_intervals(market):
    none(market, "SELECT * FROM contact_mix WHERE people <= 2 AND high - low < 0.5")


def test_history_ends_at_the_category_of_today(market):
    none(
        market,
        "SELECT c.contact_id FROM contact_categories c LEFT JOIN (SELECT contact_id, "
        "max_by(category, since) AS category FROM category_history GROUP BY ALL) h "
        "USING (contact_id) WHERE coalesce(h.category, 'unknown') <> c.category",
    )
    none(market, "SELECT * FROM category_history WHERE category = before")


def test_evidence_adds_up_to_the_bits_of_the_share(market):
    none(
        market,
        "SELECT s.contact_id FROM category_shares s JOIN (SELECT contact_id, category, "
        "sum(bits) AS bits FROM category_evidence GROUP BY ALL) e USING (contact_id, category) "
        "WHERE abs(s.bits - e.bits) > 1e-4",
    )


def test_the_order_of_rows_does_not_matter(world, snapshot, tmp_path):
    """The tickets in another order are the same tickets: nothing but row numbers changes."""
    chance = random.Random(7)
    files = []
    for file in world.lists:
        if file.stem in ("helpdesk", "campaigns", "order_desk"):
            with file.open(encoding="utf-8", newline="") as lines:
                header, *rows = csv.reader(lines)
            chance.shuffle(rows)
            file = tmp_path / file.name
            with file.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, lineterminator="\r\n").writerows([header, *rows])
        files.append(file)
    shuffled = built(tmp_path / "market", files)
    with duckdb.connect() as connection:
        for name in TABLES:
            one, other = (f"'{snap.table(name)}'" for snap in (snapshot, shuffled))
            # Whom only a log knows is named after the first row of theirs, which is another now.
            same = " WHERE true"
            if "contact_id" in snapshot_columns(connection, one):
                both = " AND ".join(
                    f"contact_id IN (SELECT contact_id FROM '{snap.table('contacts')}')"
                    for snap in (snapshot, shuffled)
                )
                same = f" WHERE {both}"
            one, other = f"SELECT * FROM {one}{same}", f"SELECT * FROM {other}{same}"
            left = connection.execute(f"({one} EXCEPT {other}) UNION ALL ({other} EXCEPT {one})")
            assert not left.fetchall(), name


def snapshot_columns(connection, file):
    return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()]

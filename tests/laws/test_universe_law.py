"""On an invented market the universe, its coverage and concentration agree with what is true."""

import json

import duckdb
import pytest

from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.pipeline import build
from tieline.workspace import Workspace

SETTINGS = """
[own_company]
names = {own}
domains = {own_domains}
[competitors]
names = {rivals}
domains = {rival_domains}
[segments.germany]
rule = "country = 'DE'"
product = "pumps"
[segments.america]
rule = "country = 'US'"
[segments.others]
rule = "country NOT IN ('DE', 'US')"
[products.pumps]
key_players = {{ procurement = [] }}
"""


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A connection with the tables of the snapshot and, as `true_...`, what is true."""
    folder = tmp_path_factory.mktemp("universe") / "market"
    workspace = Workspace.create(folder)
    world = generate(folder, records=2_000, registry=True)
    own, rivals = world.config["own_company"], world.config["competitors"]
    told = {
        "own": own["names"], "own_domains": own["domains"],
        "rivals": rivals["names"], "rival_domains": rivals["domains"],
    }  # fmt: skip
    text = SETTINGS.format(**{name: json.dumps(value) for name, value in told.items()})
    workspace.settings_path.write_text(text, "utf-8")
    workspace = Workspace.open(folder)
    for file in world.lists:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)
    snapshot = build(workspace)
    with duckdb.connect() as connection:
        for name in snapshot.tables:
            path = snapshot.table(name)
            file = f"{path}/*.parquet" if path.is_dir() else str(path)
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{file}'")
        for file in world.truth.glob("*.parquet"):
            connection.execute(f"CREATE VIEW true_{file.stem} AS SELECT * FROM '{file}'")
        connection.execute("""
            CREATE TABLE true_known AS SELECT DISTINCT site_id FROM true_records
            WHERE site_id IS NOT NULL AND is_readable AND NOT is_own AND NOT is_competitor
        """)
        # The register's own rows say where its entries are.
        connection.execute("""
            CREATE TABLE true_universe AS
            WITH entries AS (
              SELECT DISTINCT ON (t.registry_id) t.registry_id, t.site_id, e.country, t.is_dissolved
              FROM true_registry t JOIN registry_entries e USING (registry_id)
              LEFT JOIN true_accounts a USING (account_id)
              WHERE NOT coalesce(a.is_own OR a.is_competitor, FALSE)
            )
            SELECT coalesce(e.country, s.country) AS country, k.site_id IS NOT NULL AS known
            FROM entries e FULL JOIN true_known k ON k.site_id = e.site_id
            LEFT JOIN true_sites s ON s.site_id = k.site_id
            WHERE NOT coalesce(e.is_dissolved, FALSE)
        """)
        yield connection


def one(market, select):
    return market.execute(select).fetchall()[0]


def test_the_universe_has_the_size_it_has(market):
    true, known = one(market, "SELECT count(*), count(*) FILTER (WHERE known) FROM true_universe")
    ours, ours_known = one(market, "SELECT count(*), count(*) FILTER (WHERE known) FROM universe")
    assert ours == pytest.approx(true, rel=0.06)
    assert ours_known / ours == pytest.approx(known / true, abs=0.04)


@pytest.mark.parametrize(
    ("segment", "countries"),
    [("germany", "country = 'DE'"), ("america", "country = 'US'"),
     ("others", "country NOT IN ('DE', 'US')")],
)  # fmt: skip
def test_each_segment_is_covered_as_it_is(market, segment, countries):
    true, share = one(
        market,
        "SELECT count(*), avg(CASE WHEN known THEN 1 ELSE 0 END) FROM true_universe "
        f"WHERE {countries}",
    )
    ours, known_share = one(
        market, f"SELECT sites, known_share FROM coverage WHERE segment = '{segment}'"
    )
    assert ours == pytest.approx(true, rel=0.08)
    assert known_share == pytest.approx(share, abs=0.05)


def test_what_we_call_unknown_is_unknown(market):
    wrong, unknown = one(
        market,
        "SELECT count(k.site_id), count(*) FROM universe u "
        "JOIN (SELECT DISTINCT registry_id, site_id FROM true_registry) r USING (registry_id) "
        "LEFT JOIN true_known k ON k.site_id = r.site_id WHERE NOT u.known",
    )
    assert unknown > 400
    assert wrong / unknown <= 0.02


def test_every_figure_leads_to_its_rows(market):
    for figure, holds in (
        ("sites", "TRUE"), ("known", "known"), ("with_contact", "contacts > 0"),
        ("with_usable_contact", "usable_contacts > 0"),
        ("with_key_player", "member IN (SELECT member FROM universe_players)"),
    ):  # fmt: skip
        told, found = one(
            market,
            f"SELECT (SELECT {figure} FROM coverage WHERE segment = 'germany'), "
            f"(SELECT count(*) FROM universe WHERE segment = 'germany' AND {holds})",
        )
        assert told == found, figure


def test_contacts_are_as_concentrated_as_people_are(market):
    rows = market.execute("""
        WITH newest AS (
          SELECT DISTINCT ON (person_id) person_id, account_id FROM true_records
          WHERE kind = 'person' AND is_readable AND account_id IS NOT NULL
            AND NOT is_own AND NOT is_competitor
          ORDER BY person_id, as_of DESC, source, row_number
        )
        SELECT count(*) FROM newest GROUP BY account_id ORDER BY 1
    """).fetchall()
    amounts = [row[0] for row in rows]
    whole = sum(amounts)
    told = dict(
        market.execute(
            "SELECT measure, value FROM concentration "
            "WHERE segment = 'all' AND subject = 'contacts' AND period = 'all'"
        ).fetchall()
    )
    gini = sum((2 * n - len(amounts) - 1) * x for n, x in enumerate(amounts, 1))
    assert told["gini"] == pytest.approx(gini / (len(amounts) * whole), abs=0.04)
    assert told["top_share"] == pytest.approx(sum(amounts[-10:]) / whole, abs=0.03)
    herfindahl = sum((x / whole) ** 2 for x in amounts)
    assert told["herfindahl"] == pytest.approx(herfindahl, rel=0.15)


def test_the_estimate_of_the_unlisted_says_what_it_stands_on(market):
    rows = market.execute(
        "SELECT segment, count(*) FILTER (WHERE is_best), count(*) FILTER (WHERE reason = '') "
        "FROM unlisted_estimates GROUP BY segment ORDER BY segment"
    ).fetchall()
    assert [row[0] for row in rows] == ["all", "america", "germany", "others"]
    assert all(row[1:] == (1, 0) for row in rows)

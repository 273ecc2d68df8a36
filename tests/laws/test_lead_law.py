"""The receipts of a score add up to it; a signature taken back gives the same tables as none."""

from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest

from tieline.actions import lead_definition, lead_draft
from tieline.actions.lead_receipt import standing_on
from tieline.actions.undo import undo
from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.engine.snapshot import current
from tieline.identity.judgements import Judgements
from tieline.pipeline import build, plan
from tieline.workspace import Workspace
from tieline.workspace.scorecards import applied_scorecards, path_of

TABLES = ("scorecards", "score_parts", "lead_scores", "site_scores", "account_scores")

RECEIPT = ("lead_scores", "score_parts")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    world = generate(tmp_path_factory.mktemp("world"), records=600, sources=4, interactions=1_500)
    made = Workspace.create(tmp_path_factory.mktemp("leads") / "market")
    for file in world.lists:
        for landed in land(str(file), made.landed_dir):
            made.remember(landed)
    for like in lead_draft.STARTERS:
        lead_draft.from_starter(made, like, like)
    build(made)
    return made


def opened(workspace):
    snapshot = current(workspace.hidden_dir)
    connection = duckdb.connect()
    for name in (*TABLES, "contacts", "record_entities"):
        path = snapshot.table(name)
        file = f"{path}/*.parquet" if path.is_dir() else str(path)
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{file}'")
    return connection


def tables(workspace):
    with opened(workspace) as market:
        return {name: sorted(market.execute(f"FROM {name}").fetchall(), key=str) for name in TABLES}


def test_the_parts_add_up_to_every_score(workspace):
    with opened(workspace) as market:
        assert market.execute("SELECT count(*) FROM score_parts").fetchone()[0] > 500
        wrong = market.execute(
            "SELECT * FROM lead_scores LEFT JOIN (SELECT product, contact_id, "
            "sum(CAST(points AS DECIMAL(18, 2))) AS added FROM score_parts GROUP BY ALL) "
            "USING (product, contact_id) WHERE CAST(score AS DECIMAL(18, 2)) <> coalesce(added, 0)"
        ).fetchall()
        assert not wrong, wrong[:5]
        stray = market.execute(
            "SELECT * FROM score_parts ANTI JOIN lead_scores USING (product, contact_id, version)"
        ).fetchall()
        assert not stray, stray[:5]


def test_every_usable_contact_is_scored_once_for_each_product(workspace):
    with opened(workspace) as market:
        people = market.execute(
            "SELECT count(DISTINCT contact_id) FROM record_entities "
            "WHERE status = 'usable' AND contact_id IS NOT NULL"
        ).fetchone()[0]
        found = market.execute(
            "SELECT product, count(*), count(DISTINCT contact_id) FROM lead_scores GROUP BY ALL"
        ).fetchall()
    assert sorted(found) == [(like, people, people) for like in sorted(lead_draft.STARTERS)]


def test_who_never_responded_is_no_lead(workspace):
    with opened(workspace) as market:
        stages = market.execute(
            "SELECT DISTINCT stage FROM lead_scores WHERE responses = 0"
        ).fetchall()
    assert {one for (one,) in stages} <= {"none", "won", "lost"}


def test_signing_moves_no_score_and_taking_it_back_gives_the_same_tables(workspace):
    path = path_of(workspace, "equipment")
    text = path.read_text("utf-8").replace('= ""', '= "Ann"', 1).replace('= ""', '= "Bob"', 1)
    path.write_text(text, "utf-8")
    build(workspace)
    before = tables(workspace)
    made = [
        lead_definition.propose(workspace, "equipment", reason="agreed", by="Ann", despite=True),
        lead_definition.sign(workspace, "equipment", "marketing", reason="agreed", by="Ann"),
        lead_definition.sign(workspace, "equipment", "sales", reason="agreed", by="Bob"),
    ]
    after = tables(workspace)
    assert after["score_parts"] == before["score_parts"]
    assert {row[3] for row in after["scorecards"]} == {"draft", "in_force"}
    for one in made:
        undo(workspace, one.name)
    assert tables(workspace) == before


@pytest.mark.parametrize("day", [date(2025, 3, 31), date(2024, 9, 15)])
def test_a_past_receipt_is_what_a_build_of_that_day_gives(workspace, day):
    """Every score and every part of a day before, beside a build that stands at it."""
    with workspace.ledger() as ledger:
        cards = applied_scorecards(workspace, Judgements(ledger))
    with standing_on(workspace, current(workspace.hidden_dir), cards, day) as told:
        past = {name: rows(told.arrow(f"FROM {name}")) for name in RECEIPT}
    settings = workspace.settings_path.read_text("utf-8")
    text = settings.replace("[workspace]\n", f"[workspace]\nas_of = {day}\n")
    assert text != settings
    workspace.settings_path.write_text(text, "utf-8")
    try:
        with plan(Workspace.open(workspace.path)) as then:
            built = {name: rows(pq.read_table(then.table(name))) for name in RECEIPT}
    finally:
        workspace.settings_path.write_text(settings, "utf-8")
    assert len({row["stage"] for row in built["lead_scores"]}) > 3
    for name in RECEIPT:
        other = [row for row in past[name] if row not in built[name]]
        assert not other, other[0]
        assert len(past[name]) == len(built[name])


def rows(table):
    return sorted(table.to_pylist(), key=lambda row: str((row["product"], row["contact_id"])))

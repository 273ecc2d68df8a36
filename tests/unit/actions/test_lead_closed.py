"""Contacts whose deal was closed are tested as they stood before, never by what came after."""

import duckdb
import pytest

from tieline.actions import lead_past, lead_plan
from tieline.actions.lead_backtest import backtest, simulate
from tieline.actions.lead_closed import closed
from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.engine.snapshot import current
from tieline.errors import TielineError
from tieline.pipeline import build
from tieline.workspace import Workspace
from tieline.workspace.scorecards import path_of, read_scorecard, text_of

CARD = """\
product = "pumps"
[thresholds]
marketing_qualified = 1
sales_accepted = 5
sales_qualified = 9
[criteria.size]
group = "demographics"
field = "account.employees"
bands = [{ below = 50, points = 1 }, { at_least = 50, points = 3 }]
collected_by = { marketing = 0.8, inside_sales = 0.9 }
[criteria.role]
group = "demographics"
field = "contact.buying_role"
values = { decider = 20, buyer = 9 }
collected_by = { field_sales = 1.0 }
[criteria.customer]
group = "attributes"
field = "account.won_deals"
bands = [{ at_least = 1, points = 50 }]
collected_by = { field_sales = 1.0 }
[criteria.reads]
group = "activity"
kinds = ["w*", "e*", "d*", "m*", "c*"]
points = 1
most = 1000
collected_by = { marketing = 0.9 }
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    world = generate(tmp_path_factory.mktemp("world"), records=1_200, sources=4, interactions=4_000)
    made = Workspace.create(tmp_path_factory.mktemp("leads") / "market")
    for file in world.lists:
        for landed in land(str(file), made.landed_dir):
            made.remember(landed)
    path_of(made, "pumps").parent.mkdir()
    path_of(made, "pumps").write_text(CARD, "utf-8")
    build(made)
    return made


@pytest.fixture(scope="module")
def found(workspace):
    return closed(workspace, read_scorecard("pumps", text_of(workspace, "pumps")))


def expected(workspace):
    """Of every contact with a closed deal who responded before: the day, the end, the responses."""
    snapshot = current(workspace.hidden_dir)
    with duckdb.connect() as market:
        for name in ("responses", "opportunities", "record_entities"):
            path = snapshot.table(name)
            file = f"{path}/*.parquet" if path.is_dir() else str(path)
            market.execute(f"CREATE VIEW {name} AS SELECT * FROM '{file}'")
        rows = market.execute(
            """
            WITH deals AS (
              SELECT contact_id, arg_max(outcome, (closed_at, opportunity_id)) AS outcome,
                CAST(max(closed_at) AS DATE) AS closed_on, count(DISTINCT outcome) AS ends
              FROM opportunities WHERE outcome IN ('won', 'lost')
                AND contact_id IN (SELECT contact_id FROM record_entities WHERE status = 'usable')
              GROUP BY contact_id
            )
            SELECT d.contact_id, d.outcome, CAST(d.closed_on AS VARCHAR),
              count(*) FILTER (WHERE regexp_matches(lower(r.said), '(^|[^a-z])[wedmc]'))
            FROM deals d JOIN (
              SELECT *, coalesce(nullif(kind, ''), concat_ws(' ', source, medium)) AS said
              FROM responses
            ) r ON r.contact_id = d.contact_id
            WHERE CAST(r.occurred_at AS DATE) < d.closed_on AND d.ends = 1
            GROUP BY ALL
            """
        ).fetchall()
    return {who: tuple(told) for who, *told in rows}


def test_only_what_came_before_the_closing_counts(workspace, found):
    told = {
        who: ("won" if won else "lost", day, counted)
        for who, won, day, counted in zip(
            found.contacts,
            found.cases.won,
            found.cases.came,
            found.cases.columns["reads"].numbers,
            strict=True,
        )
    }
    wanted = expected(workspace)
    assert len(wanted) > 60
    assert {who: told.get(who) for who in wanted} == wanted
    assert list(found.cases.came) == sorted(found.cases.came)


def test_what_a_won_deal_itself_changes_is_not_tested(found):
    assert found.left_out == ("customer",)
    assert set(found.cases.columns) == {"account.employees", "contact.buying_role", "reads"}
    assert "customer" not in found.scored.points
    assert found.deals >= len(found.contacts)


def test_contacts_are_told_apart_by_a_field_that_no_criterion_asks(workspace):
    found = lead_past.past(workspace, "pumps", "site.country")
    parts = lead_past.parts_by(workspace, found, "site.country")
    assert sum(len(rows) for _, rows in parts) == len(found.cases.won)
    with pytest.raises(TielineError, match=r"Did you mean 'site\.country'"):
        lead_past.parts_by(workspace, found, "site.contry")
    with pytest.raises(TielineError) as caught:
        lead_past.parts_by(workspace, found, "segment")
    assert caught.value.code == "no_segment"


def test_a_back_test_of_contacts_holds_by_period_and_says_where_there_are_too_few(workspace):
    told = backtest(workspace, "pumps", by="site.country")
    assert sum(part.cases for part in told.periods) == len(told.past.cases.won)
    assert all((part.auc is None) == (part.lift is None) for part in told.segments)
    assert told.past.not_tested == ("customer",)


def test_a_simulation_of_contacts_tells_how_many_would_pass_today(workspace):
    told = simulate(workspace, "pumps", hours=1.0, capacity=None)
    waiting = [told.open_leads[one.points] for one in told.rows]
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[0] > 0


def test_a_plan_says_for_every_field_what_to_do_and_who_can(workspace):
    told = lead_plan.plan(workspace, "pumps")
    by_field = {one.field: one for one in told.fields}
    assert set(by_field) == {"account.employees", "contact.buying_role", "account.won_deals"}
    assert by_field["account.employees"].askers == "inside_sales 90%, marketing 80%"
    assert 0 < by_field["account.employees"].filled <= 1
    assert by_field["account.won_deals"].worth is None


def test_a_list_that_is_sold_by_a_field_can_be_bought(workspace):
    settings = workspace.settings_path
    before = settings.read_text("utf-8")
    offer = '\n[offers.big]\nvendor = "Vendor"\nsize = 900\nprice_per_record = 1\n'
    settings.write_text(f'{before}{offer}selectable = ["segment"]\n', "utf-8")
    try:
        told = lead_plan.plan(Workspace.open(workspace.path), "pumps")
        sellers = {one.field: one.seller for one in told.fields}
        assert sellers == {
            "account.employees": "the offer big of Vendor",
            "contact.buying_role": "",
            "account.won_deals": "",
        }
    finally:
        settings.write_text(before, "utf-8")


def test_the_questions_of_a_lead_are_those_of_the_table(workspace):
    snapshot = current(workspace.hidden_dir)
    with duckdb.connect() as market:
        rows = market.execute(
            f"SELECT contact_id, count(*) FROM '{snapshot.table('lead_questions')}' GROUP BY 1"
        ).fetchall()
    assert rows
    who, count = rows[0]
    said, told = lead_plan.questions(workspace, "pumps", who)
    assert who in said
    assert [one["rank"] for one in told] == list(range(1, count + 1))


def test_too_few_closed_deals_are_refused_with_how_many_there_are(tmp_path):
    world = generate(tmp_path / "world", records=150, sources=2, interactions=200)
    made = Workspace.create(tmp_path / "market")
    for file in world.lists:
        for landed in land(str(file), made.landed_dir):
            made.remember(landed)
    path_of(made, "pumps").parent.mkdir()
    path_of(made, "pumps").write_text(CARD, "utf-8")
    for call in (backtest, lead_plan.plan):
        with pytest.raises(TielineError) as caught:
            call(made, "pumps")
        assert caught.value.code == "not_built"
    build(made)
    with pytest.raises(TielineError, match="responded before") as caught:
        backtest(made, "pumps")
    assert caught.value.code == "too_few_cases"
    told = lead_plan.plan(made, "pumps")
    assert told.auc is None
    assert "too few" in told.missing
    assert [one.verdict for one in told.fields]

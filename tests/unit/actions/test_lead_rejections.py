"""What sellers reject comes back to the definition: the linter warns of the criterion."""

import csv
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from tieline.actions import lead_queue
from tieline.actions.lead_lint import lint
from tieline.actions.remember import remember
from tieline.data.sources.landing import land
from tieline.engine.snapshot import current
from tieline.identity.judgements import Judgements
from tieline.ledger import Event
from tieline.pipeline import build
from tieline.workspace import Workspace
from tieline.workspace.scorecards import (
    ENTITY,
    PROPOSAL,
    SIGNATURE,
    applied_scorecards,
    path_of,
    version_of,
)

CARD = """\
product = "pumps"
[owners]
marketing = "Ann"
sales = "Bob"
[thresholds]
marketing_qualified = 10
sales_accepted = 20
sales_qualified = 30
[criteria.reads]
group = "activity"
kinds = ["download*"]
points = 10
most = 2
collected_by = { marketing = 0.9 }
[criteria.asks]
group = "activity"
kinds = ["quote*"]
points = 15
most = 2
collected_by = { marketing = 0.9 }
"""
HEADER = ("Name", "Email", "Company", "Job Title", "Street", "City", "Zip", "Country")
CHICAGO = ("N Michigan Ave", "Chicago", "60611", "US")
FAMILIES = (
    "Abbot", "Barnes", "Cole", "Dunn", "Ellis", "Fox", "Grant", "Hale", "Irwin", "Jensen", "Knox",
    "Lamb", "Moss", "Nash", "Owens", "Pratt", "Quinn", "Reyes", "Stone", "Tate", "Usher", "Vance",
    "Webb", "York",
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path):
    """Twenty-four people; the first half read a paper, the others asked for a quote."""
    made = Workspace.create(tmp_path / "w")
    path_of(made, "pumps").parent.mkdir()
    path_of(made, "pumps").write_text(CARD, "utf-8")
    people = [
        (f"Kim {name}", f"kim.{name.lower()}@{name.lower()}-works.com", f"{name} Works Inc",
         "Buyer", f"{n + 400} {CHICAGO[0]}", *CHICAGO[1:])
        for n, name in enumerate(FAMILIES)
    ]  # fmt: skip
    with (tmp_path / "crm.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *people])
    for landed in land(str(tmp_path / "crm.csv"), made.landed_dir):
        made.remember(landed)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    remember(
        made,
        [
            Event("web", person[1], "response", yesterday,
                  {"email": person[1], "response_kind": "download" if n < 12 else "quote"})
            for n, person in enumerate(people)
        ],
    )  # fmt: skip
    said = {"scorecard": "pumps", "version": version_of(CARD)}
    with made.ledger() as ledger:
        for kind, more, by in (
            (PROPOSAL, {"content": CARD}, "Ann"),
            (SIGNATURE, {"role": "marketing"}, "Ann"),
            (SIGNATURE, {"role": "sales"}, "Bob"),
        ):
            ledger.judge(kind, ENTITY, {**said, **more}, reason="agreed", by=by)
    build(made)
    return made


def test_a_criterion_whose_leads_sales_rejects_is_warned_of(workspace):
    assert not warned(workspace)
    records = pq.read_table(current(workspace.hidden_dir).table("record_entities")).to_pylist()
    people = sorted(
        (row["row_number"], row["record_id"]) for row in records if row["source"] == "crm"
    )
    with workspace.ledger() as ledger:
        for number, record in people:
            # Of those who read a paper two are accepted.
            reason = "" if number > 12 or number <= 2 else "no_need" if number > 4 else "no_budget"
            body = {
                "records": [record],
                "product": "pumps",
                "version": "v1",
                "answer": "reject" if reason else "accept",
                "because": reason,
                "until": "",
            }
            ledger.judge("lead_answer", "contact", body, reason="said so", by="Bob")
    with lead_queue.queue_now(workspace, evidence=True) as (_, engine):
        told = {
            row["criterion"]: row for row in engine.arrow("SELECT * FROM lead_evidence").to_pylist()
        }
    assert {name: row["verdict"] for name, row in told.items()} == {
        "reads": "against",
        "asks": "for",
    }
    assert told["reads"]["says"].startswith(
        "10 of 12 with points for it were rejected, 8 of them as no_need; accepted were 2 of 12"
    )
    build(workspace)
    (found,) = warned(workspace)
    assert (found.criterion, found.level) == ("reads", "warning")
    assert found.says == told["reads"]["says"]
    # Once it is changed, the old answers are no longer about it.
    path = path_of(workspace, "pumps")
    path.write_text(CARD.replace("points = 10", "points = 5", 1), "utf-8")
    assert not warned(workspace)


def warned(workspace):
    return [one for one in lint(workspace, "pumps") if one.code == "sales_rejects"]


def test_a_past_version_that_was_signed_first_tells_since_when_leads_are_handed_over(workspace):
    newer = CARD.replace("points = 10", "points = 11", 1)
    path_of(workspace, "pumps").write_text(newer, "utf-8")
    first = standing(workspace)
    said = {"scorecard": "pumps", "version": version_of(newer)}
    later = datetime.now(UTC) + timedelta(days=40)
    with workspace.ledger() as ledger:
        ledger.judge(PROPOSAL, ENTITY, {**said, "content": newer}, reason="x", by="Ann", at=later)
        for role, by in (("marketing", "Ann"), ("sales", "Bob")):
            ledger.judge(SIGNATURE, ENTITY, {**said, "role": role}, reason="x", by=by, at=later)
    second = standing(workspace)
    assert second.version != first.version
    assert second.in_force_since > first.in_force_since
    assert second.handing_over_since == first.handing_over_since == first.in_force_since


def standing(workspace):
    with workspace.ledger() as ledger:
        (card,) = applied_scorecards(workspace, Judgements(ledger))
    return card

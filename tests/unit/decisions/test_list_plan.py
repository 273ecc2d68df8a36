"""The list plan of an invented market agrees with the truth; wrong offers leave the others be."""

from __future__ import annotations

import csv
import json
import re

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from tieline.cli.main import app
from tieline.engine.snapshot import current
from tieline.pipeline import build
from tieline.workspace import Workspace

HONEST = ("trade_directory", "buyers_club", "fair_visitors", "bulk_addresses", "expert_network")
WANTED = ("procurement", "engineering", "operations")


def run(space, *words):
    return CliRunner().invoke(app, ["-w", str(space.path), *words])


def rows(snapshot, table):
    return pq.read_table(snapshot.table(table)).to_pylist()


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planned") / "w"
    words = ["--records", "1000", "--sources", "3", "--registry", "--offers"]
    made = CliRunner().invoke(app, ["demo", str(folder), *words])
    assert made.exit_code == 0, made.output
    space = Workspace.open(folder)
    build(space)
    return space


def truth(space):
    """By offer how many key players it lists whom no list of ours has."""
    listed = pq.read_table(space.path / "truth" / "records.parquet").to_pylist()
    known = {row["person_id"] for row in listed}
    offers = pq.read_table(space.path / "truth" / "offers.parquet").to_pylist()
    bought = {row["person_id"] for row in offers if row["offer"] == "northfield_2025"}
    found = {}
    for row in offers:
        had = known if row["offer"] == "northfield_2025" else known | bought
        is_new = row["function"] in WANTED and row["person_id"] not in had
        found[row["offer"]] = found.get(row["offer"], 0) + is_new
    return found


def test_what_lists_bring_lies_in_the_intervals(market):
    true = truth(market)
    offers = {row["offer"]: row for row in rows(current(market.hidden_dir), "list_offers")}
    held = [
        offers[name]["key_players_low"] <= true[name] <= offers[name]["key_players_high"]
        for name in HONEST
    ]
    assert sum(held) >= 4, {n: (true[n], offers[n]["key_players"]) for n in HONEST}
    ranked = sorted(HONEST, key=lambda name: -(offers[name]["share"] or 0))
    assert ranked[0] == "buyers_club"


def test_a_purchase_is_held_against_its_prediction_and_teaches_the_next(market):
    snapshot = current(market.hidden_dir)
    (bought,) = rows(snapshot, "list_purchases")
    true = truth(market)
    assert bought["realised"] == pytest.approx(true["northfield_2025"], abs=8)
    assert bought["realised"] < bought["predicted_low"], "the sample promised too much"
    assert bought["bias"] < 0
    offers = {row["offer"]: row for row in rows(snapshot, "list_offers")}
    later = offers["northfield_2026"]
    assert later["basis"] == "sample and purchases"
    assert later["share"] < later["wanted"] / later["selected"]
    unseen = offers["expert_network"]
    assert unseen["basis"] == "purchases"


def test_each_figure_is_made_of_rows(market):
    snapshot = current(market.hidden_dir)
    sample = rows(snapshot, "list_sample_rows")
    for offer in rows(snapshot, "list_offers"):
        own = [row for row in sample if row["offer"] == offer["offer"] and row["is_selected"]]
        assert offer["selected"] == len(own)
        assert offer["known"] == sum(row["is_known"] for row in own)
        assert offer["wanted"] == sum(row["is_wanted"] for row in own)
    contacts = {row["contact_id"] for row in rows(snapshot, "contacts")}
    assert {row["contact_id"] for row in sample if row["contact_id"]} <= contacts
    plan = next(row for row in rows(snapshot, "list_plan") if row["is_chosen"])
    lines = rows(snapshot, "list_plan_lines")
    assert plan["cost"] == pytest.approx(sum(row["cost"] for row in lines))
    assert plan["cost"] <= plan["budget"]
    assert all(row["reason"] for row in lines)


def test_the_command_plans_for_another_budget(market):
    poor, rich = (
        json.loads(run(market, "list-plan", "--budget", text, "--json").output)["plan"]
        for text in ("40", "5000")
    )
    assert poor["key_players"] < rich["key_players"]
    assert rich["cost"] <= rich["pays_up_to"] + 0.01
    nothing = run(market, "list-plan", "--budget", "0").output
    assert "Do not buy: there is no budget" in nothing
    told = run(market, "list-plan", "buyers_club", "--limit", "3").output
    assert "rows in the sample" in told
    assert re.search(r"3 of \d+ rows", told)


OFFERS = """
[offers.free]
size = 100
[offers.negative]
price_per_record = -1.0
size = 100
[offers.strange]
price_per_record = 1.0
currency = "XQZ"
size = 100
[offers.no_rate]
price_per_record = 1.0
currency = "USD"
size = 100
[offers.unselectable]
price_per_record = 1.0
size = 100
selectable = ["shoe_size"]
[offers.plain]
price_per_record = 1.0
size = 100
sample = "plain.csv"
[offers.other_salt]
price_per_record = 1.0
size = 100
sample = "other.csv"
[offers.empty]
price_per_record = 1.0
size = 100
sample = "empty.csv"
[offers.good]
price_per_record = 1.0
size = 100
sample = "good.csv"
"""
PROBLEMS = {
    "free": "has no price",
    "negative": "below zero",
    "strange": "XQZ is no currency",
    "no_rate": "What one USD is worth in EUR is not told",
    "unselectable": "shoe_size is nothing to select by",
    "plain": "not hashed as agreed",
    "other_salt": "hashed with another salt",
    "empty": "has no row",
}


def test_wrong_offers_are_told_and_the_others_are_weighed(tmp_path):
    space = Workspace.create(tmp_path / "w")
    people = [("Name", "Email", "Company", "Job Title", "Street", "Zip", "City", "Country")]
    people += [
        (f"Anna Lang{n}", f"a{n}@firm{n}.de", f"Firm{n} GmbH", "Head of Purchasing",
         f"Weg {n}", "10115", "Berlin", "DE")
        for n in range(8)
    ]  # fmt: skip
    crm = tmp_path / "crm.csv"
    with crm.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(people)
    (space.path / "salt.txt").write_text("a secret of ours, 2026")
    (space.path / "wrong.txt").write_text("some other secret 12")
    (space.path / "plain.csv").write_text("agreement,email_hash\nx,a0@firm0.de\n")
    (space.path / "empty.csv").write_text("agreement,email_hash\n")
    for salt, name in (("salt", "good"), ("wrong", "other")):
        done = run(
            space, "offer", "hash", str(crm), "--salt-file", str(space.path / f"{salt}.txt"),
            "--output", str(space.path / f"{name}.csv"),
        )  # fmt: skip
        assert done.exit_code == 0, (done.output, done.exception)
    written = (space.path / "good.csv").read_text()
    assert "@" not in written
    assert "Lang" not in written
    settings = space.settings_path.read_text()
    space.settings_path.write_text(
        settings.replace("[list_plan]\n", '[list_plan]\nsalt_file = "salt.txt"\nbudget = 50.0\n')
        + OFFERS
        + "[products.pumps]\nkey_players = { procurement = [] }\n"
        + "[segments.german]\nrule = \"country = 'DE'\"\nproduct = \"pumps\"\n"
    )  # fmt: skip
    space = Workspace.open(space.path)
    assert run(space, "add", str(crm)).exit_code == 0
    snapshot = build(space)
    offers = {row["offer"]: row for row in rows(snapshot, "list_offers")}
    for name, told in PROBLEMS.items():
        assert offers[name]["status"] == "refused"
        assert told in offers[name]["problem"], offers[name]["problem"]
    good = offers["good"]
    assert (good["sampled"], good["known"], good["wanted"]) == (8, 8, 0)
    plan = run(space, "list-plan").output
    assert plan.startswith("Do not buy: every segment has reached its target"), plan


@pytest.mark.parametrize("salt", ["short", "aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_salt_that_can_be_guessed_is_refused(tmp_path, salt):
    (tmp_path / "salt.txt").write_text(salt)
    list_ = tmp_path / "list.csv"
    list_.write_text("Email\na@b.de\n")
    done = CliRunner().invoke(
        app, ["offer", "hash", str(list_), "--salt-file", str(tmp_path / "salt.txt")]
    )
    assert getattr(done.exception, "code", "") == "weak_salt"

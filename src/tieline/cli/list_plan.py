"""`tieline list-plan`: whether to buy lists, which, and how much of them."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from tieline.cli import opened
from tieline.cli.screen import out, say, show_table
from tieline.engine.tables import Engine
from tieline.errors import TielineError

TABLES = (
    "list_plan",
    "list_offers",
    "list_offer_segments",
    "list_offer_overlaps",
    "list_purchases",
    "list_sample_rows",
    "universe",
)


def run(
    context: typer.Context,
    offer: Annotated[
        str, typer.Argument(metavar="OFFER", help="Only this offer, with its sample's rows.")
    ] = "",
    budget: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="N", help="What may be spent; else that of the settings."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many rows to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Write it as JSON.")] = False,
) -> None:
    """Show whether to buy lists, which and how much, and where buying stops paying.

    Figures are expectations with 90 % intervals. With the name of an offer: what its figures are
    made of, down to the rows of its sample.
    """
    found = opened.snapshot(context)
    for name in TABLES:
        opened.table(found, name)
    with opened.reader(found, *TABLES) as engine:
        if offer:
            _one(engine, offer, limit, as_json)
            return
        _plan(context, engine, budget, as_json)


def _plan(context: typer.Context, engine: Engine, budget: float | None, as_json: bool) -> None:
    from tieline.decisions.list_plan import line_rows, plan_rows, read_market

    market = read_market(engine, "list_offers", "list_offer_segments", "list_offer_overlaps")
    if budget is None:
        told = engine.arrow("SELECT budget FROM list_plan WHERE is_chosen").to_pylist()
        budget = told[0]["budget"] if told else 0.0
    plans, lines = plan_rows(market, budget), line_rows(market, budget)
    if not market.offers:
        plans = []
    chosen = next((row for row in plans if row["is_chosen"]), None)
    purchases = engine.arrow("SELECT * FROM list_purchases").to_pylist()
    if as_json:
        _json({"plan": chosen, "lines": lines, "budgets": plans, "purchases": purchases})
        return
    if chosen is None:
        say("There are no offers: write each into tieline.toml as a section [offers.NAME].")
        return
    currency = market.offers[0]["currency"]
    say(f"{chosen['verdict'].capitalize()}: {chosen['reason']} (budget {budget:,.2f} {currency}).")
    say()
    show_table(
        ["offer", "records", "cost", "wanted key players", "90 % interval", "because"],
        [
            (
                r["offer"],
                r["records"],
                r["cost"],
                _round(r["key_players"]),
                _between(r),
                r["reason"],
            )
            for r in lines
        ],
        right=["records", "cost", "wanted key players"],
    )
    _segments(engine, [row["offer"] for row in lines if row["records"]])
    _steps(plans, currency)
    _realised(purchases)
    say()
    say(f"Down to the rows of a sample: {opened.command(context, 'list-plan OFFER')}")


def _segments(engine: Engine, bought: list[str]) -> None:
    rows = engine.arrow("SELECT * FROM list_offer_segments ORDER BY segment, offer").to_pylist()
    shown = [row for row in rows if row["offer"] in bought]
    if not shown:
        return
    say()
    say("Sites with a key player, if the whole list is bought:")
    show_table(
        ["segment", "offer", "now", "after", "90 % interval", "target", "new sites"],
        [
            (
                r["segment"], r["offer"], _share(r["coverage_now"]), _share(r["coverage_after"]),
                f"{_share(r['coverage_after_low'])} to {_share(r['coverage_after_high'])}",
                _share(r["target"]), _round(r["new_sites"]),
            )
            for r in shown
        ],
        right=["now", "after", "target", "new sites"],
    )  # fmt: skip


def _steps(plans: list[dict[str, Any]], currency: str) -> None:
    say()
    say("With other budgets:")
    show_table(
        ["budget", "cost", "wanted key players", "each costs", "one more costs"],
        [
            (r["budget"], r["cost"], _round(r["key_players"]), _money(r["cost_per_key_player"]),
             _money(r["next_cost"]))
            for r in plans
        ],
        right=["budget", "cost", "wanted key players", "each costs", "one more costs"],
    )  # fmt: skip
    last = plans[-1]
    if last["worth"] is None:
        say(
            "What a key player is worth is not known, so any price pays: write "
            "worth_per_key_player into [list_plan]."
        )
    else:
        say(
            f"A key player is worth {last['worth']:,.2f} {currency}: buying stops paying at "
            f"{last['pays_up_to']:,.2f}."
        )


def _realised(purchases: list[dict[str, Any]]) -> None:
    if not purchases:
        return
    say()
    say("What earlier purchases brought, against what their samples said:")
    show_table(
        ["offer", "records", "cost", "predicted", "90 % interval", "realised", "each cost"],
        [
            (
                r["offer"], r["records"], r["cost"],
                "no sample" if r["predicted"] is None else _round(r["predicted"]),
                "" if r["predicted"] is None
                else f"{_round(r['predicted_low'])} to {_round(r['predicted_high'])}",
                r["realised"], _money(r["cost_per_key_player"]),
            )
            for r in purchases
        ],
        right=["records", "cost", "predicted", "realised", "each cost"],
    )  # fmt: skip


def _one(engine: Engine, offer: str, limit: int, as_json: bool) -> None:
    rows = engine.arrow("SELECT * FROM list_offers ORDER BY offer").to_pylist()
    found = next((row for row in rows if row["offer"] == offer), None)
    if found is None:
        names = ", ".join(row["offer"] for row in rows) or "none"
        raise TielineError(
            "unknown_offer", f"There is no offer {offer!r}.", next_step=f"The offers are: {names}."
        )
    sample = engine.arrow(
        "SELECT s.*, u.name AS company FROM list_sample_rows s LEFT JOIN universe u USING (member) "
        f"WHERE s.offer = '{found['offer']}' ORDER BY s.row_number"
    ).to_pylist()
    if as_json:
        _json({"offer": found, "sample": sample})
        return
    say(f"Offer {offer} of {found['vendor']}: {found['status']}")
    if found["problem"]:
        say(f"  {found['problem']}")
    say(
        f"  {found['sampled']:,} rows in the sample; {found['selected']:,} would be ordered, "
        f"{found['known']:,} of these we have, {found['net_new']:,} are key players we lack, "
        f"{found['wanted']:,} of these in segments below their target."
    )
    if found["share"] is not None:
        say(
            f"  Of a record ordered, {_share(found['share'])} are wanted "
            f"({_share(found['share_low'])} to {_share(found['share_high'])}, "
            f"by {found['basis']}): "
            f"{_round(found['key_players'])} of {found['orderable']:,} for {found['cost']:,.2f} "
            f"{found['currency']}, {found['per_currency']:.3f} for one {found['currency']} "
            f"({found['per_currency_low']:.3f} to {found['per_currency_high']:.3f})."
        )
    if sample:
        say()
        show_table(
            ["row", "ordered", "we have", "company", "segment", "function", "level", "wanted"],
            [
                (r["row_number"], r["is_selected"], r["contact_id"] or r["is_known"], r["company"],
                 r["segment"], r["function"], r["level"], r["is_wanted"])
                for r in sample[:limit]
            ],
        )  # fmt: skip
        if len(sample) > limit:
            say(f"{limit:,} of {len(sample):,} rows; --limit shows more.")


def _between(row: dict[str, Any]) -> str:
    if not row["records"]:
        return ""
    return f"{_round(row['key_players_low'])} to {_round(row['key_players_high'])}"


def _round(value: float) -> str:
    return f"{value:,.0f}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _money(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _json(told: object) -> None:
    text = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    out.print(text, markup=False, highlight=False, soft_wrap=True)

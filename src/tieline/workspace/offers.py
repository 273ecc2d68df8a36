"""Offers of `tieline.toml`: read with their samples; what is wrong with one leaves the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tieline.errors import TielineError

if TYPE_CHECKING:
    from tieline.decisions.offer import ListPlan, Offer
    from tieline.workspace.folder import Workspace
    from tieline.workspace.settings import ListPlanSettings, OfferSettings

# fmt: off
CURRENCIES = frozenset((
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP",
    "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MAD", "MXN", "MYR",
    "NGN", "NOK", "NZD", "PEN", "PHP", "PLN", "QAR", "RON", "RSD", "SAR", "SEK", "SGD", "THB",
    "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
))
# fmt: on
"""Currencies in which lists are sold (ISO 4217)."""


def list_plan(workspace: Workspace) -> ListPlan:
    """The plan's settings with every offer; one that cannot be weighed says why."""
    from tieline.decisions.offer import ListPlan

    settings = workspace.settings
    plan: ListPlanSettings = settings.list_plan
    offers = [_offer(workspace, name, one, plan) for name, one in sorted(settings.offers.items())]
    return ListPlan(
        plan.currency,
        plan.budget,
        plan.worth_per_key_player,
        tuple(offers),
    )


def _offer(workspace: Workspace, name: str, given: OfferSettings, plan: ListPlanSettings) -> Offer:
    from tieline.decisions.agreed_hash import read_salt
    from tieline.decisions.offer import SELECTABLE, Offer
    from tieline.decisions.offer_sample import read_sample

    currency = (given.currency or plan.currency).upper()
    rate = 1.0 if currency == plan.currency else plan.rates.get(currency, 0.0)
    problem = _problem(given, currency, rate, plan.currency, SELECTABLE, workspace)
    sample = None
    if given.sample and not problem:
        salt_file = given.salt_file or plan.salt_file
        try:
            if not salt_file:
                raise TielineError(
                    "no_salt", "No salt_file says with which salt the sample was hashed."
                )
            salt = read_salt(workspace.path / salt_file)
            sample = read_sample(workspace.path / given.sample, salt)
        except TielineError as found:
            problem = f"{found.message} {found.next_step or ''}".strip()
    return Offer(
        name, given.vendor or name, max(given.price_per_record, 0.0), max(given.fixed_price, 0.0),
        currency, rate, given.size, max(given.minimum_order, 0), tuple(given.selectable), sample,
        problem, given.bought, given.bought_on,
    )  # fmt: skip


def _problem(
    given: OfferSettings,
    currency: str,
    rate: float,
    plan: str,
    selectable: tuple[str, ...],
    workspace: Workspace,
) -> str:
    """What is wrong with an offer, in words; '' for nothing."""
    strange = [field for field in given.selectable if field not in selectable]
    if given.price_per_record < 0 or given.fixed_price < 0:
        return "A price is below zero: correct price_per_record or fixed_price."
    if given.price_per_record == 0 and given.fixed_price == 0:
        return "It has no price: write price_per_record or fixed_price, greater than zero."
    if currency not in CURRENCIES:
        return f"{currency} is no currency that is known: write a code such as EUR or USD."
    if rate <= 0:
        return (
            f"What one {currency} is worth in {plan} is not told: "
            f"write rates = {{ {currency} = ... }} into [list_plan]."
        )
    if given.size <= 0:
        return "It does not say how many records it has: write size."
    if given.minimum_order > given.size:
        return "Its minimum_order is greater than its size: correct one of them."
    if strange:
        return f"{strange[0]} is nothing to select by; possible are {', '.join(selectable)}."
    if given.bought and given.bought not in workspace.source_names():
        return f"It was bought as {given.bought}, which is no source: add the list under that name."
    return ""


def told(plan: ListPlan) -> list[Any]:
    """What of the samples decides on the tables, for the hash of a snapshot's inputs."""
    return [
        [one.name, one.problem, one.sample.content if one.sample else ""] for one in plan.offers
    ]

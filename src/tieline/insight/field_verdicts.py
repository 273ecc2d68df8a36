"""Ask, buy, infer or drop: what to do about a field, by limits that are stated.

The limits are ours, chosen to be plain: half a hundredth of AUC is a pair in two hundred told the
other way round, which nobody notices in a queue.
"""

from __future__ import annotations

from dataclasses import dataclass

from tieline.insight.field_worth import Worth

ASK, BUY, INFER, DROP = "ask", "buy", "infer", "drop"
TRIFLE = 0.005
"""A loss of AUC that is surely smaller (by the upper end of its interval) is none."""
TOLD = 0.9
"""The other fields tell a field where they are right so often, and wrong at most half as often as
the most frequent answer is."""
FILLED = 0.9
"""What is filled in so often need not be bought."""


@dataclass(frozen=True)
class FieldPlan:
    """One field of a scorecard: what it is worth, where it may come from, and what to do about it.

    `worth` is None where no past leads tell it. `seller` names what sells or knows it, `askers` who
    can be asked to find it out, with their reliability in words.
    """

    field: str
    criteria: tuple[str, ...]
    filled: float
    worth: Worth | None
    seller: str
    askers: str
    required_for: str
    verdict: str
    why: str


def planned(
    field: str,
    criteria: tuple[str, ...],
    filled: float,
    worth: Worth | None,
    *,
    seller: str,
    askers: str,
    required_for: str,
) -> FieldPlan:
    """A field with its verdict: infer what others tell, drop what is of no use, buy, or ask."""
    verdict, why = _verdict(filled, worth, seller, askers)
    if required_for and verdict == DROP:
        why += f"; it is required for {required_for}: talk about that"
    return FieldPlan(field, criteria, filled, worth, seller, askers, required_for, verdict, why)


def _verdict(filled: float, worth: Worth | None, seller: str, askers: str) -> tuple[str, str]:
    if worth is not None and is_told(worth) and worth.inferred[2] < TRIFLE:
        return INFER, (
            f"the other fields tell it rightly in {worth.right:.0%} of the cases, and told so it "
            f"costs less than {TRIFLE:g} of AUC"
        )
    if worth is not None and not worth.filled:
        return DROP, "it has the same answer everywhere, or another one for everybody"
    if worth is not None and worth.cost[2] < TRIFLE:
        return DROP, f"without it less than {TRIFLE:g} of AUC is lost"
    told = "" if worth is None else f"without it {worth.cost[0]:.3f} of AUC is lost; "
    if worth is not None and worth.cost[1] <= 0:
        told = "its use is not sure with so few cases; "
    if filled < FILLED and seller:
        return BUY, f"{told}it is known in {filled:.0%} of the cases, and {seller} has it"
    if not askers:
        return ASK, f"{told}but nobody is named who could: write collected_by"
    if filled >= FILLED:
        return ASK, f"{told}it is known in {filled:.0%} of the cases: go on as now"
    return ASK, f"{told}it is known in {filled:.0%} of the cases, and nobody sells it"


def is_told(worth: Worth) -> bool:
    """Whether the other fields tell it."""
    return worth.right >= TOLD and 1 - worth.right <= (1 - worth.usual) / 2

"""How leads are handed over from marketing to sales, as a scorecard says it."""

from __future__ import annotations

from dataclasses import dataclass

ACCEPT, REJECT, RECYCLE = "accept", "reject", "recycle"
ANSWERS = (ACCEPT, REJECT, RECYCLE)
"""What a seller may answer: take it up, send it away, or send it back for later."""
ANSWERED = {ACCEPT: "accepted", REJECT: "rejected", RECYCLE: "recycled"}
"""What becomes of a lead by each answer."""
WAITING, OVERDUE = "waiting", "overdue"
OPEN = (WAITING, OVERDUE)
"""Standings of a lead that nobody answered yet."""
REASONS = (
    "no_need",
    "no_budget",
    "no_authority",
    "wrong_person",
    "wrong_timing",
    "not_reachable",
    "duplicate",
    "competitor",
    "already_customer",
    "other",
)
"""Why a lead is rejected, where a scorecard has no list of its own. The list is ours: budget,
authority, need and timeline of the group buying_status, who it is, and what sales alone finds."""
ANSWER_WITHIN_DAYS = 2
"""The 42 hours that companies took on average to answer a lead of the web, of those that answered
within 30 days (Oldroyd, McElheran and Elkington, The Short Life of Online Sales Leads, Harvard
Business Review 89(3), 2011). They find that hours count: it is a limit, not an aim."""
WORK_WITHIN_DAYS, RECYCLE_AFTER_DAYS = 14, 90
"""Ours: two weeks of work, and a quarter of rest."""


@dataclass(frozen=True)
class Seller:
    """Who gets the leads of which a rule over the fields of `lead_facts` holds."""

    name: str
    when: str


@dataclass(frozen=True)
class HandOver:
    """From which stage on a lead is handed over, to whom, and in how many days (of a calendar).

    `answer_within_days` count from the hand-over, `work_within_days` and `recycle_after_days` from
    the answer. The first of `sellers` whose rule holds gets a lead, the sales owner all others.
    """

    from_stage: str = "marketing_qualified"
    answer_within_days: int = ANSWER_WITHIN_DAYS
    work_within_days: int = WORK_WITHIN_DAYS
    recycle_after_days: int = RECYCLE_AFTER_DAYS
    reasons: tuple[str, ...] = REASONS
    sellers: tuple[Seller, ...] = ()

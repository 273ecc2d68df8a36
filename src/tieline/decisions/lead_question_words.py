"""What is asked of a person to fill a field that a scorecard wants, in words."""

from __future__ import annotations

from collections.abc import Sequence

from tieline.data.sql_text import literal
from tieline.engine.tables import quoted
from tieline.metrics.score_expressions import column, fields_of
from tieline.metrics.scorecard import Criterion

QUESTIONS = {
    "account.industry": "Which industry is your company in?",
    "account.employees": "How many people work at your company?",
    "account.revenue": "What is the yearly revenue of your company?",
    "account.country": "In which country is your company at home?",
    "account.legal_form": "What is the legal form of your company?",
    "account.domain": "What is the web address of your company?",
    "account.contacts": "Who else at your company has to do with this?",
    "account.sites": "At which places does your company work?",
    "account.family": "Does your company belong to a group, or own others?",
    "account.won_deals": "What did your company buy from us before?",
    "site.country": "In which country do you work?",
    "site.region": "In which state or region do you work?",
    "site.city": "In which town do you work?",
    "site.postcode": "What is the postcode of the place where you work?",
    "site.stage": "Who at your place is in touch with us?",
    "site.phase": "How far is the talk with your place?",
    "contact.title": "What is your job title?",
    "contact.function": "In which function do you work, such as procurement or engineering?",
    "contact.level": "At which level do you work, such as director or manager?",
    "contact.power": "What may you decide: for the company, a department, a team?",
    "contact.buying_role": "Which part do you play in the purchase: decide, buy, advise, use?",
    "contact.department": "Which department do you work in?",
    "contact.category": "What brings you to us?",
    "contact.email": "What is your e-mail address?",
    "contact.phone": "What is your telephone number?",
}
"""By field; a criterion may say its own words with `question`."""


def asks(criterion: Criterion) -> Sequence[tuple[str, str]]:
    """Each field of a criterion with the question that fills it; one pair for words of its own."""
    fields = fields_of(criterion)
    if criterion.question:
        return [("", criterion.question)]
    return [(field, QUESTIONS.get(field, f"What is {field}?")) for field in fields]


def question_sql(criterion: Criterion) -> str:
    """The question as SQL over the columns of `lead_facts`: of a rule only what is not known."""
    told = asks(criterion)
    if len(told) == 1:
        return literal(told[0][1])
    parts = [
        f"CASE WHEN {quoted(column(field))} IS NULL THEN {literal(words)} END"
        for field, words in told
    ]
    return f"concat_ws(' ', {', '.join(parts)})"

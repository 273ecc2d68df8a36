"""What to do."""

from __future__ import annotations

from pathlib import Path

from tieline.decisions.action_alternatives import action_alternatives
from tieline.decisions.action_candidates import action_candidates
from tieline.decisions.answer_rates import answer_rates
from tieline.decisions.contact_media import contact_media
from tieline.decisions.lead_questions import lead_questions
from tieline.decisions.list_offer_segments import list_offer_segments
from tieline.decisions.list_offers import list_offers
from tieline.decisions.list_plan import list_offer_overlaps, list_plan, list_plan_lines
from tieline.decisions.list_purchases import list_purchases
from tieline.decisions.list_sample_rows import list_sample_rows
from tieline.decisions.medium_checks import medium_checks
from tieline.decisions.next_actions import next_actions
from tieline.decisions.touch_answers import touch_answers
from tieline.engine.model import Model, python_model, sql_model

_HERE = Path(__file__).parent


def models() -> tuple[Model, ...]:
    """The tables of this layer, in reading order."""
    return (
        python_model(list_sample_rows),
        python_model(list_purchases),
        python_model(list_offers),
        python_model(list_offer_segments),
        python_model(list_offer_overlaps),
        python_model(list_plan),
        python_model(list_plan_lines),
        python_model(touch_answers),
        python_model(medium_checks),
        python_model(answer_rates),
        python_model(contact_media),
        python_model(action_candidates),
        python_model(action_alternatives),
        python_model(next_actions),
        python_model(lead_questions),
        sql_model(_HERE / "lead_queue.sql"),
    )

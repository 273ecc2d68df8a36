"""What to do."""

from __future__ import annotations

from tieline.decisions.list_offer_segments import list_offer_segments
from tieline.decisions.list_offers import list_offers
from tieline.decisions.list_plan import list_offer_overlaps, list_plan, list_plan_lines
from tieline.decisions.list_purchases import list_purchases
from tieline.decisions.list_sample_rows import list_sample_rows
from tieline.engine.model import Model, python_model


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
    )

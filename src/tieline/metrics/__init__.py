"""What is: one file per table."""

from __future__ import annotations

from pathlib import Path

from tieline.engine.model import Model, python_model, sql_model
from tieline.identity.changes import Followed
from tieline.metrics.account_scores import account_scores
from tieline.metrics.as_of import as_of
from tieline.metrics.category_figures import category_figures
from tieline.metrics.category_readings import category_readings
from tieline.metrics.category_rules import category_rules
from tieline.metrics.category_weights import category_weights
from tieline.metrics.concentration import concentration
from tieline.metrics.dialogue_spans import dialogue_spans
from tieline.metrics.group_parts import group_parts
from tieline.metrics.landings import landings
from tieline.metrics.lead_activity import lead_activity
from tieline.metrics.lead_done import lead_done
from tieline.metrics.lead_facts import lead_facts
from tieline.metrics.lead_handovers import lead_handovers
from tieline.metrics.lead_history import lead_history
from tieline.metrics.lead_scores import lead_scores
from tieline.metrics.memory_issues import memory_issues
from tieline.metrics.product_roles import product_roles
from tieline.metrics.registry_twins import registry_twins
from tieline.metrics.response_kinds import response_kinds
from tieline.metrics.score_parts import score_parts
from tieline.metrics.scorecards import scorecards
from tieline.metrics.segment_members import segment_members
from tieline.metrics.segments import segments
from tieline.metrics.site_scores import site_scores
from tieline.metrics.source_departments import source_departments
from tieline.metrics.stage_clock import stage_clock
from tieline.metrics.stage_settings_issues import stage_settings_issues
from tieline.metrics.target_sites import target_sites
from tieline.metrics.unlisted_estimates import unlisted_estimates

FOLLOWED = {
    "coverage": Followed(("segment", "product")),
    "site_stages": Followed(("site_id",), ("stage", "phase")),
    "account_stages": Followed(("account_id",), ("stage", "phase")),
    "lead_scores": Followed(("product", "contact_id"), ("score", "stage")),
    "account_scores": Followed(("product", "account_id"), ("score", "stage")),
}
"""Tables of figures whose movement the change feed tells.

Not every column of them: days in a stage move with the day.
"""

_HERE = Path(__file__).parent


def models() -> tuple[Model, ...]:
    """The tables of this layer, in reading order."""
    return (
        sql_model(_HERE / "funnel.sql"),
        sql_model(_HERE / "set_aside.sql"),
        python_model(product_roles),
        python_model(registry_twins),
        python_model(target_sites),
        python_model(segment_members),
        python_model(segments),
        sql_model(_HERE / "key_players.sql"),
        sql_model(_HERE / "universe.sql"),
        sql_model(_HERE / "universe_players.sql"),
        sql_model(_HERE / "site_lists.sql"),
        python_model(unlisted_estimates),
        sql_model(_HERE / "coverage.sql"),
        sql_model(_HERE / "coverage_functions.sql"),
        python_model(concentration),
        python_model(landings),
        python_model(stage_clock),
        sql_model(_HERE / "record_days.sql"),
        python_model(as_of),
        python_model(response_kinds),
        sql_model(_HERE / "contact_stays.sql"),
        sql_model(_HERE / "site_players.sql"),
        python_model(dialogue_spans),
        sql_model(_HERE / "sales_spans.sql"),
        sql_model(_HERE / "site_stage_periods.sql"),
        sql_model(_HERE / "site_stages.sql"),
        sql_model(_HERE / "account_stages.sql"),
        sql_model(_HERE / "stage_distribution.sql"),
        sql_model(_HERE / "stage_movements.sql"),
        python_model(stage_settings_issues),
        python_model(memory_issues),
        python_model(category_weights),
        python_model(category_figures),
        python_model(category_rules),
        python_model(category_readings),
        sql_model(_HERE / "interactions.sql"),
        sql_model(_HERE / "interaction_kinds.sql"),
        python_model(source_departments),
        sql_model(_HERE / "category_evidence.sql"),
        sql_model(_HERE / "category_shares.sql"),
        sql_model(_HERE / "contact_categories.sql"),
        sql_model(_HERE / "category_history.sql"),
        sql_model(_HERE / "account_bands.sql"),
        sql_model(_HERE / "usual_mixes.sql"),
        sql_model(_HERE / "usual_bands.sql"),
        sql_model(_HERE / "contact_mix.sql"),
        sql_model(_HERE / "mix_gaps.sql"),
        python_model(scorecards),
        python_model(lead_facts),
        python_model(lead_done),
        python_model(lead_activity),
        python_model(score_parts),
        python_model(lead_scores),
        python_model(lead_history),
        python_model(group_parts),
        python_model(site_scores),
        python_model(account_scores),
        python_model(lead_handovers),
        sql_model(_HERE / "lead_standings.sql"),
        sql_model(_HERE / "lead_outcomes.sql"),
    )

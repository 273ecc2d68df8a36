"""What it means: one file per table."""

from __future__ import annotations

from pathlib import Path

from tieline.engine.model import Model, python_model, sql_model
from tieline.identity.changes import Followed
from tieline.insight.account_signals import account_signals
from tieline.insight.lead_evidence import lead_evidence
from tieline.insight.outlook_cases import outlook_cases
from tieline.insight.outlook_chances import outlook_chances
from tieline.insight.outlook_models import outlook_models
from tieline.insight.outlook_reasons import outlook_reasons
from tieline.insight.single_threads import single_threads

FOLLOWED = {"outlooks": Followed(("account_id",), ("outlook",))}
"""Tables of figures whose movement the change feed tells."""

_HERE = Path(__file__).parent


def models() -> tuple[Model, ...]:
    """The tables of this layer, in reading order."""
    return (
        python_model(single_threads),
        python_model(account_signals),
        python_model(outlook_reasons),
        sql_model(_HERE / "outlooks.sql"),
        python_model(outlook_cases),
        python_model(outlook_models),
        python_model(outlook_chances),
        python_model(lead_evidence),
    )

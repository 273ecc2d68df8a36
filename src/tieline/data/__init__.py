"""What we were told: sources, mapping, standard values, checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tieline.engine.model import Model

_HERE = Path(__file__).parent


def models() -> tuple[Model, ...]:
    """The tables of this layer, in reading order."""
    # Imported here: a second process that reads values needs neither the engine nor the tables.
    from tieline.data.activities import activities, activity_identifiers
    from tieline.data.consent_statements import consent_statements
    from tieline.data.introductions import introductions
    from tieline.data.records import mapped_records, record_identifiers, records
    from tieline.data.standard_records import standard_records
    from tieline.data.told_address_changes import told_address_changes
    from tieline.data.told_opportunities import told_opportunities
    from tieline.engine.model import python_model, sql_model

    return (
        python_model(records),
        python_model(activities),
        python_model(activity_identifiers),
        python_model(introductions),
        python_model(told_opportunities),
        python_model(told_address_changes),
        python_model(mapped_records),
        python_model(record_identifiers),
        python_model(standard_records),
        python_model(consent_statements),
        sql_model(_HERE / "issues.sql"),
    )

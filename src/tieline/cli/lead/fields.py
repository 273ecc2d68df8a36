"""`tieline lead fields`: what a scorecard may ask."""

from __future__ import annotations

from tieline.cli.screen import say, show_table
from tieline.metrics.lead_fields import FIELDS


def run() -> None:
    """Show the fields of contact, company and site that a scorecard may ask."""
    show_table(("field", "holds", "meaning"), [(f.name, f.kind, f.meaning) for f in FIELDS])
    say()
    say("What people did is asked by kinds and topics of their responses: tieline show "
        "response_kinds")  # fmt: skip

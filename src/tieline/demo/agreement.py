"""The definition of leads that the departments of the generated market's seller agreed on."""

from __future__ import annotations

from tieline.actions import lead_definition, lead_draft
from tieline.workspace import Workspace
from tieline.workspace.scorecards import ROLES

PRODUCT = "flow_meters"
"""What the market's lists are offered and bought for, too (`demo.offers`)."""
OWNERS = {"marketing": "Head of Marketing", "sales": "Head of Sales"}
THRESHOLDS = (("sales_accepted = 45", "sales_accepted = 40"), ("qualified = 60", "qualified = 50"))
"""The draft asks for more points than anybody in the market has."""
REASON = "agreed for the invented market"


def agree(workspace: Workspace) -> None:
    """Write the draft for equipment, fit it to the market, propose it and sign it twice."""
    path = lead_draft.from_starter(workspace, PRODUCT, "equipment").path
    text = path.read_text("utf-8")
    for before, after in THRESHOLDS:
        text = text.replace(before, after)
    for role in ROLES:
        text = text.replace(f'{role} = ""', f'{role} = "{OWNERS[role]}"')
    path.write_text(text, "utf-8")
    lead_definition.propose(workspace, PRODUCT, reason=REASON, by=OWNERS["marketing"])
    for role in ROLES:
        lead_definition.sign(workspace, PRODUCT, role, reason=REASON, by=OWNERS[role])

"""The scorecards of the workspace, and which of them are in force."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.metrics.scorecard import Scorecard

_SCHEMA = pa.schema(
    [
        ("scorecard", pa.string()),
        ("product", pa.string()),
        ("version", pa.string()),
        ("state", pa.string()),
        ("in_force_since", pa.string()),
        ("marketing_owner", pa.string()),
        ("sales_owner", pa.string()),
        ("criteria", pa.int64()),
        ("marketing_qualified", pa.float64()),
        ("sales_accepted", pa.float64()),
        ("sales_qualified", pa.float64()),
        ("of", pa.string()),
        ("problem", pa.string()),
    ]
)


def scorecards(*, scorecards: Sequence[Scorecard]) -> pa.Table:
    """The scorecards of the workspace as this snapshot applies them.

    question: By which definitions are leads told, and did both departments sign them?
    row: One scorecard, a file in the folder scorecards.
    key: scorecard
    owner: marketer
    columns:
      scorecard: Its name, that of the file.
      product: The product it is about.
      version: The beginning of the hash of its text.
      state: draft, proposed or in_force (signed by both owners); unusable where no text can be
        applied. What is in force counts until a newer text is signed, whatever the file says
        meanwhile.
      in_force_since: When the second owner signed, UTC; empty if it is not in force.
      marketing_owner: Who signs for marketing.
      sales_owner: Who signs for sales.
      criteria: How many criteria it has.
      marketing_qualified: Points from which on somebody is marketing-qualified.
      sales_accepted: Points of the next stage.
      sales_qualified: Points of the last one.
      of: contacts, or the file of past cases it is about; empty if it is unusable.
      problem: What is wrong with its file, where, and what to do; empty for nothing. The text in
        force counts all the same; without one nobody is scored by it.
    """
    rows = [
        {
            "scorecard": card.name,
            "product": card.product or None,
            "version": card.version or None,
            "state": card.state,
            "in_force_since": card.in_force_since or None,
            "marketing_owner": card.marketing_owner or None,
            "sales_owner": card.sales_owner or None,
            "criteria": len(card.criteria),
            "of": card.cases or ("contacts" if card.of_contacts else None),
            "problem": card.problem or None,
            **dict(card.thresholds),
        }
        for card in scorecards
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)

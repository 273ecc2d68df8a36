"""What sellers answered to leads handed over to them: judgements of the kind `lead_answer`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa

from tieline.identity.judgements import Judgements

KIND = "lead_answer"
_SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("record_id", pa.string()),
        ("product", pa.string()),
        ("version", pa.string()),
        ("answer", pa.string()),
        ("because", pa.string()),
        ("word", pa.string()),
        ("until", pa.date32()),
        ("answered_by", pa.string()),
        ("answered_at", pa.timestamp("us")),
    ]
)


def stated_answers(*, judgements: Judgements, scorecards: Sequence[object]) -> pa.Table:
    """What sellers answered, of each record it was answered of.

    question: What did sellers answer to leads, and about which records?
    row: One record of one answer that holds.
    key: number, record_id
    owner: seller
    columns:
      number: The number of the judgement; of the answers to one lead the greatest counts.
      record_id: The record.
      product: The product.
      version: The version of the scorecard that handed the lead over.
      answer: accept, reject or recycle.
      because: Why it was rejected, from the list of the scorecard; empty for no rejection.
      word: The reason in the seller's own words.
      until: The day until which a recycled lead rests; empty for none.
      answered_by: Who answered.
      answered_at: When, UTC.
    """
    # Where there is no scorecard, the ledger is not asked: most workspaces have none.
    found = judgements.of_kind(KIND) if scorecards else []
    rows = [
        {
            "number": one.number,
            "record_id": record,
            **{name: one.body[name] for name in ("product", "version", "answer")},
            "because": one.body["because"] or None,
            "word": one.reason,
            "until": dt.date.fromisoformat(one.body["until"]) if one.body["until"] else None,
            "answered_by": one.made_by,
            "answered_at": one.made_at.replace(tzinfo=None),
        }
        for one in found
        for record in one.body["records"]
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)

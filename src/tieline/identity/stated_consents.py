"""What people state about consent by hand: judgements of the kind `consent`."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from tieline.identity.judgements import Judgements

_SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("record_id", pa.string()),
        ("purpose", pa.string()),
        ("channel", pa.string()),
        ("state", pa.string()),
        ("said_at", pa.date32()),
    ]
)


def stated_consents(*, judgements: Judgements) -> pa.Table:
    """What people state about consent by hand, of each record they state it of.

    question: Which consents did people write down themselves?
    row: One record of one statement by hand that holds.
    key: number, record_id
    owner: marketer
    columns:
      number: The number of the judgement.
      record_id: The record.
      purpose: What the consent is for.
      channel: On which channel.
      state: granted or withdrawn.
      said_at: The day on which it was said.
    """
    found = judgements.of_kind("consent")
    rows = [
        {
            "number": judgement.number,
            "record_id": record,
            **{name: judgement.body[name] for name in ("purpose", "channel", "state")},
            "said_at": dt.date.fromisoformat(judgement.body["at"]),
        }
        for judgement in found
        for record in judgement.body["records"]
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)

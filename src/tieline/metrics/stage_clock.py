"""How long the memory counts, as the settings say."""

from __future__ import annotations

import pyarrow as pa

from tieline.metrics.response_rules import StageLimits

_SCHEMA = pa.schema([("silence_days", pa.int64()), ("after_close_days", pa.int64())])


def stage_clock(*, stages: StageLimits) -> pa.Table:
    """The spans of days that stages are told by.

    question: How long does a response count, and how long does sales keep a site?
    row: The settings; one row.
    key: silence_days
    owner: marketer
    columns:
      silence_days: So many days after a response the phase that it shows is over.
      after_close_days: So many days a site stays in sales after its last opportunity was closed.
    """
    row = {"silence_days": stages.silence_days, "after_close_days": stages.after_close_days}
    return pa.Table.from_pylist([row], schema=_SCHEMA)

"""Scorecards in words, as the commands and the pages say them."""

from __future__ import annotations

from tieline.actions.lead_definition import Definition
from tieline.metrics.scorecard import Criterion
from tieline.workspace.scorecards import ROLES, SHOWN


def stands(held: Definition) -> str:
    """What is in force, what waits for whom, and whether the file is a draft."""
    told = []
    if held.in_force:
        since = held.in_force.in_force_since
        told.append(f"version {held.in_force.version[:SHOWN]} is in force since {since} UTC")
    if held.open:
        missing = [role for role in ROLES if role not in held.open.signed_by]
        told.append(
            f"version {held.open.version[:SHOWN]} is proposed and waits for {' and '.join(missing)}"
        )
    known = {one.version for one in (held.in_force, held.open) if one}
    if held.version not in known:
        told.append(f"the file, version {held.version[:SHOWN]}, is a draft")
    return "; ".join(told)


def points_range(one: Criterion) -> str:
    """The fewest and the most points of a criterion; one figure where an end is 0."""
    least, most = one.range()
    return f"{least:g} to {most:g}" if least and most else f"{least or most:g}"


def asks(one: Criterion) -> str:
    """What a criterion asks: a rule, a field, or responses of some kinds and topics."""
    if one.is_activity:
        half = f", half after {one.half_life_days:g} days" if one.half_life_days else ""
        return f"responses: {', '.join((*one.kinds, *one.topics))}{half}"
    return one.when or one.field

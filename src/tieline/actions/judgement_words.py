"""A judgement in words, as the log, `explain` and `undo` tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tieline.ledger import Judgement
from tieline.metrics.hand_over import ANSWERED

MOST_RECORDS = 4
"""A judgement of an account can name thousands."""

KINDS = {
    "merge": "merge",
    "split": "split",
    "pin": "pin",
    "distinct": "not the same",
    "override": "override",
    "set_aside": "set aside",
    "restore": "restore",
    "note": "note",
    "consent": "consent",
    "lead_proposal": "scorecard proposed",
    "lead_signature": "scorecard signed",
    "lead_answer": "lead answered",
}
"""Each kind as the user knows it."""


def signed(judgement: Judgement) -> str:
    """Which, by whom and when."""
    return f"{judgement.name} by {judgement.made_by} on {judgement.made_at:%Y-%m-%d}"


def says(judgement: Judgement, names: Mapping[str, str]) -> str:
    """What a judgement says, with its records by source and row."""
    body, kind = judgement.body, judgement.kind
    if kind == "merge":
        return " and ".join(_listed(group, names) for group in body["groups"]) + " are one"
    if kind == "distinct":
        return " is not ".join(_listed(group, names) for group in body["groups"])
    if kind == "split":
        return f"{_listed(body['apart'], names)} kept apart from {_listed(body['rest'], names)}"
    if kind == "override":
        return f"{body['field']} is {body['value']!r}" if body["value"] else f"no {body['field']}"
    if kind == "note":
        return str(body["text"])
    if kind in ("lead_proposal", "lead_signature"):
        signed_for = f" for {body['role']}" if kind == "lead_signature" else ""
        return f"{body['scorecard']}, version {body['version'][:12]}{signed_for}"
    if kind == "lead_answer":
        who = _listed(body["records"], names) or "somebody who was forgotten"
        said = ANSWERED[body["answer"]]
        because = f", {body['because']}" if body["because"] else ""
        rest = f", until {body['until']}" if body["until"] else ""
        return f"{who} {said} as a lead for {body['product']}{because}{rest}"
    told = {"pin": "held together", "set_aside": "set aside", "restore": "restored"}
    return f"{_listed(judgement.records, names)} {told.get(kind, kind)}"


def why(judgement: Judgement) -> str:
    """The reason, and that of its end if it was undone."""
    ended = judgement.ended
    if ended is None:
        return judgement.reason
    return (
        f"{judgement.reason} (undone by {ended.made_by} on {ended.made_at:%Y-%m-%d}: "
        f"{ended.reason})"
    )


def _listed(records: Iterable[str], names: Mapping[str, str]) -> str:
    shown = [names.get(record, "a record that is gone") for record in records]
    more = len(shown) - MOST_RECORDS
    if more <= 1:
        return ", ".join(shown)
    return f"{', '.join(shown[:MOST_RECORDS])} and {more:,} more"

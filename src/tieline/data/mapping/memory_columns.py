"""Columns that mean something only where rows tell what happened, or what may be sold.

`Amount`, `Owner`, `Status` or `Channel` stand in many a list of contacts and say nothing there that
we use; in a list of deals or a log they do. And in a log the number of a contact is no id of the
row: it names the person, row after row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tieline.data.kinds import IGNORED, SCHEMES, scheme_of
from tieline.data.kinds.identifiers import DEVICE
from tieline.data.mapping.scoring import Candidate

TOLD_FROM = 0.75
"""So much a header must say by itself to tell what the file is."""
_DEALS = ("opportunity_name", "stage", "outcome", "amount", "closed_at")
_NAMES_A_DEAL = ("opportunity_name", "stage")
_MOMENTS = ("occurred_at", "sent_at")
_HAPPENINGS = ("response_kind", "topic", "campaign", "medium", "direction", "cost")
_BOTH = ("currency", "owner")
_DEVICES = tuple(f"identifier:{s.name}" for s in SCHEMES.values() if s.nature == DEVICE)
_LOCAL = tuple(f"identifier:{s.name}" for s in SCHEMES.values() if s.local)
_DEAL_ID = re.compile(r"(?i)\b(opportunity|deal|potential|verkaufschance|affaire|negocio)")
_OWN_PAGE = re.compile(r"(?i)\b(url|uri|page|link|path|location|referr?er|seite|pagina)\b")
_THEIRS = re.compile(r"(?i)\b(company|firm|firma|web ?site|home ?page|domain)")
_MESSAGE_ID = re.compile(r"(?i)^(message|msg|event|e?mail)[ _-]?id$")
SURELY = 0.9
_DEAL_WORTH = ("amount", "closed_at", "outcome")


def settle_memory(candidates: Sequence[Candidate]) -> None:
    """Drop scores for fields of logs and deals in files that are none, and read ids as in a log."""
    deals = _lists_deals(candidates)
    log = _is_log(candidates)
    for candidate in candidates:
        scores = candidate.scores
        if not deals:
            _drop(scores, _DEALS)
        if not log:
            _drop(scores, ("sent_at", "medium", "direction", "cost", *_LOCAL))
        if not (log or deals):
            _drop(scores, _BOTH)
        if log:
            _number_of_a_person(candidate)
            _page_of_ours(candidate)
            _id_of_a_message(candidate)
        if deals:
            _worth_of_a_deal(candidate)


def _lists_deals(candidates: Sequence[Candidate]) -> bool:
    told = {target for target in _DEALS if _told(candidates, target)}
    if any(_DEAL_ID.search(c.column) and c.name_score("record_key") for c in candidates):
        told.add("opportunity_name")
    return len(told) >= 2 and any(target in told for target in _NAMES_A_DEAL)


def _is_log(candidates: Sequence[Candidate]) -> bool:
    if any(_told(candidates, device) for device in _DEVICES):
        return True
    when = any(_told(candidates, moment) for moment in _MOMENTS)
    return when and any(_told(candidates, what) for what in _HAPPENINGS)


def _told(candidates: Sequence[Candidate], target: str) -> bool:
    return any(
        c.name_score(target) >= TOLD_FROM and c.scores.get(target, 0.0) >= 0.5 for c in candidates
    )


def _drop(scores: dict[str, float], targets: Sequence[str]) -> None:
    for target in targets:
        scores.pop(target, None)


def _number_of_a_person(candidate: Candidate) -> None:
    """`Contact ID` in a log is not the id of the row."""
    local = [target for target in _LOCAL if candidate.name_score(target) >= TOLD_FROM]
    if local and candidate.scores.pop("record_key", None) is not None:
        candidate.doubts.append("in a log it names the person, not the row")


def _page_of_ours(candidate: Candidate) -> None:
    """`URL` in a log is what was visited, not the web address of the visitor's company."""
    if "website" not in candidate.scores or _THEIRS.search(candidate.column):
        return
    if _OWN_PAGE.search(candidate.column):
        score = candidate.scores.pop("website")
        candidate.scores["topic"] = max(candidate.scores.get("topic", 0.0), score)
        candidate.doubts.append("in a log it is the page that was visited")


def _id_of_a_message(candidate: Candidate) -> None:
    """The ids of e-mails look like addresses: <1234@mail.example.com>."""
    if _MESSAGE_ID.search(candidate.column):
        candidate.scores.pop("email", None)
        candidate.scores["record_key"] = max(candidate.scores.get("record_key", 0.0), SURELY)


def _worth_of_a_deal(candidate: Candidate) -> None:
    """A header like `Amount` or `Status` is used in a list of deals though elsewhere it is not."""
    best = max((candidate.name_score(target) for target in _DEAL_WORTH), default=0.0)
    if best and best >= candidate.name_score(IGNORED):
        for target in list(candidate.scores):
            if target not in (*_DEALS, *_BOTH) and scheme_of(target) is None:
                candidate.scores[target] *= 0.7

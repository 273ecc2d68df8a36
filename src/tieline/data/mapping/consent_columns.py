"""Which purpose and channel a column about consent speaks of, told by its header.

In a log of consents a row is one statement and says itself for what, on which channel and when: a
date there is no "yes" of its own, or every withdrawal would grant something.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tieline.data.consent import names_a_state
from tieline.data.kinds.consent_fields import OPT_IN, OPT_OUT, ConsentField
from tieline.data.kinds.consent_words import purpose_and_channel
from tieline.data.mapping.columns import MappedColumn
from tieline.data.mapping.scoring import Candidate

_SAYS = {
    "consent_purpose": re.compile(r"(?i)\s*(purpose|zweck|finalit[eéà]|finalidad|doel)\s*"),
    "consent_channel": re.compile(r"(?i)\s*(channel|kanal|canal|canale|kanaal)\s*"),
}
_STATUS = re.compile(r"(?i)\s*(status|state|statut|estado|stato|zustand)\s*")
_DAY = re.compile(r"(?i)\s*(date|datum|fecha|data|day|when|time|timestamp)\s*")
_OF_A_GRANT = re.compile(r"(?i)opt|grant|given|erteilt")
_TOLD_FROM = 0.75
"""So much a header must say by itself to tell what the file is."""
_SURELY = 0.9


def settle_consent_log(candidates: Sequence[Candidate]) -> None:
    """Read purpose, channel and date as those of the statement, where rows are statements."""
    state = next((c for c in candidates if _is_state(c)), None)
    told = {name: [c for c in candidates if _says(c, name)] for name in _SAYS}
    # `Channel` alone may be the way on which a contact was won.
    named = any(c.name_score("consent_channel") >= _TOLD_FROM for c in candidates)
    if state is None or not (told["consent_purpose"] or named):
        return
    state.scores = {"consent_state": _SURELY}
    for name, columns in told.items():
        for candidate in columns[:1]:
            candidate.scores = {name: _SURELY}
    for candidate in candidates:
        if candidate is not state and _is_day(candidate):
            # When a consent was given tells nothing of the day on which it was withdrawn.
            when = {} if _OF_A_GRANT.search(candidate.column) else {"occurred_at": _SURELY}
            candidate.scores = when
            candidate.doubts.append("in a log of consents a date is no consent of its own")


def _is_state(candidate: Candidate) -> bool:
    if candidate.name_score("consent_state") >= _TOLD_FROM:
        return True
    if _STATUS.fullmatch(candidate.column) and candidate.profile.values:
        # `Status` stands in many a list; here its cells say granted or withdrawn.
        stated = sum(map(names_a_state, candidate.profile.values))
        return stated >= _TOLD_FROM * len(candidate.profile.values)
    words = [value for value in candidate.profile.values if not value[:1].isdigit()]
    return candidate.name_score(OPT_IN) >= _TOLD_FROM and 2 * len(words) > len(
        candidate.profile.values
    )


def _says(candidate: Candidate, name: str) -> bool:
    bare = _SAYS[name].fullmatch(candidate.column)
    return bare is not None or candidate.name_score(name) >= _TOLD_FROM


def _is_day(candidate: Candidate) -> bool:
    profile = candidate.profile
    if profile.values and profile.share("date") + profile.share("stamp") < 0.5:
        return False
    about = max(candidate.name_score(OPT_IN), candidate.name_score(OPT_OUT))
    return about >= _TOLD_FROM or _DAY.fullmatch(candidate.column) is not None


def with_consent(mapped: MappedColumn, candidate: Candidate, accepted_from: float) -> MappedColumn:
    """The column as a field about consent, where it is one; several of a file may be.

    The best column for `opt_in` or `opt_out` has that field already; here it gets the purpose and
    channel of its header, and the columns that came second are taken as well.
    """
    heading = mapped.field
    confidence, why = mapped.confidence, mapped.why
    if heading is None:
        told = {name: candidate.scores.get(name, 0.0) for name in (OPT_OUT, OPT_IN)}
        heading = max(told, key=lambda name: told[name])
        confidence = round(min(told[heading], 0.99), 2)
        best = max(candidate.scores.values(), default=0.0)
        if told[heading] < accepted_from or told[heading] < best:
            return mapped
        why = f"header {candidate.column!r} means {heading}"
    if heading not in (OPT_IN, OPT_OUT):
        return mapped
    field = ConsentField(heading, *purpose_and_channel(candidate.column)).name
    others = tuple(other for other in mapped.alternatives if other[0] != heading)
    return replace(mapped, field=field, confidence=confidence, why=why, alternatives=others)

"""Which purpose and channel a column about consent speaks of, told by its header."""

from __future__ import annotations

from dataclasses import replace

from tieline.data.kinds.consent_fields import OPT_IN, OPT_OUT, ConsentField
from tieline.data.kinds.consent_words import purpose_and_channel
from tieline.data.mapping.columns import MappedColumn
from tieline.data.mapping.scoring import Candidate


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

"""Which kind of source a file is, from its name and from the fields its columns were mapped to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from anyascii import anyascii

from tieline.data.kinds import KINDS, Kind
from tieline.data.kinds.consent_fields import consent_field
from tieline.data.kinds.fields import REGISTRY_FIELDS
from tieline.data.mapping.columns import ColumnMapping
from tieline.data.mapping.content import Profile
from tieline.data.mapping.registry_layouts import CALLED

FILE_NAME_WEIGHT = 0.55
"""What a word in the name of the file adds for its kind (0..1)."""
SUPPRESSION_NAME_WEIGHT = 0.8
"""A file called `unsubscribed` is one whatever it holds: its columns are those of contacts."""
NARROW = 4
"""A list with this many used columns or fewer may well be a bare list of whom to leave out."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def recognise_kind(
    mapping: ColumnMapping, name: str, samples: Mapping[str, Sequence[str]]
) -> tuple[str, float, str]:
    """The kind of a source, confidence 0..1, and why in words.

    `name` is the name of the file, sheet or table. Where nothing speaks for any kind, a list with
    people in it is `contacts` and another one `companies`, with a low confidence.
    """
    scores: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    for kind in KINDS.values():
        score, why = _score(kind, mapping, name)
        scores[kind.name] = score
        reasons[kind.name] = why
    _people_or_companies(mapping, samples, scores, reasons)
    _register(mapping, scores, reasons)
    ranked = sorted(scores, key=lambda kind: -scores[kind])
    best, second = ranked[0], ranked[1]
    if scores[best] <= 0:
        return "contacts", 0.2, "nothing tells the kind; contacts are assumed"
    margin = scores[best] - max(scores[second], 0.0)
    confidence = round(min(0.99, 0.5 + 0.5 * min(1.0, margin) * min(1.0, scores[best] + 0.3)), 2)
    return best, confidence, "; ".join(reasons[best])


def _register(
    mapping: ColumnMapping, scores: dict[str, float], reasons: dict[str, list[str]]
) -> None:
    """A file in the layout of a company register is one, whatever else its columns could be."""
    layout = next((c.why for c in mapping if c.why.startswith(CALLED)), "")
    if layout:
        scores["registry"] = 2.0
        reasons["registry"].insert(0, f"its columns are called as in {layout.removeprefix(CALLED)}")
    elif not any(field in mapping.by_field() for field in REGISTRY_FIELDS):
        # `register` in the name of a file is a list of people who registered as well.
        scores["registry"] = 0.0


def _score(kind: Kind, mapping: ColumnMapping, name: str) -> tuple[float, list[str]]:
    fields = mapping.by_field()
    for column in mapping:
        # `opt_out:marketing:phone` tells as much as `opt_out`.
        about = consent_field(column.field or "")
        if about is not None and about.heading not in fields:
            fields[about.heading] = fields.pop(column.field or "", column)
    why: list[str] = []
    missing = 1.0
    for field, weight in kind.telling:
        if field in fields:
            missing *= 1 - weight * fields[field].confidence
    told = [field for field, _ in kind.telling if field in fields]
    if told:
        why.append(f"it has {', '.join(told[:4])}")
    word = _word_in_name(kind, name)
    if word:
        is_suppression = kind.name == "suppressions"
        missing *= 1 - (SUPPRESSION_NAME_WEIGHT if is_suppression else FILE_NAME_WEIGHT)
        why.insert(0, f"the name says {word!r}")
        if is_suppression:
            return 1.5 - missing, why
    score = 1 - missing
    if kind.name == "suppressions" and not word and len(fields) > NARROW:
        score *= 0.5
    return score, why


def _word_in_name(kind: Kind, name: str) -> str:
    text = _CAMEL.sub(" ", anyascii(name)).lower()
    words = re.findall(r"[a-z]+", text)
    pairs = ["".join(words[i : i + size]) for size in (1, 2, 3) for i in range(len(words))]
    return next((word for word in kind.file_words if word in pairs), "")


def _people_or_companies(
    mapping: ColumnMapping,
    samples: Mapping[str, Sequence[str]],
    scores: dict[str, float],
    reasons: dict[str, list[str]],
) -> None:
    """Companies are what is left when no person is in the rows."""
    fields = mapping.by_field()
    names = [f for f in ("full_name", "given_name", "family_name", "native_name") if f in fields]
    filled = max((_filled(samples.get(fields[f].column, ())) for f in names), default=0.0)
    has_person = filled >= 0.2 or "title" in fields or "email" in fields
    if names and filled < 0.2 and "title" not in fields:
        scores["contacts"] *= 0.5
    if not has_person and ("company" in fields or "website" in fields):
        scores["companies"] += 0.5
        reasons["companies"].append("no column names a person")
    elif names and filled >= 0.2 and "company" in fields:
        scores["companies"] *= 0.6
        reasons["contacts"].append("its rows name persons at companies")
    elif names and filled >= 0.2:
        reasons["contacts"].append("its rows name persons")
    responses = [f for f in ("response_kind", "topic", "campaign") if f in fields]
    if "occurred_at" in fields and responses:
        scores["responses"] += 0.35
        reasons["responses"].append("each row says what happened and when")
    if scores["responses"] > 0.6:
        scores["contacts"] *= 0.7


def _filled(sample: Sequence[str]) -> float:
    return Profile.of(sample).filled / len(sample) if sample else 1.0

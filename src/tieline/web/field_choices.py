"""What a column of a list may mean, as a choice: fields in groups, each with what it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tieline.data.kinds import FIELDS, IDENTIFIER_PREFIX, KINDS, SCHEMES
from tieline.data.kinds.consent_fields import ANY, CHANNELS, MARKETING, consent_field

_GROUPS = {
    "record_key": "The row",
    "full_name": "The person",
    "email": "How to reach them",
    "company": "The company",
    "address_line1": "The address",
    "our_id": "A move",
    "created_at": "When the row was written",
    "opt_in": "Consent",
    "response_kind": "What happened",
    "opportunity_name": "Deals",
    "owner": "Who of us",
    "registry_id": "Company registers",
    "reason": "Whom to leave out",
}
"""Each group by the first of its fields, in the order of FIELDS."""
ELSEWHERE = "In lists of another kind"
NUMBERS = "Numbers and handles that name somebody"


@dataclass(frozen=True)
class Choice:
    """One field: its name, and what a reader finds it by."""

    name: str
    label: str


def choices(kind: str, used: Iterable[str]) -> list[tuple[str, list[Choice]]]:
    """The groups for a list of a kind; `used` are fields that must be among them."""
    groups: dict[str, list[Choice]] = {}
    group = ""
    for field in FIELDS:
        group = _GROUPS.get(field.name, group)
        label = f"{field.meaning} ({field.name})"
        fits = kind not in KINDS or kind in field.kinds
        groups.setdefault(group if fits else ELSEWHERE, []).append(Choice(field.name, label))
    elsewhere = groups.pop(ELSEWHERE, [])
    groups[NUMBERS] = [
        Choice(f"{IDENTIFIER_PREFIX}{name}", f"{scheme.meaning} ({name})")
        for name, scheme in sorted(SCHEMES.items(), key=lambda item: item[1].meaning.lower())
    ]
    if "Consent" in groups:
        named = [
            f"{heading}:{MARKETING}:{channel}"
            for heading in ("opt_in", "opt_out")
            for channel in CHANNELS
            if channel != ANY
        ]
        groups["Consent"] += [Choice(name, meaning_of(name)) for name in named]
    groups[ELSEWHERE] = elsewhere
    known = {one.name for listed in groups.values() for one in listed}
    more = [Choice(name, meaning_of(name)) for name in dict.fromkeys(used) if name not in known]
    if more:
        groups.setdefault("Consent", []).extend(more)
    return [(name, listed) for name, listed in groups.items() if listed]


def meaning_of(name: str) -> str:
    """What a field with parts means: `opt_out:marketing:email`."""
    about = consent_field(name)
    if about is None:
        return name.replace("_", " ")
    said = "agreed" if about.heading == "opt_in" else "asked not"
    return f"{said} to be written to: {', '.join(name.split(':')[1:])} ({name})"

"""What company registers say of one account, as data: what a page or a terminal shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tieline.engine.tables import Engine

REGISTRY_TABLES = ("registry_candidates", "families")
"""The snapshot tables it is told from."""
_FIELDS = ("name", "street", "city", "postcode", "phone", "domain")
_GRADES = {"A": "same", "B": "similar", "F": "different"}
_LEVELS = (
    ("owned by", "parent_id"),
    ("top of the country", "domestic_ultimate_id"),
    ("top of the group", "global_ultimate_id"),
)


@dataclass(frozen=True)
class RegistryStory:
    """The best candidate of each register, with its grades in words, and (level, member)."""

    candidates: list[dict[str, Any]]
    family: list[tuple[str, str]]


def registry_story(engine: Engine, account_id: str) -> RegistryStory:
    """Tell the best entry of each register for an account, and its family where it has one."""
    where = f"WHERE account_id = '{account_id}'"
    rows = engine.dicts(f"SELECT * FROM registry_candidates {where} ORDER BY registry")
    for row in rows:
        row["grades"] = grades_in_words(row["grade"])
    family = []
    for row in engine.dicts(f"SELECT * FROM families {where}"):
        family = [
            (says, row[name]) for says, name in _LEVELS if row[name] not in (None, account_id)
        ]
    return RegistryStory(rows, family)


def grades_in_words(grade: str) -> str:
    """A grade such as AAFZZA in words: "same: name, street, domain; different: city"."""
    told = []
    for letter, says in _GRADES.items():
        fields = [f for f, given in zip(_FIELDS, grade, strict=True) if given == letter]
        if fields:
            told.append(f"{says}: {', '.join(fields)}")
    return "; ".join(told)

"""Who one contact is to us, as data: what a page or a terminal shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tieline.data.sql_text import literal
from tieline.engine.tables import Engine

TABLES = ("contact_categories", "category_shares", "category_evidence", "category_history")
"""The snapshot tables it is told from."""

Row = dict[str, Any]


@dataclass(frozen=True)
class CategoryStory:
    """The rows of one contact: its category, the shares, the evidence, and what it was before."""

    category: Row
    shares: list[Row]
    evidence: list[Row]
    history: list[Row]


def category_story(engine: Engine, contact_id: str) -> CategoryStory | None:
    """What the snapshot says of a contact's category; None if it has no such contact."""
    told = {
        name: engine.dicts(
            f"SELECT * FROM {name} WHERE contact_id = {literal(contact_id)} ORDER BY {order}"
        )
        for name, order in zip(
            TABLES,
            ("category", "probability DESC, category", "bits DESC, basis, said", "since"),
            strict=True,
        )
    }
    if not told["contact_categories"]:
        return None
    return CategoryStory(
        told["contact_categories"][0],
        told["category_shares"],
        told["category_evidence"],
        told["category_history"],
    )

"""The user's rules for categories, as the tables take them."""

from __future__ import annotations

import pyarrow as pa

from tieline.metrics.category import CategoryRules

_SCHEMA = pa.schema(
    [
        ("rule", pa.int64()),
        ("category", pa.string()),
        *((name, pa.string()) for name in ("kind", "topic", "source", "function")),
        ("says", pa.string()),
    ]
)


def category_rules(*, categories: CategoryRules) -> pa.Table:
    """The rules `[[categories.rules]]` of the settings, with patterns as LIKE takes them.

    question: What has the user said of kinds, topics, sources and functions?
    row: One rule.
    key: rule
    owner: marketer
    columns:
      rule: Number of the rule, in its order in the settings; of several that fit the first decides.
      category: The category.
      kind: Pattern of the response's kind, in lower case; empty for any.
      topic: Pattern of its topic; empty for any.
      source: Pattern of the source; empty for any.
      function: Function of the title; empty for any.
      says: The rule in words.
    """
    rows = []
    for number, one in enumerate(categories.rules, 1):
        told = {name: getattr(one, name) for name in ("kind", "topic", "source", "function")}
        rows.append(
            {
                "rule": number,
                "category": one.category,
                **{name: _pattern(text) for name, text in told.items()},
                "says": ", ".join(f"{name} {text}" for name, text in told.items() if text),
            }
        )
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _pattern(text: str) -> str | None:
    """The text as LIKE takes it; `%` and `_` of the user's mean any letter each, as in LIKE."""
    return text.strip().lower().replace("*", "%") or None

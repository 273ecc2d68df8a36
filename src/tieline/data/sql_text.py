"""Texts inside SQL."""

from __future__ import annotations


def literal(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"

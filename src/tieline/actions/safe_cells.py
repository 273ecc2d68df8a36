"""Cells for spreadsheets: none of them runs as a formula."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these (OWASP, "CSV Injection")."""


def safe_cell(value: object) -> object:
    """A cell no spreadsheet takes for a formula; telephone numbers in E.164 are none."""
    if isinstance(value, list):
        value = "; ".join(str(part) for part in value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return value if value.startswith("+") and value[1:].isdigit() else "'" + value
    return value

"""Amounts and size bands: numbers, money, '11-50', '1,5 Mio'."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tieline.data.values.folding import tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = ("value",)
OUTPUT = pa.schema(
    [
        ("amount", pa.float64()),
        ("currency", pa.string()),
        ("amount_low", pa.float64()),
        ("amount_high", pa.float64()),
        ("amount_issue", pa.string()),
    ]
)
ISSUES: dict[str, str] = {"not_a_number": "The text cannot be read as an amount."}


def _one(raw: str | None) -> tuple[Any, ...]:
    text = tidy(raw)
    if not text:
        return (None,) * len(OUTPUT)
    try:
        amount = float(text.replace(",", ""))
    except ValueError:
        return None, None, None, None, "not_a_number"
    return amount, None, amount, amount, None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "value")), OUTPUT)

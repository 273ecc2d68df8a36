"""Job titles: cleaned, with the function and the level they stand for."""

from __future__ import annotations

import pyarrow as pa

from tieline.data.values.folding import fold_words, tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = ("title",)
OUTPUT = pa.schema([(name, pa.string()) for name in ("title", "title_key", "function", "level")])
ISSUES: dict[str, str] = {}


def _one(raw: str | None) -> tuple[str | None, ...]:
    title = tidy(raw)
    return title or None, fold_words(title) or None, None, None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "title")), OUTPUT)

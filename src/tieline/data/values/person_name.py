"""Person names: parts, display form and keys for comparing."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tieline.data.values.folding import fold_words, tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = (
    "full_name",
    "name_prefix",
    "given_name",
    "middle_name",
    "family_name",
    "name_suffix",
    "native_name",
)
OUTPUT = pa.schema(
    [
        (name, pa.string())
        for name in (
            "full_name",
            "name_prefix",
            "given_name",
            "middle_name",
            "family_name",
            "name_suffix",
            "nickname",
            "given_key",
            "middle_key",
            "family_key",
            "name_key",
            "given_root",
            "name_issue",
        )
    ]
)
ISSUES: dict[str, str] = {}

Row = tuple[Any, ...]


def _one(raw: tuple[str | None, ...]) -> Row:
    full, prefix, given, middle, family, suffix, native = (tidy(value) for value in raw)
    if not (given or family):
        whole = full or native
        if "," in whole:
            family, _, given = (part.strip() for part in whole.partition(","))
        else:
            given, _, family = whole.rpartition(" ")
    given_key, middle_key, family_key = fold_words(given), fold_words(middle), fold_words(family)
    tokens = sorted(f"{given_key} {middle_key} {family_key}".split())
    values = (
        " ".join(part for part in (prefix, given, middle, family, suffix) if part),
        prefix,
        given,
        middle,
        family,
        suffix,
        "",
        given_key,
        middle_key,
        family_key,
        " ".join(tokens),
        given_key,
        "",
    )
    return tuple(value or None for value in values)


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    columns = [text_column(distinct, name) for name in INPUTS]
    return output_table((_one(raw) for raw in zip(*columns, strict=True)), OUTPUT)

"""Company names: display form, keys for comparing, and the legal form kept apart."""

from __future__ import annotations

import re

import pyarrow as pa

from tieline.data.values.folding import fold_words, tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = ("company",)
OUTPUT = pa.schema(
    [
        (name, pa.string())
        for name in ("company", "company_key", "company_core", "legal_form", "company_issue")
    ]
)
ISSUES: dict[str, str] = {}
_FORM = re.compile(r"^(.+?) (inc|llc|ltd|limited|corp|corporation|gmbh|ag|sa|sas|bv|nv|plc|co)$")


def _one(raw: str | None) -> tuple[str | None, ...]:
    name = tidy(raw)
    key = fold_words(name)
    found = _FORM.match(key)
    form = found.group(2) if found else None
    core = found.group(1) if found else key
    return name or None, core or None, core or None, form, None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "company")), OUTPUT)

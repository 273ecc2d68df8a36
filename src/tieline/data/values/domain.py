"""Web addresses reduced to the domain that was registered."""

from __future__ import annotations

import re
from functools import lru_cache

import pyarrow as pa
from publicsuffixlist import PublicSuffixList

from tieline.data.values.folding import tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = ("website",)
OUTPUT = pa.schema([("domain", pa.string()), ("domain_issue", pa.string())])
ISSUES: dict[str, str] = {"not_valid": "The text is not a web address."}


@lru_cache(maxsize=1)
def suffixes() -> PublicSuffixList:
    """The public suffix list that comes in the package; read once per process."""
    return PublicSuffixList()


def _one(raw: str | None) -> tuple[str | None, str | None]:
    text = tidy(raw).lower()
    if not text:
        return None, None
    host = re.sub(r"^[a-z]+:/*", "", text)
    host = re.split(r"[/:?#\s]", host)[0].strip(".")
    registered = suffixes().privatesuffix(host) if "." in host else None
    return registered, None if registered else "not_valid"


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "website")), OUTPUT)

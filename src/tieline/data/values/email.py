"""E-mail addresses: canonical form, a key for comparing, and what sort of address it is."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa

from tieline.data.values.folding import tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = ("email",)
OUTPUT = pa.schema(
    [
        ("email", pa.string()),
        ("email_local", pa.string()),
        ("email_domain", pa.string()),
        ("email_key", pa.string()),
        ("is_role_account", pa.bool_()),
        ("is_free_mail", pa.bool_()),
        ("is_disposable", pa.bool_()),
        ("email_issue", pa.string()),
    ]
)
ISSUES: dict[str, str] = {"not_valid": "The text is not an e-mail address."}
_PLAIN = re.compile(r"^([a-z0-9._%+'-]+)@([a-z0-9.-]+\.[a-z]{2,})$")


def _one(raw: str | None) -> tuple[Any, ...]:
    text = tidy(raw).lower()
    if not text:
        return (None,) * len(OUTPUT)
    found = _PLAIN.match(text)
    if not found:
        return None, None, None, None, None, None, None, "not_valid"
    return text, found.group(1), found.group(2), text, False, False, False, None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "email")), OUTPUT)

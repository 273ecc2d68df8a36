"""Telephone numbers in E.164, with the country, the extension and what is wrong with them."""

from __future__ import annotations

import phonenumbers
import pyarrow as pa

from tieline.data.values.folding import tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = ("phone", "country")
OUTPUT = pa.schema(
    [
        (name, pa.string())
        for name in ("phone", "phone_country", "extension", "phone_type", "phone_issue")
    ]
)
ISSUES: dict[str, str] = {"not_valid": "The text cannot be read as a telephone number."}


def _one(raw: str | None, country: str | None) -> tuple[str | None, ...]:
    text = tidy(raw)
    if not text:
        return None, None, None, None, None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None, None, None, None, "not_valid"
    standard = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    region = phonenumbers.region_code_for_number(number)
    return standard, region, number.extension, None, None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    pairs = zip(text_column(distinct, "phone"), text_column(distinct, "country"), strict=True)
    return output_table((_one(raw, country) for raw, country in pairs), OUTPUT)

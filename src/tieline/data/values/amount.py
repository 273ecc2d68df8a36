"""Amounts and size bands: '1.234,56 €', '$1.2M', '1,5 Mio', '11-50', '1k+', '5-10 employees'.

`amount_low` and `amount_high` are the ends of what was written; equal for a single number, NULL
where a band is open. `amount` is the number itself, the middle of a closed band, the known end of
an open one. A lone separator before exactly three digits separates thousands.
"""

from __future__ import annotations

import re

import pyarrow as pa

from tieline.data.values.amount_words import (
    APPROXIMATE,
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    CURRENCIES,
    MONTHS,
    MULTIPLIERS,
    UNITS,
)
from tieline.data.values.folding import tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 4
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
ISSUES: dict[str, str] = {
    "not_a_number": "The text cannot be read as an amount.",
    "ambiguous_separator": "'1.234' may be 1234 or a fraction; it was read as 1234.",
    "placeholder": "The text says that the amount is not known.",
}

Row = tuple[float | None, str | None, float | None, float | None, str | None]
_UNREADABLE: Row = (None, None, None, None, "not_a_number")

_SIMPLE = re.compile(r"^\d{1,15}$")
_NOTHING = frozenset(
    {"n/a", "na", "#n/a", "none", "null", "nil", "unknown", "tbd", "?", "-", "--", "k.a.", "n.d."}
    | {"not available", "not disclosed", "unbekannt", "inconnu", "undisclosed", "confidential"}
)
_TOKEN = re.compile(
    r"\d(?:[\d.,'’]|[ ](?=\d{3}(?!\d)))*(?:e\+?\d{1,2}(?![a-z\d]))?"
    r"|[a-z$€£¥₹₩₽₺₪฿₫₴]+\$?|[<>≥≤~+()-]|[^\s]"
)
_EXCEL_BAND = re.compile(r"^(?:([a-z]{3})-(\d{1,4})|(\d{1,4})-([a-z]{3}))$")
_LARGEST = 1e18


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "value")), OUTPUT)


def _one(raw: str | None) -> Row:
    text = tidy(raw).lower()
    if not text:
        return None, None, None, None, None
    if _SIMPLE.match(text):
        number = float(text)
        return number, None, number, number, None
    if text in _NOTHING:
        return None, None, None, None, "placeholder"
    damaged = _band_excel_took_for_a_date(text)
    if damaged:
        low, high = damaged
        return (low + high) / 2, None, low, high, None
    return _Reading(text).row()


def _band_excel_took_for_a_date(text: str) -> tuple[float, float] | None:
    """'Nov-50' was 11-50 and '10-Feb' was 2-10 before a spreadsheet saw it."""
    found = _EXCEL_BAND.match(text)
    if not found:
        return None
    month = MONTHS.get(found.group(1) or found.group(4))
    if month is None:
        return None
    other = int(found.group(2) or found.group(3))
    return float(min(month, other)), float(max(month, other))


class _Reading:
    """One text read word by word: numbers, their multipliers, a currency and the open ends."""

    def __init__(self, text: str) -> None:
        self.numbers: list[float] = []
        self.thousands_first = False
        self.scaled: list[bool] = []
        self.currency: str | None = None
        self.at_least = self.at_most = self.between = False
        self.ambiguous = self.failed = False
        self.negative = text.startswith("-") or (text[0] == "(" and text[-1] == ")")
        text = text.replace("–", "-").replace("—", "-").replace("−", "-").replace("\u00a0", " ")
        text = text.replace("\u202f", " ").replace("(", " ").replace(")", " ")
        for phrase, sign in (*AT_LEAST, *AT_MOST, *BETWEEN):
            if phrase in text:
                text = re.sub(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])", f" {sign} ", text)
        for token in _TOKEN.findall(text):
            self._take(token.strip("."))

    def _take(self, token: str) -> None:
        if not token or token in UNITS or token in APPROXIMATE:
            return
        if token[0].isdecimal():
            number, ambiguous = _number(token)
            self.numbers.append(number * (1000 if self.thousands_first else 1))
            self.scaled.append(False)
            self.ambiguous |= ambiguous
        elif token in MULTIPLIERS and self.numbers:
            self._scale(token)
        elif token in CURRENCIES:
            self.currency = CURRENCIES[token]
        elif token in (">", "≥", "+"):
            self.at_least = True
        elif token in ("<", "≤"):
            self.at_most = True
        elif token == "-":
            self.between = self.between or bool(self.numbers)
        elif token[0] == "t" and token[1:] in CURRENCIES and not self.numbers:
            # 'T€ 500' heads many a German table.
            self.currency = CURRENCIES[token[1:]]
            self.thousands_first = True
        elif token[:1] in ("t", "k", "m") and token[1:] in CURRENCIES and self.numbers:
            # 'T€', 'k€', 'm€' are one word.
            self.currency = CURRENCIES[token[1:]]
            self._scale({"t": "k"}.get(token[0], token[0]))
        elif token not in (",", ".", "=", "/", ":", "#", "*"):
            self.failed = True

    def _scale(self, word: str) -> None:
        self.numbers[-1] *= MULTIPLIERS[word]
        # '1.234 Mio' has a fraction, '1.234' alone has thousands: undo the guess.
        if self.ambiguous and self.numbers[-1] / MULTIPLIERS[word] >= 1000:
            self.numbers[-1] /= 1000
            self.ambiguous = False
        if len(self.numbers) == 2 and not self.scaled[0] and self.numbers[0] < self.numbers[1]:
            # '1-5 M' means millions at both ends.
            self.numbers[0] *= MULTIPLIERS[word]
        self.scaled[-1] = True

    def row(self) -> Row:
        if self.failed or not 1 <= len(self.numbers) <= 2:
            return _UNREADABLE
        if any(number > _LARGEST for number in self.numbers):
            return _UNREADABLE
        issue = "ambiguous_separator" if self.ambiguous else None
        if len(self.numbers) == 2:
            if not self.between:
                return _UNREADABLE
            low, high = sorted(self.numbers)
            return (low + high) / 2, self.currency, low, high, issue
        number = -self.numbers[0] if self.negative else self.numbers[0]
        if self.at_least:
            return number, self.currency, number, None, issue
        if self.at_most:
            return number, self.currency, None, number, issue
        return number, self.currency, number, number, issue


def _number(token: str) -> tuple[float, bool]:
    """(the number, whether its only separator could be read both ways)."""
    digits = re.sub(r"[ '’]", "", token)
    mantissa, _, exponent = digits.partition("e")
    power = 10.0 ** int(exponent.lstrip("+") or 0) if exponent else 1.0
    separators = [sign for sign in mantissa if sign in ".,"]
    ambiguous = False
    decimal = separators[-1] if separators else ""
    if separators:
        head, _, tail = mantissa.rpartition(decimal)
        one_kind = len(set(separators)) == 1
        if one_kind and len(separators) > 1:
            decimal = ""
        elif one_kind and len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0":
            ambiguous = decimal == "."
            decimal = ""
    if decimal:
        head, _, tail = mantissa.rpartition(decimal)
        mantissa = re.sub(r"[.,]", "", head) + "." + tail
    else:
        mantissa = re.sub(r"[.,]", "", mantissa)
    return float(mantissa) * power, ambiguous

"""Whole columns of text at once: Arrow strings where null means the cell is empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anyascii
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tieline.demo.draws import Flags, Ints

Text = Any  # a pa.StringArray; pyarrow carries no types

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def text(values: Sequence[str | None]) -> Text:
    """Return a text column of these values."""
    return pa.array(values, type=pa.string())


def constant(value: str | None, count: int) -> Text:
    """Return a column with the same text in every row."""
    return pa.repeat(pa.scalar(value, type=pa.string()), count)


def take(column: Text, rows: Ints) -> Text:
    """Return the column's values at these row numbers."""
    return flat(pc.take(column, pa.array(rows)))


def flat(column: Any) -> Text:
    """Return one array where Arrow answers in chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def join(*parts: Any, sep: str = "") -> Text:
    """Put texts side by side; empty parts are left out, a row of only empty parts is empty."""
    count = next(len(part) for part in parts if not isinstance(part, str))
    arrays = [constant(part, count) if isinstance(part, str) else part for part in parts]
    if all(array.null_count for array in arrays):
        nothing = pc.is_null(arrays[0])
        for array in arrays[1:]:
            nothing = pc.and_(nothing, pc.is_null(array))
        # Arrow 26 drops rows whose parts are all null when it skips nulls: one part must not be
        arrays[-1] = pc.if_else(nothing, "", arrays[-1])
    joined = pc.binary_join_element_wise(*arrays, sep, null_handling="skip")
    return pc.if_else(pc.equal(joined, ""), None, joined)


def glue(*parts: Any) -> Text:
    """Put texts side by side; the row is empty as soon as one part is."""
    count = next(len(part) for part in parts if not isinstance(part, str))
    arrays = [constant(part, count) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*arrays, "", null_handling="emit_null")


def where(mask: Flags, yes: Any, no: Any) -> Text:
    """Return `yes` where the mask holds, else `no`; both may be a column, a text or None."""
    as_text = [
        pa.scalar(v, pa.string()) if v is None or isinstance(v, str) else v for v in (yes, no)
    ]
    return flat(pc.if_else(pa.array(mask), *as_text))


def choose(which: Ints, options: Sequence[Any]) -> Text:
    """Return for each row the option of its number; options are columns, texts or None."""
    arrays = [constant(o, len(which)) if o is None or isinstance(o, str) else o for o in options]
    return flat(pc.choose(pa.array(which), *arrays))


def numbers(values: Ints, width: int = 0) -> Text:
    """Return whole numbers as text, with leading zeros up to the width."""
    digits = pc.cast(pa.array(values), pa.string())
    return pc.utf8_lpad(digits, width, "0") if width else digits


def change(column: Text, rows: Flags, rewrite: Callable[[list[str]], list[str | None]]) -> Text:
    """Rewrite the chosen non-empty cells by a Python function over the list of their texts."""
    mask = rows & np.asarray(pc.is_valid(column))
    if not mask.any():
        return column
    cells = pc.filter(column, pa.array(mask)).to_pylist()
    return flat(pc.replace_with_mask(column, pa.array(mask), text(rewrite(cells))))


def put(column: Text, rows: Ints, cells: Text) -> Text:
    """Put cells into these ascending row numbers."""
    mask = np.zeros(len(column), dtype=bool)
    mask[rows] = True
    return flat(pc.replace_with_mask(column, pa.array(mask), cells))


def filled(column: Text) -> Flags:
    """Return where the cell is not empty."""
    return np.asarray(pc.is_valid(column), dtype=bool)


def fold(value: str, german: bool = False) -> str:
    """Return the text in plain ASCII; German umlauts as two letters where that is the custom."""
    return str(anyascii.anyascii(value.translate(_GERMAN) if german else value))


def slugs(column: Text, german: Flags) -> Text:
    """Return lower-case ASCII letters and digits of each cell, words joined by hyphens.

    German rows write umlauts as two letters. Only cells that are not ASCII cost Python time.
    """
    coded = column.dictionary_encode()
    forms = [_slug_values(coded.dictionary, umlauts) for umlauts in (True, False)]
    return where(german, forms[0].take(coded.indices), forms[1].take(coded.indices))


def _slug_values(values: Text, german: bool) -> Text:
    foreign = ~np.asarray(pc.string_is_ascii(values))
    values = change(values, foreign, lambda cells: [fold(cell, german) for cell in cells])
    values = pc.utf8_lower(pc.replace_substring(values, "'", ""))
    values = pc.replace_substring_regex(values, pattern="[^a-z0-9]+", replacement="-")
    return pc.utf8_trim(values, characters="-")

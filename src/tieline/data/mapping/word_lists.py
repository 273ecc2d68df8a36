"""Tables of words beside this file: `group<TAB>words separated by a space`, folded to ASCII.

A space inside a word is written as `_`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def groups(table: str) -> dict[str, frozenset[str]]:
    """The words of each group of one table, such as `header_words.tsv`."""
    collected: dict[str, set[str]] = {}
    text = files("tieline.data.mapping").joinpath(table).read_text("utf-8")
    for line in text.splitlines()[1:]:
        group, _, words = line.partition("\t")
        collected.setdefault(group, set()).update(word.replace("_", " ") for word in words.split())
    return {group: frozenset(words) for group, words in collected.items()}

"""Words around the name of a field in a header, by what they do to its meaning."""

from __future__ import annotations

from tieline.data.mapping.word_lists import groups

_GROUPS = groups("header_words.tsv")

QUALIFIERS = _GROUPS["qualifier"]
"""Say whose value it is, or nothing; the field stays the same."""

FILLERS = _GROUPS["filler"]
"""Articles and prepositions."""

BLOCKERS = _GROUPS["blocker"]
"""Say that the value is something about the field, not the field."""

COMPOUND_PREFIXES = tuple(sorted(_GROUPS["compound_prefix"]))
"""Qualifiers that are written in front of a name without a space."""

PLACES = {word: place for place in (1, 2, 3) for word in sorted(_GROUPS[f"place_{place}"])}
"""Words that give a rank within fields that come several times."""

MOBILE = _GROUPS["mobile"]
"""Words for a mobile phone: where there are several phones it is the second."""

SECOND_LINE = _GROUPS["second_line"]
"""Words for what follows the street in an address."""

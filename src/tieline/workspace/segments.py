"""Segments and products of `tieline.toml`: checked as they are read, and handed to the models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tieline.errors import TielineError, did_you_mean

if TYPE_CHECKING:
    from tieline.metrics.segment import Product, Segment

# The libraries that read rules are loaded where there are rules: most commands need none.

_NAME = re.compile(r"[^\W\d][\w-]*\Z")


def check_rule(text: str) -> None:
    """Refuse a rule that cannot be run; a ValueError with what to write instead."""
    from tieline.metrics.segment_rule import read_rule

    try:
        read_rule(text)
    except TielineError as problem:
        raise ValueError(f"{problem.message} {problem.next_step}") from None


def checked_roles(given: object) -> object:
    """A buying-role list with known functions and levels, its lists as tuples; else ValueError."""
    from tieline.data.values.job_title import FUNCTIONS, LEVELS
    from tieline.metrics.segment import ANY_FUNCTION

    if not isinstance(given, dict):
        raise ValueError(
            "must say which levels of which functions play a role, such as "
            '{ procurement = [], engineering = ["director", "manager"] }'
        )
    if not given:
        raise ValueError("must name at least one function")
    roles = {}
    for function, levels in given.items():
        _known(function, (*FUNCTIONS, ANY_FUNCTION), "function")
        if not isinstance(levels, list):
            raise ValueError(f"{function}: must be a list of levels, [] for every level")
        for level in levels:
            _known(level, LEVELS, "level")
        if function == ANY_FUNCTION and not levels:
            raise ValueError("any: name the levels, or every contact would be a key player")
        roles[function] = tuple(levels)
    return roles


def check_names(segments: Mapping[str, Any], products: Mapping[str, Any]) -> None:
    """Refuse a name that tables use, and a product that no section describes; ValueError."""
    from tieline.metrics.segment import ALL

    for name, segment in segments.items():
        if name == ALL or not _NAME.match(name):
            raise ValueError(
                f"segments.{name}: a segment cannot be called so; use letters, digits and _, "
                f"beginning with a letter, and not {ALL!r}"
            )
        if segment.product and segment.product not in products:
            hint = did_you_mean(segment.product, products)
            raise ValueError(
                f"segments.{name}.product: there is no section [products.{segment.product}].{hint}"
            )


def named_segments(sections: Mapping[str, Any]) -> list[Segment]:
    """The sections `[segments.<name>]` as the models take them, the first by priority first."""
    from tieline.metrics.segment import Segment, by_priority

    return by_priority(
        [
            Segment(name, one.rule, one.priority, one.owner, one.product)
            for name, one in sections.items()
        ]
    )


def named_products(sections: Mapping[str, Any]) -> list[Product]:
    """The sections `[products.<name>]` as the models take them."""
    from tieline.metrics.segment import Product

    return [Product(name, one.key_players, one.target) for name, one in sorted(sections.items())]


def _known(word: object, words: tuple[str, ...], what: str) -> None:
    if word in words:
        return
    hint = did_you_mean(str(word), words, cutoff=0.5)
    raise ValueError(f"{word!r} is no {what} of a job title.{hint} Known are: {', '.join(words)}")

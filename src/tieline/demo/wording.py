"""How lists word what they know: dates, whole names, salutations, industries, departments."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import Text, choose, glue, join, numbers, take, text, where
from tieline.demo.draws import Floats, Ints
from tieline.demo.pools import read_pool

ISO, GERMAN, BRITISH, AMERICAN = "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y"
_EPOCH = np.datetime64("2010-01-01")


def dates(days: Ints, style: str) -> Text:
    """Return days of the world as dates in one style."""
    first = int(days.min()) if len(days) else 0
    span = np.arange(first, int(days.max()) + 1) if len(days) else np.zeros(0, dtype=np.int64)
    stamps = (_EPOCH + span.astype("timedelta64[D]")).astype("datetime64[s]")
    # formatting is slow, and a list has far fewer days than rows
    return take(pc.strftime(pa.array(stamps), format=style), days - first)


def times(days: Ints, rng: np.random.Generator, style: str, before: str, after: str = "") -> Text:
    """Return moments on these days, mostly in office hours: date, `before`, time, `after`."""
    seconds = rng.normal(13.2 * 3600, 2.8 * 3600, len(days)).clip(0, 86_399).astype(np.int64)
    hour, minute, second = (
        numbers(part, 2) for part in (seconds // 3600, seconds // 60 % 60, seconds % 60)
    )
    return glue(dates(days, style), before, hour, ":", minute, ":", second, after)


def given_names(cards: Cards) -> Text:
    """Return given name with middle initial where one is known."""
    middle = pc.utf8_slice_codeunits(cards.cells["middle"], 0, 1)
    return join(cards.cells["given"], glue(middle, "."), sep=" ")


def whole_names(
    cards: Cards,
    rng: np.random.Generator,
    titled: Floats | float = 1.0,
    reversed_share: float = 0.0,
) -> Text:
    """Return the name in one cell, with prefix and suffix for some, family name first for some."""
    cells, count = cards.cells, len(cards)
    prefix = where(rng.random(count) < titled, cells["prefix"], None)
    forward = join(prefix, given_names(cards), cells["family"], cells["suffix"], sep=" ")
    backward = join(cells["family"], cells["given"], sep=", ")
    names = where(rng.random(count) < reversed_share, backward, forward)
    return where(np.asarray(cells["native"].is_valid()), cells["native"], names)


def salutations(world: Population, cards: Cards, man: str, woman: str) -> Text:
    """Return the form of address; empty for role inboxes and junk."""
    known = np.asarray(cards.cells["given"].is_valid())
    words = where(world.people.female[cards.person], woman, man)
    return where(known, words, None)


def industries(world: Population, cards: Cards, language: str) -> Text:
    """Return the industry of each company in one language."""
    names = text([row[language] for row in read_pool("industries")])
    return take(names, world.accounts.industry[cards.account])


def departments(world: Population, cards: Cards, language: str) -> Text:
    """Return the department each person works in, in one language."""
    names = text([row[language] for row in read_pool("departments")])
    function = world.titles.function[world.careers.title[cards.stretch]]
    return where(
        np.asarray(cards.cells["title"].is_valid()),
        take(names, function),
        None,
    )


def employees(world: Population, cards: Cards, rng: np.random.Generator) -> Text:
    """Return the number of employees as lists have it: old, and rounded by some."""
    known = world.accounts.employees[cards.account] * rng.normal(1.0, 0.06, len(cards)).clip(
        0.8, 1.2
    )
    digits = 10 ** np.maximum(np.floor(np.log10(np.maximum(known, 1))) - 1, 0)
    return pc.cast(pa.array((np.round(known / digits) * digits).astype(np.int64)), pa.string())


def bands(world: Population, cards: Cards) -> Text:
    """Return the size band of each company."""
    edges = np.array([10, 50, 250, 500, 1000, 5000])
    names = ["1-10", "11-50", "51-250", "251-500", "501-1000", "1001-5000", "5000+"]
    return choose(np.searchsorted(edges, world.accounts.employees[cards.account]), names)


def countries(world: Population, cards: Cards, column: str) -> Text:
    """Return the country in the list's wording, where the card has one."""
    words = take(world.markets.text(column), cards.market)
    return where(np.asarray(cards.cells["country"].is_valid()), words, None)

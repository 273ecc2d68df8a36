"""Rows that are no customer: role inboxes, people without a company, jokes and tests."""

from __future__ import annotations

import numpy as np

from tieline.demo.cards import JUNK, NO_COMPANY, ROLE, Cards, Population
from tieline.demo.columns import take, text, where
from tieline.demo.pools import read_pool


def put_strangers(world: Population, cards: Cards, rng: np.random.Generator) -> None:
    """Overwrite the cells of role, private and junk rows, in place."""
    pool = read_pool("strangers")
    _roles(world, cards, pool, rng)
    cells, count = cards.cells, len(cards)
    private = cards.kind == NO_COMPANY
    words = text([row["company"] for row in pool if row["kind"] == "no_company"])
    word = take(words, rng.integers(0, len(words), count))
    word = where(rng.random(count) < 0.25, None, word)
    cells["company"] = where(private, word, cells["company"])
    cells["email"] = where(private, cells["private_email"], cells["email"])
    for name in ("title", "website", "area"):
        cells[name] = where(private, None, cells[name])
    junk = cards.kind == JUNK
    jokes = [row for row in pool if row["kind"] == "junk"]
    picks = rng.integers(0, len(jokes), count)
    for name in ("given", "family", "company", "email"):
        cells[name] = where(junk, take(text([row[name] for row in jokes]), picks), cells[name])
    for name in ("title", "website", "middle", "prefix", "suffix", "native"):
        cells[name] = where(junk, None, cells[name])


def _roles(
    world: Population, cards: Cards, pool: list[dict[str, str]], rng: np.random.Generator
) -> None:
    cells, count = cards.cells, len(cards)
    roles = cards.kind == ROLE
    by_language: dict[str, list[dict[str, str]]] = {}
    for row in pool:
        if row["kind"] == "role":
            by_language.setdefault(row["language"], []).append(row)
    options = [by_language.get(row["language"], by_language["en"]) for row in world.markets.rows]
    labels: list[str | None] = [None] * count
    mails: list[str | None] = [None] * count
    domains = take(world.accounts.mail_domain, cards.account).to_pylist()
    # the first role of each language is the usual one
    draw = rng.random(count) ** 1.5
    for number in np.flatnonzero(roles).tolist():
        fitting = options[int(cards.market[number])]
        role = fitting[int(draw[number] * len(fitting))]
        labels[number] = role["family"]
        if domains[number]:
            mails[number] = f"{role['email']}@{domains[number]}"
    cells["family"] = where(roles, text(labels), cells["family"])
    cells["email"] = where(roles, text(mails), cells["email"])
    for name in ("given", "middle", "prefix", "suffix", "title", "mobile_prefix", "native"):
        cells[name] = where(roles, None, cells[name])
    cells["extension"] = where(roles, "000", cells["extension"])

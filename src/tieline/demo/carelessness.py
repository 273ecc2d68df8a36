"""What a department's habits do to the cards: variants, slips, gaps; the truth keeps which."""

from __future__ import annotations

import random
import re

import numpy as np
import pyarrow.compute as pc

from tieline.demo.cards import PERSON, Cards, Population
from tieline.demo.columns import Text, change, choose, glue, join, take, text, where
from tieline.demo.company_names import with_form
from tieline.demo.dirt import (
    cut,
    damage,
    misread,
    misspell,
    mojibake,
    slip_digit,
    stray_spaces,
    umlauts_spelled_out,
    without_accents,
)
from tieline.demo.draws import Flags, Floats
from tieline.demo.plans import Plan
from tieline.demo.pools import read_pool
from tieline.demo.strangers import put_strangers

_SPELLINGS = [
    (row["kind"], row["usual"].replace("_", " "), row["other"].replace("_", " "))
    for row in read_pool("spellings")
]


def _spellings(kind: str) -> list[tuple[str, str]]:
    return [(usual, other) for of, usual, other in _SPELLINGS if of == kind]


def soil(world: Population, plan: Plan, cards: Cards, rng: np.random.Generator) -> None:
    """Apply the list's habits to its cards, in place."""
    haste = np.minimum(rng.lognormal(-0.3, 0.8, len(cards)), 6.0) * plan.careless
    _gaps(plan, cards, rng)
    _names(world, plan, cards, haste, rng)
    _companies(world, plan, cards, haste, rng)
    _addresses(world, plan, cards, haste, rng)
    _reach(cards, haste, rng)
    put_strangers(world, cards, rng)
    _accidents(cards, haste, rng)


def _gaps(plan: Plan, cards: Cards, rng: np.random.Generator) -> None:
    cells, count = cards.cells, len(cards)
    cells["email"] = where(rng.random(count) < plan.no_mail, None, cells["email"])
    no_phone = rng.random(count) < plan.no_phone
    cells["area"] = where(no_phone, None, cells["area"])
    no_mobile = rng.random(count) < 0.4 + 0.6 * plan.no_phone
    cells["mobile_prefix"] = where(no_mobile, None, cells["mobile_prefix"])
    cells["title"] = where(rng.random(count) < plan.no_title, None, cells["title"])
    cells["website"] = where(rng.random(count) < 0.3, None, cells["website"])
    cards.mark("opted_out", rng.random(count) < plan.opted_out)


def _names(
    world: Population, plan: Plan, cards: Cards, haste: Floats, rng: np.random.Generator
) -> None:
    cells, count = cards.cells, len(cards)
    full_given = cells["given"]
    short = {
        row["given"].replace("_", " "): row["short"].replace("_", " ").split(";")
        for row in read_pool("nicknames")
    }
    chance = random.Random(int(rng.integers(2**32)))
    chosen = rng.random(count) < plan.nicknames * 3

    def nickname(values: list[str]) -> list[str | None]:
        return [short[v][int(chance.random() * len(short[v]))] if v in short else v for v in values]

    cells["given"] = change(full_given, chosen, nickname)
    cards.mark("nickname", np.asarray(pc.not_equal(cells["given"], full_given)))
    initial = rng.random(count) < 0.012 * haste
    cells["given"] = where(
        initial, glue(pc.utf8_slice_codeunits(cells["given"], 0, 1), "."), cells["given"]
    )
    cards.mark("given_initial", initial)
    given_slip, family_slip = 0.012 * haste, 0.016 * haste
    kinds = (misread, misspell) if plan.scanned else (misspell,)
    cells["given"], one = damage(cells["given"], given_slip, rng, *kinds)
    cells["family"], two = damage(cells["family"], family_slip, rng, *kinds)
    cards.mark("name_misspelt", one | two)
    foreign = rng.random(count) < 0.05
    for name in ("given", "family"):
        cells[name], _ = damage(
            cells[name], foreign.astype(np.float64), rng, umlauts_spelled_out, without_accents
        )
    swapped = rng.random(count) < 0.007 * haste
    cells["given"], cells["family"] = (
        where(swapped, cells["family"], cells["given"]),
        where(swapped, cells["given"], cells["family"]),
    )
    cards.mark("name_swapped", swapped)
    case = rng.random(count)
    for name in ("given", "family"):
        cells[name] = where(case < 0.01 * plan.careless, pc.utf8_lower(cells[name]), cells[name])
        cells[name] = where(
            case > 1 - 0.008 * plan.careless, pc.utf8_upper(cells[name]), cells[name]
        )
    lost = (rng.random(count) < 0.006 * haste) & (cards.kind == PERSON)
    cells["given"] = where(lost, None, cells["given"])
    cards.mark("given_missing", lost)
    cells["middle"] = where(rng.random(count) < 0.6, None, cells["middle"])
    cells["prefix"] = where(rng.random(count) < 0.35, None, cells["prefix"])
    cells["suffix"] = where(rng.random(count) < 0.2, None, cells["suffix"])


def _replaced(rows: Flags, column: Text, pairs: list[tuple[str, str]], pattern: str) -> Text:
    """Replace the first of the usual spellings that the pattern finds by its other spelling."""
    other = dict(reversed(pairs))
    alternatives = "|".join(re.escape(usual) for usual, _ in sorted(pairs, reverse=True))
    found = re.compile(pattern.format(alternatives))
    return change(
        column,
        rows,
        lambda cells: [found.sub(lambda m: other[m.group(1)], cell, count=1) for cell in cells],
    )


def _companies(
    world: Population, plan: Plan, cards: Cards, haste: Floats, rng: np.random.Generator
) -> None:
    cells, count = cards.cells, len(cards)
    core, draw = cells["core"], rng.random(count)
    dropped = (draw < plan.form_dropped) & np.asarray(core.is_valid())
    cells["company"] = where(dropped, core, cells["company"])
    cards.mark("legal_form_dropped", dropped)
    long_forms = dict(_spellings("legal_form"))
    form = take(world.accounts.form, cards.account)
    long = text([long_forms.get(f, f) for f in form.to_pylist()])
    other = (draw > 1 - 0.05 * plan.careless) & np.asarray(core.is_valid())
    cells["company"] = where(other, with_form(core, long), cells["company"])
    bare = rng.random(count) < 0.06
    cells["company"] = where(
        bare,
        pc.replace_substring_regex(cells["company"], pattern=r"[.,]", replacement=""),
        cells["company"],
    )
    cells["company"] = _replaced(
        rng.random(count) < 0.05 * haste, cells["company"], _spellings("company"), "({})"
    )
    spelled_out = rng.random(count) < 0.06 * haste
    for language in ("de", "en", "fr", "it", "es", "nl"):
        rows = spelled_out & world.markets.among("language", (language,))[cards.market]
        cells["company"] = _replaced(rows, cells["company"], _spellings(f"and_{language}"), "({})")
    slip = (misread, misspell) if plan.scanned else (misspell,)
    cells["company"], misspelt = damage(cells["company"], 0.018 * haste, rng, *slip)
    cards.mark("company_misspelt", misspelt)
    case = rng.random(count)
    cells["company"] = where(
        case < 0.015 * plan.careless, pc.utf8_lower(cells["company"]), cells["company"]
    )
    cells["company"] = where(
        case > 1 - 0.03 * plan.careless, pc.utf8_upper(cells["company"]), cells["company"]
    )
    cells["company"], _ = damage(cells["company"], 0.02 * plan.careless, rng, cut)
    with_place = (rng.random(count) < 0.012) & (cards.kind == PERSON)
    cells["company"] = where(
        with_place, join(cells["company"], cells["city"], sep=" "), cells["company"]
    )
    lost = (rng.random(count) < 0.012 * plan.careless) & (cards.kind == PERSON)
    cells["company"] = where(lost, None, cells["company"])
    cards.mark("company_missing", lost)


def _addresses(
    world: Population, plan: Plan, cards: Cards, haste: Floats, rng: np.random.Generator
) -> None:
    cells, count = cards.cells, len(cards)
    shorter = rng.random(count) < 0.30
    for name in ("street", "street_line"):
        cells[name] = _replaced(
            shorter, cells[name], _spellings("street_shorter"), "({})(?![a-zé])"
        )
    american = np.isin(cells["country"].to_numpy(zero_copy_only=False), ("US", "CA", "AU"))
    longer = american & (rng.random(count) < 0.3)
    for name in ("street", "street_line"):
        cells[name] = _replaced(longer, cells[name], _spellings("street_longer"), r"(?<= )({})\b")
    cells["street_line"], one = damage(
        cells["street_line"], 0.015 * haste, rng, misspell, slip_digit
    )
    cells["city"], two = damage(
        cells["city"], 0.012 * haste, rng, *((misread,) if plan.scanned else (misspell,))
    )
    other_names = dict(_spellings("city"))
    alias = rng.random(count) < 0.06
    cells["city"] = change(
        cells["city"], alias, lambda values: [other_names.get(v, v) for v in values]
    )
    slip = rng.random(count) < 0.006 * haste
    cells["postcode"], _ = damage(cells["postcode"], slip.astype(np.float64), rng, slip_digit)
    cards.mark("address_misspelt", one | two)
    wrong = rng.random(count) < plan.bad_address
    which = rng.integers(0, 4, count)
    other = cards.take(rng.permutation(count)).cells
    foreign = np.asarray(pc.equal(other["country"], cells["country"]))
    mismatch = (
        wrong & (which <= 1) & foreign & np.asarray(pc.not_equal(other["city"], cells["city"]))
    )
    cells["city"] = where(mismatch, other["city"], cells["city"])
    cells["region"] = where(mismatch & (which == 1), other["region"], cells["region"])
    nonsense = wrong & (which == 2)
    cells["postcode"] = where(
        nonsense,
        choose(rng.integers(0, 5, count), ["00000", "99999", "n/a", "XXXXX", "12"]),
        cells["postcode"],
    )
    half = wrong & (which == 3)
    for name in ("postcode", "street", "street_line", "house_number"):
        cells[name] = where(half, None, cells[name])
    missing = rng.random(count) < plan.no_address
    for name in (
        "estate",
        "street",
        "street_line",
        "house_number",
        "unit",
        "city",
        "region",
        "postcode",
    ):
        cells[name] = where(missing, None, cells[name])
    cells["country"] = where(missing & (rng.random(count) < 0.4), None, cells["country"])
    cards.mark("address_missing", missing)
    cards.mark("address_wrong", (mismatch | nonsense | half | slip) & ~missing)


def _reach(cards: Cards, haste: Floats, rng: np.random.Generator) -> None:
    cells = cards.cells
    cells["email"], misspelt = damage(cells["email"], 0.010 * haste, rng, misspell)
    cards.mark("mail_misspelt", misspelt & np.asarray(cells["email"].is_valid()))
    cells["exchange"], slipped = damage(cells["exchange"], 0.008 * haste, rng, slip_digit)
    cards.mark("phone_misdialled", slipped)
    draw = rng.random(len(cards))
    cells["email"] = where(draw < 0.01, pc.utf8_capitalize(cells["email"]), cells["email"])
    cells["email"] = where(draw > 0.99, pc.utf8_upper(cells["email"]), cells["email"])
    broken = (draw > 0.4) & (draw < 0.406)
    cells["email"] = where(
        broken, pc.replace_substring(cells["email"], "@", "(at)"), cells["email"]
    )


def _accidents(cards: Cards, haste: Floats, rng: np.random.Generator) -> None:
    """Accidents of whole rows: wrong encoding, spaces, the company in the name's cell."""
    cells, count = cards.cells, len(cards)
    garbled = rng.random(count) < 0.005
    for name in ("given", "family", "company", "street_line", "street", "city", "title"):
        cells[name], _ = damage(cells[name], garbled.astype(np.float64), rng, mojibake)
    cards.mark("wrongly_decoded", garbled)
    for name in ("given", "family", "company", "city", "email"):
        cells[name], _ = damage(cells[name], 0.008 * haste, rng, stray_spaces)
    shifted = (rng.random(count) < 0.0015) & (cards.kind == PERSON)
    person, company = join(cells["given"], cells["family"], sep=" "), cells["company"]
    cells["company"] = where(shifted, person, company)
    cells["family"] = where(shifted, company, cells["family"])
    cells["given"] = where(shifted, None, cells["given"])
    cards.mark("name_and_company_swapped", shifted)
    nothing = ~np.asarray(cells["email"].is_valid()) & ~np.asarray(cells["area"].is_valid())
    vague = cards.flags["given_initial"] | cards.flags["given_missing"]
    cards.mark("is_ambiguous", vague & nothing & ~np.asarray(cells["mobile_prefix"].is_valid()))

"""People: names of their culture, namesakes, fathers and sons, names taken by marriage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from tieline.demo.columns import Text, choose, filled, glue, join, numbers, slugs, take, text, where
from tieline.demo.draws import Flags, Ints, Weighted, choices, rank_in_group, stream
from tieline.demo.markets import Markets
from tieline.demo.names import CULTURES, NamePool
from tieline.demo.pools import read_pool, weighted_list

WORLD_DAY = 6_025  # 2026-06-30, counted in days since 2010-01-01; no list is younger
NEWCOMER_SHARE = 0.06
RARE_MIX_SHARE = 0.02


@dataclass(frozen=True)
class People:
    """One row is one person; `family_after` differs from `family` for who took another name."""

    market: Ints
    culture: Ints
    female: Flags
    given: Text
    middle: Text
    family: Text
    family_after: Text
    renamed_day: Ints
    prefix: Text
    suffix: Text
    native: Text
    given_slug: Text
    family_slug: Text
    family_after_slug: Text
    private_mail: Text
    mobile_prefix: Text
    mobile_rest: Text


def _given_names(
    pools: dict[str, NamePool], culture: Ints, female: Flags, rng: np.random.Generator
) -> Text:
    women = take(pools["f"].values, pools["f"].draw.draw(rng, culture))
    men = take(pools["m"].values, pools["m"].draw.draw(rng, culture))
    return where(female, women, men)


def _first_surname(slug: Text, culture: Ints) -> Text:
    """Return what Iberian addresses show of two surnames: the first."""
    iberian = np.isin(culture, [CULTURES.index("es"), CULTURES.index("pt")])
    return where(iberian, pc.replace_substring_regex(slug, pattern="-.*$", replacement=""), slug)


def _surnames(
    pools: dict[str, NamePool], culture: Ints, female: Flags, rng: np.random.Generator
) -> Text:
    count = len(culture)
    family = pools["s"]
    one, two = family.draw.draw(rng, culture), family.draw.draw(rng, culture)
    single = where(female, take(family.female, one), take(family.values, one))
    other = where(female, take(family.female, two), take(family.values, two))
    iberian = np.isin(culture, [CULTURES.index("es"), CULTURES.index("pt")])
    names = where(iberian & (rng.random(count) < 0.82), join(single, other, sep=" "), single)
    hyphened = ~iberian & female & (one != two) & (rng.random(count) < 0.035)
    simple = _is_simple(other)
    names = where(hyphened & simple, join(single, other, sep="-"), names)
    new = pools["n"]
    newcomer = rng.random(count) < NEWCOMER_SHARE
    return where(newcomer, take(new.values, new.draw.draw(rng, culture)), names)


def _prefixes(culture: Ints, market: Ints, markets: Markets, rng: np.random.Generator) -> Text:
    count, draw = len(culture), rng.random(len(culture))
    prefix = where((culture == CULTURES.index("en")) & (draw < 0.008), "Dr.", None)
    german = culture == CULTURES.index("de")
    prefix = where(german & (draw < 0.055), "Dr.", prefix)
    prefix = where(german & (draw < 0.012), "Dr.-Ing.", prefix)
    prefix = where(german & (draw < 0.006), "Prof. Dr.", prefix)
    austrian = (market == markets.codes.index("AT")) & (draw > 0.78)
    prefix = where(
        austrian, choose(rng.integers(0, 4, count), ["Mag.", "Ing.", "DI", "Dipl.-Ing."]), prefix
    )
    prefix = where((market == markets.codes.index("DE")) & (draw > 0.975), "Dipl.-Ing.", prefix)
    italian = (culture == CULTURES.index("it")) & (draw > 0.93)
    prefix = where(italian, choose(rng.integers(0, 3, count), ["Dott.", "Ing.", "Rag."]), prefix)
    return where((culture == CULTURES.index("cz")) & (draw > 0.8), "Ing.", prefix)


def _private_mail(
    markets: Markets, market: Ints, given: Text, family: Text, rng: np.random.Generator
) -> Text:
    """Return a free-mail address as people choose them, each given out once."""
    count = len(market)
    lists = [weighted_list(row["free"]) for row in markets.rows]
    hosts = text([host for names, _ in lists for host in names])
    offsets = np.cumsum([0] + [len(names) for names, _ in lists])
    host = np.zeros(count, dtype=np.int64)
    for number, (_, weights) in enumerate(lists):
        rows = np.flatnonzero(market == number)
        host[rows] = offsets[number] + choices(rng, weights, len(rows))
    initial = pc.utf8_slice_codeunits(given, 0, 1)
    year = take(text([f"{n % 100:02d}" for n in range(1955, 2003)]), rng.integers(0, 48, count))
    local = choose(
        rng.integers(0, 8, count),
        [
            join(given, family, sep="."),
            join(given, family),
            join(initial, family),
            join(given, family, sep="_"),
            join(given, ".", family, year),
            join(family, given, sep="."),
            join(given, year),
            join(initial, ".", family),
        ],
    )
    mail = glue(local, "@", take(hosts, host))
    return unique_mails(mail)


def unique_mails(mail: Text) -> Text:
    """Give every later holder of a taken address a number behind the local part."""
    codes = np.asarray(pc.fill_null(mail.dictionary_encode().indices, -1), dtype=np.int64)
    number = rank_in_group(codes) + 1
    later = (codes >= 0) & (number > 1)
    local = pc.replace_substring_regex(mail, pattern="@.*$", replacement="")
    host = pc.replace_substring_regex(mail, pattern="^[^@]*", replacement="")
    return where(later, glue(local, numbers(number), host), mail)


def _is_simple(surname: Text) -> Flags:
    """Return where a surname is one word, so that another can be tied to it."""
    return ~np.asarray(pc.match_substring_regex(surname, pattern="[ -]"))


def _mobiles(markets: Markets, market: Ints, rng: np.random.Generator) -> tuple[Text, Text]:
    """Return prefix and rest of mobile numbers; empty where mobiles look like landlines."""
    lists = [weighted_list(row["mobile"]) for row in markets.rows]
    draw = Weighted([[1.0] * max(1, len(names)) for names, _ in lists])
    none: list[str | None] = [None]
    prefixes = text([name for names, _ in lists for name in [*names] or none])
    totals = np.array([int(size) for _, sizes in lists for size in sizes or [0]])
    drawn = draw.draw(rng, market)
    prefix = take(prefixes, drawn)
    length = totals[drawn] - np.asarray(pc.fill_null(pc.utf8_length(prefix), 0))
    digits = rng.integers(10**8, 10**9, len(market)) // 10 ** np.clip(9 - length, 0, 9)
    return prefix, where(filled(prefix), numbers(digits), None)


def draw_people(
    markets: Markets,
    pools: dict[str, NamePool],
    market: Ints,
    account: Ints,
    large: Flags,
    seed: int,
) -> People:
    """Draw the people of these markets; `account` and `large` decide who gets a namesake."""
    rng = stream(seed, "people")
    count = len(market)
    culture = np.array([CULTURES.index(row["culture"]) for row in markets.rows])[market]
    mixed = rng.random(count) < RARE_MIX_SHARE
    culture = np.where(mixed, rng.permutation(culture), culture)
    female = rng.random(count) < 0.36
    given = _given_names(pools, culture, female, rng)
    family = _surnames(pools, culture, female, rng)
    twin, suffix = _namesakes(account, large, culture, female, rng)
    given, family, female = take(given, twin), take(family, twin), female[twin]
    married = (female & (rng.random(count) < 0.035)) | (rng.random(count) < 0.002)
    new_name = _surnames(pools, culture, female, rng)
    double = (rng.random(count) < 0.3) & _is_simple(family)
    new_name = where(double, join(family, new_name, sep="-"), new_name)
    after = where(married, new_name, family)
    american = np.isin(np.array(markets.codes)[market], ("US", "CA"))
    has_middle = rng.random(count) < np.where(american, 0.5, 0.04)
    german = np.isin(culture, [CULTURES.index("de")])
    given_slug, family_slug, after_slug = (slugs(c, german) for c in (given, family, after))
    family_slug, after_slug = (_first_surname(c, culture) for c in (family_slug, after_slug))
    private = rng.random(count) < 0.45
    prefix, rest = _mobiles(markets, market, rng)
    return People(
        market=market,
        culture=culture,
        female=female,
        given=given,
        middle=where(has_middle, _given_names(pools, culture, female, rng), None),
        family=family,
        family_after=after,
        renamed_day=np.where(married, rng.integers(1_000, 5_900, count), WORLD_DAY + 1),
        prefix=_prefixes(culture, market, markets, rng),
        suffix=suffix,
        native=_native(culture, given, family, rng),
        given_slug=given_slug,
        family_slug=family_slug,
        family_after_slug=after_slug,
        private_mail=where(
            private, _private_mail(markets, market, given_slug, family_slug, rng), None
        ),
        mobile_prefix=where(rng.random(count) < 0.6, prefix, None),
        mobile_rest=rest,
    )


def _namesakes(
    account: Ints, large: Flags, culture: Ints, female: Flags, rng: np.random.Generator
) -> tuple[Ints, Text]:
    """Return whose name each person bears (their own, mostly) and the suffix of father and son."""
    count = len(account)
    bearer = np.arange(count)
    suffix: list[str | None] = [None] * count
    order = np.argsort(account, kind="stable")
    colleague = np.full(count, -1)
    colleague[order[1:]] = np.where(account[order[1:]] == account[order[:-1]], order[:-1], -1)
    possible = (colleague >= 0) & (culture == culture[colleague])
    draw = rng.random(count)
    for row in np.flatnonzero(possible & large & (draw < 0.012)).tolist():
        bearer[row] = bearer[colleague[row]]
    words = {CULTURES.index("de"): ("sen.", "jun."), CULTURES.index("en"): ("Sr.", "Jr.")}
    family_run = possible & ~large & (draw < 0.006) & ~female & ~female[colleague]
    for row in np.flatnonzero(family_run & np.isin(culture, list(words))).tolist():
        older = int(colleague[row])
        if bearer[older] == older:
            bearer[row] = older
            suffix[older], suffix[row] = words[int(culture[row])]
    for row in np.flatnonzero(
        (culture == CULTURES.index("en")) & ~female & (draw > 0.994)
    ).tolist():
        suffix[row] = suffix[row] or ("Jr." if draw[row] < 0.998 else "III")
    return bearer, text(suffix)


def _native(culture: Ints, given: Text, family: Text, rng: np.random.Generator) -> Text:
    """Return a Japanese name in its own script for some; everybody else writes Latin letters."""
    chosen = np.flatnonzero((culture == CULTURES.index("ja")) & (rng.random(len(culture)) < 0.35))
    native: list[str | None] = [None] * len(culture)
    pool = read_pool("japanese_names")
    script = {row["latin"]: row["native"] for row in pool}
    for row in chosen.tolist():
        parts = [script.get(str(column[row])) for column in (family, given)]
        if all(parts):
            native[row] = " ".join(str(part) for part in parts)
    return text(native)

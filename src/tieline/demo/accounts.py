"""Accounts: legal entities with industry, size, group, names they had, domains; and their sites."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tieline.demo.columns import (
    Text,
    choose,
    constant,
    glue,
    join,
    numbers,
    put,
    slugs,
    take,
    text,
    where,
)
from tieline.demo.company_names import (
    INDUSTRIES,
    INDUSTRY_WEIGHTS,
    CompanyNames,
    same_name,
    with_form,
)
from tieline.demo.draws import (
    Flags,
    Floats,
    Ints,
    Weighted,
    choices,
    rank_in_group,
    sample,
    stream,
    zipf,
)
from tieline.demo.markets import Markets
from tieline.demo.names import NamePool
from tieline.demo.pools import weighted_list
from tieline.demo.sites import Addresses, draw_addresses, shared, with_copies

OWN = ("Varenta Systems GmbH", "Varenta Systems Inc.", "Varenta Systems Ltd")
OWN_MARKETS = ("DE", "US", "GB")
OWN_DOMAIN = "varenta-systems.com"
COMPETITORS = (
    ("Steinhagen Messtechnik GmbH", "DE", "steinhagen-messtechnik.de"),
    ("Quorvia Controls Inc.", "US", "quorvia-controls.com"),
    ("Ostermark Flow Instruments Ltd", "GB", "ostermark-flow.co.uk"),
    ("Débitec Instrumentation SAS", "FR", "debitec-instrumentation.fr"),
    ("Misurandi Strumenti S.p.A.", "IT", "misurandi-strumenti.it"),
    ("Kvantor Process AB", "SE", "kvantor-process.se"),
    ("Halvermann Prozessautomation AG", "CH", "halvermann-automation.ch"),
    ("Delvaron Sensor Corp.", "US", "delvaron-sensor.com"),
)
GROUP_WORDS = {
    "DE": "Deutschland",
    "AT": "Austria",
    "CH": "Schweiz",
    "US": "North America",
    "CA": "Canada",
    "CQ": "Canada",
    "GB": "UK",
    "IE": "Ireland",
    "FR": "France",
    "IT": "Italia",
    "ES": "Ibérica",
    "NL": "Nederland",
    "BN": "Belgium",
    "BF": "Belgique",
    "SE": "Sverige",
    "DK": "Danmark",
    "NO": "Norge",
    "FI": "Finland",
    "PL": "Polska",
    "CZ": "Czech",
    "PT": "Portugal",
    "AU": "Australia",
    "JP": "Japan",
    "CF": "Suisse",
    "CI": "Svizzera",
}
SUBSIDIARY_SHARE = 0.24
ULTIMATE_SHARE = 0.035
MERGER_SHARE = 0.008
SHARED_BUILDING_SHARE = 0.09


@dataclass(frozen=True)
class Accounts:
    """One row is one legal entity; the first rows are our own company and its competitors."""

    name: Text
    former_name: Text
    renamed_day: Ints
    core: Text
    form: Text
    market: Ints
    industry: Ints
    weight: Floats
    employees: Ints
    parent: Ints
    domestic_ultimate: Ints
    global_ultimate: Ints
    mail_domain: Text
    web_domain: Text
    second_domain: Text
    mail_pattern: Ints
    is_own: Flags
    is_competitor: Flags
    buyer: Ints
    bought_day: Ints
    site_became: Ints
    site_start: Ints
    site_account: Ints
    addresses: Addresses


@dataclass(frozen=True)
class _Groups:
    parent: Ints
    domestic: Ints
    ultimate: Ints


def _groups(market: Ints, weight: Floats, reserved: int, rng: np.random.Generator) -> _Groups:
    """Tie accounts into groups: subsidiary to the head of its country, that to the ultimate."""
    count = len(market)
    parent = np.full(count, -1)
    ultimate = np.arange(count)
    heads = reserved + np.arange(max(1, int(count * ULTIMATE_SHARE)))
    others = np.arange(heads[-1] + 1, count)
    subs = (
        np.sort(sample(rng, np.ones(len(others)), int(len(others) * SUBSIDIARY_SHARE))) + others[0]
    )
    ultimate[subs] = heads[choices(rng, weight[heads], len(subs))]
    parent[subs] = ultimate[subs]
    domestic = np.arange(count)
    key = ultimate * 1000 + market
    first: dict[int, int] = {int(key[h]): int(h) for h in heads}
    for row in subs.tolist():
        lead = first.setdefault(int(key[row]), row)
        domestic[row] = lead
        if lead != row:
            parent[row] = lead
    return _Groups(parent, domestic, ultimate)


def _names(
    markets: Markets,
    names: CompanyNames,
    market: Ints,
    industry: Ints,
    groups: _Groups,
    city: Text,
    rng: np.random.Generator,
) -> tuple[Text, Text]:
    """Return the core names and legal forms of all accounts."""
    count = len(market)
    word = names.words(market, industry, rng)
    core = names.cores(market, word, city, rng)
    brand = names.brands(market, rng)
    in_group = np.isin(np.arange(count), groups.ultimate[groups.parent >= 0]) | (groups.parent >= 0)
    group_brand = take(brand, groups.ultimate)
    abroad = market != market[groups.ultimate]
    country_word = take(text([GROUP_WORDS[m] for m in markets.codes]), market)
    top = where(
        rng.random(count) < 0.18, glue(group_brand, " Holding"), join(group_brand, word, sep=" ")
    )
    sub = join(group_brand, word, sep=" ")
    sub = where(
        abroad & (groups.domestic == np.arange(count)),
        join(group_brand, country_word, sep=" "),
        sub,
    )
    core = where(in_group, where(groups.parent < 0, top, sub), core)
    taken = same_name(core, market)
    rows = np.flatnonzero(taken & (rng.random(count) < 0.97))
    old, place = take(core, rows), take(city, rows)
    again = names.cores(market[rows], take(word, rows), place, rng)
    repeats_city = [c in v for v, c in zip(old.to_pylist(), place.to_pylist(), strict=True)]
    longer = where(np.array(repeats_city, dtype=bool), again, join(old, place, sep=" "))
    core = put(core, rows, longer)
    return core, names.forms(market, rng)


def _domains(
    markets: Markets,
    core: Text,
    market: Ints,
    city: Text,
    groups: _Groups,
    rng: np.random.Generator,
) -> tuple[Text, Text, Text]:
    """Return the mail domain, the web domain and a second domain; empty where there is none."""
    count = len(market)
    german = markets.among("language", ("de",))[market]
    lists = [weighted_list(row["tlds"]) for row in markets.rows]
    draw = Weighted([weights for _, weights in lists])
    tld = take(text([name for names, _ in lists for name in names]), draw.draw(rng, market))
    stem = pc.replace_substring_regex(slugs(core, german), pattern="-holding$", replacement="")
    # one word alone would be somebody's real domain
    alone = ~np.asarray(pc.match_substring(stem, "-"))
    ending = choose(rng.integers(0, 4, count), ["-group", "-group", "-industries", "-services"])
    stem = where(alone, glue(stem, ending), stem)
    leads = np.isin(np.arange(count), groups.ultimate[groups.parent >= 0])
    tld = where(leads & (rng.random(count) < 0.6), "com", tld)
    squeezed = pc.if_else(
        pc.less(pc.utf8_length(stem), 16), pc.replace_substring(stem, "-", ""), stem
    )
    stem = where(rng.random(count) < 0.45, squeezed, stem)
    short = _shortened(stem)
    stem = where(rng.random(count) < 0.6, short, stem)
    for attempt in (
        join(stem, slugs(city, german), sep="-"),
        join(stem, "online", sep="-"),
        join(stem, numbers(np.arange(count) % 97 + 1)),
        join(stem, numbers(np.arange(count)), sep="-"),
    ):
        codes = np.asarray(glue(stem, ".", tld).dictionary_encode().indices)
        stem = where(rank_in_group(codes) > 0, attempt, stem)
    own = glue(stem, ".", tld)
    small = np.arange(count) > count * 0.3
    none = small & (rng.random(count) < 0.13)
    own = where(none, None, own)
    of_group = (groups.parent >= 0) & (rng.random(count) < 0.6)
    mail = where(of_group, take(own, groups.ultimate), own)
    com = glue(stem, ".com")
    second = where((rng.random(count) < 0.1) & ~none, com, None)
    return mail, own, second


def _shortened(stem: Text) -> Text:
    """Return the two leading words of domains, three where the first is short."""
    three = r"^([^-]{1,3}-[^-]+-[^-]+|[^-]+-(?:et|und|and|en|y|e)-[^-]+|[^-]{4,}-[^-]+)-.*$"
    return pc.replace_substring_regex(stem, pattern=three, replacement=r"\1")


def _sites(
    weight: Floats, market: Ints, markets: Markets, groups: _Groups, rng: np.random.Generator
) -> tuple[Ints, Ints, Addresses]:
    """Give each account a headquarters and, the larger it is, branches; some share a building."""
    count = len(market)
    extra = rng.poisson(np.minimum(weight / weight.mean() * 0.32, 14.0))
    start = np.concatenate([[0], np.cumsum(1 + extra)]).astype(np.int64)
    account = np.repeat(np.arange(count), 1 + extra)
    is_head = np.zeros(len(account), dtype=bool)
    is_head[start[:-1]] = True
    abroad = ~is_head & (rng.random(len(account)) < 0.06)
    site_market = np.where(abroad, choices(rng, markets.weights, len(account)), market[account])
    addresses = draw_addresses(markets, site_market, rng)
    # office buildings: some sites of a postcode stand in one house
    tenants = np.flatnonzero(rng.random(len(account)) < SHARED_BUILDING_SHARE)
    building = np.arange(len(account))
    _, first, number = np.unique(addresses.place[tenants], return_index=True, return_inverse=True)
    building[tenants] = tenants[first[number]]
    return start, account, shared(addresses, building)


def _merged(accounts: Accounts, reserved: int, rng: np.random.Generator) -> Accounts:
    """Let larger companies of the same market buy some; each bought site goes over with its staff.

    A bought site gets a successor of the same address at the end of the list of sites.
    """
    count = len(accounts.market)
    buyer, day = np.full(count, -1), np.zeros(count, dtype=np.int64)
    bought = np.flatnonzero((rng.random(count) < MERGER_SHARE) & (np.arange(count) > count // 10))
    for account in bought[accounts.parent[bought] < 0].tolist():
        rivals = np.flatnonzero(accounts.market[reserved : count // 12] == accounts.market[account])
        if len(rivals):
            buyer[account] = reserved + rivals[int(rng.random() * len(rivals))]
            day[account] = int(rng.integers(2_000, 5_400))
    moved = np.flatnonzero(buyer[accounts.site_account] >= 0)
    became = np.arange(len(accounts.site_account))
    became[moved] = len(became) + np.arange(len(moved))
    new_owner = buyer[accounts.site_account[moved]]
    return replace(
        accounts,
        buyer=buyer,
        bought_day=day,
        site_became=became,
        addresses=with_copies(accounts.addresses, moved),
        site_account=np.concatenate([accounts.site_account, new_owner]),
    )


def _employees(weight: Floats, reserved: int, rng: np.random.Generator) -> Ints:
    """Return head counts from 2 to some ten thousand, larger for those many people work for."""
    scale = (weight / weight[2 * reserved]) ** 1.7 * 18_000
    heads = np.maximum(2, scale * rng.lognormal(0, 0.5, len(weight)))
    return np.asarray(heads, dtype=np.int64)


def draw_accounts(markets: Markets, names: dict[str, NamePool], count: int, seed: int) -> Accounts:
    """Draw the companies of the world, the largest first (after our own and the competitors)."""
    rng = stream(seed, "accounts")
    reserved = len(OWN) + len(COMPETITORS)
    weight = zipf(count, 0.72, 6.0)
    weight[:reserved] = weight[reserved : 2 * reserved]
    market = choices(rng, markets.weights, count)
    fixed = [*OWN_MARKETS, *(c[1] for c in COMPETITORS)]
    market[:reserved] = [markets.codes.index(code) for code in fixed]
    industry = choices(rng, INDUSTRY_WEIGHTS, count)
    industry[:reserved] = INDUSTRIES.index("electronics")
    groups = _groups(market, weight, reserved, stream(seed, "groups"))
    groups.parent[1 : len(OWN)] = 0
    groups.ultimate[: len(OWN)] = 0
    start, site_account, addresses = _sites(weight, market, markets, groups, stream(seed, "sites"))
    city = take(markets.place_text("city"), addresses.place[start[:-1]])
    words = CompanyNames(markets, names)
    core, form = _names(markets, words, market, industry, groups, city, stream(seed, "names"))
    mail, web, second = _domains(markets, core, market, city, groups, stream(seed, "domains"))
    fixed_names = text([*OWN, *(c[0] for c in COMPETITORS)])
    fixed_domains = text([OWN_DOMAIN] * len(OWN) + [c[2] for c in COMPETITORS])
    name = _replace_head(with_form(core, form), fixed_names)
    later = stream(seed, "renamed")
    renamed = (later.random(count) < 0.02) & (np.arange(count) >= reserved)
    rows = np.flatnonzero(renamed)
    old_word = words.words(market[rows], industry[rows], later)
    old_core = words.cores(market[rows], old_word, take(city, rows), later)
    former = put(constant(None, count), rows, with_form(old_core, take(form, rows)))
    none = np.full(count, -1)
    accounts = Accounts(
        name=name,
        former_name=former,
        renamed_day=np.where(renamed, later.integers(4_000, 6_000, count), 0),
        core=_replace_head(core, fixed_names),
        form=form,
        market=market,
        industry=industry,
        weight=weight,
        employees=_employees(weight, reserved, rng),
        parent=groups.parent,
        domestic_ultimate=groups.domestic,
        global_ultimate=groups.ultimate,
        mail_domain=_replace_head(mail, fixed_domains),
        web_domain=_replace_head(web, fixed_domains),
        second_domain=where(np.arange(count) < reserved, None, second),
        mail_pattern=choices(rng, [50, 14, 6, 7, 5, 13, 5], count),
        is_own=np.arange(count) < len(OWN),
        is_competitor=(np.arange(count) >= len(OWN)) & (np.arange(count) < reserved),
        buyer=none,
        bought_day=none,
        site_became=none,
        site_start=start,
        site_account=site_account,
        addresses=addresses,
    )
    return _merged(accounts, reserved, stream(seed, "mergers"))


def _replace_head(column: Text, head: Text) -> Text:
    return pa.concat_arrays([head, column.slice(len(head))])

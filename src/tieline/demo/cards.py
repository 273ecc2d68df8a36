"""Who stands in a list, and what a careful clerk would have written down about them that day."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow.compute as pc

from tieline.demo.accounts import Accounts
from tieline.demo.careers import Careers
from tieline.demo.columns import Text, choose, filled, glue, take, where
from tieline.demo.company_names import INDUSTRIES
from tieline.demo.draws import Flags, Floats, Ints, sample
from tieline.demo.markets import Markets
from tieline.demo.people import People
from tieline.demo.plans import Plan
from tieline.demo.titles import FUNCTIONS, LEVELS, Titles

SHARED_INBOX_SHARE = 0.015
PERSON, ROLE, NO_COMPANY, JUNK = range(4)
KINDS = ["person", "role", "no_company", "junk"]


@dataclass
class Cards:
    """The rows of one list before they are written: who they truly are, and their cells by name."""

    kind: Ints
    person: Ints
    stretch: Ints
    account: Ints
    site: Ints
    day: Ints
    market: Ints
    mobile_market: Ints
    cells: dict[str, Text]
    flags: dict[str, Flags] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.kind)

    def mark(self, name: str, rows: Flags) -> None:
        """Remember for the truth that something happened to these rows."""
        self.flags[name] = self.flags[name] | rows if name in self.flags else rows

    def take(self, rows: Ints) -> Cards:
        """Return the cards of these row numbers, in their order."""
        cells = {name: take(column, rows) for name, column in self.cells.items()}
        flags = {name: mask[rows] for name, mask in self.flags.items()}
        return Cards(
            kind=self.kind[rows],
            person=self.person[rows],
            stretch=self.stretch[rows],
            account=self.account[rows],
            site=self.site[rows],
            day=self.day[rows],
            market=self.market[rows],
            mobile_market=self.mobile_market[rows],
            cells=cells,
            flags=flags,
        )


@dataclass(frozen=True)
class Population:
    """Everything that is true in the world."""

    markets: Markets
    accounts: Accounts
    people: People
    careers: Careers
    titles: Titles
    prominence: Floats
    boss_mail: Text


def boss_mails(accounts: Accounts, careers: Careers, titles: Titles) -> Text:
    """Return for each account the address of one of its board members, which assistants share."""
    board = np.flatnonzero(titles.level[careers.title] == LEVELS.index("c"))
    found = np.full(len(accounts.market), -1)
    found[careers.account[board[::-1]]] = board[::-1]
    return where(found >= 0, take(careers.mail, np.maximum(found, 0)), None)


def chosen_people(world: Population, plan: Plan, count: int, rng: np.random.Generator) -> Ints:
    """Choose different people for a list: the better known and the better fitting, the likelier."""
    careers = world.careers
    last = careers.at(
        np.arange(len(world.prominence)), np.full(len(world.prominence), plan.last_day)
    )
    title = careers.title[last]
    weight = world.prominence.copy()
    by_market = np.array([plan.markets.get(c, plan.other_markets) for c in world.markets.codes])
    weight *= by_market[world.people.market]
    by_function = np.array([plan.functions.get(f, 1.0) for f in FUNCTIONS])
    by_industry = np.array([plan.industries.get(i, plan.other_industries) for i in INDUSTRIES])
    weight *= by_industry[world.accounts.industry[careers.account[last]]]
    by_level = np.array([plan.levels.get(level, 1.0) for level in LEVELS])
    weight *= by_function[world.titles.function[title]] * by_level[world.titles.level[title]]
    # nobody looks for customers among colleagues: our own people come in as testers and by accident
    weight *= np.where(world.accounts.is_own[careers.account[last]], 0.25, 1.0)
    return sample(rng, weight, count)


def draw_cards(world: Population, plan: Plan, count: int, rng: np.random.Generator) -> Cards:
    """Draw the rows of one list (exact copies come later) with clean cells."""
    others = {ROLE: plan.role, NO_COMPANY: plan.no_company, JUNK: plan.junk}
    kinds = np.concatenate([np.full(round(share * count), kind) for kind, share in others.items()])
    wanted = count - len(kinds)
    repeats = round(count * plan.again)
    people = chosen_people(world, plan, wanted - repeats, rng)
    short = wanted - repeats - len(people)
    people = np.concatenate([people, people[rng.integers(0, len(people), repeats + short)]])
    extra = rng.integers(0, len(world.prominence), len(kinds))
    person = np.concatenate([people, extra])
    kind = np.concatenate([np.full(len(people), PERSON), kinds]).astype(np.int64)
    span = plan.last_day - plan.first_day
    day = plan.first_day + (span * rng.random(count) ** (1 / plan.newest_first)).astype(np.int64)
    mixed = np.argsort(day, kind="stable") if plan.in_time_order else rng.permutation(count)
    person, kind, day = person[mixed], kind[mixed], day[mixed]
    stretch = world.careers.at(person, day)
    cards = Cards(
        kind=kind,
        person=person,
        stretch=stretch,
        account=world.careers.account[stretch],
        site=world.careers.site[stretch],
        day=day,
        market=np.zeros(0, dtype=np.int64),
        mobile_market=world.people.market[person],
        cells={},
    )
    accounts = world.accounts
    merged = (accounts.buyer[cards.account] >= 0) & (
        cards.day >= accounts.bought_day[cards.account]
    )
    cards.site = np.where(merged, accounts.site_became[cards.site], cards.site)
    cards.account = np.where(merged, accounts.buyer[cards.account], cards.account)
    cards.mark("employer_was_bought", merged)
    cards.market = world.accounts.addresses.market[cards.site]
    _name_cells(world, cards)
    _company_cells(world, cards, rng)
    _address_cells(world, cards)
    _reach_cells(world, cards, plan, rng)
    return cards


def _name_cells(world: Population, cards: Cards) -> None:
    people, person = world.people, cards.person
    for name, column in (
        ("given", people.given),
        ("middle", people.middle),
        ("prefix", people.prefix),
        ("suffix", people.suffix),
        ("native", people.native),
    ):
        cards.cells[name] = take(column, person)
    cards.cells["family"] = take(world.careers.family, cards.stretch)
    title = world.careers.title[cards.stretch]
    cards.cells["title"] = where(
        people.female[person], take(world.titles.female, title), world.titles.text(title)
    )


def _company_cells(world: Population, cards: Cards, rng: np.random.Generator) -> None:
    accounts, account = world.accounts, cards.account
    was = take(accounts.former_name, account)
    before = cards.day < accounts.renamed_day[account]
    lagging = rng.random(len(cards)) < 0.15
    renamed = accounts.renamed_day[account] > 0
    former = renamed & (before | lagging)
    cards.cells["company"] = where(former, was, take(accounts.name, account))
    cards.cells["core"] = where(former, None, take(accounts.core, account))
    cards.mark("former_company_name", former)
    domain = take(accounts.web_domain, account)
    second = take(accounts.second_domain, account)
    site = where(rng.random(len(cards)) < 0.15, second, domain)
    site = where(np.asarray(site.is_null()), domain, site)
    shape = rng.integers(0, 4, len(cards))
    cards.cells["website"] = choose(
        shape,
        [glue("www.", site), glue("https://www.", site), site, glue("http://www.", site, "/")],
    )


def _address_cells(world: Population, cards: Cards) -> None:
    addresses, site = world.accounts.addresses, cards.site
    for name in ("estate", "street", "house_number", "unit", "street_line"):
        cards.cells[name] = take(getattr(addresses, name), site)
    place = addresses.place[site]
    for name in ("city", "region", "postcode"):
        cards.cells[name] = take(world.markets.place_text(name), place)
    cards.cells["country"] = take(world.markets.text("country"), cards.market)


def _inboxes(world: Population, cards: Cards) -> Text:
    """Return the inbox that several people of a company use."""
    french = world.markets.among("language", ("fr",))[cards.market]
    local = where(french, "contact@", "info@")
    return glue(local, take(world.accounts.mail_domain, cards.account))


def _reach_cells(world: Population, cards: Cards, plan: Plan, rng: np.random.Generator) -> None:
    count, careers, people = len(cards), world.careers, world.people
    work, private = take(careers.mail, cards.stretch), take(people.private_mail, cards.person)
    has_private = np.asarray(private.is_valid())
    second = take(world.accounts.second_domain, cards.account)
    other = glue(pc.replace_substring_regex(work, pattern="@.*$", replacement=""), "@", second)
    alias = (rng.random(count) < 0.25) & np.asarray(other.is_valid())
    work = where(alias, other, work)
    boss, inbox = take(world.boss_mail, cards.account), _inboxes(world, cards)
    level = world.titles.level[careers.title[cards.stretch]]
    assists = (level == LEVELS.index("a")) & (rng.random(count) < 0.3) & filled(boss)
    everybody = (rng.random(count) < SHARED_INBOX_SHARE) & filled(inbox)
    work = where(assists, boss, where(everybody, inbox, work))
    cards.mark("shared_mail", assists | everybody)
    gives_private = has_private & (rng.random(count) < plan.private_mail)
    lone = has_private & np.asarray(work.is_null()) & (rng.random(count) < 0.7)
    cards.cells["email"] = where(gives_private | lone, private, work)
    cards.cells["private_email"] = private
    switchboard = rng.random(count) < 0.3
    extension = where(switchboard, "000", take(careers.extension, cards.stretch))
    addresses = world.accounts.addresses
    cards.cells["area"] = take(addresses.phone_area, cards.site)
    cards.cells["exchange"] = take(addresses.phone_exchange, cards.site)
    cards.cells["extension"] = extension
    cards.cells["mobile_prefix"] = take(people.mobile_prefix, cards.person)
    cards.cells["mobile_rest"] = take(people.mobile_rest, cards.person)
    cards.mark("switchboard_phone", switchboard)
    cards.mark("private_mail", gives_private | lone)

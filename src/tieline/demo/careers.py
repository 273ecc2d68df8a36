"""Careers: one row is a stretch of time in which a person's job stayed the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from tieline.demo.accounts import Accounts
from tieline.demo.columns import Text, choose, glue, join, numbers, slugs, take, text, where
from tieline.demo.company_names import INDUSTRIES
from tieline.demo.draws import Flags, Ints, Weighted, stream
from tieline.demo.markets import Markets
from tieline.demo.people import WORLD_DAY, People, unique_mails
from tieline.demo.pools import weighted_list
from tieline.demo.titles import LANGUAGES, TITLES_IN, Titles

HIRED, PROMOTED, RENAMED, TRANSFERRED = range(4)
REASONS = ["new employer", "new position", "new name", "new site"]
# Yearly rates of B2B staff in lists: about a quarter change employer within the world's 16 years.
CHANGE_SHARE, SECOND_CHANGE_SHARE, PROMOTION_SHARE, TRANSFER_SHARE = 0.24, 0.05, 0.16, 0.02


@dataclass(frozen=True)
class Careers:
    """Stretches ordered by person and first day; `first[p]` .. `first[p + 1]` are person p's."""

    first: Ints
    person: Ints
    day: Ints
    reason: Ints
    account: Ints
    site: Ints
    title: Ints
    family: Text
    mail: Text
    extension: Text

    def at(self, person: Ints, day: Ints) -> Ints:
        """Return the stretch each person is in on that day."""
        found = self.first[person].copy()
        for step in range(1, int((self.first[1:] - self.first[:-1]).max())):
            candidate = self.first[person] + step
            exists = candidate < self.first[person + 1]
            candidate = np.where(exists, candidate, found)
            found = np.where(exists & (self.day[candidate] <= day), candidate, found)
        return found


def _events(people: People, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Return person, day and reason of every stretch's beginning, in order."""
    count = len(people.market)
    everyone = np.arange(count)
    persons, days, reasons = [everyone], [np.full(count, -4_000)], [np.full(count, HIRED)]
    for share, kind in (
        (CHANGE_SHARE, HIRED),
        (SECOND_CHANGE_SHARE, HIRED),
        (PROMOTION_SHARE, PROMOTED),
        (TRANSFER_SHARE, TRANSFERRED),
    ):
        chosen = np.flatnonzero(rng.random(count) < share)
        persons.append(chosen)
        days.append(rng.integers(500, WORLD_DAY - 60, len(chosen)))
        reasons.append(np.full(len(chosen), kind))
    renamed = np.flatnonzero(people.renamed_day <= WORLD_DAY)
    persons.append(renamed)
    days.append(people.renamed_day[renamed])
    reasons.append(np.full(len(renamed), RENAMED))
    person, day, reason = np.concatenate(persons), np.concatenate(days), np.concatenate(reasons)
    order = np.lexsort((reason, day, person))
    return person[order], day[order], reason[order]


def _site_draw(accounts: Accounts, account: Ints, rng: np.random.Generator) -> Ints:
    """Return a site of each account: the headquarters for half of the staff, else any."""
    start, end = accounts.site_start[account], accounts.site_start[account + 1]
    anywhere = start + (rng.random(len(account)) * (end - start)).astype(np.int64)
    return np.where(rng.random(len(account)) < 0.5, start, anywhere)


def _employers_by_market(accounts: Accounts, market_count: int) -> tuple[Ints, Weighted]:
    members = [np.flatnonzero(accounts.market == number) for number in range(market_count)]
    # in a small world a market may be empty: nobody works there, so its one choice is never drawn
    members = [rows if len(rows) else np.zeros(1, dtype=np.int64) for rows in members]
    return np.concatenate(members), Weighted([accounts.weight[rows] for rows in members])


def title_languages(markets: Markets, people: People) -> Ints:
    """Return the language a person's title is in: that of the market they work in."""
    languages = [TITLES_IN.get(r["culture"], r["language"]) for r in markets.rows]
    by_market = np.array([LANGUAGES.index(v) for v in languages], dtype=np.int64)
    return by_market[people.market]


def draw_careers(
    markets: Markets, accounts: Accounts, people: People, employer: Ints, titles: Titles, seed: int
) -> Careers:
    """Draw every person's stretches, beginning with the given employer."""
    rng = stream(seed, "careers")
    person, day, reason = _events(people, rng)
    first = np.searchsorted(person, np.arange(len(people.market) + 1)).astype(np.int64)
    account, site, title = (np.zeros(len(person), dtype=np.int64) for _ in range(3))
    extension, mailbox = rng.integers(101, 999, len(person)), np.arange(len(person))
    language = title_languages(markets, people)
    account[first[:-1]] = employer
    site[first[:-1]] = _site_draw(accounts, employer, rng)
    title[first[:-1]] = titles.draw(language, rng)
    order, employers = _employers_by_market(accounts, len(markets.rows))
    for step in range(1, int((first[1:] - first[:-1]).max())):
        rows = first[:-1] + step
        rows = rows[rows < first[1:]]
        who, before = person[rows], rows - 1
        hired = reason[rows] == HIRED
        offered = order[employers.draw(rng, people.market[who])]
        account[rows] = np.where(hired, offered, account[before])
        moved = hired | (reason[rows] == TRANSFERRED)
        site[rows] = np.where(moved, _site_draw(accounts, account[rows], rng), site[before])
        climbs = (reason[rows] == PROMOTED) | (hired & (rng.random(len(rows)) < 0.6))
        title[rows] = np.where(
            climbs, titles.next(title[before], language[who], rng), title[before]
        )
        extension[rows] = np.where(moved, extension[rows], extension[before])
        keeps = ~hired & ~((reason[rows] == RENAMED) & (rng.random(len(rows)) < 0.7))
        mailbox[rows] = np.where(keeps, mailbox[before], rows)
    press = accounts.industry[account] == INDUSTRIES.index("media")
    written = titles.of_function("press", language, rng)
    title = np.where(press, written[person], title)
    after = day >= people.renamed_day[person]
    family = where(after, take(people.family_after, person), take(people.family, person))
    family_slug = where(
        after, take(people.family_after_slug, person), take(people.family_slug, person)
    )
    mail = _mails(markets, accounts, people, account, person, family_slug, rng)
    return Careers(
        first,
        person,
        day,
        reason,
        account,
        site,
        title,
        family,
        take(_unique_boxes(mail, mailbox), mailbox),
        numbers(extension),
    )


def _unique_boxes(mail: Text, mailbox: Ints) -> Text:
    own: Flags = mailbox == np.arange(len(mailbox))
    return unique_mails(where(own, mail, None))


def _mails(
    markets: Markets,
    accounts: Accounts,
    people: People,
    account: Ints,
    person: Ints,
    family: Text,
    rng: np.random.Generator,
) -> Text:
    """Return the address an employer's pattern gives; companies without a domain use free mail."""
    given = take(people.given_slug, person)
    initial = initial_of(given)
    joined = pc.replace_substring(family, "-", "")
    family = where(rng.random(len(account)) < 0.5, joined, family)
    local = choose(
        accounts.mail_pattern[account],
        [
            join(given, family, sep="."),
            join(initial, family),
            join(initial, ".", family),
            given,
            family,
            join(family, given, sep="."),
            join(given, initial_of(family)),
        ],
    )
    mail = glue(local, "@", take(accounts.mail_domain, account))
    hosts = text([weighted_list(row["free"])[0][0] for row in markets.rows])
    free = glue(
        slugs(take(accounts.core, account), np.ones(len(account), dtype=bool)),
        "@",
        take(hosts, accounts.market[account]),
    )
    first_of_company = np.zeros(len(account), dtype=bool)
    first_of_company[np.unique(account, return_index=True)[1]] = True
    return where(first_of_company & np.asarray(mail.is_null()), free, mail)


def initial_of(column: Text) -> Text:
    """Return the first letter of each text."""
    return pc.utf8_slice_codeunits(column, 0, 1)

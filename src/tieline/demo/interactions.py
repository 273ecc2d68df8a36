"""How people interact with the invented company: ten logs, and who they truly are.

Tickets, portals, payments, orders, meetings, campaigns, enquiries, investors, applications.
The kind or the subject tells what it was, in the words of five languages, or neither does; nobody
has a name, only an e-mail address. `truth/categories.parquet` says who everybody is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tieline.demo.cards import Population
from tieline.demo.careers import title_languages
from tieline.demo.columns import Text, glue, numbers, take, text, where
from tieline.demo.draws import Flags, Ints, Weighted, choices, stream
from tieline.demo.formats import Column, delimited, header, write_lines
from tieline.demo.outcomes import write_outcomes
from tieline.demo.pools import read_pool
from tieline.demo.titles import LANGUAGES
from tieline.demo.true_categories import (
    CATEGORIES,
    FIRST_DAY,
    LAST_DAY,
    TrueCategories,
    draw_categories,
)
from tieline.demo.wording import ISO, times

COLUMNS = {
    "helpdesk": ("Ticket ID", "Created at", "Requester email", None, "Ticket subject"),
    "customer_portal": ("Event ID", "Timestamp", "User email", "Action", "Page title"),
    "accounting_mailbox": ("Message-ID", "Received at", "From email", None, "Subject"),
    "order_desk": ("Document no", "Received at", "Buyer email", "Activity type", "Subject"),
    "sales_calendar": ("Appointment ID", "Date", "Email", "Activity type", "Subject"),
    "campaigns": ("Activity ID", "Activity date", "Email address", "Activity type", "Asset"),
    "enquiry_inbox": ("Message-ID", "Received at", "From email", None, "Subject"),
    "investor_calls": ("Entry", "Date", "Email", "Activity type", "Topic"),
    "careers_portal": ("Submission ID", "Submitted at", "E-mail", "Form name", "Topic"),
    "partner_portal": ("Event ID", "Timestamp", "User email", "Action", "Topic"),
}
"""The logs with what they call id, moment, e-mail address, kind (if they have one) and topic."""
SECOND_ROLE = 0.3
"""So much of what people with two roles do belongs to the second."""
PRIVATE_SHARE = 0.8
"""Job seekers write from their own mailbox, so many of those that have one."""


@dataclass(frozen=True)
class _Acts:
    """Row by row: who, when, in which job, as what, doing what."""

    person: Ints
    day: Ints
    job: Ints
    category: Ints
    activity: Ints


def write_interactions(
    folder: Path, truth: Path, world: Population, rows: int, seed: int
) -> list[Path]:
    """Write the logs with so many rows in all, the deals after them, and the truth of both."""
    true = draw_categories(world, seed)
    acts = _acts(world, true, rows, stream(seed, "interactions"))
    pool = read_pool("activities")
    paths, told = [], []
    log_of = np.array([list(COLUMNS).index(row["log"]) for row in pool])[acts.activity]
    for number, name in enumerate(COLUMNS):
        rng = stream(seed, f"interactions {name}")
        chosen = np.flatnonzero(log_of == number)
        if not len(chosen):
            continue
        columns = _columns(world, acts, chosen, name, rng)
        lines = [header(columns, ","), *delimited(columns, ",")]
        paths.append(folder / f"{name}.csv")
        write_lines(paths[-1], lines, "utf-8")
        told.append(_truth(world, acts, chosen, name))
    pq.write_table(pa.concat_tables(told), truth / "interactions.parquet", compression="zstd")
    _write_categories(truth / "categories.parquet", true)
    paths.append(write_outcomes(folder, truth, world, true, seed))
    return paths


def _acts(world: Population, true: TrueCategories, rows: int, rng: np.random.Generator) -> _Acts:
    mails = np.asarray(world.careers.mail.is_valid())
    private = np.asarray(world.people.private_mail.is_valid())
    never = np.ones(len(world.prominence), dtype=bool)
    never[np.unique(world.careers.person[~mails])] = False
    person = choices(rng, world.prominence * (never | private), rows)
    day = np.sort(rng.integers(FIRST_DAY, LAST_DAY, rows))
    category = true.at(person, day)
    second = (rng.random(rows) < SECOND_ROLE) & (true.second[person] >= 0)
    as_what = np.where(second, true.second[person], category)
    doing = Weighted([[float(row[name]) for row in read_pool("category_activities")]
                      for name in CATEGORIES])  # fmt: skip
    activity = doing.draw(rng, as_what) - doing.offsets[as_what]
    return _Acts(person, day, world.careers.at(person, day), category, activity)


def _columns(
    world: Population, acts: _Acts, chosen: Ints, name: str, rng: np.random.Generator
) -> list[Column]:
    key, moment, mail, kind, topic = COLUMNS[name]
    activity, person = acts.activity[chosen], acts.person[chosen]
    columns = [
        (key, glue(f"{name[:2].upper()}-", numbers(np.arange(len(chosen)) + 1, 6))),
        (moment, times(acts.day[chosen], rng, ISO, " ", "Z")),
        (mail, _mails(world, acts, chosen, rng)),
    ]
    if kind is not None:
        columns.append((kind, _texts(activity, "kinds", rng)))
    language = title_languages(world.markets, world.people)[person]
    columns.append((topic, _topics(activity, language, rng)))
    return columns


def _mails(world: Population, acts: _Acts, chosen: Ints, rng: np.random.Generator) -> Text:
    work = take(world.careers.mail, acts.job[chosen])
    private = take(world.people.private_mail, acts.person[chosen])
    seeks = acts.category[chosen] == CATEGORIES.index("job_seeker")
    own = seeks & (rng.random(len(chosen)) < PRIVATE_SHARE) & np.asarray(private.is_valid())
    own |= np.asarray(work.is_null())
    return where(own, private, work)


def _topics(activity: Ints, language: Ints, rng: np.random.Generator) -> Text:
    """A subject in the language that people of that country write, else in English."""
    found = _texts(activity, "en", rng)
    for name in ("de", "fr", "it", "es"):
        spoken: Flags = language == LANGUAGES.index(name)
        found = where(spoken, _texts(activity, name, rng), found)
    return found


def _texts(activity: Ints, column: str, rng: np.random.Generator) -> Text:
    """One of the texts of each activity in a column of the pool; empty where there is none."""
    lists = [row[column].split(";") for row in read_pool("activities")]
    draw = Weighted([[1.0] * len(texts) for texts in lists])
    return take(text([one or None for texts in lists for one in texts]), draw.draw(rng, activity))


def _truth(world: Population, acts: _Acts, chosen: Ints, name: str) -> Any:
    count, job = len(chosen), acts.job[chosen]
    activities = [row["activity"] for row in read_pool("activities")]
    return pa.table(
        {
            "source": pa.repeat(pa.scalar(name), count),
            "row_number": pa.array(np.arange(1, count + 1)),
            "person_id": glue("P", numbers(acts.person[chosen], 7)),
            "account_id": glue("A", numbers(world.careers.account[job], 7)),
            "activity": take(text(activities), acts.activity[chosen]),
            "category": take(text(CATEGORIES), acts.category[chosen]),
        }
    )


def _write_categories(path: Path, true: TrueCategories) -> None:
    """One row for each category of each person, with the day from which it holds."""
    people = np.arange(len(true.first))
    changed = np.flatnonzero(true.later >= 0)
    person = np.concatenate([people, changed])
    category = np.concatenate([true.first, true.later[changed]])
    epoch = np.datetime64("2010-01-01")
    since = np.concatenate([np.zeros(len(people), dtype=np.int64), true.day[changed]])
    table = pa.table(
        {
            "person_id": glue("P", numbers(person, 7)),
            "category": take(text(CATEGORIES), category),
            "since": pa.array(epoch + since.astype("timedelta64[D]")),
        }
    )
    pq.write_table(table, path, compression="zstd")

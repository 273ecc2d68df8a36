"""A market of people who respond day by day, and their scores told once more, one at a time.

The second telling reads the events of the ledger and the text of the version that was in force,
and shares no code with the tables. Used with few people in `make test`, and for a million past
scores in `make test-scale`.
"""

from __future__ import annotations

import csv
import json
import random
import tomllib
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pyarrow.parquet as pq

from tieline.actions.remember import remember
from tieline.data.sources.landing import land
from tieline.ledger import Event
from tieline.pipeline import build
from tieline.workspace import Workspace
from tieline.workspace.scorecards import version_of

FIRST, DAYS = date(2024, 1, 1), 730
KINDS = ("download", "webinar", "quote request", "support ticket", "demo", "newsletter")
COLUMNS = (
    "id",
    "first name",
    "last name",
    "email",
    "company",
    "street",
    "postcode",
    "city",
    "country",
    "employees",
)
TOWNS = (("10115", "Berlin"), ("20095", "Hamburg"), ("50667", "Köln"))
SIZES = ("", "8", "40", "120", "900")
STAGES = ("marketing_qualified", "sales_accepted", "sales_qualified")
OWNERS = {"marketing": "Ann", "sales": "Bob"}

CARD = """
product = "{product}"
[owners]
marketing = "Ann"
sales = "Bob"
[thresholds]
marketing_qualified = {low}
sales_accepted = {mid}
sales_qualified = {high}
[criteria.size]
group = "demographics"
field = "account.employees"
bands = [{{ below = 50, points = -4 }}, {{ at_least = 50, below = 500, points = 9 }},
  {{ at_least = 500, points = 6.5 }}]
unknown = -1
required_for = "sales_qualified"
[criteria.town]
group = "demographics"
field = "site.city"
values = {{ Berlin = 3, Hamburg = 2 }}
otherwise = 0.25
[criteria.reads]
group = "activity"
kinds = ["download*", "newsletter*"]
points = {reads}
most = 3
half_life_days = {half}
[criteria.comes]
group = "activity"
kinds = ["webinar*", "demo*"]
points = 7.3
most = 2
half_life_days = 200
required_for = "sales_accepted"
[criteria.asks]
group = "buying_status"
kinds = ["quote*"]
points = {asks}
half_life_days = 45
[criteria.complains]
group = "activity"
kinds = ["support*"]
points = -2.2
most = 4
"""
VERSIONS = (
    (None, {"low": 8, "mid": 16, "high": 24, "reads": 4, "half": 30, "asks": 11}),
    (date(2024, 9, 3), {"low": 9, "mid": 15, "high": 25, "reads": 3.3, "half": 90, "asks": 12.5}),
    (date(2025, 5, 20), {"low": 7, "mid": 15, "high": 22, "reads": 2, "half": 14, "asks": 14}),
)
"""The first day of each version and its figures; all products have the same days."""


def market(folder, people, responses, products):
    """A workspace with people of as many firms, what they did, and signed scorecards; built."""
    dice = random.Random(7)
    workspace = Workspace.create(folder / "market")
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for n in range(people):
            street, place = f"Hauptstr. {n % 180 + 1}", dice.choice(TOWNS)
            firm = f"{_letters(n)} GmbH"
            rows.writerow(
                (n, "Eva", _letters(n), _email(n), firm, street, *place, "DE", dice.choice(SIZES))
            )
    for landed in land(str(path), workspace.landed_dir):
        workspace.remember(landed)
    told = remember(workspace, _events(dice, people, responses))
    assert told.new == people * responses, told
    with workspace.ledger() as ledger:
        for product in range(products):
            _agree(workspace, ledger, f"product_{product}", product)
    build(workspace)
    return workspace


def _letters(number):
    """A family name of its own for each number, unlike its neighbours'."""
    letters = []
    for _ in range(4):
        number, at = divmod(number * 7 + 3, 26)
        letters.append(chr(97 + at))
    return "".join(letters).capitalize() + f"o{number}"


def _email(number):
    return f"eva@firma-{number}.example"


def _events(dice, people, responses):
    for n in range(people):
        for m in range(responses):
            day = FIRST + timedelta(days=dice.randrange(DAYS))
            at = datetime(day.year, day.month, day.day, dice.randrange(24), tzinfo=UTC)
            body = {"email": _email(n), "response_kind": dice.choice(KINDS)}
            yield Event("site", f"{n}-{m}", "response", at, body)


def _agree(workspace, ledger, name, number):
    (workspace.path / "scorecards").mkdir(exist_ok=True)
    for since, figures in VERSIONS:
        shifted = {key: value + number * 0.7 for key, value in figures.items()}
        text = CARD.format(product=name, **shifted)
        (workspace.path / "scorecards" / f"{name}.toml").write_text(text, "utf-8")
        day = since or FIRST
        at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        body = {"scorecard": name, "version": version_of(text)}
        told = {"reason": "agreed", "by": "Ann", "at": at}
        ledger.judge("lead_proposal", "scorecard", {**body, "content": text}, **told)
        for role in OWNERS:
            ledger.judge("lead_signature", "scorecard", {**body, "role": role}, **told)


def told_again(workspace):
    """Every past score: (product, e-mail, day) → score before and after, and both stages."""
    people = _people(workspace)
    done = _done(workspace)
    with workspace.ledger() as ledger:
        proposals = [one.body["content"] for one in ledger.judgements(kind="lead_proposal")]
    cards = defaultdict(list)
    for text in proposals:
        card = tomllib.loads(text)
        cards[card["product"]].append(card)
    found = {}
    for product, versions in cards.items():
        for email, days in done.items():
            first = min(day for counted in days.values() for day in counted)
            for day in sorted({day for counted in days.values() for day in counted}):
                card = versions[_version(day)]
                counting = [kind for kind, counted in days.items() if day in counted]
                if not any(_criteria_of(card, kind) for kind in counting):
                    continue
                held, known = _held(card, people[email])
                before, did = _activity(card, days, day, without=True)
                after, did_after = _activity(card, days, day, without=False)
                scores = _points(held + before), _points(held + after)
                found[product, email, day] = (
                    *scores,
                    "none" if first == day else _stage(card, scores[0], known | did),
                    _stage(card, scores[1], known | did_after),
                )
    return found


def _people(workspace):
    """What the list says, by e-mail: the number of employees (None for empty) and the town."""
    (source,) = workspace.sources()
    rows = pq.read_table(source.landed_path).to_pylist()
    return {
        row["email"]: (float(row["employees"]) if row["employees"] else None, row["city"])
        for row in rows
    }


def _done(workspace):
    """By e-mail and kind, how often on which day."""
    done = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    with workspace.ledger() as ledger:
        for batch in ledger.event_batches():
            for row in batch.to_pylist():
                body = _body(row)
                day = datetime.fromisoformat(str(row["occurred_at"]).replace("Z", "")).date()
                done[body["email"]][body["response_kind"]][day] += 1
    return done


def _body(row):
    body = row["body"]
    return json.loads(body) if isinstance(body, str) else dict(body)


def _version(day):
    return max(n for n, (since, _) in enumerate(VERSIONS) if since is None or since <= day)


def _criteria_of(card, kind):
    return [
        name
        for name, one in card["criteria"].items()
        if any(kind.startswith(word.rstrip("*")) for word in one.get("kinds", ()))
    ]


def _held(card, person):
    size, town = person
    points = card["criteria"]
    bands = points["size"]["bands"]
    fitting = [
        band["points"]
        for band in bands
        if size is not None and band.get("at_least", -1) <= size < band.get("below", 1e12)
    ]
    given = fitting[0] if fitting else points["size"]["unknown"]
    given += points["town"]["values"].get(town, points["town"]["otherwise"])
    return given, {"size"} if size is not None else set()


def _activity(card, days, day, *, without):
    total, did = 0.0, set()
    for name, one in card["criteria"].items():
        if "kinds" not in one:
            continue
        counted = 0.0
        for kind, on in days.items():
            if name not in _criteria_of(card, kind):
                continue
            for then, times in on.items():
                if then > day or (without and then == day):
                    continue
                half = one.get("half_life_days", 0)
                counted += times * (0.5 ** ((day - then).days / half) if half else 1.0)
        # As many responses of that day as it counts, to six places: what the receipt is made of.
        counted = round(counted, 6)
        if counted:
            did.add(name)
        total += _points(one["points"] * min(counted, one.get("most", 1.0)))
    return total, did


def _points(value):
    """Two places; what lies in the middle goes away from nothing."""
    return float(Decimal(repr(round(value, 9))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _stage(card, score, known):
    reached = "inquiry"
    for place, stage in enumerate(STAGES):
        needed = {
            name
            for name, one in card["criteria"].items()
            if one.get("required_for") in STAGES[: place + 1]
        }
        if score >= card["thresholds"][stage] and needed <= known:
            reached = stage
    return reached


def told_by_the_tables(workspace, snapshot):
    """The same as `lead_history` has it."""
    contacts = pq.read_table(snapshot.table("contacts"), columns=["contact_id", "email"])
    emails = dict(zip(*(contacts[name].to_pylist() for name in contacts.column_names)))
    history = pq.read_table(snapshot.table("lead_history"))
    columns = ("product", "contact_id", "on_day", "score_before", "score", "stage_before", "stage")
    return {
        (product, emails[contact], day): told
        for product, contact, day, *told in zip(*(history[name].to_pylist() for name in columns))
    }

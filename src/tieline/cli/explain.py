"""`tieline explain ID`: the whole story of a contact, site or account in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tieline.actions.entities import entity, record_id_of
from tieline.actions.history import Told, told_of
from tieline.cli import opened
from tieline.cli.category_words import say_category
from tieline.cli.judgement_words import says, signed
from tieline.cli.lead_section import tell_lead
from tieline.cli.outlook_section import tell_outlook
from tieline.cli.screen import say, show_table
from tieline.cli.stage_section import tell_stage
from tieline.decisions.outlook_story import OUTLOOK_TABLES, outlook_story
from tieline.engine.tables import Engine
from tieline.identity.explanation import TABLES, Link, Story, story
from tieline.identity.golden_values import RULES
from tieline.identity.registry_story import REGISTRY_TABLES, RegistryStory, registry_story
from tieline.ledger import open_ledger
from tieline.metrics.category_story import TABLES as CATEGORY_TABLES
from tieline.metrics.category_story import category_story
from tieline.metrics.funnel_words import REASONS
from tieline.metrics.lead_story import LEAD_TABLES, lead_story
from tieline.metrics.stage_story import STAGE_TABLES, stage_story

MOST_RECORDS = 30
MOST_LINKS = 12


def run(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="ID", help="An id, or the source and row of a record, as in crm_export:12."
        ),
    ],
) -> None:
    """Tell what is known of a contact, site, account or record, and why.

    Shown are the records, what links them, the values held to be right with what the others said,
    and what was set aside. Ids stand in the tables: tieline show contacts.
    """
    found = opened.snapshot(context)
    ledger = open_ledger(Path(str(context.obj)) / ".tieline")
    tables = dict.fromkeys(
        (
            *TABLES,
            *REGISTRY_TABLES,
            *CATEGORY_TABLES,
            *STAGE_TABLES,
            *OUTLOOK_TABLES,
            *LEAD_TABLES,
            "redirects",
        )
    )
    with opened.reader(found, *tables) as engine, ledger:
        told = story(engine, _id_of(engine, what))
        found_in = registry_story(engine, told.id) if told.kind == "account" else None
        category = category_story(engine, told.id) if told.kind == "contact" else None
        records = [record["record_id"] for record in told.records]
        stage = stage_story(engine, told.kind, told.entity, told.id)
        means = outlook_story(engine, told.kind, told.id, told.entity.get("site_id"))
        leads = lead_story(engine, told.kind, told.id)
        judged = told_of(engine, told.kind, ledger.judgements(records=records))
    _headline(told)
    _values(told)
    _title(told.entity)
    if category is not None:
        say_category(category)
    _positions(told)
    tell_stage(stage, told.kind)
    tell_outlook(means, told.kind)
    tell_lead(leads, told.kind)
    if found_in is not None:
        _registry(found_in)
    names = _records(told)
    _judgements(judged)
    _links(told, {**told.names, **names}, judged)


def _id_of(engine: Engine, words: list[str]) -> str:
    """The id that is meant: itself, a record by its source and row, or the one it leads to now."""
    text = " ".join(words).strip()
    record = record_id_of(engine, text)
    if record is not None:
        return record
    found = entity(engine, text)
    if found.asked:
        say(f"{found.asked} is {found.id} now.")
    return found.id


def _headline(told: Story) -> None:
    entity = told.entity
    if told.kind == "contact":
        what = ", ".join(
            str(part) for part in (entity["full_name"] or entity["email"], entity["title"]) if part
        )
    elif told.kind == "account":
        what = str(entity["name"])
    elif told.kind == "site":
        what = str(entity["address"] or "a site without a known address")
    else:
        what = f"{entity['source']} row {entity['row_number']}, which names nobody and no company"
    count = len(told.records)
    say(f"{told.kind} {told.id}: {what}")
    if told.kind != "record":
        sources = len({r["source"] for r in told.records})
        from_sources = f"{sources} source{'s' * (sources != 1)}"
        say(f"Made of {count:,} record{'s' * (count != 1)} of {from_sources}.")
    if entity.get("set_aside"):
        say(f"Set aside: {REASONS[entity['set_aside']]}.")


def _values(told: Story) -> None:
    golden = [v for v in told.values if v["rank"] == 1]
    if not golden:
        return
    say()
    say("What we hold to be right")
    rows = []
    for value in golden:
        others = [v for v in told.values if v["field"] == value["field"] and v["rank"] > 1]
        also = "; ".join(f"{v['value']} ({v['records']})" for v in others[:4])
        more = f"; and {len(others) - 4} more" if len(others) > 4 else ""
        rows.append(
            (
                "  " + value["field"],
                value["value"],
                f"{value['records']} of {value['records'] + sum(v['records'] for v in others)}",
                value["rule"] if others else "",
                also + more,
            )
        )
    show_table(("  field", "value", "records say so", "chosen by", "others say"), rows)
    for rule in sorted(
        {
            v["rule"]
            for v in golden
            if any(o["field"] == v["field"] and o["rank"] > 1 for o in told.values)
        }
    ):
        say(f"  {rule}: {RULES[rule]}")


def _registry(told: RegistryStory) -> None:
    """The best entry of each register, matched or not, and the family."""
    if told.candidates:
        say()
        say("In company registers")
    for row in told.candidates:
        sure = f"{row['confidence']:.0%}"
        fate = "matched" if row["matched"] else "not matched, its best candidate is"
        say(f"  {row['registry']}: {fate} {row['registry_id']} {row['name']}, {sure} sure")
        say(f"    {row['grades']}")
        if row["runner_up_id"]:
            say(f"    next best: {row['runner_up_id']}, {row['runner_up_confidence']:.0%}")
    for level, member in told.family:
        say(f"  {level}: {member}")


def _title(contact: dict[str, Any]) -> None:
    """What the job title was understood to say, how surely, and by which words."""
    because = contact.get("title_because")
    if not because:
        return
    said = [
        f"{contact[field]} ({contact[f'{field}_confidence']:.0%} sure)"
        for field in ("function", "level")
        if contact[field] and contact[f"{field}_confidence"] is not None
    ]
    if contact["buying_role"]:
        said.append(f"{contact['buying_role']} in most purchases")
    if contact["power"] is not None:
        said.append(f"power {contact['power']} of 5")
    say()
    say("What the title says")
    say(f"  {', '.join(said) or 'nothing of today'}")
    say(f"  {because}")


def _positions(told: Story) -> None:
    if len(told.positions) < 2:
        return
    say()
    say("Where this person works and worked")
    for position in told.positions:
        since = f"{position['first_seen_at'] or '?'} to {position['last_seen_at'] or '?'}"
        now = "now" if position["place"] == 1 else "earlier"
        say(f"  {now}: {position['name']} ({position['account_id']}), seen {since}")


def _records(told: Story) -> dict[str, str]:
    say()
    say("The records")
    names = {}
    for record in told.records:
        names[record["record_id"]] = f"{record['source']} row {record['row_number']}"
    for record in told.records[:MOST_RECORDS]:
        status = record["status"]
        fate = status if status == "usable" else f"set aside, {REASONS[status]}"
        say(f"  {names[record['record_id']]}: {fate}")
        say(f"    {_brief(record['verbatim'])}")
        doubts = [
            f"{field.removesuffix('_issue')}: {record[field]}"
            for field in (
                "name_issue",
                "company_issue",
                "email_issue",
                "phone_issue",
                "address_issue",
            )
            if record[field]
        ]
        if doubts:
            say(f"    doubts: {', '.join(doubts)}")
    if len(told.records) > MOST_RECORDS:
        say(f"  and {len(told.records) - MOST_RECORDS:,} more")
    return names


def _brief(verbatim: str | None) -> str:
    try:
        cells: Any = json.loads(verbatim or "")
    except ValueError:
        return verbatim or ""
    text = " | ".join(f"{key}: {value}" for key, value in cells.items())
    return text if len(text) <= 400 else text[:400] + " ..."


def _judgements(judged: list[Told]) -> None:
    if not judged:
        return
    say()
    say("What people decided")
    for one in judged:
        say(f"  {signed(one.judgement)}: {says(one.judgement, one.records)}")
        say(f"    because: {one.judgement.reason}")


def _links(told: Story, names: dict[str, str], judged: list[Told]) -> None:
    if told.links:
        say()
        say("Why these records are the same")
        for link in told.links[:MOST_LINKS]:
            _link(link, names)
        if len(told.links) > MOST_LINKS:
            say(f"  and {len(told.links) - MOST_LINKS} more links")
    elif len(told.records) > 1 and told.kind in ("contact", "account") and not judged:
        say()
        say("Why these records are the same: they say the very same.")
    if told.apart:
        say()
        say("What came close and was kept apart")
        for link in told.apart:
            _link(link, names)


def _link(link: Link, names: dict[str, str]) -> None:
    left = names.get(link.left_record, link.left_record)
    right = names.get(link.right_record, link.right_record)
    say(f"  {left} and {right}: {link.weight:+.1f} bits, {_chance(link)}")
    for part in link.evidence:
        seen = part.left if part.left == part.right else f"{part.left} / {part.right}"
        say(
            f"    {part.weight:+6.1f}  {part.field}: {part.says}"
            + (f" ({seen})" if seen.strip(" /") else "")
        )
    say(f"    {link.prior:+6.1f}  before anything is compared")


def _chance(link: Link) -> str:
    return (
        "more than 99.9 % likely the same"
        if link.probability > 0.999
        else f"{link.probability:.1%} likely the same"
    )

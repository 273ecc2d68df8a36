"""What the pages of an account, a site and a contact share: the story, and what people decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tieline.actions.entities import Entity, entity
from tieline.actions.history import told_of
from tieline.actions.judgement_words import KINDS, says, why
from tieline.actions.timeline import timeline_of
from tieline.data.sql_text import literal
from tieline.decisions.outlook_story import outlook_story
from tieline.errors import TielineError
from tieline.identity.explanation import Link, Story, links_of, story
from tieline.identity.golden_values import RULES
from tieline.ledger import Judgement
from tieline.metrics.stage_story import stage_story
from tieline.metrics.stage_words import STAGES, label_of, place_of
from tieline.web.overlay import laid_over, overlay
from tieline.web.permissions import Permission, needs
from tieline.web.reader import Reading, Row, reading
from tieline.workspace import Workspace

MOST_RECORDS = 40
MOST_LINKS = 20
MOST_MOMENTS = 60


@dataclass(frozen=True)
class Page:
    """An entity and all that every page of one tells."""

    found: Entity
    story: Story
    said: dict[str, Any]


def moved_to(found: Entity) -> Any:
    """Where the page of an id lies that leads to another one now; None if it does not."""
    if not found.asked:
        return None
    return HttpResponseRedirect(reverse(found.kind, args=[found.id]), status=301)


def named(reading: Reading, kind: str, text: str) -> Entity:
    """The entity of an address; TielineError `unknown_id` if there is none of this kind."""
    if not text.isalnum() or len(text) != 15:
        raise _unknown(kind, text)
    found = entity(reading.engine, text)
    if found.kind != kind:
        raise _unknown(kind, text)
    return found


def page(reading: Reading, workspace: Workspace, found: Entity) -> Page:
    """Tell the story of one entity: values, records, links, stage, outlook, judgements."""
    told = story(reading.engine, found.id, most=MOST_RECORDS)
    stage = stage_story(reading.engine, found.kind, told.entity, found.id)
    means = outlook_story(reading.engine, found.kind, found.id, told.entity.get("site_id"))
    with workspace.ledger() as ledger:
        judged = told_of(
            reading.engine,
            found.kind,
            ledger.judgements(active=False, records=list(found.records)),
        )
    first = stage.sites[0] if stage.sites else None
    said = {
        "found": found,
        "entity": told.entity,
        "values": _values(told),
        "rules": RULES,
        "records": told.records[:MOST_RECORDS],
        "more_records": max(len(told.records) - MOST_RECORDS, 0),
        "sources": len({record["source"] for record in told.records}),
        "has_links": found.kind != "site",
        "stage": stage,
        "stage_now": STAGES[place_of(first["stage"], first["phase"])] if first else None,
        "stage_place": place_of(first["stage"], first["phase"]) if first else None,
        "periods": [{**p, "label": label_of(p["stage"], p["phase"])} for p in stage.periods],
        "means": means,
        "judged": [judged_row(one.judgement, one.records) for one in reversed(judged)],
    }
    laid = laid_over(overlay(reading, workspace), said)
    return Page(found, told, said | laid)


@needs(Permission.READ, Permission.PEOPLE)
@require_GET
def links_page(request: Any, identifier: str) -> Any:
    """Why the records of a contact or account are one: a part of its page, or a page of its own."""
    with reading() as found:
        which = named(found, "account" if identifier[:1].upper() == "A" else "contact", identifier)
        links, apart, names = links_of(found.engine, which.id)
    said = {
        "found": which,
        "links": [_link(link, names) for link in links[:MOST_LINKS]],
        "apart": [_link(link, names) for link in apart],
    }
    part = request.headers.get("X-Part")
    return render(request, f"tieline/why{'_part' if part else ''}.html", said)


def moments(now: Reading, found: Entity) -> dict[str, Any]:
    """What happened with an entity, the newest first."""
    told = timeline_of(now.engine, found, limit=MOST_MOMENTS)
    return {"timeline": told, "moments": list(reversed(told.moments))}


def scores(reading: Reading, kind: str, identifier: str) -> list[Row]:
    """The scores of an entity by product, each with the parts that add up to it."""
    table = {"account": "account_scores", "site": "site_scores", "contact": "lead_scores"}[kind]
    found = reading.rows(
        f"SELECT * FROM {table} WHERE {kind}_id = {literal(identifier)} ORDER BY product"
    )
    for row in found:
        who = row["contact_id"] if kind == "contact" else row["best_contact_id"]
        row["best"] = who
        row["parts"] = (
            reading.rows(
                "SELECT criteria_group, criterion, points, value_seen FROM score_parts "
                f"WHERE product = {literal(row['product'])} AND contact_id = {literal(who)} "
                "ORDER BY criteria_group, points DESC, criterion"
            )
            if who
            else []
        )
        row["thresholds"] = reading.one(
            "SELECT scorecard, marketing_qualified, sales_accepted, sales_qualified "
            f"FROM scorecards WHERE product = {literal(row['product'])} AND state <> 'unusable'"
        )
        row["scorecard"] = row["thresholds"]["scorecard"] if row["thresholds"] else ""
    return found


def judged_row(judgement: Judgement, names: dict[str, str]) -> Row:
    """A judgement as a line of a page."""
    return {
        "name": judgement.name,
        "kind": KINDS.get(judgement.kind, judgement.kind),
        "by": judgement.made_by,
        "at": judgement.made_at,
        "says": says(judgement, names),
        "why": why(judgement),
        "ended": judgement.ended is not None,
    }


def _values(told: Story) -> list[Row]:
    """Each field with the value held to be right, and what the others say."""
    rows = []
    for value in told.values:
        if value["rank"] != 1:
            continue
        others = [v for v in told.values if v["field"] == value["field"] and v["rank"] > 1]
        rows.append(
            {
                **value,
                "others": others,
                "of": value["records"] + sum(other["records"] for other in others),
                "because": RULES.get(value["rule"], value["rule"]),
            }
        )
    return rows


def _row_name(record: Row) -> str:
    return f"{record['source']} row {record['row_number']}"


def _link(link: Link, names: dict[str, str]) -> Row:
    return {
        "left": names.get(link.left_record, link.left_record),
        "right": names.get(link.right_record, link.right_record),
        "weight": link.weight,
        "prior": link.prior,
        "probability": link.probability,
        "evidence": link.evidence,
    }


def _unknown(kind: str, text: str) -> TielineError:
    return TielineError("unknown_id", f"There is no {kind} {text[:40]!r} in the current snapshot.")

"""The page of one person: every value with its lineage, links, history, consent, timeline."""

from __future__ import annotations

from typing import Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieline.actions.consent import consents_of
from tieline.data.sql_text import literal
from tieline.metrics.category_story import category_story
from tieline.web.pages.entity_page import moments, moved_to, named, page, scores
from tieline.web.pages.forget_page import forgotten
from tieline.web.pages.lead_box import leads_of, receipts_on
from tieline.web.permissions import Permission, needs
from tieline.web.reader import reading
from tieline.web.served import workspace

MOST_IDENTIFIERS = 40


@needs(Permission.PEOPLE)
@require_GET
def contact(request: Any, identifier: str) -> Any:
    """One person; of one who was forgotten, that they were."""
    gone = forgotten(request, workspace(), identifier)
    if gone is not None:
        return gone
    with reading() as found:
        which = named(found, "contact", identifier)
        elsewhere = moved_to(which)
        if elsewhere is not None:
            return elsewhere
        told = page(found, workspace(), which)
        said = told.said | {
            "wide": found.one(f"SELECT * FROM contact_rows WHERE contact_id = {literal(which.id)}"),
            "positions": told.story.positions,
            "category": category_story(found.engine, which.id),
            "consents": consents_of(found.engine, which),
            **moments(found, which),
            "scores": scores(found, "contact", which.id),
            **leads_of(found, which.id),
            "identifiers": found.rows(
                "SELECT scheme, value, evidence, times FROM identifier_contacts "
                f"WHERE contact_id = {literal(which.id)} ORDER BY scheme, value"
            )[:MOST_IDENTIFIERS],
        }
    said |= receipts_on(said["scores"], which.id, request.GET.get("on", ""))
    return render(request, "tieline/contact.html", said)

"""Consent: what a contact agreed to and took back, and a statement about it by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tieline.actions.drafts import Draft
from tieline.actions.entities import Entity, entity, moved, open_tables
from tieline.data.consent import GRANTED, WITHDRAWN
from tieline.data.kinds.consent_fields import CHANNELS, is_purpose
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.workspace import Workspace

TABLES = ("consents", "record_consents", "consent_statements")


@dataclass(frozen=True)
class Consents:
    """What is held about the consents of a contact: what counts, and what each record says."""

    contact: Entity
    now: list[dict[str, Any]]
    records: list[dict[str, Any]]


def consents(workspace: Workspace, text: str) -> Consents:
    """What one contact said about being contacted."""
    with open_tables(workspace, *TABLES) as (_, engine):
        return consents_of(engine, _person(entity(engine, text, kind="contact")))


def consents_of(engine: Engine, person: Entity) -> Consents:
    """What one contact said about being contacted, from an engine that can read the tables."""
    return Consents(
        person,
        engine.dicts(
            f"SELECT * FROM consents WHERE contact_id = '{person.id}' ORDER BY purpose, channel"
        ),
        _stated(engine, person),
    )


def _stated(engine: Engine, person: Entity) -> list[dict[str, Any]]:
    """What each record of a contact says, with where it stands."""
    listed = ", ".join(f"'{record}'" for record in person.records)
    if not listed:
        return []
    rows = engine.dicts(f"SELECT * FROM record_consents WHERE record_id IN ({listed})")
    if not rows:
        return []
    listed = ", ".join(sorted({f"'{row['record_id']}'" for row in rows}))
    known = {
        row["record_id"]: row
        for row in engine.dicts(
            "SELECT record_id, source, row_number FROM record_entities "
            f"WHERE record_id IN ({listed})"
        )
    }
    for row in rows:
        where = known[row["record_id"]]
        row["record_source"], row["row_number"] = where["source"], where["row_number"]
    return sorted(
        rows, key=lambda r: (r["purpose"], r["channel"], r["record_source"], r["row_number"])
    )


def draft(
    workspace: Workspace,
    text: str,
    *,
    state: str,
    purpose: str,
    channel: str,
    at: str = "",
    evidence: str = "",
) -> Draft:
    """A statement by hand, checked; a grant names what shows it.

    It is one more source. A withdrawal counts whatever others say. A grant counts against what the
    same records said until its day, and against nothing that is said later.
    """
    if state == GRANTED and not evidence.strip():
        raise TielineError(
            "no_evidence",
            "A consent that is stated by hand needs its evidence: you may have to show it.",
            next_step='Add --evidence "signed form, fair 2024, folder 12", or the like.',
        )
    if channel not in CHANNELS:
        raise TielineError(
            "unknown_channel",
            f"There is no channel {channel!r}.",
            next_step=f"Known are: {', '.join(CHANNELS)}.",
        )
    if not is_purpose(purpose):
        raise TielineError(
            "bad_purpose",
            f"{purpose!r} cannot name a purpose.",
            next_step="Use lower case letters, digits and _, such as marketing or newsletter.",
        )
    with open_tables(workspace, "record_consents") as (snapshot, engine):
        person = _person(entity(engine, text, kind="contact"))
        return Draft(
            "consent",
            "contact",
            {
                "records": list(person.records),
                "purpose": purpose,
                "channel": channel,
                "state": state,
                "at": _day(at).isoformat(),
            },
            evidence={"snapshot": snapshot.id, "ids": [person.id], "shown_by": evidence.strip()},
            remarks=(*moved([person]), *_remarks(engine, person, state, purpose, channel)),
        )


def _remarks(
    engine: Any, person: Entity, state: str, purpose: str, channel: str
) -> tuple[str, ...]:
    if state != GRANTED or channel == "any":
        return ()
    rows = engine.arrow(
        "SELECT 1 FROM record_entities e JOIN record_consents c USING (record_id) "
        f"WHERE e.contact_id = '{person.id}' AND c.purpose = '{purpose}' AND c.channel = 'any' "
        f"AND c.state = '{WITHDRAWN}'"
    )
    if not rows.num_rows:
        return ()
    return (
        f"{person.id} withdrew from {purpose} on every channel: that still counts for {channel}. "
        "To lift it, state the grant for the channel any.",
    )


def _person(found: Entity) -> Entity:
    if found.kind != "contact":
        raise TielineError(
            "no_person",
            f"{found.id} is no contact: only people give consent.",
            next_step="Name a contact, or a row that names a person.",
        )
    return found


def _day(text: str) -> dt.date:
    if not text.strip():
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise TielineError(
            "no_day",
            f"{text!r} is no day.",
            next_step="Write it as 2024-05-31.",
        ) from None

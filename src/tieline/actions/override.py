"""Override: this value is right, whatever the records say."""

from __future__ import annotations

from tieline.actions.doing import Done, carry_out
from tieline.actions.drafts import Draft
from tieline.actions.entities import Entity, entity, moved, open_tables
from tieline.actions.given_values import standard_value
from tieline.engine.tables import Engine
from tieline.errors import TielineError, did_you_mean
from tieline.identity.golden_values import FIELDS
from tieline.workspace import Workspace


def override(
    workspace: Workspace, which: str, field: str, value: str, *, reason: str, by: str = ""
) -> Done:
    """Set a field of an entity by hand; an empty value says that there is none."""
    return carry_out(workspace, draft(workspace, which, field, value), reason=reason, by=by)


def draft(workspace: Workspace, which: str, field: str, value: str) -> Draft:
    """The value, checked: the entity has the field, the value is one for it, and a new one."""
    with open_tables(workspace, "golden_values") as (snapshot, engine):
        found = entity(engine, which)
        field = _field(found, field)
        country = _country(engine, found) or workspace.settings.workspace.country
        standard, remarks = standard_value(field, value, country)
        now = _golden(engine, found, field)
        if standard == (now or ""):
            raise TielineError(
                "already_so",
                f"The {field} of {found} is {standard!r} already."
                if standard
                else f"{found} has no {field} already.",
            )
        return Draft(
            "override",
            found.kind,
            {"records": list(found.records), "field": field, "value": standard},
            evidence={"snapshot": snapshot.id, "ids": [found.id]},
            remarks=(*moved([found]), *remarks),
        )


def _field(found: Entity, text: str) -> str:
    """A field of the kind of entity; TielineError `unknown_field` with the one that was meant."""
    fields = [f.field for f in FIELDS if f.entity == found.kind]
    field = text.strip().lower().replace("-", "_").replace(" ", "_")
    if field in fields:
        return field
    hint = did_you_mean(field, fields, cutoff=0.5)
    raise TielineError(
        "unknown_field",
        f"A {found.kind} has no field {text!r} that can be set.{hint}",
        next_step=f"Its fields are: {', '.join(fields)}.",
    )


def _golden(engine: Engine, found: Entity, field: str) -> str | None:
    rows = engine.arrow(
        f"SELECT value FROM golden_values WHERE entity_id = '{found.id}' "
        f"AND field = '{field}' AND rank = 1"
    )["value"].to_pylist()
    return rows[0] if rows else None


def _country(engine: Engine, found: Entity) -> str | None:
    """The country an entity is in: a telephone number without a code is one of it."""
    of = {
        "contact": "contacts c JOIN sites s USING (site_id) WHERE c.contact_id",
        "site": "sites s WHERE s.site_id",
        "account": "accounts s WHERE s.account_id",
    }
    rows = engine.arrow(f"SELECT s.country FROM {of[found.kind]} = '{found.id}'")
    found_there: list[str | None] = rows["country"].to_pylist()
    return found_there[0] if found_there else None

"""`tieline family ID`: whom a company belongs to, today or on another day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pyarrow as pa
import typer

from tieline.cli import opened
from tieline.cli.screen import say, show_table
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.identity.families import families_on

_LEVELS = (
    ("legal entity", "legal_entity_id"),
    ("owned by", "parent_id"),
    ("top of the country", "domestic_ultimate_id"),
    ("top of the group", "global_ultimate_id"),
)


def run(
    context: typer.Context,
    account_id: Annotated[str, typer.Argument(metavar="ID", help="An account.")],
    as_of: Annotated[
        str, typer.Option(metavar="DAY", help="The day it is asked for, as 2020-01-31.")
    ] = "",
) -> None:
    """Show whom an account belongs to: its owner, and the top of its country and group.

    Links without a day hold from the beginning; the dates are those that registers and lists tell.
    """
    day = _day(as_of)
    found = opened.snapshot(context)
    with opened.reader(found, "accounts", "family_links", "registry_entries") as engine:
        rows = _rows(engine, families_on(engine, "accounts", "family_links", day), account_id)
        if not rows:
            raise TielineError(
                "unknown_id",
                f"There is no account {account_id!r} in the current snapshot.",
                next_step="Ids stand in the first column of: tieline show accounts.",
            )
        told = [(says, str(rows[0][name] or "")) for says, name in _LEVELS]
        names = {member: _name(engine, member) for _, member in told}
    say(f"{account_id}: {_name_of(names, account_id)}" + (f", on {day}" if day else ""))
    show_table(("level", "member", "name"), [(s, m or "-", names[m]) for s, m in told])
    say(f"Who says so: {rows[0]['basis']}.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise TielineError(
            "bad_day", f"{text!r} is no day.", next_step="Write it as 2020-01-31."
        ) from None


def _rows(engine: Engine, families: pa.Table | str, account_id: str) -> list[dict[str, Any]]:
    engine.create("told_families", families) if isinstance(families, str) else engine.load(
        "told_families", families
    )
    wanted = account_id.replace("'", "''")
    found: list[dict[str, Any]] = engine.arrow(
        f"SELECT * FROM told_families WHERE account_id = '{wanted}'"
    ).to_pylist()
    return found


def _name(engine: Engine, member: str) -> str:
    """The name of an account or of an entry of a register."""
    key, own = "account_id", member
    table = "accounts"
    if member.startswith("registry:"):
        table, key, own = "registry_entries", "registry_id", member.removeprefix("registry:")
    text = own.replace("'", "''")
    rows = engine.arrow(f"SELECT name FROM {table} WHERE {key} = '{text}' LIMIT 1")
    return str(rows["name"][0].as_py() or "") if rows.num_rows else ""


def _name_of(names: dict[str, str], member: str) -> str:
    return names.get(member, "") or "no name"

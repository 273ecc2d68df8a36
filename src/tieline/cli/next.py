"""`tieline next`: what to do next, with whom, by which medium, and why not something else."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tieline.actions.entities import TABLES as ENTITY_TABLES
from tieline.actions.entities import Entity, entity
from tieline.cli import opened
from tieline.cli.screen import say, show_table
from tieline.data.sql_text import literal
from tieline.decisions.approach import LEAVE_ALONE, MEDIA, STEPS
from tieline.engine.tables import Engine
from tieline.errors import TielineError, did_you_mean

TABLES = ("next_actions", "action_alternatives", "contact_media")


def run(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="ID", help="Only this account, site or contact, with all ways.")
    ] = "",
    step: Annotated[str, typer.Option(metavar="STEP", help="List the sites for one step.")] = "",
    medium: Annotated[str, typer.Option(metavar="MEDIUM", help="Only by this medium.")] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many to list.")] = 10,
) -> None:
    """Show what to do next, with whom, by which medium, and why not something else.

    The step is what the stage of the site calls for; none is skipped. To leave a site alone is an
    answer, too. What a way is worth: worth of the step x strength of the medium x how often it is
    answered x how likely it reaches the contact, less its cost.
    """
    _known(step, [*(one.name for one in STEPS), LEAVE_ALONE], "step")
    _known(medium, list(MEDIA), "medium")
    found = opened.snapshot(context)
    for name in TABLES:
        opened.table(found, name)
    with opened.reader(found, *dict.fromkeys((*TABLES, *ENTITY_TABLES))) as engine:
        if what:
            of_entity(engine, entity(engine, what))
            return
        if step or medium:
            _listed(engine, step, medium, limit)
            return
        _plan(engine, context)


def _known(word: str, words: list[str], what: str) -> None:
    if not word or word in words:
        return
    raise TielineError(
        f"unknown_{what}",
        f"There is no {what} {word!r}.{did_you_mean(word, words, cutoff=0.5)}",
        next_step=f"They are: {', '.join(words)}.",
    )


def _plan(engine: Engine, context: typer.Context) -> None:
    rows = engine.arrow(
        "SELECT step, medium, count(*) AS sites, sum(cost) AS cost, sum(value) AS value "
        "FROM next_actions GROUP BY step, medium"
    ).to_pylist()
    order = {name: place for place, name in enumerate((*(s.name for s in STEPS), LEAVE_ALONE))}
    rows.sort(key=lambda row: (order[row["step"]], -row["sites"], row["medium"]))
    show_table(
        ("step", "by", "sites", "cost", "worth after cost"),
        [
            (row["step"].replace("_", " "), row["medium"], row["sites"], round(row["cost"], 2),
             round(row["value"]))
            for row in rows
        ],
        right=("sites", "cost", "worth after cost"),
    )  # fmt: skip
    say()
    why = engine.arrow(
        "SELECT because, count(*) AS sites FROM next_actions WHERE step = 'leave_alone' "
        "AND outlook <> 'other_purpose' GROUP BY because ORDER BY sites DESC, because LIMIT 3"
    ).to_pylist()
    for row in why:
        say(f"Left alone, as {row['because']}: {row['sites']:,}")
    say(f"The sites of a step: {opened.command(context, 'next --step start_dialogue')}")


def _listed(engine: Engine, step: str, medium: str, limit: int) -> None:
    asked = [f"step = {literal(step)}"] if step else []
    asked += [f"medium = {literal(medium)}"] if medium else []
    rows = engine.arrow(
        "SELECT n.*, a.name, s.city FROM next_actions n JOIN accounts a USING (account_id) "
        f"JOIN sites s USING (site_id) WHERE {' AND '.join(asked)} "
        "ORDER BY value DESC, site_id"
    ).to_pylist()
    for row in rows[:limit]:
        say(_headline(row))
        say(f"  {row['because']}")
    say(f"{min(limit, len(rows)):,} of {len(rows):,} sites, those worth most first.")


def of_entity(engine: Engine, asked: Entity) -> None:
    """The next action at each site of an account, at a site, or for a contact, with all ways."""
    column = {"account": "account_id", "site": "site_id", "contact": "contact_id"}[asked.kind]
    rows = engine.arrow(
        "SELECT w.*, c.full_name FROM action_alternatives w "
        f"LEFT JOIN contacts c ON c.contact_id = w.contact_id WHERE w.{column} = "
        f"{literal(asked.id)} ORDER BY w.site_id, w.place"
    ).to_pylist()
    if not rows:
        _nothing(engine, asked)
        return
    for site in dict.fromkeys(row["site_id"] for row in rows):
        chosen = engine.arrow(
            "SELECT n.*, a.name, s.city FROM next_actions n JOIN accounts a USING (account_id) "
            f"JOIN sites s USING (site_id) WHERE site_id = {literal(site)}"
        ).to_pylist()
        for row in chosen:
            say(_headline(row))
        show_table(
            ("contact", "by", "worth", "strength", "answered", "reached", "cost", "value", "why"),
            [_way(row) for row in rows if row["site_id"] == site],
            right=("worth", "strength", "answered", "reached", "cost", "value"),
        )


def _nothing(engine: Engine, asked: Entity) -> None:
    if asked.kind != "contact":
        say("It is set aside: nothing is to be done there.")
        return
    rows = engine.arrow(
        f"SELECT medium, refused FROM contact_media WHERE contact_id = {literal(asked.id)}"
    ).to_pylist()
    if not rows:
        say("The contact is set aside: nobody may be approached who is.")
        return
    say("The step that the stage of the site calls for does not ask this contact.")
    for row in rows:
        say(f"  {row['medium']}: {row['refused'] or 'could be used'}")


def _headline(row: dict[str, Any]) -> str:
    stage = row["stage"].replace("_", " ") + (f" ({row['phase']})" if row["phase"] else "")
    place = ", ".join(part for part in (row["name"], row["city"]) if part)
    where = f"{place} ({row['site_id']}), {stage}"
    if row["step"] == LEAVE_ALONE:
        return f"{where}: leave it alone, as {row['because']}"
    whom = f" {row['full_name']} ({row['contact_id']})" if row["contact_id"] else ""
    message = row["message"].replace("_", " ")
    return f"{where}: {row['does']}, by {row['medium']}{whom}, message: {message}"


def _way(row: dict[str, Any]) -> tuple[object, ...]:
    if row["step"] == LEAVE_ALONE:
        return ("", "leave it alone", "", "", "", "", "", "0.00", row["because"])
    return (
        row["full_name"] or row["contact_id"],
        row["medium"],
        row["worth"],
        row["strength"],
        f"{row['rate']:.1%}",
        f"{row['reach']:.0%}",
        f"{row['cost']:.2f}",
        f"{row['value']:.2f}",
        row["because"],
    )

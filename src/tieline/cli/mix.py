"""`tieline mix`: who the people of an account, segment or source are to us, and who is missing."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from tieline.actions.entities import entity
from tieline.cli import opened
from tieline.cli.screen import bar, say, show_table
from tieline.data.sql_text import literal
from tieline.engine.tables import Engine
from tieline.errors import TielineError, did_you_mean

TABLES = (
    "contact_mix", "mix_gaps", "contact_categories", "contacts", "accounts", "sites", "redirects",
    "interaction_kinds", "source_departments", "category_rules", "category_evidence",
    "record_entities", "records",
)  # fmt: skip
BAR = 24
MOST_PEOPLE = 12
Row = dict[str, Any]


def run(
    context: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ACCOUNT]",
            help="Id or name of an account, or id of a site; without one the whole database.",
        ),
    ] = None,
    segment: Annotated[str, typer.Option(metavar="NAME", help="The mix of a segment.")] = "",
    source: Annotated[str, typer.Option(metavar="NAME", help="The mix of a source.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="The rows as JSON objects, one a line.")
    ] = False,
) -> None:
    """Show who the people of an account, segment or source are to us, and who is missing.

    Beside each share stand its 95 % interval and the share that is usual at accounts that bought,
    of the same size and industry where enough did.
    """
    given = [name for name in (" ".join(what or ()), segment, source) if name]
    if len(given) > 1:
        raise TielineError(
            "one_mix",
            f"These are several mixes: {', '.join(given)}.",
            next_step="Name one account, or one segment, or one source.",
        )
    found = opened.snapshot(context)
    for name in TABLES:
        opened.table(found, name)
    with opened.reader(found, *TABLES) as engine:
        level, member = _member(engine, " ".join(what or ()), segment, source)
        rows = _rows(engine, level, member)
        if as_json:
            _json(rows)
            return
        _headline(engine, level, member, rows)
        if rows:
            _mix(rows)
            _gaps(engine, level, member)
        if level in ("account", "site"):
            _people(engine, level, member)
        else:
            _untold(engine, source)
            _idle_rules(engine)
    say()
    say(f"Why somebody is what they are: {opened.command(context, 'explain CONTACT')}")


def _member(engine: Engine, what: str, segment: str, source: str) -> tuple[str, str]:
    """The level and the member that are asked for; TielineError with the one that was meant."""
    if segment or source:
        level, name = ("segment", segment) if segment else ("source", source)
        known = engine.arrow(
            f"SELECT DISTINCT member FROM contact_mix WHERE level = '{level}' ORDER BY 1"
        )["member"].to_pylist()
        if name not in known:
            hint = did_you_mean(name, known)
            raise TielineError(
                f"unknown_{level}",
                f"No {level} {name!r} has a contact in the snapshot.{hint}",
                next_step=f"Known are: {', '.join(known[:20]) or 'none'}.",
            )
        return level, name
    if not what:
        return "database", "all"
    named = engine.arrow(
        f"SELECT account_id FROM accounts WHERE lower(name) = lower({literal(what)}) "
        "ORDER BY contacts DESC, account_id"
    )["account_id"].to_pylist()
    if named:
        return "account", named[0]
    return _by_id(engine, what)


def _by_id(engine: Engine, what: str) -> tuple[str, str]:
    try:
        found = entity(engine, what)
    except TielineError:
        like = literal(f"%{what.lower()}%")
        near = engine.arrow(
            f"SELECT name FROM accounts WHERE lower(name) LIKE {like} ORDER BY contacts DESC, name"
        )["name"].to_pylist()
        raise TielineError(
            "unknown_account",
            f"There is no account {what!r}.",
            next_step=f"Did you mean one of: {', '.join(near[:5])}?"
            if near
            else "Ids and names stand in the table: tieline show accounts",
        ) from None
    if found.asked:
        say(f"{found.asked} is {found.id} now.")
    if found.kind == "contact":
        place = engine.arrow(
            f"SELECT account_id FROM contacts WHERE contact_id = {literal(found.id)}"
        )["account_id"].to_pylist()[0]
        if place is None:
            raise TielineError(
                "no_account",
                f"{found.id} is a contact without an account.",
                next_step=f"Who it is to us: tieline explain {found.id}",
            )
        return "account", place
    return found.kind, found.id


def _rows(engine: Engine, level: str, member: str) -> list[Row]:
    rows: list[Row] = engine.arrow(
        f"SELECT * FROM contact_mix WHERE level = '{level}' AND member = {literal(member)} "
        "ORDER BY category = 'unknown', contacts DESC, usual_share DESC NULLS LAST, category"
    ).to_pylist()
    return rows


def _headline(engine: Engine, level: str, member: str, rows: list[Row]) -> None:
    name = {"database": "The whole database", "segment": f"Segment {member}"}.get(level)
    if level in ("account", "site"):
        column = "name" if level == "account" else "address"
        told = engine.arrow(
            f"SELECT {column} AS said FROM {level}s WHERE {level}_id = {literal(member)}"
        )["said"].to_pylist()
        name = f"{(told and told[0]) or level} ({member})"
    people = rows[0]["people"] if rows else 0
    as_of = engine.arrow("SELECT max(as_of) AS day FROM contact_categories")["day"][0].as_py()
    day = f", as of {as_of}" if as_of else ""
    say(f"{name or f'Source {member}'}: {people:,} contact{'s' * (people != 1)}{day}")
    if not rows:
        say("Nobody is known there, so there is no mix.")


def _mix(rows: list[Row]) -> None:
    usual = rows[0]["usual_accounts"] is not None
    columns = ("category", "contacts", "share", "", "95 %")
    shown = []
    for row in rows:
        if row["contacts"] < 0.05 and (row["usual_share"] or 0) < 0.05:
            continue
        interval = f"{row['low']:.0%} to {row['high']:.0%}"
        told = (
            row["category"].replace("_", " "),
            f"{row['contacts']:,.1f}",
            f"{row['share']:.0%}",
            bar(row["share"], BAR),
            interval,
        )
        shown.append((*told, f"{row['usual_share']:.0%}") if usual else told)
    say()
    show_table(
        (*columns, "usual") if usual else columns, shown, right=("contacts", "share", "usual")
    )
    left = len(rows) - len(shown)
    if left:
        say(f"And {left} categor{'y' if left == 1 else 'ies'} with hardly anybody.")
    say()
    if usual:
        say(
            f"Usual is the mix of {rows[0]['usual_accounts']} accounts that bought or grew: "
            f"{_band(rows[0]['usual_band'])}."
        )
    else:
        say("What is usual is not known: too few accounts with won opportunities.")


def _band(band: str) -> str:
    return "all of them" if band == "all" else band


def _gaps(engine: Engine, level: str, member: str) -> None:
    gaps: list[Row] = engine.arrow(
        f"SELECT * FROM mix_gaps WHERE level = '{level}' AND member = {literal(member)}"
    ).to_pylist()
    says = gaps[0]["says"] if gaps else None
    say(f"What stands out: {says}." if says else "Nothing is missing by these figures.")


def _people(engine: Engine, level: str, member: str) -> None:
    people: list[Row] = engine.arrow(
        "SELECT c.contact_id, p.full_name, p.email, c.category, c.probability, c.because "
        "FROM contact_categories c JOIN contacts p USING (contact_id) "
        f"WHERE c.{level}_id = {literal(member)} "
        "ORDER BY c.category = 'unknown', c.probability DESC, c.contact_id"
    ).to_pylist()
    if not people:
        return
    say()
    show_table(
        ("contact", "name", "category", "sure", "because"),
        [
            (
                row["contact_id"], row["full_name"] or row["email"],
                row["category"].replace("_", " "), f"{row['probability']:.0%}", row["because"],
            )
            for row in people[:MOST_PEOPLE]
        ],
        right=("sure",),
    )  # fmt: skip
    if len(people) > MOST_PEOPLE:
        say(f"and {len(people) - MOST_PEOPLE:,} more")


def _untold(engine: Engine, source: str) -> None:
    """Kinds of responses that say nothing of who did it, and lists whose department is unknown."""
    only = f"source = {literal(source)}" if source else "true"
    kinds: list[Row] = engine.arrow(
        f"SELECT * FROM interaction_kinds WHERE next_step IS NOT NULL AND {only} "
        "ORDER BY untold DESC, source, kind"
    ).to_pylist()
    if kinds:
        say()
        say("These responses say nothing of who did it; tell what they mean in tieline.toml:")
    for row in kinds[:5]:
        called = f"kind {row['kind']!r}" if row["kind"] else "no kind"
        example = f", such as {row['example']!r}" if row["example"] else ""
        count = f"{row['untold']:,} of {row['responses']:,}"
        say(f"  {row['source']}, {called}: {count}{example}. {row['next_step']}")
    if source:
        told: list[Row] = engine.arrow(
            f"SELECT * FROM source_departments WHERE {only} AND next_step IS NOT NULL"
        ).to_pylist()
        if told:
            say()
            say(f"Its name and owner do not say who its people are: {told[0]['next_step']}")
        return
    lists = engine.arrow(
        "SELECT d.source FROM source_departments d WHERE d.next_step IS NOT NULL AND d.source IN "
        "(SELECT source FROM records WHERE kind = 'contacts') ORDER BY d.source"
    )["source"].to_pylist()
    if lists:
        say()
        say(
            f"Lists whose department does not say who their people are: {', '.join(lists)}. "
            'If one has, write it: [sources.NAME] owner = "accounts payable"'
        )


def _idle_rules(engine: Engine) -> None:
    """Rules of the settings that fit nothing, or only what an earlier rule takes."""
    rules: list[Row] = engine.arrow(
        "SELECT rule, says FROM category_rules WHERE 'rule ' || rule NOT IN "
        "(SELECT said FROM category_evidence) ORDER BY rule"
    ).to_pylist()
    if rules:
        say()
    for row in rules:
        say(
            f"Rule {row['rule']} ({row['says']}) fits nothing that an earlier one leaves: look at "
            "the kinds and topics in tieline show interaction_kinds"
        )


def _json(rows: list[Row]) -> None:
    from tieline.cli.screen import out

    for row in rows:
        out.print(json.dumps(row, ensure_ascii=False, default=str), markup=False, soft_wrap=True)

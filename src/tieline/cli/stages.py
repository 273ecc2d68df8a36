"""`tieline stages`: where the relationships stand, since when, and how they move."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated, Any

import typer

from tieline.cli import opened
from tieline.cli.screen import bar, out, say, show_table, warn
from tieline.engine.tables import Engine
from tieline.metrics.segment import ALL, check_segment
from tieline.metrics.stage_replay import (
    REPLAY_TABLES,
    asked_day,
    distribution,
    flows,
    stands_at,
)
from tieline.metrics.stage_words import STAGES

TABLES = (
    *REPLAY_TABLES, "stage_distribution", "response_kinds", "stage_settings_issues",
    "memory_issues", "universe",
)  # fmt: skip
BAR = 20
QUARTER = 91
"""So many days back the movement is told from, unless two days are named."""


def run(
    context: typer.Context,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="Where they stood on a day: 2026-03-31.")
    ] = "",
    segment: Annotated[
        str, typer.Option(metavar="SEGMENT", help="Only the sites of this segment.")
    ] = ALL,
    between: Annotated[
        tuple[str, str],
        typer.Option("--between", metavar="DATE DATE", help="How they moved between two days."),
    ] = ("", ""),
    rules: Annotated[
        bool, typer.Option("--rules", help="Show which responses count as which dialogue.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The rows as JSON objects, one a line.")
    ] = False,
) -> None:
    """Show where the relationships with all sites stand, and how they move.

    A site stands at the furthest stage whose conditions hold; a dialogue needs a key player there.
    Where one site stands and why: tieline explain SITE.
    """
    found = opened.snapshot(context)
    for name in TABLES:
        opened.table(found, name)
    with opened.reader(found, *TABLES) as engine:
        if rules:
            _rules(engine, context)
            return
        _check(engine, segment)
        if between[0]:
            _between(engine, between, segment, as_json)
            return
        day = asked_day(engine, as_of) if as_of else None
        rows = distribution(engine, day, segment)
        if as_json:
            _json([{**_named(row["place"]), **row} for row in rows])
            return
        shown = day or stands_at(engine)
        _distribution(rows, segment, f"on {shown}" if shown else "now (no list tells a day)")
        if day is None:
            _registry_only(engine, segment)
            _next_step(rows)
            _last_quarter(engine, segment)
            _doubts(engine, context)


def _check(engine: Engine, segment: str) -> None:
    names = engine.arrow("SELECT DISTINCT segment FROM stage_distribution ORDER BY 1")
    known = [name for name in names["segment"].to_pylist() if name]
    check_segment(segment, known)


def _distribution(rows: list[dict[str, Any]], segment: str, when: str) -> None:
    whole = sum(row["sites"] for row in rows)
    where = "in all" if segment == ALL else f"in {segment}"
    say(f"{_counted(whole, 'site')} of ours {where}, as they stood {when}:")
    say()
    for row in rows:
        one, share = STAGES[row["place"]], row["share"] or 0.0
        bars = f"{bar(share, BAR):<{BAR}}"
        say(f"  {one.label:<16} {row['sites']:>7,}  {_percent(share):>5}  {bars}  {one.means}")


def _registry_only(engine: Engine, segment: str) -> None:
    inside = "" if segment == ALL else f" AND segment = '{segment}'"
    more = _number(engine, f"SELECT count(*) AS n FROM universe WHERE NOT known{inside}")
    if more:
        say()
        say(f"{_counted(more, 'more site')} only a registry has: no relationship, too.")


def _next_step(rows: list[dict[str, Any]]) -> None:
    largest = max(rows, key=lambda row: (row["sites"], -row["place"]))
    if largest["sites"]:
        one = STAGES[largest["place"]]
        say()
        say(f"Most sites stand at {one.label} ({largest['sites']:,}). The step that calls for:")
        say(f"  {one.next_step}.")


def _last_quarter(engine: Engine, segment: str) -> None:
    newest = stands_at(engine)
    if newest is None:
        return
    first = newest - timedelta(days=QUARTER)
    say()
    say(f"Since {first}:")
    _moves(flows(engine, first, newest, segment))


def _between(engine: Engine, between: tuple[str, str], segment: str, as_json: bool) -> None:
    first, second = sorted(asked_day(engine, text) for text in between)
    rows = flows(engine, first, second, segment)
    if as_json:
        for row in rows:
            row["from"] = _named(row["before"]) if row["before"] is not None else None
            row["to"] = _named(row["after"])
        _json(rows)
        return
    before, after = (distribution(engine, day, segment) for day in (first, second))
    shown = [
        (
            STAGES[now["place"]].label, then["sites"], _percent(then["share"]), now["sites"],
            _percent(now["share"]), f"{now['sites'] - then['sites']:+,}",
        )
        for then, now in zip(before, after, strict=True)
    ]  # fmt: skip
    columns = ("stage", f"{first}", "share", f"{second}", "share ", "change")
    show_table(columns, shown, right=columns[1:])
    say()
    say("From where to where:")
    _moves(rows)


def _moves(rows: list[dict[str, Any]]) -> None:
    """Who went forward and back between two days, the most frequent moves by name."""
    moved = [row for row in rows if row["before"] != row["after"]]
    if not moved:
        say("  no site is elsewhere than it was.")
        return
    came = sum(row["sites"] for row in moved if row["before"] is None)
    forward = [r for r in moved if r["before"] is not None and r["after"] > r["before"]]
    back = [r for r in moved if r["before"] is not None and r["after"] < r["before"]]
    if came:
        say(f"  {_counted(came, 'site')} became known.")
    for listed, says in ((forward, "went forward"), (back, "fell back")):
        whole = sum(row["sites"] for row in listed)
        say(f"  {_counted(whole, 'site')} {says}{':' if listed else '.'}")
        for row in sorted(listed, key=lambda r: (-r["sites"], r["before"], r["after"])):
            ends = f"{STAGES[row['before']].label} to {STAGES[row['after']].label}"
            say(f"    {row['sites']:>6,}  {ends}")


def _doubts(engine: Engine, context: typer.Context) -> None:
    """What does not count, or counts by something else, and what to write."""
    issues = engine.arrow(
        "SELECT section, message FROM stage_settings_issues ORDER BY 1"
    ).to_pylist()
    unknown = engine.arrow(
        "SELECT said, responses FROM response_kinds WHERE phase = 'unknown' "
        "ORDER BY responses DESC, said"
    ).to_pylist()
    if issues or unknown:
        say()
    for row in issues:
        warn(f"tieline.toml {row['section']}: {row['message']}")
    if unknown:
        many = sum(row["responses"] for row in unknown)
        first = unknown[0]["said"]
        warn(
            f"{_counted(many, 'response')} of {_counted(len(unknown), 'kind')} "
            f"count{'s' * (many == 1)} for nothing, as no rule says whether that is dialogue. "
            f"Of {first!r}, for example, say it in tieline.toml:"
        )
        for line in ("[[stages.rules]]", 'phase = "early"', f"kinds = [{json.dumps(first)}]"):
            warn(f"  {line}")
    more = _number(engine, "SELECT coalesce(sum(activities), 0)::BIGINT AS n FROM memory_issues")
    if more:
        say()
        say(
            f"{_counted(more, 'time')} the memory tells something that does not count, or not as "
            "told: " + opened.command(context, "show memory_issues")
        )


def _rules(engine: Engine, context: typer.Context) -> None:
    from tieline.workspace.stage_settings import stage_limits

    rows = engine.arrow(
        "SELECT * FROM response_kinds ORDER BY phase, responses DESC, said, rule"
    ).to_pylist()
    say("What the responses of the memory count as:")
    say()
    columns = ("kind of response", "phase", "responses", "because it", "topic, such as")
    shown = [(r["said"], r["phase"], r["responses"], r["means"], r["example_topic"]) for r in rows]
    show_table(columns, shown, right=("responses",))
    say()
    say("The rules in their order; the first that fits decides:")
    for number, rule in enumerate(stage_limits(opened.workspace(context).settings.stages).rules):
        kinds = f"kind {', '.join(rule.kinds)}" if rule.kinds else "any kind"
        topics = f"; topic {', '.join(rule.topics)}" if rule.topics else ""
        say(f"  {number}. {rule.phase}: {kinds}{topics}")


def _named(place: int) -> dict[str, Any]:
    return {"stage": STAGES[place].stage, "phase": STAGES[place].phase or None}


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _number(engine: Engine, select: str) -> int:
    return int(engine.arrow(select)["n"][0].as_py())


def _json(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        out.print(json.dumps(row, ensure_ascii=False), markup=False, soft_wrap=True)

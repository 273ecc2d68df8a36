"""`tieline coverage`: how much of each segment we know, and what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.screen import bar, say, show_table
from tieline.engine.tables import Engine, Table
from tieline.errors import TielineError, did_you_mean
from tieline.identity.change_feed import since
from tieline.metrics.coverage_gaps import GAPS
from tieline.metrics.coverage_movement import movement
from tieline.metrics.segment import ALL, check_segment
from tieline.metrics.typical_shares import KNOWN, TARGET, USEFUL, Band

TABLES = (
    "coverage", "coverage_functions", "universe", "universe_players", "segments", "key_players",
    "registry_entries", "unlisted_estimates",
)  # fmt: skip
BAR = 20


def run(
    context: typer.Context,
    segment: Annotated[
        str, typer.Argument(metavar="SEGMENT", help="Only this segment, with its functions.")
    ] = "",
    gap: Annotated[
        str, typer.Option(metavar="GAP", help=f"List the sites behind it: {', '.join(GAPS)}.")
    ] = "",
    since_snapshot: Annotated[
        str, typer.Option("--since", metavar="SNAPSHOT", help="What has moved since a snapshot.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many sites to list.")] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="The rows as JSON objects, one a line.")
    ] = False,
) -> None:
    """Show how much of each segment we know, and where its key players are missing.

    A site counts in the first segment that takes it. With --gap the sites themselves.
    """
    found = opened.snapshot(context)
    for name in TABLES:
        opened.table(found, name)
    with opened.reader(found, *TABLES) as engine:
        _check(engine, segment, context)
        if gap:
            _gap(engine, segment, gap, limit, as_json)
            return
        rows = _rows(engine, segment)
        if since_snapshot:
            feed = since(Path(str(context.obj)) / ".tieline" / "changes", since_snapshot)
            _moved(movement(feed), segment, since_snapshot, as_json)
            return
        if as_json:
            _json(rows)
            return
        _shares(rows)
        if Table(engine, "registry_entries").rows():
            _beside_others(rows[-1])
        else:
            _no_registry(context)
        if segment:
            _functions(engine, segment)
        _unlisted(engine, segment or ALL)
    say()
    shown = segment or next((row["segment"] for row in rows if row["segment"] != ALL), ALL)
    say(f"The sites behind a figure: {opened.command(context, f'coverage {shown} --gap unknown')}")


def _check(engine: Engine, segment: str, context: typer.Context) -> None:
    names = engine.arrow("SELECT DISTINCT segment FROM coverage ORDER BY 1")["segment"].to_pylist()
    if not names:
        raise TielineError(
            "no_segments",
            "No segment was built yet, so there is no universe to cover.",
            next_step=f"Begin with: {opened.command(context, 'segments')}",
        )
    if segment:
        check_segment(segment, names)


def _rows(engine: Engine, segment: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = engine.arrow(
        "SELECT * FROM coverage ORDER BY segment = 'all', priority, segment, product"
    ).to_pylist()
    return [row for row in rows if not segment or row["segment"] == segment]


def _shares(rows: list[dict[str, object]]) -> None:
    columns = ("segment", "product", "sites", "known", "contact", "usable", "key player", "target")
    show_table(
        (*columns, "missing"),
        [
            (
                row["segment"], row["product"], row["sites"], _percent(row["known_share"]),
                _percent(row["contact_share"]), _percent(row["usable_share"]),
                _percent(row["key_player_share"]), _percent(row["target"]), row["missing_sites"],
            )
            for row in rows
        ],
        right=(*columns[2:], "missing"),
    )  # fmt: skip
    say()
    for row in rows:
        share = row["key_player_share"]
        if isinstance(share, float):
            bars = f"{bar(share, BAR):<{BAR}} {_percent(share)}"
            say(f"  {row['segment']:<20} {bars} with a key player")


def _beside_others(whole: dict[str, object]) -> None:
    say()
    for name, share, band in (
        ("known", whole["known_share"], KNOWN),
        ("with a key player, of the sites known,", whole["useful_share"], USEFUL),
        ("with a key player", whole["key_player_share"], TARGET),
    ):
        if isinstance(share, float):
            say(f"Sites {name} in {whole['segment']}: {_percent(share)}; {_placed(share, band)}.")


def _placed(share: float, band: Band) -> str:
    said = f"{band.low:.0%} to {band.high:.0%} {band.says}"
    if share < band.low:
        return f"below the {said}"
    return f"within the {said}" if share <= band.high else f"above the {said}"


def _functions(engine: Engine, segment: str) -> None:
    rows = engine.arrow("SELECT * FROM coverage_functions ORDER BY product, function").to_pylist()
    rows = [row for row in rows if row["segment"] == segment]
    if not rows:
        return
    say()
    show_table(
        ("function", "sites with it", "contacts", "of all", "of known"),
        [
            (
                row["function"], row["with_function"], row["contacts"], _percent(row["share"]),
                _percent(row["known_share"]),
            )
            for row in rows
        ],
        right=("sites with it", "contacts", "of all", "of known"),
    )  # fmt: skip


def _unlisted(engine: Engine, segment: str) -> None:
    """What no list has, or why that cannot be told."""
    rows = engine.arrow("SELECT * FROM unlisted_estimates WHERE is_best").to_pylist()
    found = next((row for row in rows if row["segment"] == segment), None)
    if found is None:
        return
    say()
    if not found["usable"]:
        say(f"How many sites of {segment} no list has cannot be told. {found['reason']}")
        return
    least = "at least " if found["is_lower_bound"] else ""
    say(
        f"No list has {least}{found['unlisted']:,.0f} more sites of {segment} "
        f"({found['unlisted_low']:,.0f} to {found['unlisted_high']:,.0f}), "
        f"going by the overlap of {found['lists']}. {found['reason']}"
    )


def _gap(engine: Engine, segment: str, gap: str, limit: int, as_json: bool) -> None:
    if gap not in GAPS:
        hint = did_you_mean(gap, GAPS)
        raise TielineError(
            "unknown_gap",
            f"There is no gap {gap!r}.{hint}",
            next_step=f"Known are: {', '.join(GAPS)}.",
        )
    inside = "u.segment IS NOT NULL" if segment in ("", ALL) else f"u.segment = '{segment}'"
    rows = engine.arrow(
        f"SELECT u.* FROM universe u WHERE {inside} AND {GAPS[gap]} ORDER BY u.member"
    ).to_pylist()
    if as_json:
        _json(rows)
        return
    columns = ("member", "name", "city", "country", "segment", "contacts", "usable_contacts")
    shown = [tuple(row[name] for name in columns) for row in rows[:limit]]
    show_table(columns, shown, right=columns[-2:])
    say()
    say(f"{len(shown):,} of {len(rows):,} sites. All of them: --json, or --limit {len(rows)}.")


def _moved(rows: list[dict[str, object]], segment: str, snapshot: str, as_json: bool) -> None:
    rows = [row for row in rows if not segment or row["segment"] == segment]
    if as_json:
        _json(rows)
        return
    if not rows:
        say(f"No figure of coverage has moved since the snapshot {snapshot}.")
        return
    show_table(
        ("segment", "product", "figure", "before", "now", "change"),
        [tuple(row.values()) for row in rows],
        right=("before", "now", "change"),
    )


def _no_registry(context: typer.Context) -> None:
    say()
    say(
        "There is no registry, so the universe is only what we know. Add one, and these are "
        f"shares of all: {opened.command(context, 'add FILE --kind registry')}"
    )


def _percent(share: object) -> str | None:
    return f"{share:.0%}" if isinstance(share, float) else None


def _json(rows: list[dict[str, object]]) -> None:
    from tieline.cli.screen import out

    for row in rows:
        out.print(json.dumps(row, ensure_ascii=False), markup=False, soft_wrap=True)

"""`tieline segments`: what the segments in tieline.toml would take, before anything is built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from tieline.actions.segment_trial import trial
from tieline.cli import opened
from tieline.cli.screen import say, show_table, warn
from tieline.engine.tables import Engine, Table, quoted
from tieline.metrics.segment_fields import FIELDS

EXAMPLE = """\
  [segments.machinery]
  rule = "industry LIKE '%machin%' AND employees >= 50"
  priority = 1
  owner = "Field sales"
  product = "pumps"

  [products.pumps]
  key_players = { procurement = [], engineering = ["director", "manager"] }"""
MOST_VALUES = 4
"""Values of a field that are shown as examples."""


def run(
    context: typer.Context,
    fields: Annotated[
        bool, typer.Option("--fields", help="Show the fields a rule can use, and who fills them.")
    ] = False,
) -> None:
    """Show what the segments in tieline.toml would take, without a build.

    Size, overlap, the sites of which nothing can be told, those that no segment takes, and what
    sales is set up to address.
    """
    workspace = opened.workspace(context)
    configured = workspace.settings.segments
    with trial(workspace, opened.snapshot(context)) as engine:
        sites = Table(engine, "target_sites").rows()
        if fields:
            _fields(engine, sites)
            return
        if not configured:
            say(f"There are {sites:,} sites, and no segment yet. Write some into tieline.toml:")
            say(EXAMPLE)
            say()
            say(f"The fields of a rule: {opened.command(context, 'segments --fields')}")
            return
        _sizes(engine, sites)
        _overlaps(engine)
        _left_over(engine, sites)
        _addressed(engine, sites)
        tell_unfilled(engine)
    say()
    say(f"This was a dry run. To count coverage: {opened.command(context, 'build')}")


def tell_unfilled(engine: Engine) -> None:
    """Warn of fields that a rule uses and nobody fills."""
    rows = engine.arrow(
        "SELECT segment, unfilled_fields, sites FROM segments "
        "WHERE unfilled_fields IS NOT NULL ORDER BY segment"
    ).to_pylist()
    for row in rows:
        warn(
            f"tieline.toml, [segments.{row['segment']}]: no site has {row['unfilled_fields']}, so "
            "nothing can be told by it. Add a list or registry that has it, or leave it out."
        )


def _sizes(engine: Engine, sites: int) -> None:
    known = _count(engine, "target_sites WHERE known")
    say(f"{sites:,} sites: {known:,} that we know, {sites - known:,} that only a registry has.")
    say()
    rows = engine.arrow("SELECT * FROM segments ORDER BY priority, segment").to_pylist()
    show_table(
        ("segment", "priority", "owner", "product", "sites", "known", "counted here", "unknown"),
        [
            (
                row["segment"], row["priority"], row["owner"] or "(nobody)", row["product"],
                row["sites"], row["known_sites"], row["own_sites"], row["unknown_sites"],
            )
            for row in rows
        ],
        right=("priority", "sites", "known", "counted here", "unknown"),
    )  # fmt: skip
    for row in rows:
        if not row["sites"]:
            warn(f"The segment {row['segment']} takes no site.")
    unknown = [row for row in rows if row["unknown_because"]]
    if unknown:
        say()
        say("Unknown are sites of which the rule says neither yes nor no, for want of")
        for row in unknown:
            say(f"  {row['segment']}: {row['unknown_because']}")


def _overlaps(engine: Engine) -> None:
    rows = engine.arrow(
        "SELECT a.segment AS one, b.segment AS other, count(*) AS sites, "
        "min(a.priority) AS first, min(b.priority) AS second "
        "FROM segment_members a JOIN segment_members b USING (member) "
        "WHERE (a.priority, a.segment) < (b.priority, b.segment) "
        "GROUP BY a.segment, b.segment ORDER BY sites DESC, one, other"
    ).to_pylist()
    say()
    if not rows:
        say("No two segments overlap.")
    for row in rows:
        say(
            f"{row['one']} and {row['other']} overlap in {row['sites']:,} sites, "
            f"which count in {row['one']}."
        )


def _left_over(engine: Engine, sites: int) -> None:
    taken = _count(engine, "(SELECT DISTINCT member FROM segment_members)")
    left = sites - taken
    say()
    say(f"No segment takes {left:,} of {sites:,} sites{_share(left, sites)}.")
    if not left:
        return
    for field in ("industry", "country"):
        rows = engine.arrow(
            f"SELECT coalesce(lower({field}), '(unknown)') AS value, count(*) AS sites "
            "FROM target_sites ANTI JOIN segment_members USING (member) "
            "GROUP BY 1 ORDER BY sites DESC, value LIMIT 5"
        ).to_pylist()
        said = ", ".join(f"{row['value']} {row['sites']:,}" for row in rows)
        say(f"  by {field}: {said}")


def _addressed(engine: Engine, sites: int) -> None:
    owned = "SELECT DISTINCT member FROM segment_members JOIN segments s USING (segment)"
    count = _count(engine, f"({owned} WHERE s.owner <> '')")
    say()
    say(
        f"Sales is set up to address {count:,} of them{_share(count, sites)}: "
        "those in a segment with an owner."
    )


def _fields(engine: Engine, sites: int) -> None:
    rows = []
    for field in FIELDS:
        column = quoted(field.column)
        filled = _count(engine, f"target_sites WHERE {column} IS NOT NULL")
        rows.append((field.name, filled, _examples(engine, column, field.kind), field.meaning))
    say(f"Fields of a rule, and how many of the {sites:,} sites have them:")
    show_table(("field", "sites", "such as", "meaning"), rows, right=("sites",))


def _examples(engine: Engine, column: str, kind: str) -> str:
    if kind == "number":
        found = engine.arrow(
            f"SELECT min({column}) AS low, median({column}) AS mid, max({column}) AS high "
            "FROM target_sites"
        ).to_pylist()[0]
        shown: Sequence[object] = [v for v in found.values() if v is not None]
        return " … ".join(f"{value:,.0f}" for value in shown)
    rows = engine.arrow(
        f"SELECT min({column}) AS value, count(*) AS n FROM target_sites "
        f"WHERE {column} IS NOT NULL GROUP BY lower({column}) "
        f"ORDER BY n DESC, value LIMIT {MOST_VALUES}"
    ).to_pylist()
    return ", ".join(f"'{row['value']}'" for row in rows)


def _count(engine: Engine, what: str) -> int:
    return int(engine.arrow(f"SELECT count(*) AS n FROM {what}")["n"][0].as_py())


def _share(part: int, whole: int) -> str:
    return f" ({part / whole:.0%})" if whole else ""

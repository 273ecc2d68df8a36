"""`tieline changes`: what the last build changed, or all that changed since a snapshot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.screen import out, say, show_table
from tieline.engine.snapshot import current
from tieline.identity.change_feed import since

COLUMNS = ("entity", "id", "change", "other_id", "field", "before", "after")


def run(
    context: typer.Context,
    since_snapshot: Annotated[
        str, typer.Option("--since", metavar="SNAPSHOT", help="All changes after this snapshot.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many rows to show.")] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="Every change, as one JSON object a line.")
    ] = False,
) -> None:
    """Show what was created, merged, split, moved or given another value.

    A system that keeps our ids follows with --json and --since the snapshot it has seen last; the
    last line's to_snapshot is the one to ask for next time.
    """
    opened.snapshot(context)
    hidden = Path(str(context.obj)) / ".tieline"
    rows = since(hidden / "changes", since_snapshot)
    if as_json:
        for batch in rows.to_batches(max_chunksize=10_000):
            for row in batch.to_pylist():
                out.print(json.dumps(row, ensure_ascii=False), markup=False, soft_wrap=True)
        return
    if not rows.num_rows:
        now = current(hidden)
        say(f"Nothing has changed; the snapshot is {now.id if now else 'none'}.")
        return
    shown = rows.slice(0, limit).select(list(COLUMNS)).to_pylist()
    show_table(COLUMNS, [tuple(row[name] for name in COLUMNS) for row in shown])
    say()
    say(f"{len(shown):,} of {rows.num_rows:,} changes. All: ")
    say("  " + opened.command(context, "changes --json > changes.jsonl"))

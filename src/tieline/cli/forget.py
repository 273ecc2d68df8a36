"""`tieline forget ID`: remove a person for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from tieline.actions import forget
from tieline.actions.drafts import checked_reason
from tieline.actions.erasure.journal import unfinished
from tieline.cli import opened
from tieline.cli.judging import By, DryRun
from tieline.cli.screen import err, out, say, show_table, warn
from tieline.errors import TielineError

PLACES = {
    "landed_contents": "contents of lists that no list has any more",
    "cached_values": "files of the cache of values",
    "working_files": "working files of builds",
    "set_aside_events": "events that could not be kept",
    "change_feed": "values in the change feed",
    "snapshots": "old snapshots",
}


def run(
    context: typer.Context,
    contact: Annotated[
        str, typer.Argument(metavar="ID", help="The contact, or one of their rows, as in crm:12.")
    ],
    reason: Annotated[
        str,
        typer.Option("--reason", metavar="TEXT", help="Why; without naming the person."),
    ] = "",
    by: By = "",
    records: Annotated[
        list[str] | None,
        typer.Option("--record", metavar="RECORD", help="Only this record, as in crm:12; again."),
    ] = None,
    dry_run: DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Forget a person: lists, notes, memory, values, snapshots; and keep them out of later lists.

    This cannot be undone. The scan at the end reads every file of the workspace; exit code 1 says
    that it found something, and where. Stopped on the way, the same command finishes it.
    """
    workspace = opened.workspace(context)
    begun = unfinished(workspace, contact.strip())
    if begun:
        say(f"Finishing what was begun at {begun[0].begun_at}.")
    else:
        if not dry_run:
            checked_reason(reason)
        # What a job or a pipe is told may be kept in a file, and would hold the person again.
        named = dry_run or out.is_terminal
        _show_draft(forget.draft(workspace, contact, records=records or ()), named=named)
        if dry_run:
            say("A dry run: nothing was changed.")
            return 0
        if not yes and not _agreed():
            return 2
    done = forget.forget(
        workspace, contact, reason=reason, by=by, records=records or (), said=_said
    )
    _show_done(done)
    return 1 if done.scan and done.scan.traces else 0


def _said(text: str) -> None:
    if err.is_terminal:
        err.print(f"  {text}", markup=False, style="dim")


def _agreed() -> bool:
    if not out.is_terminal:
        raise TielineError(
            "not_confirmed",
            "Forgetting cannot be undone, and there is nobody to ask here.",
            next_step="Look at what --dry-run shows, then add --yes.",
        )
    return typer.confirm("Forget this person? It cannot be undone.")


def _show_draft(draft: forget.Draft, *, named: bool) -> None:
    planned = draft.plan
    say(f"Forget {draft.person if named else draft.person.id}")
    show_table(
        ("rows of", "rows"), [(name, n) for name, n in sorted(draft.rows.items())], right=("rows",)
    )
    say(f"{draft.judgements} judgements name them; {len(planned.keys)} tombstones keep them out.")
    if planned.also:
        say(
            f"{len(planned.also)} of the records are in no list of theirs, but hold their address, "
            "identifier or name and are nobody else's."
        )
    if planned.other_contacts:
        say(f"They belong to: {', '.join(planned.other_contacts)}.")
    if planned.sharing:
        warn(
            f"{', '.join(planned.sharing)} has the same e-mail address or identifier under another "
            "name. If it is the same person, forget that contact as well."
        )
    if planned.shared_keys:
        shared = _counts(planned.shared_keys)
        say(f"Shared with others, so that it does not keep them out by itself: {shared}.")


def _show_done(done: forget.Forgotten) -> None:
    told = done.certificate
    removed = told["removed"]
    say()
    show_table(
        ("removed", "how many"),
        [
            *((f"rows of {name}", n) for name, n in sorted(removed["landed_rows"].items())),
            *((f"{name} of the ledger", n) for name, n in removed["ledger"].items()),
            *((words, removed[place]) for place, words in PLACES.items()),
        ],
        right=("how many",),
    )
    say(f"{told['tombstones']} tombstones keep the person out of later lists.")
    _show_scan(done)
    say("Yours to clear, as Tieline cannot:")
    for source in told["outside"]["lists"]:
        say(f"  the list {source['source']}: {source['location']}")
    for file in sorted({trace.file for trace in done.scan.yours} if done.scan else ()):
        say(f"  the file {file} in this folder, which still names the person")
    say(f"  {told['outside']['also']}")
    say(f"Certificate {told['certificate']}: {done.path}")


def _show_scan(done: forget.Forgotten) -> None:
    found = done.scan
    if found is None:
        say("Nobody knows any more what to look for: the erasure was stopped after its last step.")
        return
    others = done.certificate["scan"]["values_of_others"]
    if others:
        say(f"Not looked for, as other people have them too: {_counts(others)}.")
    if not found.traces:
        say(
            f"Scan: {found.files:,} files, {found.bytes:,} bytes read for {found.looked_for} "
            "values of the person. Nothing of them is left in what Tieline keeps."
        )
        return
    warn("The scan found the person still:")
    for trace in found.traces:
        warn(f"  {trace}")
    warn("tieline.toml and models/ are yours to change; anything else is a fault of Tieline.")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {kind}" for kind, n in counts.items())

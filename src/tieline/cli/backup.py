"""`tieline backup FILE`: the whole workspace in one file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from tieline.actions.backup import back_up
from tieline.actions.backup_folder import delete_older, name_in
from tieline.cli import opened
from tieline.cli.screen import say


def run(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The file; it must not exist. Or a folder."),
    ],
    keep: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="In a folder: delete all but the newest N."),
    ] = None,
) -> None:
    """Write the whole workspace into one file: lists, settings, decisions, memory, database.

    It holds personal data, and what is forgotten later: keep it like the workspace, and delete
    backups that are older than an erasure. In a folder that is there, the file is named after
    the workspace and the moment.
    """
    workspace = opened.workspace(context)
    folder = file
    if keep is not None or file.is_dir():
        file = name_in(folder, workspace)
    done = back_up(workspace, file)
    built = f"with snapshot {done.snapshot}" if done.snapshot else "nothing was built yet"
    say(f"Wrote {file}: {done.files:,} files, {done.size / 1e6:,.1f} MB, {built}.")
    if done.from_database:
        say("The facts of the PostgreSQL database are in it as a file. People of the pages and")
        say("their audit log are not: back them up with pg_dump.")
    for old in delete_older(folder, workspace, keep) if keep is not None else ():
        say(f"Deleted {old}: only the newest {keep} stay.")
    say(f"Make a workspace of it: tieline new DIR --from {shlex.quote(str(file))}")

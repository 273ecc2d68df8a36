"""`tieline add FILE...`: land lists in the workspace."""

from __future__ import annotations

from pathlib import Path

import typer

from tieline.cli import opened
from tieline.cli.screen import error, say, show_table
from tieline.data.sources.landing import land
from tieline.errors import TielineError
from tieline.workspace import Source, Workspace, with_environment


def run(
    context: typer.Context,
    files: list[str] = typer.Argument(..., metavar="FILE...", help="Files, folders or database URLs."),
    kind: str = typer.Option("", help="What the lists hold; recognised if not given."),
    name: str = typer.Option("", help="A name for the source; the file's if not given."),
) -> int:
    """Add lists: each is read, kept word for word, and its columns are recognised."""
    workspace = opened.workspace(context)
    locations = [found for given in files for found in _files_of(given)]
    if name and len(locations) > 1:
        raise TielineError(
            "one_name_many_files",
            "--name can only be given for one file.",
            next_step="Add the files one by one, or leave --name out.",
        )
    added, failed = [], 0
    for location in locations:
        try:
            added += _add(workspace, location, kind, name)
        except TielineError as problem:
            failed += 1
            error(problem)
    if added:
        show_table(
            ("source", "kind", "rows", "readable", "columns used", "of"),
            [
                (s.name, s.kind, s.rows_read, s.rows_readable, len(s.columns), len(s.mapping))
                for s in added
            ],
            right=("rows", "readable", "columns used", "of"),
        )
        say("Next: `tieline check` shows how the columns were understood, `tieline build` builds.")
    if failed:
        say(f"{failed} of {len(locations)} could not be read; the others were added.")
    return 2 if failed else 0


def _add(workspace: Workspace, location: str, kind: str, name: str) -> list[Source]:
    landed = land(with_environment(location), workspace.landed_dir)
    return [
        workspace.remember(
            one,
            kind=kind,
            name=name if len(landed) == 1 else f"{name}_{one.name}" if name else "",
            location=location if location != with_environment(location) else "",
        )
        for one in landed
    ]


def _files_of(given: str) -> list[str]:
    """A folder stands for the files in it; hidden ones are left out."""
    path = Path(given)
    if not path.is_dir():
        return [given]
    found = [str(p) for p in sorted(path.iterdir()) if p.is_file() and not p.name.startswith(".")]
    if not found:
        raise TielineError(
            "empty_folder",
            f"There is no file in {given}.",
            next_step="Name the files or another folder.",
        )
    return found

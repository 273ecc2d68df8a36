"""`tieline add FILE...`: land lists in the workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tieline.cli import opened
from tieline.cli.screen import err, error, say, show_table, warn
from tieline.data.kinds import KINDS
from tieline.data.sources.landing import land
from tieline.errors import Place, TielineError
from tieline.workspace import Source, Workspace, with_environment

OnRows = Callable[[str, int], None]


def run(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="Files, folders, or database URLs such as sqlite:///crm.db."
        ),
    ],
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND", help=f"What the lists hold: {', '.join(KINDS)}. Default: recognised."
        ),
    ] = "",
    name: Annotated[
        str, typer.Option(metavar="NAME", help="A name for the source. Default: the file's.")
    ] = "",
) -> int:
    """Add lists: each is read, kept word for word, and its columns are recognised.

    CSV of any dialect, Excel, Parquet, JSON lines, vCard and databases are understood. Adding a
    file again takes its new content. One that cannot be read does not keep the others out.
    """
    workspace = opened.workspace(context)
    _ = workspace.settings  # a mistake in tieline.toml is told once, not for every file
    locations = [found for given in files for found in _files_of(given)]
    if name and len(locations) > 1:
        raise TielineError(
            "one_name_many_files",
            "--name can only be given for one file.",
            next_step="Add the files one by one, or leave --name out.",
        )
    added, failed = _add_all(workspace, locations, kind, name)
    if added:
        _show(added)
        check, build = (opened.command(context, words) for words in ("check", "build"))
        say(f"Next: `{check}` shows how the columns were understood, `{build}` builds.")
    if failed:
        others = "The others were added." if added else "Nothing was added."
        warn(f"{failed} of {len(locations)} could not be added (see above). {others}")
    return 2 if failed else 0


def _add_all(
    workspace: Workspace, locations: Sequence[str], kind: str, name: str
) -> tuple[list[Source], int]:
    added, failed = [], 0
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as progress:
        task = progress.add_task("", total=None)
        for number, location in enumerate(locations, start=1):
            count = f"{number} of {len(locations)}: {Path(location).name}"

            def on_rows(_: str, rows: int, count: str = count) -> None:
                progress.update(task, description=f"{count}, {rows:,} rows")

            progress.update(task, description=count)
            try:
                added += _add(workspace, location, kind, name, on_rows)
            except TielineError as problem:
                failed += 1
                error(_placed(problem, location))
    return added, failed


def _add(
    workspace: Workspace, location: str, kind: str, name: str, on_rows: OnRows
) -> list[Source]:
    landed = land(with_environment(location), workspace.landed_dir, progress=on_rows)
    return [
        workspace.remember(
            one,
            kind=kind,
            name=name if len(landed) == 1 else f"{name}_{one.name}" if name else "",
            location=location if location != with_environment(location) else "",
        )
        for one in landed
    ]


def _placed(problem: TielineError, location: str) -> TielineError:
    """The same problem, naming the file where it does not: one of many is meant."""
    if problem.place.source:
        return problem
    where = Place(location, problem.place.row, problem.place.column)
    return TielineError(problem.code, problem.message, place=where, next_step=problem.next_step)


def _show(added: Sequence[Source]) -> None:
    show_table(
        ("source", "kind", "rows", "unreadable", "columns understood"),
        [
            (
                source.name,
                source.kind,
                source.rows_read,
                source.rows_unreadable or None,
                f"{len(source.columns)} of {len(source.mapping.columns)}",
            )
            for source in added
        ],
        right=("rows", "unreadable", "columns understood"),
    )
    for source in added:
        if not source.rows_read:
            warn(f"{source.location}: There is no data row in it. Is it the file you mean?")
    say()


def _files_of(given: str) -> list[str]:
    """A folder stands for the files in it; hidden ones are left out."""
    path = Path(given)
    if not path.is_dir():
        return [given]
    try:
        inside = sorted(path.iterdir())
    except OSError as problem:
        raise TielineError(
            "cannot_read",
            f"The folder cannot be read: {problem.strerror}.",
            place=Place(given),
            next_step="Give yourself the right to read it, or name the files.",
        ) from None
    found = [str(p) for p in inside if not p.is_dir() and not p.name.startswith(".")]
    if not found:
        raise TielineError(
            "empty_folder",
            "There is no file in this folder.",
            place=Place(given),
            next_step="Name the files, or another folder; folders inside it are not looked into.",
        )
    return found

"""What the terminal shows: messages, tables, progress."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from tieline.errors import TielineError

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str = "") -> None:
    """One line to the user, on standard output."""
    out.print(text, markup=False)


def warn(text: str) -> None:
    """One line of warning, on standard error."""
    err.print(text, style="yellow", markup=False)


def error(problem: TielineError) -> None:
    """What went wrong, where, and what to do next."""
    where = str(problem.place)
    err.print(f"{where + ': ' if where else ''}{problem.message}", style="red", markup=False)
    if problem.next_step:
        err.print(f"  {problem.next_step}", markup=False)


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Sequence[str] = (),
    title: str | None = None,
) -> None:
    """A plain table; cells of `right` columns are numbers."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    out.print(table)


def cell(value: object) -> str:
    """A value as a reader wants it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    # Square brackets would be read as markup, control characters as commands to the terminal.
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text.replace("[", "\\[")

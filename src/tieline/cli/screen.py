"""What the terminal shows: messages and tables, folded on a terminal and whole lines in a pipe."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tieline.errors import TielineError

PIPE_WIDTH = 100_000
"""Nothing is folded where a program reads: one row is one line."""


class _Screen(Console):
    """A console that goes on in silence when its reader is gone (`tieline show ... | head`).

    A build must not end half-way because somebody has read enough of its words.
    """

    def on_broken_pipe(self) -> None:
        """Send what is still to come nowhere."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())


def _screen(*, stderr: bool = False) -> _Screen:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream is not None and stream.isatty() else PIPE_WIDTH
    return _Screen(stderr=stderr, highlight=False, emoji=False, width=width)


out = _screen()
err = _screen(stderr=True)


def prepare_streams() -> None:
    """Let no letter be an error: what a terminal cannot show becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]


def say(text: str = "") -> None:
    """One line to the user, on standard output."""
    _print(out, text)


def warn(text: str) -> None:
    """One line of warning, on standard error."""
    _print(err, text, "yellow")


def error(problem: TielineError) -> None:
    """What went wrong, where, and what to do next, on standard error."""
    where = str(problem.place)
    _print(err, f"{where + ': ' if where else ''}{problem.message}", "red")
    if problem.next_step:
        _print(err, f"  {problem.next_step}")


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Sequence[str] = (),
) -> None:
    """A plain table; cells of `right` columns are numbers."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell(value)) for value in row))
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
    if isinstance(value, list):
        return ", ".join(cell(part) for part in value)
    return _shown(str(value))


def bar(share: float, width: int) -> str:
    """A bar of a share of `width`, in letters that the terminal has."""
    full = "█" if out.encoding.lower().startswith("utf") else "#"
    return full * round(width * share)


def _shown(text: str) -> str:
    """The text without control characters, which would be commands to the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _print(console: Console, text: str, style: str | None = None) -> None:
    lines = _shown(text).split("\n")
    if console.is_terminal:
        lines = [part for line in lines for part in _folded(line, console.width)]
    for line in lines:
        console.print(line, style=style, markup=False, soft_wrap=True)


def _folded(line: str, width: int) -> list[str]:
    """A long line in pieces, the further ones set in a little."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    folded = textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return folded or [""]

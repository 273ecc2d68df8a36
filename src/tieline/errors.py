"""What went wrong, where, and what to do next, in words for the person who can repair it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a problem lies: a source or file, a 1-based data row, a column."""

    source: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [
            self.source,
            f"row {self.row}" if self.row is not None else None,
            f"column {self.column!r}" if self.column is not None else None,
        ]
        return ", ".join(part for part in parts if part)


class TielineError(Exception):
    """The one root of all errors a user can repair; shown without a traceback, exit code 2.

    `code` is stable and machine readable (snake_case), `message` says what happened, `next_step`
    what to do about it. Problems of single rows are no errors: they are rows of the table `issues`.
    """

    def __init__(
        self, code: str, message: str, *, place: Place | None = None, next_step: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place or Place()
        self.next_step = next_step

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        then = f" {self.next_step}" if self.next_step else ""
        return f"{where}{self.message}{then}"

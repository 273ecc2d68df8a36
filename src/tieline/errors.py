"""What went wrong, where, and what to do next, in words for the person who can repair it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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


def did_you_mean(asked: str, known: Iterable[str], *, cutoff: float = 0.6, shown: str = "") -> str:
    """A question after what was meant, to follow an error's sentence; '' where nothing is near.

    `cutoff` is how like the words must be, 0 to 1 (Ratcliff and Metzener, 1988, as `difflib` has
    it); `shown` stands before the word that is named.
    """
    near = get_close_matches(asked, list(known), n=1, cutoff=cutoff)
    return f" Did you mean {shown + near[0]!r}?" if near else ""

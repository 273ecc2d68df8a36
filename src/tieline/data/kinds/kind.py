"""What a kind of source is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of source.

    `one_row_is` says what a row stands for. `needs` are groups of fields: a row is of use when for
    each group at least one field has a value. `file_words` are words in a file's name that speak
    for the kind, `telling` the fields whose presence does (with a weight from 0 to 1 each).
    `is_memory` says that rows tell what happened: they are kept for ever, also when a later export
    of the same tool no longer has them. `lists_nobody` says that rows tell something of
    those whom other lists name: they are no entries of a list, and bring in nobody.
    """

    name: str
    one_row_is: str
    needs: tuple[tuple[str, ...], ...]
    file_words: tuple[str, ...]
    telling: tuple[tuple[str, float], ...]
    is_memory: bool = False
    lists_nobody: bool = False

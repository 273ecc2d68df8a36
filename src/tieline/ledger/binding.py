"""Which database a workspace's facts lie in, so that a forgotten or wrong DATABASE_URL is noticed.

A build that silently read an empty ledger would undo every decision. So a workspace whose ledger is
on PostgreSQL holds a file that names that ledger, by a digest of its salt: never by its address.
"""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

from tieline.errors import Place, TielineError

FILE = "ledger.postgresql"
_TEXT = "{}\nThe facts of this workspace lie in a PostgreSQL database: set DATABASE_URL.\n"


def refuse_forgotten(folder: Path) -> None:
    """TielineError `ledger_elsewhere` if the facts lie in a PostgreSQL and none is named."""
    bound = folder / FILE
    if bound.exists():
        raise TielineError(
            "ledger_elsewhere",
            "The facts of this workspace lie in a PostgreSQL database; DATABASE_URL is not set.",
            place=Place(str(bound)),
            next_step="Set DATABASE_URL; or, to leave those facts behind, delete this file.",
        )


def release(folder: Path) -> None:
    """Forget which ledger was noted: the next one that is opened will be."""
    (folder / FILE).unlink(missing_ok=True)


def bind(folder: Path, salt: bytes) -> None:
    """Note the ledger that was opened; TielineError `another_ledger` if another one was noted."""
    bound = folder / FILE
    name = hashlib.sha256(b"ledger" + salt).hexdigest()[:16]
    try:
        noted = bound.read_text(encoding="utf-8").split("\n")[0]
    except FileNotFoundError:
        if folder.is_dir():
            # Whole or not at all: others may open the ledger at the same moment.
            written = bound.with_name(f"{FILE}.{os.getpid()}.{threading.get_native_id()}")
            written.write_text(_TEXT.format(name), encoding="utf-8")
            written.replace(bound)
        return
    if noted != name:
        raise TielineError(
            "another_ledger",
            "DATABASE_URL names another database than the one that holds this workspace's facts.",
            place=Place(str(bound)),
            next_step="Correct DATABASE_URL; or, if the other one is meant, delete this file.",
        )

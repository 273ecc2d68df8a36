"""The secret that sessions and one-time links are signed with: a file that only its owner reads."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from tieline.errors import Place, TielineError

FILE = "web.key"
BYTES = 48
"""384 random bits, more than HMAC-SHA256 can use."""


def secret_key(folder: Path) -> str:
    """The key of a workspace's pages; drawn once, kept in `folder`, written nowhere else."""
    path = folder / FILE
    try:
        if not path.exists():
            _draw(path)
    except OSError as problem:
        raise _unusable(path, problem) from None
    return _read(path)


def _draw(path: Path) -> None:
    """Draw a key, unless another process was quicker; nobody ever sees half of one."""
    handle, made = tempfile.mkstemp(prefix=FILE, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(BYTES) + "\n")
            file.flush()
            os.fsync(handle)
        try:
            os.link(made, path)
        except FileExistsError:
            return
        except OSError:
            # A file system without links, where two that start at one moment may both draw.
            Path(made).replace(path)
    finally:
        Path(made).unlink(missing_ok=True)


def _read(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise _unusable(path, problem) from None
    if len(key) < BYTES:
        raise TielineError(
            "short_key",
            "The file that holds the secret of the pages is damaged.",
            place=Place(str(path)),
            next_step="Delete it: a new one is drawn, and everybody has to sign in again.",
        )
    return key


def _unusable(path: Path, problem: Exception) -> TielineError:
    return TielineError(
        "no_key",
        f"The secret of the pages can be neither read nor made: {problem}.",
        place=Place(str(path)),
        next_step="Give the user that runs tieline serve the right to read and write it.",
    )

"""Files that come by a browser: limited in size, named harmlessly, kept in the workspace."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any

from anyascii import anyascii
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from tieline.data.sources.landed import Landed
from tieline.data.sources.landing import land, plain_name
from tieline.errors import TielineError
from tieline.workspace import Source, Workspace, source_name

FOLDER = "lists"
LONGEST_NAME = 100
_HARMLESS = re.compile(r"[^A-Za-z0-9._ -]+")


class WithinLimit(TemporaryFileUploadHandler):  # type: ignore[misc]
    """Stops a request whose files are larger than allowed; anywhere but at upload none is."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._left = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> Any:
        """Look at what the request says of its length before a byte is kept."""
        from django.conf import settings

        allowed = self.request.path == "/sources/upload"
        self._left = settings.TIELINE.upload_bytes if allowed else 0
        if content_length > self._left + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise StopUpload(connection_reset=True)
        return super().handle_raw_input(input_data, META, content_length, boundary, encoding)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        """Count what comes: the length that was said may be a lie."""
        self._left -= len(raw_data)
        if self._left < 0:
            raise StopUpload(connection_reset=True)
        return super().receive_data_chunk(raw_data, start)


def take(workspace: Workspace, file: Any, kind: str) -> list[Source]:
    """Keep an uploaded file in the workspace's folder `lists` and add it.

    A file of the same name is replaced by it, as a newer one of the same list; if it cannot be
    read, the earlier one stays. TielineError with what is wrong with it.
    """
    name = harmless(str(file.name))
    coming = _lists(workspace) / f".{name}.coming"
    _write(file, coming)
    return add(workspace, coming, name, kind)


def add(
    workspace: Workspace, coming: Path, name: str, kind: str, *, replaces: bool = False
) -> list[Source]:
    """Move a file into `lists` under a name and add what is in it; `take` says what may happen.

    With `replaces` its tables take the place of the lists that have their names.
    """
    target = _lists(workspace) / name
    earlier = target.with_name(f".{name}.earlier")
    had = target.exists()
    if had:
        os.replace(target, earlier)
    os.replace(coming, target)
    try:
        landed = land(str(target), workspace.landed_dir)
        known = workspace.source_names()
        found = []
        for one in landed:
            called = source_name(one.name)
            same = called if replaces and called in known else ""
            found.append(workspace.remember(one, kind=kind, name=same))
    except TielineError as problem:
        target.unlink(missing_ok=True)
        if had:
            os.replace(earlier, target)
        said = problem.message.replace(str(target), target.name)
        raise TielineError(problem.code, said, next_step=problem.next_step) from None
    earlier.unlink(missing_ok=True)
    return found


def known_as(workspace: Workspace, name: str) -> list[str]:
    """The lists whose place a file of this name would take, or that came from a file like it."""
    file = harmless(name)
    stem = source_name(plain_name(Path(file)))
    return [
        one
        for one in workspace.source_names()
        if one == stem or Path(workspace.remembered(one).location).name == file
    ]


def park(workspace: Workspace, file: Any) -> tuple[str, list[Landed]]:
    """Keep a file apart from the workspace until somebody says what is to become of it.

    The token it is known by, and its tables as they landed there. TielineError if it cannot be
    read; then nothing of it stays.
    """
    token = secrets.token_hex(16)
    folder = parked(workspace, token)
    folder.mkdir(parents=True)
    target = folder / harmless(str(file.name))
    try:
        _write(file, target)
        return token, landed_there(workspace, token, target.name)
    except TielineError as problem:
        unpark(workspace, token)
        said = problem.message.replace(str(target), target.name)
        raise TielineError(problem.code, said, next_step=problem.next_step) from None
    except BaseException:
        unpark(workspace, token)
        raise


def landed_there(workspace: Workspace, token: str, name: str) -> list[Landed]:
    """The tables of a file that waits."""
    folder = parked(workspace, token)
    return land(str(folder / name), folder / "landed")


def unpark(workspace: Workspace, token: str) -> None:
    """Delete a file that waits."""
    shutil.rmtree(parked(workspace, token), ignore_errors=True)


def parked(workspace: Workspace, token: str) -> Path:
    """Where a file waits: in the scratch folder, which no backup has and an erasure empties."""
    return workspace.scratch_dir / "uploads" / token


def free_name(workspace: Workspace, name: str) -> str:
    """A name for a file whose lists are to stand beside those that came from one called so."""
    name = harmless(name)
    stem = plain_name(Path(name))
    number, free = 2, f"{stem}_2{name[len(stem) :]}"
    while known_as(workspace, free) or (workspace.path / FOLDER / free).exists():
        number += 1
        free = f"{stem}_{number}{name[len(stem) :]}"
    return free


def _lists(workspace: Workspace) -> Path:
    folder = workspace.path / FOLDER
    folder.mkdir(exist_ok=True)
    return folder


def _write(file: Any, target: Path) -> None:
    with target.open("wb") as kept:
        for part in file.chunks():
            kept.write(part)


def harmless(name: str) -> str:
    """A file name without a folder, hidden start or letters that a system minds."""
    plain = anyascii(Path(name.replace("\\", "/")).name)
    plain = _HARMLESS.sub("_", plain).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if dot and stem:
        return f"{stem[: LONGEST_NAME - len(suffix)]}.{suffix[:10]}"
    return plain[:LONGEST_NAME] or "list"

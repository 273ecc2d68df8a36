"""Files that come by a browser: limited in size, named harmlessly, kept in the workspace."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from anyascii import anyascii
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from tieline.data.sources.landing import land
from tieline.errors import TielineError
from tieline.workspace import Source, Workspace

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
    folder = workspace.path / FOLDER
    folder.mkdir(exist_ok=True)
    target = folder / harmless(str(file.name))
    coming, earlier = folder / f".{target.name}.coming", folder / f".{target.name}.earlier"
    with coming.open("wb") as kept:
        for part in file.chunks():
            kept.write(part)
    had = target.exists()
    if had:
        os.replace(target, earlier)
    os.replace(coming, target)
    try:
        found = [
            workspace.remember(one, kind=kind) for one in land(str(target), workspace.landed_dir)
        ]
    except TielineError as problem:
        target.unlink(missing_ok=True)
        if had:
            os.replace(earlier, target)
        said = problem.message.replace(str(target), target.name)
        raise TielineError(problem.code, said, next_step=problem.next_step) from None
    earlier.unlink(missing_ok=True)
    return found


def harmless(name: str) -> str:
    """A file name without a folder, hidden start or letters that a system minds."""
    plain = anyascii(Path(name.replace("\\", "/")).name)
    plain = _HARMLESS.sub("_", plain).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if dot and stem:
        return f"{stem[: LONGEST_NAME - len(suffix)]}.{suffix[:10]}"
    return plain[:LONGEST_NAME] or "list"

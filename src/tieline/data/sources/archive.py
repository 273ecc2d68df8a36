"""Compressed files that hold one list: gzip, bzip2, xz, and zip with one file in it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from tieline.errors import Place, TielineError

#: What `content.recognise` calls them.
KINDS = frozenset(("gzip", "bzip2", "xz", "zip"))

#: Most bytes unpacked, and most bytes from one packed byte once FREE are unpacked. Lists shrink to
#: a fifth or, when very repetitive, to a fiftieth; a bomb shrinks to a thousandth.
MOST_BYTES = 64 << 30
MOST_RATIO = 200
FREE = 64 << 20

_CHUNK = 1 << 20


class Unpacking(Protocol):
    """What gives unpacked bytes."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, empty at the end."""


@contextmanager
def unpacked(path: Path, kind: str, folder: Path) -> Iterator[Path]:
    """The one file inside, unpacked beside the landed ones for as long as it is read."""
    target = folder / f".partial-{os.getpid()}-unpacked-{path.name}-{path.stat().st_size}"
    try:
        with _opened(path, kind) as source, target.open("wb") as out:
            _copy(source, out, path)
        yield target
    except (zlib.error, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile, EOFError) as error:
        raise _broken(path, error) from error
    except (RuntimeError, NotImplementedError) as error:
        raise TielineError(
            "locked_archive",
            "The archive needs a password or uses a method that is not supported.",
            place=Place(str(path)),
            next_step="Unpack it yourself and add the file inside.",
        ) from error
    finally:
        target.unlink(missing_ok=True)


def refuse_bomb(path: Path) -> None:
    """TielineError if a zip of several files, such as a workbook, says it unpacks to a bomb.

    What is read in one go has to be looked at before; a file that is no zip is somebody else's to
    tell.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return
    packed = max(path.stat().st_size, 1)
    if size > MOST_BYTES or (size > FREE and size > packed * MOST_RATIO):
        raise _suspicious(path, size, packed)


def _suspicious(path: Path, size: int, packed: int) -> TielineError:
    return TielineError(
        "suspicious_archive",
        f"The archive unpacks to more than {size >> 20} MiB, {size // packed} times its "
        "size; no list does that.",
        place=Place(str(path)),
        next_step="If it is what you expect, unpack it yourself and add the file inside.",
    )


def _copy(source: Unpacking, out: IO[bytes], path: Path) -> None:
    packed = max(path.stat().st_size, 1)
    free = shutil.disk_usage(path.parent).free if path.parent.exists() else MOST_BYTES
    size = 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > min(MOST_BYTES, free) or (size > FREE and size > packed * MOST_RATIO):
            raise _suspicious(path, size, packed)
        out.write(chunk)


@contextmanager
def _opened(path: Path, kind: str) -> Iterator[Unpacking]:
    if kind == "gzip":
        with gzip.open(path, "rb") as file:
            yield file
    elif kind == "bzip2":
        with bz2.open(path, "rb") as file:
            yield file
    elif kind == "xz":
        with lzma.open(path, "rb") as file:
            yield file
    else:
        with zipfile.ZipFile(path) as archive:
            members = [
                one
                for one in archive.infolist()
                if not one.is_dir() and not one.filename.startswith(("__MACOSX/", "."))
            ]
            if len(members) != 1:
                raise TielineError(
                    "several_files_in_zip" if members else "empty_archive",
                    f"The zip archive holds {len(members)} files; it must hold one list.",
                    place=Place(str(path)),
                    next_step="Unpack it and add the files you mean.",
                )
            with archive.open(members[0]) as file:
                yield file


def _broken(path: Path, error: Exception) -> TielineError:
    return TielineError(
        "broken_archive",
        f"The archive is damaged ({error}).",
        place=Place(str(path)),
        next_step="Copy or export it again; it may have been cut off on the way.",
    )

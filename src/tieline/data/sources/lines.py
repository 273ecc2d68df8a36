"""A text file as blocks of whole lines, in bounded memory, however long its lines are."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

#: Bytes read at a time: small enough that one irregular line slows down little of its file.
BLOCK = 1 << 20

#: Longest line that is read, in bytes; a longer one is set aside.
LINE_LIMIT = 16 << 20

#: Bytes kept of a line that is too long.
HEAD_KEPT = 4096


class Readable(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, empty at the end."""


@dataclass(frozen=True)
class Lines:
    """Whole lines; `last` is True for the end of the file."""

    data: bytes
    last: bool = False


@dataclass(frozen=True)
class Overlong:
    """One line of more than LINE_LIMIT bytes: its start and its size in bytes."""

    head: bytes
    size: int


class Utf8Stream:
    """A UTF-16 or UTF-32 file read as UTF-8; damaged characters become U+FFFD and are counted."""

    def __init__(self, file: Readable, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._started = False
        self.damaged = 0

    def read(self, size: int) -> bytes:
        """About `size` bytes of UTF-8."""
        while True:
            chunk = self._file.read(size)
            text = self._decoder.decode(chunk, final=not chunk)
            if text and not self._started:
                self._started = True
                text = text.removeprefix("\ufeff")
            self.damaged += text.count("\ufffd")
            if text or not chunk:
                return text.encode("utf-8", "replace")


def line_blocks(
    file: Readable, newline: bytes, limit: int = LINE_LIMIT
) -> Iterator[Lines | Overlong]:
    """Blocks that end at a line end, in file order; a line beyond the limit comes by itself.

    The last block is the only one marked `last`; it may be empty.
    """
    held: Lines | None = None
    for block in _blocks(file, newline, limit):
        if isinstance(block, Lines) and block.last and not block.data and held is not None:
            held = Lines(held.data, last=True)
            continue
        if held is not None:
            yield held
            held = None
        if isinstance(block, Overlong):
            yield block
        else:
            held = block
    if held is not None:
        yield held


def _blocks(file: Readable, newline: bytes, limit: int) -> Iterator[Lines | Overlong]:
    pending: list[bytes] = []
    size = 0
    while chunk := file.read(BLOCK):
        cut = chunk.rfind(newline) + 1
        if cut:
            yield Lines(b"".join([*pending, chunk[:cut]]))
            pending, size = [chunk[cut:]], len(chunk) - cut
            continue
        pending.append(chunk)
        size += len(chunk)
        if size > limit:
            head = b"".join(pending)[:HEAD_KEPT]
            pending, size = [], size
            rest = b""
            while chunk := file.read(BLOCK):
                cut = chunk.find(newline) + 1
                if cut:
                    size += cut - 1
                    rest = chunk[cut:]
                    break
                size += len(chunk)
            yield Overlong(head, size)
            cut = rest.rfind(newline) + 1
            if cut:
                yield Lines(rest[:cut])
            pending, size = [rest[cut:]], len(rest) - cut
    yield Lines(b"".join(pending), last=True)

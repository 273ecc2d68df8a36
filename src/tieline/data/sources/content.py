"""What a file is, told by its content and never by its name."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from pathlib import Path

from tieline.errors import Place, TielineError

#: Bytes looked at; enough for every magic number and for the first lines of a text.
HEAD = 8192

#: Control characters met in text: white space, end-of-file marks, and those used as delimiters.
_CONTROLS_OF_TEXT = "\t\n\r\x0b\x0c\x1a\x1c\x1d\x1e\x1f\x01\x00"

_TAG = re.compile(r"<[a-z][\w.:-]*(\s[^<>]*)?>")

#: First bytes of formats that hold no table, and what to call them.
_NOT_A_TABLE = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a Windows program"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"(\xb5/\xfd", "a zstd archive"),
    (b"{\\rtf", "an RTF document"),
    (b"ARROW1\x00\x00", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
    (b"ustar", "a tar archive"),
)


def recognise(path: Path) -> str:
    """The format of a file.

    One of 'parquet', 'sqlite', 'excel', 'gzip', 'bzip2', 'xz', 'zip', 'vcard', 'json', 'text'.
    Raises TielineError `not_a_table` for what cannot hold rows (images, documents, programs).
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head[:4] == b"PAR1":
        return "parquet"
    if head[:16] == b"SQLite format 3\x00":
        return "sqlite"
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "excel"
    if head[:4] == b"PK\x03\x04" or head[:4] == b"PK\x05\x06":
        return _zip_kind(path)
    for magic, kind in ((b"\x1f\x8b", "gzip"), (b"BZh91AY&SY", "bzip2"), (b"\xfd7zXZ\x00", "xz")):
        if head.startswith(magic):
            return kind
    for magic, what in _NOT_A_TABLE:
        if head.startswith(magic) or (what == "a tar archive" and head[257:262] == magic):
            raise _not_a_table(path, what)
    return _text_kind(path, head)


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise TielineError(
            "broken_archive",
            f"The file is a zip archive or workbook that cannot be opened ({error}).",
            place=Place(str(path)),
            next_step="Copy or export it again; it may have been cut off on the way.",
        ) from error
    workbook = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
    if names & workbook:
        return "excel"
    if "word/document.xml" in names:
        raise _not_a_table(path, "a Word document")
    if "ppt/presentation.xml" in names:
        raise _not_a_table(path, "a PowerPoint presentation")
    return "zip"


def _text_kind(path: Path, head: bytes) -> str:
    plain = text_head(head)
    start = plain.lstrip("\ufeff \t\r\n")
    if start[:11].upper() == "BEGIN:VCARD":
        return "vcard"
    if start[:1] == "{" or (start[:1] == "[" and start[1:].lstrip()[:1] in ("{", "]", "")):
        return "json"
    lowered = start[:200].lower()
    if lowered.startswith(("<!doctype html", "<html")):
        raise _not_a_table(path, "a web page (perhaps the sign-in page instead of the export)")
    if lowered.startswith("<?xml") or (_TAG.match(lowered) and "</" in start):
        raise _not_a_table(path, "an XML document")
    if _looks_binary(head, plain):
        raise _not_a_table(path, "binary data, not text")
    return "text"


def text_head(head: bytes) -> str:
    """The first bytes of a text file, decoded just well enough to look at its ASCII characters."""
    return head.removeprefix(b"\xef\xbb\xbf").decode(wide_encoding(head) or "latin-1", "replace")


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 by byte-order mark, or by where the zero bytes stand; None otherwise."""
    for mark, name in (
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if head.startswith(mark):
            return name
    size = len(head) // 4 * 4
    if size < 8:
        return None
    zeros = [head[offset:size:4].count(0) / (size // 4) for offset in range(4)]
    # ASCII text has its zero bytes in fixed places; a few letters of other scripts may break it.
    if min(zeros[1:]) > 0.9 and zeros[0] < 0.1:
        return "utf-32-le"
    if min(zeros[:3]) > 0.9 and zeros[3] < 0.1:
        return "utf-32-be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    for name, empty, full in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        # Text of other scripts has few zero bytes, but never one in the other half of a character.
        if (empty > 0.8 and full < 0.1) or (empty > 0.1 and full == 0 and _is_text(head, name)):
            return name
        # But for letters such as Ā, U+0100: a short list may have many.
        if empty > 0.5 and full < empty / 2 and _is_text(head, name):
            return name
    return None


def _is_text(head: bytes, encoding: str) -> bool:
    """True when bytes decode to assigned characters only, with a line end or delimiter."""
    text = head[: len(head) // 2 * 2].decode(encoding, "ignore")
    odd = sum(unicodedata.category(char) in ("Cn", "Co", "Cs") for char in text)
    return odd * 100 <= len(text) and any(char in text for char in "\n\r,;\t")


def _looks_binary(head: bytes, plain: str) -> bool:
    """True when control characters are too many for any text (stray NUL bytes are tolerated)."""
    if not head:
        return False
    odd = sum(1 for char in plain if ord(char) < 32 and char not in _CONTROLS_OF_TEXT)
    zeros = plain.count("\x00")
    return odd > max(16, len(plain) * 0.05) or (odd > 16 and zeros > len(plain) * 0.3)


def _not_a_table(path: Path, what: str) -> TielineError:
    return TielineError(
        "not_a_table",
        f"The file looks like {what}, whatever its name says.",
        place=Place(str(path)),
        next_step="Export the list as CSV, Excel, Parquet, JSON lines or vCard and add that.",
    )

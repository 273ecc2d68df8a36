"""Which encoding a text file is in, and its lines as UTF-8, whatever they are in.

UTF-8 is believed where it is valid, UTF-16 and UTF-32 by mark or by their zero bytes. Any other
text is read in the code page that makes the likeliest words of it (`letter_statistics`), line by
line, so that a file glued together from several systems keeps all its letters.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tieline.data.sources.content import HEAD, wide_encoding
from tieline.data.sources.letter_statistics import ASIAN, likelihood

#: Bytes of lines that are not UTF-8 which the code page is decided on, and those of one block.
SAMPLE = 1 << 15
SAMPLE_OF_BLOCK = 1 << 12
BLOCK = 1 << 20

_WESTERN = ("de", "fr", "es", "it", "pt", "nl", "da", "sv", "no", "fi", "is", "en")
_CENTRAL = ("pl", "cs", "sk", "hu", "hr", "sl", "ro", "de", "fr")
_CYRILLIC = ("ru", "uk", "bg")

#: Code pages in the order of preference, with their languages and a handicap for the rarer ones.
CODE_PAGES: dict[str, tuple[tuple[str, ...], float]] = {
    "cp1252": (_WESTERN, 0.0),
    "cp1250": (_CENTRAL, 1.0),
    "cp1251": (_CYRILLIC, 1.0),
    "cp932": (("ja",), 1.0),
    "gb18030": (("zh-hans",), 1.0),
    "big5": (("zh-hant",), 2.0),
    "cp949": (("ko",), 2.0),
    "euc_jp": (("ja",), 3.0),
    "cp1253": (("el",), 2.0),
    "cp1254": (("tr", "de", "fr"), 2.0),
    "cp1257": (("lt", "lv", "et", "de"), 2.0),
    "cp1255": (("he",), 2.0),
    "cp1256": (("ar", "fr"), 2.0),
    "iso8859_2": (_CENTRAL, 2.0),
    "iso8859_15": (_WESTERN, 2.0),
    "mac_roman": (_WESTERN, 3.0),
    "cp850": (_WESTERN, 3.0),
    "cp852": (_CENTRAL, 4.0),
    "koi8_r": (_CYRILLIC, 3.0),
    "cp866": (_CYRILLIC, 3.0),
    "mac_cyrillic": (_CYRILLIC, 5.0),
}

_HIGH_BYTES = bytes(range(128, 256))
_SEVERAL_BYTES = frozenset(("cp932", "gb18030", "big5", "cp949", "euc_jp"))
_ALL_LANGUAGES = (*_WESTERN, *_CENTRAL[:-2], "tr", "lt", "lv", "et", *_CYRILLIC, "el", "he", "ar")
_ALL = (*_ALL_LANGUAGES, *ASIAN)

#: What a byte costs that its code page does not know.
_UNKNOWN_BYTE = 15.0

#: How much likelier a code page must be before a valid UTF-8 line is read in it.
_FAITH_IN_UTF8 = 6.0

#: How much likelier a line must be as UTF-8 with some odd bytes than in its code page: two letters
#: of a code page often look like one of UTF-8 (Cyrillic `Ві`).
_DOUBT_IN_PATCHES = 8.0

#: Valid UTF-8 sequences in valid UTF-8 that leave no doubt.
_CERTAIN = 8

_NOT_ASCII_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


@dataclass
class Encoding:
    """How the bytes of a file become text; `legacy` is for lines that are not UTF-8."""

    name: str
    legacy: str | None = None
    wide: bool = False
    mark_size: int = 0
    newline: bytes = b"\n"
    notes: list[str] = field(default_factory=list)

    def to_utf8(self, data: bytes) -> bytes:
        """Whole lines as valid UTF-8."""
        if self.legacy is None or data.isascii():
            try:
                data.decode("utf-8")
            except UnicodeDecodeError:
                return self._lines_to_utf8(data, self.legacy or "cp1252")
            return data
        # In a code page of one byte a few letters may look like UTF-8, many never do.
        if self.legacy not in _SEVERAL_BYTES and _is_utf8(data) and _certain(data):
            return data
        return self._lines_to_utf8(data, self.legacy)

    def decode(self, line: bytes) -> str:
        """One line, or a part of one, as text."""
        return _line_text(line, self.legacy or "cp1252")

    def _lines_to_utf8(self, data: bytes, legacy: str) -> bytes:
        if legacy in _SEVERAL_BYTES:
            return _NOT_ASCII_LINE.sub(
                lambda found: _line_text(found.group(), legacy).encode("utf-8"), data
            )
        # Bytes that are no UTF-8 anywhere in their line can only be of the code page: whole
        # stretches of such lines are decoded at once, the other lines one by one.
        parts: list[str] = []
        start = 0
        while (found := _SEQUENCE.search(data, start)) is not None:
            begin = max(data.rfind(b"\n", start, found.start()) + 1, start)
            end = data.find(b"\n", found.end())
            end = len(data) if end < 0 else end
            parts.append(_legacy_text(data[start:begin], legacy)[0])
            parts.append(_line_text(data[begin:end], legacy))
            start = end
        parts.append(_legacy_text(data[start:], legacy)[0])
        return "".join(parts).encode("utf-8")


def find_encoding(path: Path) -> Encoding:
    """Read through a file once and decide on its encoding and line ends."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        wide = wide_encoding(head)
        if wide is not None:
            text = head.decode(wide, "replace")
            mark = next((len(m) for m in _MARKS[wide] if head.startswith(m)), 0)
            return Encoding(wide, wide=True, mark_size=mark, newline=_newline(text.encode()))
        mark = 3 if head.startswith(codecs.BOM_UTF8) else 0
        file.seek(mark)
        first = file.read(BLOCK)
        newline = _newline(first)
        sample, good, bad = _sample(first, file)
    if not bad:
        return Encoding("utf-8", mark_size=mark, newline=newline)
    legacy = _code_page(sample)
    if good > bad:
        note = (
            f"{bad} lines looked at are not UTF-8 and were read as {legacy}, the others as UTF-8."
        )
        return Encoding("utf-8", legacy, mark_size=mark, newline=newline, notes=[note])
    notes = []
    if good:
        notes = [f"Some lines are UTF-8 and were read as such, the others as {legacy}."]
    return Encoding(legacy, legacy, mark_size=mark, newline=newline, notes=notes)


_MARKS = {
    "utf-16-le": (codecs.BOM_UTF16_LE,),
    "utf-16-be": (codecs.BOM_UTF16_BE,),
    "utf-32-le": (codecs.BOM_UTF32_LE,),
    "utf-32-be": (codecs.BOM_UTF32_BE,),
}


def _newline(data: bytes) -> bytes:
    return b"\r" if b"\n" not in data and b"\r" in data else b"\n"


def _sample(block: bytes, file: BinaryIO) -> tuple[bytes, int, int]:
    """Lines that are not UTF-8, and how many lines looked at are and are not UTF-8."""
    sample: list[bytes] = []
    size = good = bad = 0
    rest = b""
    while block:
        cut = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        whole, rest = (rest + block[:cut], block[cut:]) if cut else (rest + block, b"")
        if not whole.isascii() and not _is_utf8(whole):
            of_block = 0
            for found in _NOT_ASCII_LINE.finditer(whole):
                line = found.group()
                if _is_utf8(line):
                    good += 1
                    continue
                bad += 1
                sample.append(line[: SAMPLE_OF_BLOCK - of_block])
                of_block += len(line)
                if of_block >= SAMPLE_OF_BLOCK:
                    break
            size += of_block
            if size >= SAMPLE:
                return b"\n".join(sample), good, bad
        elif not whole.isascii():
            good += whole.count(b"\n") + 1
        block = file.read(BLOCK)
    if not _is_utf8(rest):
        bad += 1
        sample.append(rest[:SAMPLE])
    return b"\n".join(sample), good, bad


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _code_page(sample: bytes) -> str:
    """The code page that makes the likeliest words of a sample."""
    readings = {name: _legacy_text(sample, name) for name in CODE_PAGES}
    scores = {}
    for name, (text, unknown) in readings.items():
        languages, handicap = CODE_PAGES[name]
        scores[name] = likelihood(text, languages) - handicap - _UNKNOWN_BYTE * unknown
    best = max(scores, key=lambda name: scores[name])
    # Where two code pages give the same text, the commoner one names it.
    return next(name for name in CODE_PAGES if readings[name] == readings[best])


def _legacy_text(data: bytes, code_page: str) -> tuple[str, int]:
    """Text in a code page, and how many bytes it does not know (kept as the Latin-1 character)."""
    unknown = 0
    parts: list[str] = []
    position = 0
    while True:
        try:
            parts.append(data[position:].decode(code_page))
            return "".join(parts), unknown
        except UnicodeDecodeError as error:
            bad = position + error.start
            parts.append(data[position:bad].decode(code_page))
            parts.append(data[bad : bad + 1].decode("latin-1"))
            unknown += 1
            position = bad + 1


def _line_text(line: bytes, legacy: str) -> str:
    """One line: UTF-8 where it is that, the code page where that makes likelier words."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    pairs = len(_SEQUENCE.findall(line))
    if text and legacy not in _SEVERAL_BYTES and pairs > 1:
        return text
    other, unknown = _legacy_text(line, legacy)
    doubtful = pairs if legacy not in _SEVERAL_BYTES else 4 * pairs > _not_ascii(line)
    if not text and not unknown and not doubtful:
        return other
    faith = _FAITH_IN_UTF8 if text else -_DOUBT_IN_PATCHES
    text = text or _patched(line, legacy)
    languages = CODE_PAGES[legacy][0]
    as_legacy = likelihood(other, languages) - _UNKNOWN_BYTE * unknown
    return text if likelihood(text, _ALL) + faith >= as_legacy else other


def _certain(data: bytes) -> bool:
    return sum(1 for _ in islice(_SEQUENCE.finditer(data), _CERTAIN)) == _CERTAIN


def _not_ascii(line: bytes) -> int:
    return len(line) - len(line.translate(None, _HIGH_BYTES))


def _patched(line: bytes, legacy: str) -> str:
    """A line that is UTF-8 but for some bytes, which are read in the code page."""
    parts: list[str] = []
    position = 0
    for found in _SEQUENCE.finditer(line):
        parts.append(_legacy_text(line[position : found.start()], legacy)[0])
        parts.append(found.group().decode("utf-8", "replace"))
        position = found.end()
    parts.append(_legacy_text(line[position:], legacy)[0])
    return "".join(parts)

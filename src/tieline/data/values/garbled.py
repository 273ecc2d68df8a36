"""UTF-8 that was read as Windows-1252 once or twice, and HTML: `MÃ¼ller`, `M&uuml;ller` is Müller.

Each run of characters that can only come about that way goes back: written as the bytes it came
from and read as UTF-8. The library ftfy repairs more (quotes, other code pages) and so changes
texts that are right; it would be one more dependency for the one accident that lists of contacts
show. A name that went through a web form may come with entities: those that end in a semicolon and
that HTML knows are read. Text in which a character was lost (`Ayd?n`) cannot be repaired.
"""

from __future__ import annotations

import html
import re

_BYTES = {
    bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)
}
"""The byte a character was; the five that Windows-1252 leaves open are read as they are."""
_AS_READ = {byte: char for char, byte in _BYTES.items()}


def _chars(first: int, last: int) -> str:
    return "[" + "".join(re.escape(_AS_READ[byte]) for byte in range(first, last + 1)) + "]"


_NEXT = _chars(0x80, 0xBF)
# One pair of Ã or Â is proof enough, for all pairs behind it as well. Ä and Å are letters that may
# stand before a quotation mark or an ellipsis, so a letter has to follow or to go before. Cyrillic
# and Greek come in rows of pairs, as Ð, Ñ, Î and Ï are letters too.
_GARBLED = re.compile(
    f"(?:[ÂÃ]{_NEXT}(?:{_chars(0xC2, 0xDF)}{_NEXT}|â{_NEXT}{_NEXT})*"
    f"|(?<=[A-Za-z])[ÄÅ]{_NEXT}|[ÄÅ]{_NEXT}(?=[A-Za-z])"
    f"|â{_chars(0x80, 0x84)}{_NEXT}|(?:[ÎÏÐÑ]{_NEXT}){{2,}})+"
)
_TELL_TALE = re.compile("[ÂÃÄÅâÎÏÐÑ]")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]\w{1,7});")
TIMES = 3
"""So often a text may have been read wrongly; more was never seen."""


def repair(text: str) -> str:
    """The text as it was before it was read wrongly; a text that is right comes back as it is."""
    # `&amp;amp;` went through two forms.
    while "&" in text and _ENTITY.search(text) and (read := html.unescape(text)) != text:
        text = read
    if text.isascii() or not _TELL_TALE.search(text):
        return text
    for _ in range(TIMES):
        repaired = _GARBLED.sub(_read_again, text)
        if repaired == text:
            break
        text = repaired
    return text


def _read_again(found: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[char] for char in found[0]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]

"""Purposes and channels by the words of headers and cells, of eight languages."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from anyascii import anyascii

from tieline.data.kinds.consent_fields import ANY, CHANNELS, MARKETING, is_purpose

# E-mail stands before mail, which is a letter by post where it stands alone.
_CHANNELS = ("sms", "fax", "messenger", "phone", "email", "mail")
_PURPOSES = ("newsletter", "events", "surveys", "profiling", "third_parties")
_WHOLE_WORDS = frozenset({"call", "post", "tele", "mail", "dnc", "brief", "carta", "texto"})
"""Too short to be looked for inside other words."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[a-z]+")


@lru_cache(maxsize=20_000)
def purpose_and_channel(text: str) -> tuple[str, str]:
    """What a header such as "Do not call" speaks of: ("marketing", "phone")."""
    words = tuple(_WORD.findall(_CAMEL.sub(" ", anyascii(text)).lower()))
    purpose = next((p for p in _PURPOSES if _speaks(words, f"purpose_{p}")), MARKETING)
    channel = next((c for c in _CHANNELS if _speaks(words, f"channel_{c}")), ANY)
    if purpose == "newsletter" and channel in (ANY, "mail"):
        channel = "email"
    return purpose, channel


def stated_purpose(text: str | None) -> str:
    """The purpose a cell of a log of consents names; a word nobody knows is a purpose of its own.

    An empty cell is marketing: the purpose people ask consent for.
    """
    words = "_".join(_WORD.findall(anyascii(text or "").lower()))
    if not words:
        return MARKETING
    known, _ = purpose_and_channel(text or "")
    return known if known != MARKETING or not is_purpose(words) or _is_marketing(words) else words


def stated_channel(text: str | None) -> str:
    """The channel a cell of a log of consents names; any where it names none that is known."""
    words = anyascii(text or "").strip().lower()
    return words if words in CHANNELS else purpose_and_channel(f"via {words}")[1]


def _is_marketing(words: str) -> bool:
    return any(part in words for part in _words()["purpose_marketing"])


def _speaks(words: tuple[str, ...], group: str) -> bool:
    """Whether a text uses a word of a group, by itself or grown together with others."""
    joined = "".join(words)
    return any(
        word in words or _ends_a_word(words, word) if word in _WHOLE_WORDS else word in joined
        for word in _words()[group]
    )


def _ends_a_word(words: tuple[str, ...], short: str) -> bool:
    """`donotcall`, `nomail`: the header was written without spaces."""
    return any(
        word.endswith(short) and word.startswith(("do", "no", "opt", "stop")) for word in words
    )


@cache
def _words() -> dict[str, tuple[str, ...]]:
    text = files("tieline.data.kinds").joinpath("consent_words.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines()[1:]]
    return {group: tuple(words.split()) for group, words in lines}

"""The keys by which places and postcodes are compared: one spelling for every way to write them."""

from __future__ import annotations

import re
from functools import lru_cache

from tieline.data.values.folding import fold_words

# Germans write Köln as Koeln, Danes Ålborg as Aalborg; `fold_words` gives koln and alborg.
_TWO_LETTER_VOWELS = frozenset({"DE", "AT", "CH", "LI", "LU", "SE", "FI", "NO", "DK", "IS"})
_VOWELS = re.compile(r"(?<![aeiou])(ae|oe|ue|aa)")
_AMERICAN = re.compile(r"^(?:city|town|village|township|borough) of |^(north|south|east|west) ")
_JAPANESE = re.compile(r" (?:ku|shi|cho|machi|mura|gun|ken|fu|to|city|ward)$")
_SAINT = re.compile(r"\b(saint|sainte|sankt|santa|san|st|ste|sta|fort|mount|mt)\b")
_SAINTS = {
    "saint": "st",
    "sankt": "st",
    "sainte": "ste",
    "fort": "ft",
    "mount": "mt",
}
_PREFIX = re.compile(r"^[A-Z]{1,3}(?=\d{3})")
# Here letters before the digits belong to the code; anywhere else they name the country (D-10115).
_LETTERS_BELONG_TEXT = "AI BB BM BN CA FK GB GG GI GS IE IM IO JE KY MS MT PN SH SZ TC VG"
_LETTERS_BELONG = frozenset(_LETTERS_BELONG_TEXT.split())
_NOT_CODE = re.compile(r"[^A-Z0-9]+")

# Left characters of a postcode that the gazetteer knows: outward code of a British one, routing key
# of an Irish one, forward sortation area of a Canadian one, and so on; all characters elsewhere.
KNOWN_LENGTH = {
    "AR": 4,
    "CA": 3,
    "IE": 3,
    "NL": 4,
    "PT": 4,
    "BR": 5,
    "JP": 5,
    "KR": 3,
    "US": 5,
    "SG": 2,
}


@lru_cache(maxsize=1 << 16)
def place_key(name: str, iso2: str | None = None) -> str:
    """A place's name for comparing: ASCII words, Saint/St and umlaut spellings made equal."""
    key = fold_words(name)
    if iso2 in _TWO_LETTER_VOWELS:
        key = _VOWELS.sub(lambda found: found.group(1)[0], key)
    if iso2 == "US" or iso2 == "CA":
        key = _AMERICAN.sub(lambda found: (found.group(1) or "")[:1] + " ", key).strip()
    elif iso2 == "JP":
        key = _JAPANESE.sub("", key)
    if "t" in key:
        key = _SAINT.sub(lambda found: _SAINTS.get(found.group(1), found.group(1)), key)
    return key


def postcode_key(postcode: str, iso2: str | None = None) -> str:
    """Letters and digits of a postcode, upper case, a country's letters in front taken off."""
    if postcode.isdigit():
        return postcode
    key = _NOT_CODE.sub("", postcode.upper())
    return key if iso2 in _LETTERS_BELONG else _PREFIX.sub("", key)


def known_postcode(key: str, iso2: str | None) -> str:
    """The part of a postcode key by which the gazetteer looks it up."""
    if iso2 in ("GB", "GG", "JE", "IM"):
        return key[:-3] if len(key) > 4 else key
    return key[: KNOWN_LENGTH.get(iso2 or "", 12)]

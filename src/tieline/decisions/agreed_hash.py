"""The hash that both sides of a list offer agree on, so that samples can be compared unseen.

Both sides hold one secret text, the salt. scrypt (RFC 7914; N 2^15, r 8, p 1: a tenth of a second
and 32 MB a try) makes the key of it, and a value becomes the HMAC-SHA-256 (RFC 2104) of its kind
and its standard text, the first 128 bits in hexadecimal. What that protects from and what not:

- Whoever has the file but not the salt learns nothing: the key cannot be guessed.
- Whoever has the salt can test a guess, and e-mail addresses can be guessed. So the side that gets
  a file learns which of the addresses *it already has or thinks of* are in it. Therefore only the
  vendor gives a file, only of a sample, and nothing of ours ever leaves: the vendor learns nothing.
- Equal hashes of two files are equal addresses: give each vendor a salt of its own unless lists
  are to be compared with each other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tieline.errors import Place, TielineError

SHORTEST_SALT = 16
"""Bytes of a salt, at least: 128 bits where it is made by chance."""
EMAIL, PERSON, DOMAIN, COMPANY = "email", "person", "domain", "company"
"""Kinds of values: equal texts of two kinds have different hashes."""
_KEY_OF = b"tieline list offer 1"
_PREFIX = "tieline-1:"


def person_text(given: str | None, family: str | None, domain: str | None) -> str | None:
    """Who somebody is without an e-mail address: names in small ASCII letters, at a domain."""
    return f"{given} {family}@{domain}" if given and family and domain else None


@cache
def key_of(salt: str) -> bytes:
    """The key that both sides get from the salt; slow on purpose."""
    return hashlib.scrypt(
        salt.encode(), salt=_KEY_OF, n=1 << 15, r=8, p=1, maxmem=1 << 26, dklen=32
    )


def read_salt(path: Path) -> str:
    """The salt in a file, without white space around it.

    TielineError `no_salt` if there is no such file, `weak_salt` if it can be guessed.
    """
    try:
        salt = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise TielineError(
            "no_salt",
            "The file with the salt that both sides agree on cannot be read.",
            place=Place(str(path)),
            next_step="Write a secret of at least 16 letters into it, the same on both sides.",
        ) from None
    if len(salt.encode()) < SHORTEST_SALT or len(set(salt)) < 6:
        raise TielineError(
            "weak_salt",
            f"The salt is too short to be a secret: at least {SHORTEST_SALT} letters are needed.",
            place=Place(str(path)),
            next_step="Make one by chance, such as the 32 letters of: openssl rand -hex 16",
        )
    return salt


def agreement(key: bytes) -> str:
    """What a file says of the way it was hashed: equal for equal keys, and tells no key."""
    return _PREFIX + hmac.digest(key, b"agreement", "sha256").hex()[:16]


def hashed(key: bytes, kind: str, values: Iterable[str | None]) -> list[str | None]:
    """The hashes of values in their standard text; empty stays empty."""
    lead = kind.encode() + b"\0"
    digest = hmac.digest
    return [
        digest(key, lead + value.strip().lower().encode(), "sha256").hex()[:32] if value else None
        for value in values
    ]

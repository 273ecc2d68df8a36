"""What a person is recognised by when a list brings them again: keys of standard values.

A name alone is no key, and neither is what a whole office shares. What is kept of the keys of a
forgotten person are salted digests; see `docs/adr/0009-erasure.md`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, TypeAlias

from tieline.data.kinds.identifiers import NETWORK, scheme_named

Key: TypeAlias = tuple[str, str]
"""The kind of key, and the standard values it is made of."""

EMAIL, IDENTIFIER, PHONE = "email", "identifier", "phone"
EMAIL_NAME, IDENTIFIER_NAME = "email+name", "identifier+name"
PHONE_FAMILY = "phone+family"
NAME_COMPANY, NAME_DOMAIN = "name+company", "name+domain"
NAME_ADDRESS, NAME_BORN = "name+address", "name+birth date"

WITH_NAME = {EMAIL: EMAIL_NAME, IDENTIFIER: IDENTIFIER_NAME}
"""What stands in for a key that several people share."""

COLUMNS = (
    "record_id", "source", "row_number", "is_organisation", "given_key", "family_key", "name_key",
    "given_root", "birth_date", "email_key", "is_role_account", "email_2_key",
    "is_role_account_2", "phone", "phone_2", "phone_3", "company_key", "company_core",
    "company_2_key", "company_domain", "address_key",
)  # fmt: skip
"""The columns of `standard_records` that keys are made of."""

_SEPARATOR = "\x1f"
_SHORTEST_GIVEN = 2
"""An initial and a family name are no full name: M. Lee may be anybody."""
_SHORTEST_FAMILY = 4


def name_forms(row: Mapping[str, Any]) -> list[str]:
    """The full name in the forms it is compared in, in no order of words.

    All words; given and family name; the usual form of the given name (Bob is robert); the first of
    several given names, and the first of several family names. Nothing for a name of one word or
    with an initial only.
    """
    given, family = row["given_key"] or "", row["family_key"] or ""
    if row["is_organisation"] or len(given) < _SHORTEST_GIVEN or not family:
        return []
    givens = {given, row["given_root"] or given, given.split()[0]}
    # "van der Berg" is not called "van".
    families = {family, *(word for word in family.split()[:1] if len(word) >= _SHORTEST_FAMILY)}
    forms = {_sorted(row["name_key"] or "")}
    forms |= {
        _sorted(f"{one} {other}")
        for one, other in product(givens, families)
        if len(one) >= _SHORTEST_GIVEN
    }
    return sorted(form for form in forms if " " in form)


def keys_of(row: Mapping[str, Any], identifiers: Iterable[tuple[str, str]] = ()) -> set[Key]:
    """Every key of one record; `identifiers` are its (scheme, value) that name a person.

    Which of them catch a row is said by `catching`.
    """
    names = name_forms(row)
    strong: list[Key] = [(EMAIL, text) for text in emails(row)]
    strong += [
        (IDENTIFIER, f"{scheme}:{value}") for scheme, value in identifiers if _lasting(scheme)
    ]
    keys: set[Key] = set(strong)
    shared = [(EMAIL, text) for text in role_emails(row)]
    for (kind, text), name in product([*strong, *shared], names):
        keys.add((WITH_NAME[kind], f"{text}{_SEPARATOR}{name}"))
    for number in phones(row):
        keys.add((PHONE, number))
        for initial in _initials(row):
            keys.add((PHONE_FAMILY, _SEPARATOR.join((number, row["family_key"], initial))))
    born = row["birth_date"]
    for name in names:
        keys |= {(NAME_COMPANY, f"{text}{_SEPARATOR}{name}") for text in _companies(row)}
        if row["company_domain"]:
            keys.add((NAME_DOMAIN, f"{row['company_domain']}{_SEPARATOR}{name}"))
        if row["address_key"]:
            keys.add((NAME_ADDRESS, f"{row['address_key']}{_SEPARATOR}{name}"))
        if born is not None:
            keys.add((NAME_BORN, f"{born}{_SEPARATOR}{name}"))
    return keys


def catching(row: Mapping[str, Any], keys: Iterable[Key]) -> Iterator[Key]:
    """Those keys of a row that catch it.

    A telephone number catches only a row that names neither a person nor a company: else it may
    as well be a colleague at the same switchboard, or the company itself.
    """
    names_another = row["name_key"] or row["company_key"]
    return (key for key in keys if key[0] != PHONE or not names_another)


def digest(salt: bytes, key: Key) -> str:
    """The salted digest of a key: HMAC-SHA256 (RFC 2104), in hexadecimal digits."""
    return hmac.digest(salt, _SEPARATOR.join(key).encode(), hashlib.sha256).hex()


def emails(row: Mapping[str, Any]) -> list[str]:
    """The e-mail addresses of a row that are a person's."""
    return [
        row[name]
        for name, role in (("email_key", "is_role_account"), ("email_2_key", "is_role_account_2"))
        if row[name] and not row[role]
    ]


def role_emails(row: Mapping[str, Any]) -> list[str]:
    """The e-mail addresses of a row that are a function's (info@)."""
    return [
        row[name]
        for name, role in (("email_key", "is_role_account"), ("email_2_key", "is_role_account_2"))
        if row[name] and row[role]
    ]


def phones(row: Mapping[str, Any]) -> list[str]:
    """The telephone numbers of a row, E.164."""
    return [row[name] for name in ("phone", "phone_2", "phone_3") if row[name]]


def _initials(row: Mapping[str, Any]) -> set[str]:
    """The initials a given name may be met by; an empty one where there is no given name."""
    if not row["family_key"]:
        return set()
    return {(row[name] or "")[:1] for name in ("given_key", "given_root")}


def _companies(row: Mapping[str, Any]) -> set[str]:
    return {
        text for text in (row["company_core"], row["company_key"], row["company_2_key"]) if text
    }


def _lasting(scheme: str) -> bool:
    """Whether an identifier means the same person in another list: a network does not."""
    # A tool's own number stands as `login@tool`: it means one person there, and nobody elsewhere.
    return scheme_named(scheme.partition("@")[0]).nature != NETWORK


def _sorted(words: str) -> str:
    return " ".join(sorted(words.split()))

"""What one cell looks like: a test per sort of value, on the text folded to lower-case ASCII.

A detector answers for one value whether it has the shape; `content.py` turns the shares of a
column's values into evidence for fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tieline.data.mapping import shapes
from tieline.data.mapping import vocabularies as known

_WORD = re.compile(r"[a-z][a-z'.-]*")
_TOKEN = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d")


def tokens(text: str) -> list[str]:
    """The runs of letters of a folded value."""
    return _TOKEN.findall(text)


def _only(group: str) -> Callable[[str], bool]:
    return lambda text: bool(parts := tokens(text)) and all(p in known.words(group) for p in parts)


def _some(group: str) -> Callable[[str], bool]:
    return lambda text: any(part in known.words(group) for part in tokens(text))


def _is(*patterns: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: any(pattern.search(text) is not None for pattern in patterns)


def is_phone(text: str) -> bool:
    """Digits and separators in the number a phone has, and not a plain date."""
    if not shapes.PHONE.match(text) or shapes.DATE.match(text):
        return False
    return 7 <= len(_DIGITS.findall(text)) <= 17


def is_phone_written(text: str) -> bool:
    """A phone with the marks of one: a plus, brackets, groups of digits, a leading zero."""
    return (
        is_phone(text)
        and bool(shapes.PHONE_WRITTEN.search(text))
        and not shapes.SSN.match(text)
        and not (shapes.POSTCODE_WRITTEN.match(text) or shapes.DUNS.match(text))
    )


def is_words(text: str) -> bool:
    """Letters and no digits."""
    return bool(tokens(text)) and not _DIGITS.search(text) and "@" not in text


def is_name_word(text: str) -> bool:
    """One to three words of letters, as in a given or family name."""
    parts = _WORD.findall(text)
    return 1 <= len(parts) <= 4 and is_words(text) and len(text) <= 40


def is_given_name(text: str) -> bool:
    """One or two known given names and nothing else of weight."""
    parts = [part for part in tokens(text) if len(part) > 1]
    return (
        is_name_word(text)
        and 1 <= len(parts) <= 2
        and parts[0] in known.given_names()
        and (len(parts) == 1 or parts[1] in known.given_names())
    )


def is_family_name(text: str) -> bool:
    """Ends with a known family name that is not rather a given name."""
    parts = tokens(text)
    return (
        is_name_word(text)
        and 1 <= len(parts) <= 2
        and parts[-1] in known.family_names()
        and parts[-1] not in known.given_names()
    )


def is_person(text: str) -> bool:
    """Two to five words of letters, one of the outer ones a known given name, none of a company."""
    if not is_words(text) or len(text) > 60:
        return False
    parts = [part for part in tokens(text) if part not in known.words("salutation")]
    if not 2 <= len(parts) <= 6 or shapes.LEGAL_TAIL.search(text):
        return False
    if any(part in known.words("company") for part in parts):
        return False
    after_comma = tokens(text.partition(",")[2])[:1]
    return parts[0] in known.given_names() or any(p in known.given_names() for p in after_comma)


def is_company(text: str) -> bool:
    """Ends with a legal form or holds a word that companies are called by."""
    if not tokens(text) or len(text) > 120 or "@" in text:
        return False
    return bool(shapes.LEGAL_TAIL.search(text.rstrip(" .,"))) or any(
        part in known.words("company") for part in tokens(text)
    )


def is_title(text: str) -> bool:
    """Holds a word of job titles and is no street and no company."""
    if _DIGITS.search(text) or len(text) > 90 or "@" in text:
        return False
    return any(
        part in known.words("title") for part in tokens(text)
    ) and not shapes.LEGAL_TAIL.search(text)


def is_street(text: str) -> bool:
    """A number and a word of streets, or a post box."""
    if "@" in text or "://" in text:
        return False
    if shapes.PO_BOX.search(text):
        return True
    if not _DIGITS.search(text) or len(text) > 100:
        return False
    parts = tokens(text)
    if any(part in known.words("street") and len(part) > 1 for part in parts):
        return True
    return any(part.endswith(suffix) for part in parts for suffix in _STREET_SUFFIXES)


_STREET_SUFFIXES = tuple(sorted(known.words("street_suffix")))


def is_full_address(text: str) -> bool:
    """A street, then after a comma or line break a postcode, country or state: several parts."""
    parts = [part.strip() for part in re.split(r"[,;\n|]", text) if part.strip()]
    if len(parts) < 2 or len(text) < 15 or not _DIGITS.search(text) or "@" in text:
        return False
    last = " ".join(parts[1:])
    has_code = bool(re.search(r"\b\d{4,6}\b|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b", last))
    ends = parts[-1] in known.country_names() or bool(
        set(tokens(parts[-1])) & known.words("region_code")
    )
    return (has_code or ends) and (is_street(parts[0]) or len(parts) >= 3 or is_street(text))


def is_country_name(text: str) -> bool:
    """A country by a name in one of twelve languages, or its three-letter code."""
    return text in known.country_names() or text in known.words("country_code3")


DETECTORS: dict[str, Callable[[str], bool]] = {
    "email": _is(shapes.EMAIL),
    "url": lambda text: bool(shapes.URL.match(text)) and "@" not in text,
    "phone": is_phone,
    "phone_written": is_phone_written,
    "date": _is(shapes.DATE),
    "stamp": lambda text: bool(shapes.STAMP.search(text)) and len(text) < 40,
    "number": _is(shapes.NUMBER),
    "money": _is(shapes.MONEY),
    "currency": lambda text: bool(shapes.CURRENCY.search(text)) and bool(shapes.MONEY.match(text)),
    "band": _is(shapes.BAND),
    "postcode": _is(shapes.POSTCODE_PLAIN, shapes.POSTCODE_WRITTEN),
    "postcode_shaped": _is(shapes.POSTCODE_WRITTEN),
    "lei": _is(shapes.LEI),
    "vat": _is(shapes.VAT),
    "ssn": _is(shapes.SSN),
    "duns": _is(shapes.DUNS),
    "linkedin": _is(shapes.LINKEDIN),
    "linkedin_company": _is(shapes.LINKEDIN_COMPANY),
    "twitter": _is(shapes.TWITTER),
    "xing": _is(shapes.XING),
    "facebook": _is(shapes.FACEBOOK),
    "github": _is(shapes.GITHUB),
    "orcid": _is(shapes.ORCID),
    "ror": _is(shapes.ROR),
    "uuid": _is(),
    "house": _is(shapes.HOUSE),
    "id_like": _is(shapes.ID_LIKE),
    "initial": _is(shapes.INITIAL),
    "words": is_words,
    "letters": lambda text: bool(tokens(text)),
    "short": lambda text: len(text) <= 30,
    "name_word": is_name_word,
    "given_name": is_given_name,
    "family_name": is_family_name,
    "person": is_person,
    "company": is_company,
    "title": is_title,
    "department": _only("department"),
    "street": is_street,
    "full_address": is_full_address,
    "country_code": lambda text: text in known.COUNTRY_CODES,
    "country_name": is_country_name,
    "region": lambda text: text in known.words("region_code") or text in known.words("region_name"),
    "salutation": _only("salutation"),
    "gender": _only("gender"),
    "name_suffix": _only("name_suffix"),
    "boolean": lambda text: text in known.words("boolean"),
    "language": lambda text: (
        text in known.words("language") or bool(re.match("[a-z]{2}[-_][a-z]{2}$", text))
    ),
    "status": _only("status"),
    "contact_type": _only("contact_type"),
    "response": _some("response"),
    "reason": _some("reason"),
    "direction": _some("direction"),
    "outcome": _some("outcome"),
    "currency_code": _is(shapes.CURRENCY_CODE),
    "ip": _is(shapes.IP),
    "record_type": _only("record_type"),
    "industry": _some("industry"),
}
"""Test by name; each takes a value folded to lower-case ASCII without outer spaces."""

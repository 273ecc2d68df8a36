"""What one cell looks like: a test per sort of value, on the text folded to lower-case ASCII.

A detector answers for one value whether it has the shape; `content.py` turns the shares of a
column's values into evidence for fields. Shapes are wide on purpose: a wrong cell in a column of
phones must not stop the column from being one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tieline.data.mapping import vocabularies as known

_WORD = re.compile(r"[a-z][a-z'.-]*")
_TOKEN = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d")

EMAIL = re.compile(r"^[\"<' ]*(mailto:)?[^\s@,;<>\"]{1,80}@[a-z0-9-]+(\.[a-z0-9-]+)+[>\"' ;.]*$")
URL = re.compile(
    r"^#?(https?:/*|ftp://)?(www\.)?[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,10}(:\d+)?(/\S*)?#?$"
)
PHONE = re.compile(
    r"^(tel|phone|ph|t|m|fax)?[:. ]*[+(]?[\d(][\d\s().\-/+]{5,22}(\s?(x|ext|dw|poste|int)\.?\s?\d{1,6})?$"
)
PHONE_SHAPED = re.compile(r"^\+|\(\d|\d[\s./-]+\d{2,}[\s./-]*\d|^0\d{8,11}$|^00\d{9,}|^1?\d{10}$")
DATE = re.compile(
    r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|(1[89]|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])"
    r"|\d{1,2}[. -]+[a-z]{3,10}[., -]+\d{2,4}|[a-z]{3,10} \d{1,2},? \d{4})([t ,]+\d{1,2}[:h]\d{2}.*)?$"
)
STAMP = re.compile(r"\d{1,2}:\d{2}|^1[4-9]\d{8}(\d{3})?$")
NUMBER = re.compile(r"^[-+]?\d{1,3}([.,' ]?\d{3})*([.,]\d+)?$")
MONEY = re.compile(
    r"^[<>~=]*\s*((usd|eur|gbp|chf|us\$|[$]|eur)\s*)?[\d.,' ]+\s*(k|m|mn|mio|mln|million(en|s)?|bn|b|mrd|billion|tsd|thousand)?\.?\s*"
    r"(usd|eur|gbp|chf|[$]|eur)?(\s*(-|to|bis)\s*[^a-z]*[\d.,]+\s*[a-z]{0,8}\.?\s*[a-z$]*)?$"
)
CURRENCY = re.compile(r"usd|eur|gbp|chf|[$]|\b(mio|mln|mrd|bn|million|billion)\b")
BAND = re.compile(
    r"^[<>~]?\s*[\d.,]+\s*[k+]?\s*(-|to|bis|a|--)\s*[\d.,]+\s*k?|^[<>]\s*\d+|^\d[\d.,]*k?\s*\+"
)
POSTCODE_PLAIN = re.compile(r"^([a-z]{1,2}[- ])?\d{3,7}(-\d{3,4})?(\.0)?$")
POSTCODE_SHAPED = re.compile(
    r"^([a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}|[a-z]\d[a-z][ -]?\d[a-z]\d|\d{4}\s?[a-z]{2}|\d{2}-\d{3}|\d{5}-\d{3,4}|\d{3} \d{2}"
    r"|\d{3}-\d{4}|[a-z]{1,2}-\d{4,5}|[a-z]\d{2} ?[a-z\d]{4}|\d{4}-\d{3})$"
)
LEI = re.compile(r"^[a-z0-9]{18}\d{2}$")
VAT = re.compile(
    r"^(at|be|bg|ch|cy|cz|de|dk|ee|el|es|fi|fr|gb|hr|hu|ie|it|lt|lu|lv|mt|nl|pl|pt|ro|se|si|sk|xi|che)[ -]?[a-z0-9]{0,2}[\d. ]{6,12}[a-z0-9]{0,3}$"
)
SSN = re.compile(r"^\d{3}-\d{2}-\d{4}$")
DUNS = re.compile(r"^(\d{9}|\d{2}-\d{3}-\d{4})$")
LINKEDIN = re.compile(r"linkedin\.com/(in|pub)/")
LINKEDIN_COMPANY = re.compile(r"linkedin\.com/(company|school|showcase)/")
TWITTER = re.compile(r"^@[a-z0-9_]{2,15}$|(twitter|//x)\.com/")
XING = re.compile(r"xing\.com/")
FACEBOOK = re.compile(r"facebook\.com/")
GITHUB = re.compile(r"github\.com/")
ORCID = re.compile(r"(^|orcid\.org/)\d{4}-\d{4}-\d{4}-\d{3}[\dx]$")
ROR = re.compile(r"ror\.org/0")
UUID = re.compile(r"^\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$")
HOUSE = re.compile(r"^\d{1,5}\s?[a-z]?([-/ ]\d{0,4}\s?[a-z]?)?$")
ID_LIKE = re.compile(r"^[a-z0-9._:/#{}-]*\d[a-z0-9._:/#{}-]*$|^[a-z]{4,8}$")
INITIAL = re.compile(r"^[a-z]\.?$")
PO_BOX = re.compile(
    r"\bp\.?\s?o\.?\s?box\b|postfach|\bb\.?p\.? \d|apartado|casella postale|postbus|skr"
)
LEGAL_TAIL = re.compile(
    r"\b(g\.?m\.?b\.?h|inc|l\.?l\.?c|l\.?t\.?d|plc|corp|corporation|s\.?a\.?s|s\.?a\.?r\.?l|s\.?p\.?a|s\.?r\.?l\.?s?|b\.?v|n\.?v|a\.?g|k\.?g"
    r"|ohg|s\.?l\.?u?|s\.?a|ltda|a/s|aps|oyj?|ab|asa|sp\.? z ?o\.? ?o|pty|llp|e\.?k|co|s\.?e|kft|a\.?s|s\.?r\.?o|k\.?k|limited|lda|group)\.?$"
)


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
    return (
        bool(PHONE.match(text)) and 7 <= len(_DIGITS.findall(text)) <= 17 and not DATE.match(text)
    )


def is_phone_written(text: str) -> bool:
    """A phone with the marks of one: a plus, brackets, groups of digits, a leading zero."""
    return (
        is_phone(text)
        and bool(PHONE_SHAPED.search(text))
        and not SSN.match(text)
        and not (POSTCODE_SHAPED.match(text) or DUNS.match(text))
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
    if not 2 <= len(parts) <= 6 or LEGAL_TAIL.search(text):
        return False
    if any(part in known.words("company") for part in parts):
        return False
    after_comma = tokens(text.partition(",")[2])[:1]
    return parts[0] in known.given_names() or any(p in known.given_names() for p in after_comma)


def is_company(text: str) -> bool:
    """Ends with a legal form or holds a word that companies are called by."""
    if not tokens(text) or len(text) > 120 or "@" in text:
        return False
    return bool(LEGAL_TAIL.search(text.rstrip(" .,"))) or any(
        part in known.words("company") for part in tokens(text)
    )


def is_title(text: str) -> bool:
    """Holds a word of job titles and is no street and no company."""
    if _DIGITS.search(text) or len(text) > 90 or "@" in text:
        return False
    return any(part in known.words("title") for part in tokens(text)) and not LEGAL_TAIL.search(
        text
    )


def is_street(text: str) -> bool:
    """A number and a word of streets, or a post box."""
    if "@" in text or "://" in text:
        return False
    if PO_BOX.search(text):
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
    "email": _is(EMAIL),
    "url": lambda text: bool(URL.match(text)) and "@" not in text,
    "phone": is_phone,
    "phone_written": is_phone_written,
    "date": _is(DATE),
    "stamp": lambda text: bool(STAMP.search(text)) and len(text) < 40,
    "number": _is(NUMBER),
    "money": _is(MONEY),
    "currency": lambda text: bool(CURRENCY.search(text)) and bool(MONEY.match(text)),
    "band": _is(BAND),
    "postcode": _is(POSTCODE_PLAIN, POSTCODE_SHAPED),
    "postcode_shaped": _is(POSTCODE_SHAPED),
    "lei": _is(LEI),
    "vat": _is(VAT),
    "ssn": _is(SSN),
    "duns": _is(DUNS),
    "linkedin": _is(LINKEDIN),
    "linkedin_company": _is(LINKEDIN_COMPANY),
    "twitter": _is(TWITTER),
    "xing": _is(XING),
    "facebook": _is(FACEBOOK),
    "github": _is(GITHUB),
    "orcid": _is(ORCID),
    "ror": _is(ROR),
    "uuid": _is(UUID),
    "house": _is(HOUSE),
    "id_like": _is(ID_LIKE),
    "initial": _is(INITIAL),
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
    "response": _some("response"),
    "reason": _some("reason"),
    "record_type": _only("record_type"),
    "industry": _some("industry"),
}
"""Test by name; each takes a value folded to lower-case ASCII without outer spaces."""

"""What the values of a column say: shares of shapes, and what they mean for each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from anyascii import anyascii

from tieline.data.kinds import SCHEMES
from tieline.data.mapping.detectors import DETECTORS

LOOKED_AT = 200
"""So many distinct values of a column are tested; more change the shares by little."""
LOOKED_AT_IN_ALL = 60_000
"""Fewer per column are tested in a file so wide that they would be more than this."""
LOOKED_AT_LEAST = 10
"""But at least so many."""
UNLIKE_FROM = 0.6
"""From this share on, values of another sort speak against a field."""
TYPICAL_FROM = 0.3
"""A smaller share of typical values says nothing."""
CODES = 3
"""A column with at most so many different values may be any list of codes."""
FEW_CODES = 0.7
"""What is left of the content's weight then."""
FEW = 3
"""With fewer values than this the content neither convinces nor refutes in full."""


@dataclass(frozen=True)
class Profile:
    """Distinct values of a column (folded, a limited number) and how often they repeat.

    `unique_share` is distinct values over filled ones in the sample, 0..1.
    """

    values: tuple[str, ...]
    filled: int
    unique_share: float

    @staticmethod
    def of(sample: Sequence[str], limit: int = LOOKED_AT) -> Profile:
        """Profile of the values of a sample; empty ones do not count."""
        filled = [value.strip() for value in sample if value and value.strip()]
        written = dict.fromkeys(filled)  # ids of Salesforce differ by upper and lower case only
        distinct = list(dict.fromkeys(anyascii(value).strip().lower() for value in written))
        share = len(written) / len(filled) if filled else 0.0
        return Profile(tuple(text for text in distinct if text)[:limit], len(filled), share)

    @cached_property
    def _shares(self) -> dict[str, float]:
        return {}

    def share(self, shape: str) -> float:
        """Share 0..1 of the distinct values that have a shape of `detectors.DETECTORS`."""
        if shape not in self._shares:
            test = DETECTORS[shape]
            hits = sum(1 for value in self.values if test(value))
            self._shares[shape] = hits / len(self.values) if self.values else 0.0
        return self._shares[shape]

    def best_share(self, shapes: str) -> float:
        """The largest share among shapes written `a|b`."""
        return max(self.share(shape) for shape in shapes.split("|"))


def looked_at(columns: int) -> int:
    """How many distinct values per column are tested in a file with so many columns."""
    return max(LOOKED_AT_LEAST, min(LOOKED_AT, LOOKED_AT_IN_ALL // max(columns, 1)))


@dataclass(frozen=True)
class Expectation:
    """What values of a field look like.

    `typical` shapes speak for the field even under a header that says nothing, each with a weight
    (0..1) that says how much; `possible` shapes are those the values must mostly have, else the
    header is doubted. `unlike` shapes speak against it where most values have them. All are names
    of detectors, `a|b` for either. `says` words the content for the user.
    """

    typical: tuple[tuple[str, float], ...]
    possible: str
    says: str
    unlike: str = ""


_WITH_A_SHAPE = ("linkedin", "twitter", "xing", "facebook", "github")

EXPECTATIONS: dict[str, Expectation] = {
    "email": Expectation((("email", 0.98),), "email", "e-mail addresses"),
    "phone": Expectation((("phone_written", 0.8),), "phone", "phone numbers"),
    "fax": Expectation((), "phone", "phone numbers"),
    "website": Expectation(
        (("url", 0.88),),
        "url",
        "web addresses",
        "linkedin|linkedin_company|twitter|xing|facebook",
    ),
    "full_name": Expectation(
        (("person", 0.8),),
        "words",
        "names of persons",
        "company|title|salutation|country_name|status",
    ),
    "name_prefix": Expectation(
        (("salutation", 0.85),), "salutation", "salutations or academic titles"
    ),
    "given_name": Expectation(
        (("given_name", 0.72),), "name_word", "given names", "company|title|salutation"
    ),
    "middle_name": Expectation((), "name_word", "words"),
    "family_name": Expectation(
        (("family_name", 0.6),), "name_word", "family names", "company|title|salutation"
    ),
    "name_suffix": Expectation((("name_suffix", 0.7),), "name_suffix|initial", "suffixes of names"),
    "gender": Expectation((("gender", 0.75),), "gender", "genders"),
    "birth_date": Expectation((), "date", "dates"),
    "birth_place": Expectation((), "letters", "words"),
    "title": Expectation(
        (("title", 0.8),), "letters", "job titles", "email|url|salutation|status|person"
    ),
    "department": Expectation((("department", 0.7),), "letters", "departments"),
    "contact_type": Expectation((), "letters", "words"),
    "language": Expectation((("language", 0.5),), "language", "languages", "boolean"),
    "company": Expectation(
        (("company", 0.8),),
        "letters",
        "names of companies",
        "email|url|salutation|country_name|boolean|status|date",
    ),
    "company_2": Expectation((), "letters", "names"),
    "industry": Expectation((("industry", 0.7),), "letters|number", "industries"),
    "employees": Expectation((("band", 0.4),), "number|band|money", "numbers or bands of them"),
    "revenue": Expectation((("currency", 0.5),), "money|number|band", "amounts"),
    "parent_company": Expectation((), "letters", "names"),
    "address_line": Expectation((("street", 0.82),), "letters", "street lines"),
    "full_address": Expectation(
        (("full_address", 0.86),), "full_address|street", "whole addresses"
    ),
    "house_number": Expectation((), "house", "house numbers"),
    "city": Expectation(
        (), "words", "words without digits", "country_name|salutation|company|title|status"
    ),
    "district": Expectation((), "words", "words without digits"),
    "region": Expectation((("region", 0.65),), "words", "states or regions", "status|country_name"),
    "postcode": Expectation((("postcode_shaped", 0.75),), "postcode", "postcodes"),
    "country": Expectation(
        (
            ("country_name", 0.85),
            ("country_code", 0.6),
        ),
        "country_name|country_code",
        "countries",
        "boolean",
    ),
    "created_at": Expectation((), "date|stamp", "dates"),
    "updated_at": Expectation((), "date|stamp", "dates"),
    "occurred_at": Expectation((), "date|stamp", "dates"),
    "record_key": Expectation((), "id_like", "ids"),
    "opt_in": Expectation((), "boolean|date|short", "yes or no, or dates"),
    "opt_out": Expectation((), "boolean|date|short", "yes or no, or dates"),
    "response_kind": Expectation((("response", 0.6),), "letters", "kinds of response", "boolean"),
    "topic": Expectation((), "letters", "words"),
    "campaign": Expectation((), "letters|id_like", "words"),
    "sent_at": Expectation((), "date|stamp", "dates"),
    "medium": Expectation((), "letters", "words", "person|company|email"),
    "direction": Expectation((), "direction", "inbound or outbound"),
    "cost": Expectation((), "money|number", "amounts"),
    "opportunity_name": Expectation((), "letters", "words", "email|date"),
    "stage": Expectation((), "letters", "words", "person|company|email|date"),
    "outcome": Expectation((), "outcome|boolean", "won or lost"),
    "amount": Expectation((), "money|number|band", "amounts"),
    "currency": Expectation((), "currency_code", "currencies"),
    "closed_at": Expectation((), "date|stamp", "dates"),
    "owner": Expectation((), "letters|id_like", "names", "date"),
    "reason": Expectation((("reason", 0.6),), "letters", "reasons"),
    "record_type": Expectation((("record_type", 0.7),), "letters", "person or organisation"),
    "identifier:lei": Expectation((("lei", 0.95),), "lei", "legal entity identifiers"),
    "identifier:vat": Expectation((("vat", 0.88),), "id_like|vat", "VAT numbers"),
    "identifier:ssn": Expectation((("ssn", 0.8),), "ssn|id_like", "social security numbers"),
    "identifier:duns": Expectation((), "duns|id_like", "numbers of nine digits"),
    "identifier:linkedin": Expectation((("linkedin", 0.97),), "letters", "LinkedIn profiles"),
    "identifier:linkedin_company": Expectation(
        (("linkedin_company", 0.97),), "letters", "LinkedIn company pages"
    ),
    "identifier:twitter": Expectation((("twitter", 0.8),), "letters", "Twitter handles"),
    "identifier:xing": Expectation((("xing", 0.97),), "letters", "Xing profiles"),
    "identifier:facebook": Expectation((("facebook", 0.9),), "letters", "Facebook pages"),
    "identifier:github": Expectation((("github", 0.97),), "letters", "GitHub users"),
    "identifier:orcid": Expectation((("orcid", 0.97),), "orcid", "ORCID ids"),
    "identifier:ror": Expectation((("ror", 0.97),), "ror", "ROR ids"),
    "identifier:ip": Expectation((), "ip", "internet addresses"),
    **{
        f"identifier:{scheme.name}": Expectation((), "letters|id_like", "ids or handles")
        for scheme in SCHEMES.values()
        if scheme.keeps_signs and scheme.name not in ("ip", *_WITH_A_SHAPE)
    },
}
"""Fields without a line are decided by the header alone."""


def typical_share(profile: Profile, field: str) -> float:
    """Share 0..1 of the values that speak for the field by themselves."""
    expected = EXPECTATIONS.get(field)
    shapes = expected.typical if expected else ()
    return min(1.0, sum(profile.share(shape) for shape, _ in shapes))


def content_score(profile: Profile, field: str) -> float:
    """How much the values alone convince of the field, 0..1.

    A few values that repeat (a code list, yes and no) convince less than many different ones, as
    any short code may be met by accident.
    """
    expected = EXPECTATIONS.get(field)
    if expected is None or typical_share(profile, field) < TYPICAL_FROM:
        return 0.0
    against = 1.0
    for shape, weight in expected.typical:
        against *= 1 - weight * profile.share(shape)
    variety = 1.0 if len(profile.values) > CODES else FEW_CODES
    return (1 - against) * variety


def unlike_share(profile: Profile, field: str) -> float:
    """Share 0..1 of the values that speak against the field; below one half it counts as none."""
    expected = EXPECTATIONS.get(field)
    if expected is None or not expected.unlike or not profile.values:
        return 0.0
    against = profile.best_share(expected.unlike)
    return against if against >= UNLIKE_FROM and against >= typical_share(profile, field) else 0.0


def possible_share(profile: Profile, field: str) -> float | None:
    """Share 0..1 of the values that the field could hold; None where any text may stand."""
    if field.startswith("identifier:") and field not in EXPECTATIONS:
        return profile.share("id_like") if profile.values else None
    expected = EXPECTATIONS.get(field)
    if expected is None or not profile.values:
        return None
    return max(profile.best_share(expected.possible), typical_share(profile, field))

"""The standard fields: the one vocabulary that columns of sources are mapped to."""

from __future__ import annotations

from dataclasses import dataclass

from tieline.data.kinds.consent_fields import consent_field
from tieline.data.kinds.identifiers import Scheme, scheme_named

IDENTIFIER_PREFIX = "identifier:"
IGNORED = ""

_LOGS = ("responses", "touches")
_MOVES = ("address-changes",)
_REGISTRY = ("registry",)
_PEOPLE = ("contacts", *_LOGS, "opportunities", "suppressions", "consents", *_MOVES)
_EVERY = ("companies", *_PEOPLE, *_REGISTRY)
_LISTS = ("contacts", "companies", *_REGISTRY)


@dataclass(frozen=True)
class Field:
    """One standard field: a column of the table of records.

    `kinds` are the kinds of source that use it. A field of a family (`email_2` of `email`) takes
    the second, third, ... column that holds the same sort of value; `place` is its 1-based rank.
    """

    name: str
    meaning: str
    kinds: tuple[str, ...]
    family: str = ""
    place: int = 1

    def __post_init__(self) -> None:
        if not self.family:
            object.__setattr__(self, "family", self.name)


FIELDS: tuple[Field, ...] = (
    Field("record_key", "the source's own id of the row", _EVERY),
    Field("record_type", "whether the row is about a person or an organisation", _EVERY),
    # person
    Field("full_name", "the whole name of a person in one cell", _PEOPLE),
    Field("name_prefix", "salutation or academic title before the name", _PEOPLE),
    Field("given_name", "first or given name", _PEOPLE),
    Field("middle_name", "middle name or initial", _PEOPLE),
    Field("family_name", "last or family name", _PEOPLE),
    Field("name_suffix", "what follows the name: Jr, III, PhD", _PEOPLE),
    Field("native_name", "the name in its own script", _PEOPLE),
    Field("gender", "gender as stated", _PEOPLE),
    Field("birth_date", "date of birth", _PEOPLE),
    Field("birth_place", "place of birth", _PEOPLE),
    Field("title", "job title", _PEOPLE),
    Field("department", "department of the employer", _PEOPLE),
    Field("contact_type", "role or category that the source gives the contact", _PEOPLE),
    Field("language", "language the contact is written to in", _PEOPLE),
    # reach
    Field("email", "e-mail address", _EVERY, "email", 1),
    Field("email_2", "another e-mail address", _EVERY, "email", 2),
    Field("phone", "phone number", _EVERY, "phone", 1),
    Field("phone_2", "another phone number, the mobile one where told", _EVERY, "phone", 2),
    Field("phone_3", "a third phone number", _EVERY, "phone", 3),
    Field("fax", "fax number", _LISTS),
    Field("website", "web address or domain of the company", _EVERY),
    # company
    Field("company", "name of the company as given", _EVERY, "company", 1),
    Field("company_2", "other, trade or former name of the company", _EVERY, "company", 2),
    Field("industry", "industry or sector, as text or code", _LISTS),
    Field("employees", "number of employees or a band of it", _LISTS),
    Field("revenue", "yearly revenue or a band of it", _LISTS),
    Field("parent_company", "name of the company that owns this one", _LISTS),
    # address
    Field("address_line1", "street line of the address", _EVERY, "address_line", 1),
    Field("address_line2", "second street line", _EVERY, "address_line", 2),
    Field("address_line3", "third street line", _EVERY, "address_line", 3),
    Field("house_number", "house number where it has a column of its own", _EVERY),
    Field("city", "city, town or suburb that the post uses", _EVERY),
    Field("district", "district, county or part of a city", _EVERY),
    Field("region", "state, province or canton, name or code", _EVERY),
    Field("postcode", "postcode", _EVERY),
    Field("country", "country, name or code", _EVERY),
    Field("full_address", "the whole address in one cell", _EVERY),
    # a move: the address columns above are the old address
    Field("our_id", "our own id of the contact, site or account that moved", _MOVES),
    Field("move_type", "who moved: an individual, a family or a business", _MOVES),
    Field("moved_on", "the day from which the new address holds", _MOVES),
    Field("new_address_line1", "street line of the new address", _MOVES, "new_address_line", 1),
    Field("new_address_line2", "second street line of it", _MOVES, "new_address_line", 2),
    Field("new_house_number", "house number of it where it has a column of its own", _MOVES),
    Field("new_city", "city or town of the new address", _MOVES),
    Field("new_region", "state, province or canton of the new address", _MOVES),
    Field("new_postcode", "postcode of the new address", _MOVES),
    Field("new_country", "country of the new address", _MOVES),
    Field("new_full_address", "the whole new address in one cell", _MOVES),
    # dates of the record
    Field("created_at", "when the source made the record", _EVERY),
    Field("updated_at", "when the source last changed the record", _EVERY),
    # consent
    Field("opt_in", "whether or when the contact agreed to be written to", _PEOPLE),
    Field("opt_out", "whether or when the contact asked not to be written to", _PEOPLE),
    Field("consent_state", "whether consent was given or withdrawn", ("consents",)),
    Field("consent_purpose", "what the consent is for", ("consents",)),
    Field("consent_channel", "the channel the consent is for", ("consents",)),
    # memory: what was done, by whom
    Field("response_kind", "what was done: form, download, visit; or call, mailing", _LOGS),
    Field("topic", "what it was about: asset, page, subject", _LOGS),
    Field("campaign", "the campaign it belongs to", _LOGS),
    Field("occurred_at", "when it happened", (*_LOGS, "consents")),
    Field("sent_at", "when we did it: sent, called, posted", ("touches",)),
    Field("medium", "the way it took: mail, e-mail, phone, web, event, social", _LOGS),
    Field("direction", "whether it came from the contact or from us", _LOGS),
    Field("cost", "what it cost", ("touches",)),
    # memory: what may be sold
    Field("opportunity_name", "name of the deal", ("opportunities",)),
    Field("stage", "where the deal stands in the sales process", ("opportunities",)),
    Field("outcome", "whether the deal was won or lost", ("opportunities",)),
    Field("amount", "what the deal is worth", ("opportunities",)),
    Field("currency", "currency of the amount or cost", ("touches", "opportunities")),
    Field("closed_at", "when the deal was closed, or will be", ("opportunities",)),
    Field("owner", "who of us did it or works on it", ("touches", "opportunities")),
    # company registers
    Field("registry_id", "the register's own id of the company or site", _REGISTRY),
    Field(
        "parent_id", "id of the company that owns this one; in a relation, of the other", _REGISTRY
    ),
    Field("headquarters_id", "id of the headquarters that this branch belongs to", _REGISTRY),
    Field("domestic_ultimate_id", "id of the topmost company in the same country", _REGISTRY),
    Field("global_ultimate_id", "id of the topmost company of the group", _REGISTRY),
    Field("site_kind", "headquarters, branch or single location", _REGISTRY),
    Field("entity_status", "whether the company is active, as the register says it", _REGISTRY),
    Field("started_on", "when the company, or the relation, began", _REGISTRY),
    Field("ended_on", "when the company was dissolved, or the relation ended", _REGISTRY),
    Field("relation_kind", "what the other company of a relation is to this one", _REGISTRY),
    # suppression
    Field("reason", "why the row must not be contacted", ("suppressions",)),
)

FIELD_BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
MOVE_FIELDS = tuple(field.name for field in FIELDS if field.kinds == _MOVES)
"""What only a change of address says."""
MEMORY_FIELDS = (
    "sent_at",
    "medium",
    "direction",
    "cost",
    "opportunity_name",
    "stage",
    "outcome",
    "amount",
    "currency",
    "closed_at",
    "owner",
)
"""What says nothing of a person or company: read where the memory is made, not with the lists."""
REGISTRY_FIELDS = tuple(field.name for field in FIELDS if field.kinds == _REGISTRY)
"""What only company registers say: read where their entries are made, not with the lists."""


def is_field(name: str) -> bool:
    """Whether `name` may stand in a mapping: a standard field, '', or one with parts.

    Those are `identifier:<scheme>` and `opt_in:<purpose>:<channel>`, `opt_out:...`.
    """
    if name == IGNORED or name in FIELD_BY_NAME or consent_field(name) is not None:
        return True
    scheme = name.removeprefix(IDENTIFIER_PREFIX)
    return scheme != name and scheme.isidentifier() and scheme == scheme.lower()


def scheme_of(field: str) -> Scheme | None:
    """The identifier scheme of `identifier:<scheme>`; None for other fields.

    A scheme that is not listed belongs to the person unless its name says company.
    """
    name = field.removeprefix(IDENTIFIER_PREFIX)
    return None if name == field else scheme_named(name)


def families() -> dict[str, tuple[Field, ...]]:
    """Fields by family in order of place; a field without siblings is a family of one."""
    grouped: dict[str, list[Field]] = {}
    for field in FIELDS:
        grouped.setdefault(field.family, []).append(field)
    return {
        name: tuple(sorted(members, key=lambda f: f.place)) for name, members in grouped.items()
    }

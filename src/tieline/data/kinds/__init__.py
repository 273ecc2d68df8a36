"""The kinds of sources and the standard fields their columns are mapped to."""

from tieline.data.kinds.address_changes import ADDRESS_CHANGES
from tieline.data.kinds.companies import COMPANIES
from tieline.data.kinds.consents import CONSENTS
from tieline.data.kinds.contacts import CONTACTS
from tieline.data.kinds.fields import (
    FIELD_BY_NAME,
    FIELDS,
    IDENTIFIER_PREFIX,
    IGNORED,
    Field,
    families,
    is_field,
    scheme_of,
)
from tieline.data.kinds.identifiers import SCHEMES, Scheme
from tieline.data.kinds.kind import Kind
from tieline.data.kinds.opportunities import OPPORTUNITIES
from tieline.data.kinds.registry import REGISTRY
from tieline.data.kinds.responses import RESPONSES
from tieline.data.kinds.suppressions import SUPPRESSIONS
from tieline.data.kinds.touches import TOUCHES

# A further kind is one file and one line here.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CONTACTS,
        COMPANIES,
        RESPONSES,
        TOUCHES,
        OPPORTUNITIES,
        ADDRESS_CHANGES,
        SUPPRESSIONS,
        CONSENTS,
        REGISTRY,
    )
}

__all__ = [
    "FIELDS",
    "FIELD_BY_NAME",
    "IDENTIFIER_PREFIX",
    "IGNORED",
    "KINDS",
    "SCHEMES",
    "Field",
    "Kind",
    "Scheme",
    "families",
    "is_field",
    "scheme_of",
]

"""What tells that two companies on two lists are the same account.

The shares m and u of each outcome are beliefs before any data is seen; `linkage.estimation` moves
them. They were set once from experience with business lists and are not tuned to any data set.
"""

from __future__ import annotations

from tieline.identity.linkage.comparison import (
    MANY_DESCRIPTIONS,
    Block,
    Comparison,
    Level,
    LinkageModel,
    otherwise,
)

DOMAIN_NAMES = (1, 3)
"""Under how many names a domain is used and tells much, and something, of a company."""
ADDRESS_NAMES = (4,)
"""Up to how many companies at an address it tells much of one."""

_FAR = "p.edits * 5 > greatest(length(l.packed), length(r.packed))"
_BEGINS = "starts_with(l.packed, r.packed) OR starts_with(r.packed, l.packed)"
_MEASURES = (
    ("edits", "levenshtein(l.packed, r.packed)"),
    ("subset", "list_has_all(l.words, r.words) OR list_has_all(r.words, l.words)"),
)
# Two companies of one group, "Nordwind Logistik" and "Nordwind Energie": the word in common explains
# a common domain, address and switchboard, so these then say nothing.
_GROUP = (
    "l.first_word = r.first_word AND length(l.first_word) >= 4 "
    f"AND NOT p.subset AND {_FAR} AND NOT ({_BEGINS})"
)
_ALONE = f"NOT coalesce({_GROUP}, false)"
_NAME = Comparison(
    "name",
    "l.company_key IS NOT NULL AND r.company_key IS NOT NULL",
    (
        Level(
            "same name, a rare one",
            "l.company_key = r.company_key AND l.name_share < 1e-4",
            m=0.45,
            u=1e-6,
            bits_at_most=18.0,
        ),
        Level("same name", "l.company_key = r.company_key AND l.name_share < 1e-3", m=0.15, u=2e-6, bits_at_most=17.0),
        Level("same name, a common one", "l.company_key = r.company_key", m=0.04, u=5e-6),
        Level("same letters without spaces", "l.packed = r.packed", m=0.05, u=1e-6),
        Level(
            "one letter apart",
            "least(length(l.packed), length(r.packed)) >= 6 AND (p.edits = 1 OR (p.edits = 2 "
            "AND length(l.packed) = length(r.packed) AND jaccard(l.packed, r.packed) = 1))",
            m=0.06,
            u=2e-6,
        ),
        Level("the same words, or more of them", "p.subset", m=0.08, u=2e-5),
        Level(
            "cut off",
            "least(length(l.packed), length(r.packed)) >= 6 "
            f"AND ({_BEGINS})",
            m=0.03,
            u=3e-5,
        ),
        Level(
            "the initials of the other",
            "l.initials = r.company_key OR r.initials = l.company_key",
            m=0.005,
            u=2e-5,
        ),
        Level("of one group", _GROUP, m=0.01, u=2e-3),
        Level(
            "few letters apart",
            f"least(length(l.packed), length(r.packed)) >= 8 AND NOT ({_FAR})",
            m=0.02,
            u=1e-5,
        ),
    ),
    otherwise("different names", m=0.06, u=1.0),
)
_LEGAL_FORM = Comparison(
    "legal form",
    "l.legal_form IS NOT NULL AND r.legal_form IS NOT NULL",
    (
        Level("same legal form", "l.legal_form = r.legal_form", m=0.93, u=0.2),
        # A GmbH in Germany and an Inc. in the US are two companies, whatever else they share.
        Level(
            "different legal forms in different countries",
            "l.country <> r.country",
            m=0.003,
            u=0.5,
            forbids=True,
        ),
    ),
    otherwise("different legal forms", m=0.07, u=0.3, m_at_most=0.1),
)
_DOMAIN = Comparison(
    "domain",
    f"l.domain IS NOT NULL AND r.domain IS NOT NULL AND {_ALONE}",
    (
        Level(
            "same domain",
            f"l.domain = r.domain AND l.domain_names <= {DOMAIN_NAMES[0]}",
            m=0.6,
            u=1e-6,
            bits_at_most=18.0,
        ),
        Level("same domain, used under several names", f"l.domain = r.domain AND l.domain_names <= {DOMAIN_NAMES[1]}", m=0.2, u=1e-5),
        Level("same domain, used under many names", "l.domain = r.domain", m=0.05, u=1e-4),
        Level(
            "same domain but for its ending, as groups have",
            "l.domain_label = r.domain_label",
            m=0.05,
            u=1e-3,
            stated=True,
        ),
    ),
    otherwise("different domains", m=0.1, u=1.0),
)
_PLACE = Comparison(
    "place",
    "(l.city_key IS NOT NULL OR l.postcode_key IS NOT NULL) AND (r.city_key IS NOT NULL OR r.postcode_key IS NOT NULL) " f"AND {_ALONE}",
    (
        Level("same address", f"l.address_key = r.address_key AND l.address_names <= {ADDRESS_NAMES[0]}", m=0.35, u=1e-6),
        Level("same address, shared by many", "l.address_key = r.address_key", m=0.05, u=1e-5),
        Level("same street and town", "l.street_key = r.street_key AND (l.city_key = r.city_key OR l.postcode_key = r.postcode_key)", m=0.08, u=1e-5),
        Level("same postcode", "l.postcode_key = r.postcode_key AND l.country IS NOT DISTINCT FROM r.country", m=0.17, u=5e-4),
        Level("same town", "l.city_key = r.city_key AND l.country IS NOT DISTINCT FROM r.country", m=0.13, u=8e-3),
        Level("same country", "l.country = r.country", m=0.15, u=0.2),
    ),
    otherwise("another country", m=0.04, u=0.8, m_at_most=0.05),
)
_PHONE = Comparison(
    "phone",
    f"len(l.phones) > 0 AND len(r.phones) > 0 AND {_ALONE}",
    (Level("same telephone", "list_has_any(l.phones, r.phones)", m=0.6, u=1e-6),),
    otherwise("different telephones", m=0.4, u=1.0),
)
_IDENTIFIER = Comparison(
    "identifier",
    "len(l.ids) > 0 AND len(r.ids) > 0 AND list_has_any(l.schemes, r.schemes)",
    (Level("same registry number", "list_has_any(l.ids, r.ids)", m=0.95, u=1e-7),),
    otherwise("different registry numbers", m=0.05, u=1.0),
)
_PEOPLE = Comparison(
    "people",
    "f.people IS NOT NULL",
    (
        Level("three or more people in common", "f.people >= 3", m=0.4, u=1e-7),
        Level("two people in common", "f.people = 2", m=0.2, u=1e-6),
    ),
    otherwise("one person in common", m=0.4, u=2e-5),
)

ACCOUNTS = LinkageModel(
    "accounts",
    (_NAME, _LEGAL_FORM, _DOMAIN, _PLACE, _PHONE, _IDENTIFIER, _PEOPLE),
    (
        Block("name", "company_key", 120),
        Block("core", "company_core", 80),
        Block("domain", "domain", 120),
        Block("core and domain", "company_core || domain", MANY_DESCRIPTIONS),
        Block("domain label", "domain_label", 80),
        Block("address", "address_key", 60),
        Block("packed", "left(packed, 9)", 80),
        Block("beginning in town", "left(packed, 4) || coalesce(postcode_key, city_key)", 80),
        Block("ending in town", "right(packed, 5) || coalesce(city_key, postcode_key)", 60),
        Block("skeleton", "skeleton || coalesce(country, '')", 60),
        Block("initials", "coalesce(initials, company_key) || coalesce(country, '')", 40),
        Block("phones", "phones", 60, many=True),
        Block("identifiers", "ids", 200, many=True),
    ),
    _MEASURES,
)

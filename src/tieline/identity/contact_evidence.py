"""What tells that two people on two lists are the same contact.

The shares m and u of each outcome are beliefs before any data is seen; `linkage.estimation` moves
them. They were set once from experience with lists of people and are not tuned to any data set.
"""

from __future__ import annotations

from tieline.identity.linkage.comparison import (
    MANY_DESCRIPTIONS,
    Block,
    Comparison,
    Level,
    LinkageModel,
    one_apart,
    otherwise,
)

ACCOUNT_SIZES = (8, 60)
"""Up to how many people known at an account the account tells much, and something, of a person."""
ADDRESS_SIZES = (3,)
"""Up to how many people at an address it tells much of a person."""

_SWAPPED = "l.family = r.given AND l.given = r.family"
_FAMILY = Comparison(
    "family name",
    "l.family IS NOT NULL AND r.family IS NOT NULL",
    (
        Level("same family name, a very rare one", "l.family = r.family AND l.family_share < 3e-5", m=0.1, u=2e-6),
        Level("same family name, a rare one", "l.family = r.family AND l.family_share < 2e-4", m=0.2, u=2e-5, bits_at_most=13.5),
        Level("same family name", "l.family = r.family AND l.family_share < 1e-3", m=0.25, u=1e-4, bits_at_most=11.0),
        Level("same family name, a common one", "l.family = r.family AND l.family_share < 5e-3", m=0.15, u=2e-4, bits_at_most=8.7),
        Level("same family name, a very common one", "l.family = r.family", m=0.08, u=5e-4, bits_at_most=6.5),
        Level("given and family name swapped", _SWAPPED, m=0.01, u=1e-6),
        Level("same letters without spaces", "replace(l.family, ' ', '') = replace(r.family, ' ', '')", m=0.01, u=1e-6),
        Level("one letter apart", f"length(l.family) >= 4 AND length(r.family) >= 4 AND {one_apart('l.family', 'r.family')}", m=0.07, u=3e-4),
        Level("one holds the other", "contains(' ' || l.family || ' ', ' ' || r.family || ' ') OR contains(' ' || r.family || ' ', ' ' || l.family || ' ')", m=0.03, u=5e-5),
        Level("similar", "jaro_winkler_similarity(l.family, r.family) >= 0.88", m=0.03, u=2e-3),
        Level("one is the other's given or middle name", "l.family = r.given OR l.given = r.family OR l.family = r.middle OR r.family = l.middle", m=0.01, u=1e-3),
    ),
    otherwise("different family names", m=0.04, u=1.0, m_at_most=0.06),
)
_GIVEN = Comparison(
    "given name",
    f"l.given IS NOT NULL AND r.given IS NOT NULL AND NOT coalesce({_SWAPPED}, false)",
    (
        Level("same given name, a very rare one", "l.given = r.given AND l.given_share < 2e-4", m=0.1, u=1e-5, bits_at_most=13.0),
        Level("same given name, a rare one", "l.given = r.given AND l.given_share < 2e-3", m=0.2, u=2e-4, bits_at_most=10.5),
        Level("same given name", "l.given = r.given AND l.given_share < 1e-2", m=0.3, u=2e-3, bits_at_most=7.6),
        Level("same given name, a common one", "l.given = r.given", m=0.1, u=5e-3, bits_at_most=5.5),
        Level("forms of the same name", "l.root = r.root", m=0.1, u=2e-3),
        Level("the initial of the other", "(length(l.given) = 1 OR length(r.given) = 1) AND left(l.given, 1) = left(r.given, 1)", m=0.06, u=1e-2),
        Level("one letter apart", f"length(l.given) >= 4 AND length(r.given) >= 4 AND {one_apart('l.given', 'r.given')}", m=0.05, u=1e-3),
        Level("one begins with the other", "least(length(l.given), length(r.given)) >= 3 AND (starts_with(l.given, r.given) OR starts_with(r.given, l.given))", m=0.03, u=2e-3),
        Level("the other's middle name", "l.given = r.middle OR r.given = l.middle", m=0.01, u=2e-3),
        Level("similar", "jaro_winkler_similarity(l.given, r.given) >= 0.85", m=0.02, u=1e-2),
    ),
    otherwise("different given names", m=0.03, u=1.0, m_at_most=0.05),
)
_MIDDLE = Comparison(
    "middle name",
    "l.middle IS NOT NULL AND r.middle IS NOT NULL",
    (
        Level("same middle name", "l.middle = r.middle", m=0.6, u=0.02),
        Level("the initial of the other", "left(l.middle, 1) = left(r.middle, 1)", m=0.25, u=0.06),
    ),
    otherwise("different middle names", m=0.15, u=0.92),
)
_GENERATION = Comparison(
    "generation",
    "l.generation IS NOT NULL AND r.generation IS NOT NULL",
    (
        Level("same generation", "l.generation = r.generation", m=0.98, u=0.5),
        Level("junior and second", "l.generation IN ('jr', 'ii') AND r.generation IN ('jr', 'ii')", m=0.02, u=0.1),
    ),
    otherwise("father and son (Jr, Sr, III)", m=0.001, u=0.4, forbids=True),
)
# What colleagues share says little of two people at one account: a team inbox, a switchboard, a
# domain. Their outcomes are stated, given that the account is the same: learned over all pairs they
# would count the account twice.
_COLLEAGUES = "coalesce(l.account = r.account, false)"
# Likewise, that the accounts differ explains that the addresses do, and makes the function at work
# the better evidence: people change employers more often than what they do.
_ELSEWHERE = "coalesce(l.account <> r.account, false)"
_EMAIL = Comparison(
    "e-mail",
    "len(l.emails) + len(l.shared_emails) > 0 AND len(r.emails) + len(r.shared_emails) > 0 "
    f"AND NOT ({_COLLEAGUES} AND len(l.emails) * len(r.emails) = 0)",
    (
        Level(
            "same e-mail address",
            f"list_has_any(l.emails, r.emails) AND NOT {_COLLEAGUES}",
            m=0.4,
            u=1e-7,
        ),
        Level(
            "same e-mail address, of colleagues",
            "list_has_any(l.emails, r.emails)",
            m=0.5,
            u=5e-4,
            stated=True,
        ),
        Level(
            "same e-mail address, used by several people",
            "list_has_any(l.shared_emails, r.shared_emails)",
            m=0.04,
            u=2e-6,
        ),
        Level(
            "numbered addresses of one domain, as namesakes have",
            "list_has_any(l.unnumbered, r.unnumbered)",
            m=0.002,
            u=0.1,
            stated=True,
        ),
        Level(
            "different addresses of one domain, of colleagues",
            f"{_COLLEAGUES} AND list_has_any(l.domains, r.domains)",
            m=0.12,
            u=0.8,
            stated=True,
        ),
        Level(
            "same name before the @",
            "len(l.locals) > 0 AND list_has_any(l.locals, r.locals)",
            m=0.06,
            u=5e-4,
            stated=True,
        ),
        Level(
            "e-mail address one letter apart",
            one_apart("l.emails[1]", "r.emails[1]"),
            m=0.03,
            u=1e-6,
        ),
        Level(
            "different e-mail addresses, at different accounts", _ELSEWHERE, m=0.95, u=1.0, stated=True
        ),
        Level(
            "different addresses of one domain",
            "len(l.domains) > 0 AND list_has_any(l.domains, r.domains)",
            m=0.1,
            u=0.1,
            stated=True,
        ),
    ),
    otherwise("different e-mail addresses", m=0.33, u=1.0),
)
_SHARED_PHONE = "list_has_any(l.shared_phones, r.shared_phones)"
_PHONE = Comparison(
    "phone",
    "len(l.phones) + len(l.shared_phones) > 0 AND len(r.phones) + len(r.shared_phones) > 0 "
    f"AND NOT ({_COLLEAGUES} AND len(l.phones) * len(r.phones) = 0)",
    (
        Level(
            "same telephone",
            f"list_has_any(l.phones, r.phones) AND NOT {_COLLEAGUES}",
            m=0.3,
            u=1e-7,
        ),
        Level(
            "same telephone, of colleagues",
            "list_has_any(l.phones, r.phones)",
            m=0.5,
            u=0.1,
            stated=True,
        ),
        Level(
            "same telephone, used by several people",
            f"{_SHARED_PHONE} AND NOT {_COLLEAGUES}",
            m=0.1,
            u=1e-5,
        ),
        Level(
            "same last seven digits",
            f"list_has_any(l.phone_ends, r.phone_ends) AND NOT {_SHARED_PHONE}",
            m=0.02,
            u=1e-6,
        ),
    ),
    otherwise("different telephones", m=0.55, u=1.0),
)
_ACCOUNT = Comparison(
    "account",
    "l.account IS NOT NULL AND r.account IS NOT NULL",
    (
        Level("same account, few people known there", f"l.account = r.account AND l.account_people <= {ACCOUNT_SIZES[0]}", m=0.3, u=1e-5),
        Level("same account", f"l.account = r.account AND l.account_people <= {ACCOUNT_SIZES[1]}", m=0.3, u=1e-4),
        Level("same account, many people known there", "l.account = r.account", m=0.2, u=1e-3),
    ),
    otherwise("different accounts", m=0.12, u=1.0, m_at_most=0.12),
)
_ADDRESS = Comparison(
    "address",
    "(l.postcode IS NOT NULL OR l.city IS NOT NULL OR l.street IS NOT NULL) AND (r.postcode IS NOT NULL OR r.city IS NOT NULL OR r.street IS NOT NULL) "
    "AND NOT coalesce(l.account = r.account, false)",
    (
        Level("same address, few people there", f"l.address = r.address AND l.address_people <= {ADDRESS_SIZES[0]}", m=0.3, u=1e-6),
        Level("same address", "l.address = r.address", m=0.1, u=1e-5),
        Level("same street", "l.street = r.street AND coalesce(l.house = r.house, true) AND coalesce(l.city = r.city OR l.postcode = r.postcode, true)", m=0.08, u=2e-5),
        Level("same postcode", "l.postcode = r.postcode AND coalesce(l.country = r.country, true)", m=0.15, u=1e-3),
        Level("postcode one digit apart", f"{one_apart('l.postcode', 'r.postcode')} AND coalesce(l.country = r.country, true)", m=0.03, u=5e-3),
        Level("same town", "l.city = r.city AND coalesce(l.country = r.country, true)", m=0.1, u=1e-2),
        Level("postcodes begin alike", "left(l.postcode, 3) = left(r.postcode, 3) AND coalesce(l.country = r.country, true)", m=0.05, u=1e-2),
        Level("same country", "l.country = r.country", m=0.12, u=0.3),
    ),
    otherwise("another place", m=0.02, u=0.7, m_at_most=0.03),
)
_DAYS_APART = "abs(date_diff('day', l.born::DATE, r.born::DATE)) <= {}"
_BIRTH_DATE = Comparison(
    "birth date",
    "l.born IS NOT NULL AND r.born IS NOT NULL",
    (
        Level("same birth date", "l.born = r.born AND l.born_share < 2e-3", m=0.7, u=5e-5),
        Level("same birth date, a common one", "l.born = r.born", m=0.1, u=2e-3),
        Level("day and month swapped", "l.born = substr(r.born, 1, 5) || substr(r.born, 9, 2) || '-' || substr(r.born, 6, 2)", m=0.03, u=5e-5),
        Level("one digit apart", f"{one_apart('l.born', 'r.born')}", m=0.12, u=1e-3),
        Level("within a month", _DAYS_APART.format(30), m=0.02, u=3e-3),
        Level("same day and month", "right(l.born, 5) = right(r.born, 5)", m=0.02, u=3e-3),
        Level("within a year", _DAYS_APART.format(366), m=0.02, u=3e-2),
        Level("within ten years", _DAYS_APART.format(3660), m=0.02, u=0.25),
    ),
    otherwise("different birth dates", m=0.02, u=1.0, m_at_most=0.02),
)
_BIRTH_PLACE = Comparison(
    "birth place",
    "l.birth_place IS NOT NULL AND r.birth_place IS NOT NULL",
    (
        Level("same birth place", "l.birth_place = r.birth_place AND l.birth_place_share < 5e-3", m=0.6, u=2e-3),
        Level("same birth place, a common one", "l.birth_place = r.birth_place", m=0.15, u=5e-3),
        Level("similar", "jaro_winkler_similarity(l.birth_place, r.birth_place) >= 0.9", m=0.1, u=2e-3),
    ),
    otherwise("different birth places", m=0.15, u=1.0),
)
_GENDER = Comparison(
    "gender",
    "l.gender IS NOT NULL AND r.gender IS NOT NULL",
    (Level("same gender", "l.gender = r.gender", m=0.96, u=0.5),),
    otherwise("different genders", m=0.04, u=0.5),
)
_TITLE = Comparison(
    "job title",
    "l.title IS NOT NULL AND r.title IS NOT NULL",
    (
        Level("same job title", "l.title = r.title AND l.title_share < 5e-3", m=0.25, u=2e-3, bits_at_most=9.0),
        Level("same job title, a common one", "l.title = r.title", m=0.2, u=1e-2, bits_at_most=6.0),
        Level(
            "same function, at different accounts",
            f"l.function = r.function AND {_ELSEWHERE}",
            m=0.5,
            u=0.1,
            stated=True,
        ),
        Level(
            "different functions, at different accounts",
            f"l.function <> r.function AND {_ELSEWHERE}",
            m=0.2,
            u=0.85,
            stated=True,
        ),
        Level(
            "same function and level",
            "l.function = r.function AND l.level = r.level",
            m=0.15,
            u=3e-2,
        ),
        Level("same function", "l.function = r.function", m=0.1, u=8e-2),
    ),
    otherwise("different job titles", m=0.3, u=0.87),
)
_IDENTIFIER = Comparison(
    "identifier",
    "len(l.ids) > 0 AND len(r.ids) > 0 AND list_has_any(l.schemes, r.schemes)",
    (
        Level("same identifier", "list_has_any(l.ids, r.ids)", m=0.9, u=1e-7),
        Level(
            "identifier one character apart",
            f"len(l.ids) = 1 AND len(r.ids) = 1 AND {one_apart('l.ids[1]', 'r.ids[1]')}",
            m=0.05,
            u=1e-5,
        ),
        Level(
            "identifier few characters apart",
            "len(l.ids) = 1 AND len(r.ids) = 1 AND levenshtein(l.ids[1], r.ids[1]) <= 3",
            m=0.02,
            u=1e-3,
        ),
    ),
    otherwise("different identifiers", m=0.01, u=1.0, m_at_most=0.01),
)

CONTACTS = LinkageModel(
    "contacts",
    (
        _FAMILY,
        _GIVEN,
        _MIDDLE,
        _GENERATION,
        _EMAIL,
        _PHONE,
        _ACCOUNT,
        _ADDRESS,
        _BIRTH_DATE,
        _BIRTH_PLACE,
        _GENDER,
        _TITLE,
        _IDENTIFIER,
    ),
    (
        Block("e-mail", "emails", 60, many=True),
        Block("e-mail and whole name", "list_transform(emails, lambda x: x || name_key)", MANY_DESCRIPTIONS, many=True),
        Block("beginning of the e-mail", "left(emails[1], 5) || left(coalesce(family, given), 2)", 40),
        Block("shared e-mail and given name", "list_transform(shared_emails, lambda x: x || left(root, 1))", 60, many=True),
        Block("telephone", "phones", 60, many=True),
        Block("shared telephone and name", "list_transform(shared_phones, lambda x: x || left(family, 2))", 60, many=True),
        Block("end of telephone", "list_transform(phone_ends, lambda x: x || left(family, 1))", 40, many=True),
        Block("name before the @", "locals", 40, many=True),
        Block("identifier", "ids", 60, many=True),
        Block("whole name", "name_key", 100),
        Block("root and family name", "root || ' ' || family", 100),
        Block("word of the name in account", "list_transform(words, lambda x: x || account)", 80, many=True),
        Block("given name in account", "root || account", 60),
        Block("beginnings in account", "left(family, 3) || left(given, 1) || account", 60),
        Block("word of the name in postcode", "list_transform(words, lambda x: x || postcode)", 80, many=True),
        Block("word of the name and birth date", "list_transform(words, lambda x: x || born)", 80, many=True),
        Block("word of the name and birth place", "list_transform(words, lambda x: x || birth_place)", 60, many=True),
        Block("word of the name and town", "list_transform(words, lambda x: x || city)", 40, many=True),
        Block("beginnings and birth date", "left(family, 3) || born", 60),
        Block("beginnings and postcode", "left(family, 3) || postcode", 60),
        Block("birth date and postcode", "born || postcode", 100),
        Block("birth date and place", "born || birth_place", 100),
        Block("beginnings and place", "left(family, 4) || left(given, 3) || coalesce(birth_place, city)", 60),
        Block("name and title", "family || left(given, 1) || title", 60),
        Block("postcode", "postcode", 15),
        Block("birth date", "born", 40),
        Block("beginnings", "left(given, 3) || left(family, 5)", 100),
        Block("swapped beginnings", "left(least(given, family), 4) || left(greatest(given, family), 4)", 80),
        Block("street and given name", "street || coalesce(postcode, city) || left(given, 1)", 40),
    ),
)

"""What tells that two addresses of one account are the same site.

Only addresses of one account are compared, so all shares are given that; they are stated, set once
from experience with how addresses are written, and not learned: few accounts have many sites.
"""

from __future__ import annotations

from tieline.identity.linkage.comparison import (
    Block,
    Comparison,
    Level,
    LinkageModel,
    one_apart,
    otherwise,
)

_STREET = Comparison(
    "street",
    "l.street_key IS NOT NULL AND r.street_key IS NOT NULL",
    (
        Level("same street", "l.street_key = r.street_key", m=0.82, u=0.02),
        Level("one letter apart", one_apart("l.street_key", "r.street_key"), m=0.07, u=0.003),
        Level(
            "same letters without spaces",
            "replace(l.street_key, ' ', '') = replace(r.street_key, ' ', '')",
            m=0.02,
            u=0.0005,
        ),
        Level(
            "one holds the other",
            "contains(l.street_key, r.street_key) OR contains(r.street_key, l.street_key)",
            m=0.03,
            u=0.005,
        ),
        Level(
            "similar", "jaro_winkler_similarity(l.street_key, r.street_key) >= 0.9", m=0.03, u=0.02
        ),
    ),
    otherwise("different streets", m=0.03, u=0.95),
)
# A number says nothing where the streets differ: every street has a 20.
_HOUSE = Comparison(
    "house number",
    "l.house IS NOT NULL AND r.house IS NOT NULL AND coalesce(jaro_winkler_similarity("
    "l.street_key, r.street_key) >= 0.85 OR contains(l.street_key, r.street_key) "
    "OR contains(r.street_key, l.street_key), true)",
    (
        Level("same house number", "l.house = r.house", m=0.93, u=0.03),
        Level("one digit apart", one_apart("l.house", "r.house"), m=0.04, u=0.1),
    ),
    otherwise("different house numbers", m=0.03, u=0.87),
)
_PO_BOX = Comparison(
    "PO box",
    "l.po_box IS NOT NULL AND r.po_box IS NOT NULL",
    (Level("same PO box", "l.po_box = r.po_box", m=0.95, u=0.01),),
    otherwise("different PO boxes", m=0.05, u=0.99),
)
_POSTCODE = Comparison(
    "postcode",
    "l.postcode_key IS NOT NULL AND r.postcode_key IS NOT NULL",
    (
        Level("same postcode", "l.postcode_key = r.postcode_key", m=0.86, u=0.08),
        Level("one digit apart", one_apart("l.postcode_key", "r.postcode_key"), m=0.08, u=0.05),
        Level("begin alike", "left(l.postcode_key, 3) = left(r.postcode_key, 3)", m=0.03, u=0.12),
    ),
    otherwise("different postcodes", m=0.03, u=0.75),
)
_CITY = Comparison(
    "town",
    "l.city_key IS NOT NULL AND r.city_key IS NOT NULL",
    (
        Level("same town", "l.city_key = r.city_key", m=0.9, u=0.25),
        Level(
            "similar", "jaro_winkler_similarity(l.city_key, r.city_key) >= 0.88", m=0.05, u=0.02
        ),
    ),
    otherwise("different towns", m=0.05, u=0.73),
)
_COUNTRY = Comparison(
    "country",
    "l.country IS NOT NULL AND r.country IS NOT NULL",
    (Level("same country", "l.country = r.country", m=0.99, u=0.8),),
    otherwise("different countries", m=0.01, u=0.2),
)

SITES = LinkageModel(
    "sites",
    (_STREET, _HOUSE, _PO_BOX, _POSTCODE, _CITY, _COUNTRY),
    (
        Block("postcode", "account || '/' || postcode_key", 200),
        Block("town", "account || '/' || city_key", 200),
        Block("street", "account || '/' || street_key", 200),
        Block("beginning of the street", "account || '/' || left(street_key, 5)", 100),
    ),
    match_share=0.2,
)

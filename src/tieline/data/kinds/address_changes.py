"""Address changes: who moved from where to where, as NCOA-style services tell it."""

from tieline.data.kinds.kind import Kind

ADDRESS_CHANGES = Kind(
    name="address-changes",
    one_row_is="one person, family or company that moved, with the old and the new address",
    needs=(
        ("new_full_address", "new_address_line1", "new_city", "new_postcode"),
        ("full_name", "family_name", "company", "email", "our_id"),
    ),
    file_words=(
        "addresschanges",
        "addresschange",
        "changeofaddress",
        "changesofaddress",
        "ncoa",
        "ncoalink",
        "moves",
        "movers",
        "moved",
        "relocations",
        "umzuege",
        "umzug",
        "umzugsliste",
        "adressaenderungen",
        "demenagements",
        "changementdadresse",
        "cambiosdedireccion",
        "trasferimenti",
        "verhuizingen",
    ),
    telling=(
        ("new_full_address", 0.8),
        ("new_address_line1", 0.8),
        ("new_city", 0.6),
        ("new_postcode", 0.6),
        ("moved_on", 0.5),
        ("move_type", 0.5),
    ),
    is_memory=True,
    lists_nobody=True,
)

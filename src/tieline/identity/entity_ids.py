"""Ids of accounts, sites and contacts: made of what they hold, never of an order or a counter."""

from __future__ import annotations

PREFIX = {"accounts": "A", "sites": "S", "contacts": "C"}


def entity_id(entity: str, oldest_record: str) -> str:
    """The SQL expression of an id, given the expression of the group's smallest record id.

    14 hexadecimal digits: among a million entities two share an id with a chance of 1 in 140,000.
    """
    return f"'{PREFIX[entity]}' || substr(md5('{entity}' || {oldest_record}), 1, 14)"

"""Ids of accounts, sites and contacts: each named after the record that came first.

An entity is named after the oldest of its records. Records that come later change no id; what is
split off is named after its own oldest record; what is put together keeps the older name. Every id
that was ever given out is therefore that of some record, and leads to where that record now is
(table `redirects`): nothing has to be remembered.
"""

from __future__ import annotations

PREFIX = {"account": "A", "site": "S", "contact": "C"}


def entity_id(entity: str, oldest_record: str) -> str:
    """The SQL expression of an id, given the expression of the record it is named after.

    14 hexadecimal digits: among a million entities two share an id with a chance of 1 in 140,000.
    """
    return f"'{PREFIX[entity]}' || substr(md5('{entity}s' || {oldest_record}), 1, 14)"

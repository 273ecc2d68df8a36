"""The steps of the funnel, and why records are set aside, in words."""

from __future__ import annotations

STEPS = {
    "records": "records read",
    "readable": "readable",
    "valid_address": "at a valid address",
    "unique": "unique",
    "valid_company": "at a valid company",
    "not_competitor": "not a competitor",
    "usable": "usable",
}
"""Each step of `funnel`, in its order."""

REASONS = {
    "unreadable": "rows that cannot be read",
    "erased": "rows of people who asked to be forgotten",
    "no_address": "no address, and none known for the company",
    "invalid_address": "an address that is incomplete, unknown or contradicts itself",
    "duplicate": "the same contact again",
    "log_entry": "in a log, by address or device alone: kept in the memory, no entry of a list",
    "address_change": "the news that somebody moved: see address_changes, no entry of a list",
    "no_company": "no company that can be recognised",
    "no_registry_match": "a company that no register knows, as [registry] required asks",
    "competitor": "a competitor",
    "own_company": "our own company",
    "suppressed": "on a suppression list",
    "opted_out": "asked not to be written to",
    "junk_name": "a name that is nobody's (a test, a desk, a company)",
}
"""What each status of `record_entities` says of a record."""

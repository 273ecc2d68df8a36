"""Accounts beside the entries of registers that they may be: what agrees, and what that weighs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tieline.engine.tables import Engine, Table
from tieline.identity.registry_evidence import weigh
from tieline.identity.registry_search import describe_accounts, search
from tieline.identity.registry_values import read_values


def registry_pairs(
    standard_records: Table,
    record_entities: Table,
    record_identifiers: Table,
    shared_domains: Table,
    registry_entries: Table,
    registry_keys: Table,
    registry_hierarchy: Table,
    *,
    engine: Engine,
    cache: Path | None,
    said: Callable[[str], None],
) -> str:
    """The accounts beside the entries they may be, field by field.

    Cheap keys find at most six entries of each register for an account; only these are brought into
    standard values and compared.

    question: Which entries of the registers may an account be, and what speaks for it?
    row: One account beside one entry that it may be.
    key: account_id, registry, registry_id
    owner: analyst
    columns:
      account_id: The account.
      registry: The register.
      registry_id: The entry.
      legal_entity_id: The legal entity that the entry belongs to.
      name: The entry's name that is nearest to one of the account's.
      shared: Bits of the words that both names have, by how rare they are in the register.
      similar: Bits of the words that are nearly the same.
      lacking: Bits of the words that only the account's name has.
      surplus: Bits of the words that only the entry's name has.
      same_name: "Whether the names are the same: 2 to the letter, 1 but for spaces, 0 not."
      legal_form: 1 the same, -1 different, 0 one is not told.
      street: "Grade of the street: A same, B similar, F different, Z one side has none."
      city: Grade of the town.
      postcode: Grade of the postcode.
      country: Grade of the country.
      phone: Grade of the telephone number; B but for its last three digits.
      domain: Grade of the web domain; B but for its ending.
      number: Grade of the registry number.
      is_active: Whether the register says that the entry is active.
      weight: The evidence in bits, prior included.
    increment:
      key: account_id
      from:
        record_entities: account_id
        standard_records: record_entities.record_id
        record_identifiers: record_entities.record_id
        shared_domains: standard_records.company_domain
    """
    engine.create(
        "registers",
        f"SELECT entry >> 32 AS register, count(*) AS entries FROM {registry_entries} GROUP BY 1",
    )
    if not engine.arrow("SELECT 1 FROM registers LIMIT 1").num_rows:
        return _NOTHING
    describe_accounts(engine, standard_records, record_entities, record_identifiers, shared_domains)
    search(engine, registry_entries, registry_keys, registry_hierarchy)
    read_values(engine, registry_entries, cache, said)
    return weigh(engine, registry_entries, registry_keys, registry_hierarchy)


_NOTHING = """
SELECT '' AS account_id, '' AS registry, '' AS registry_id, '' AS legal_entity_id, '' AS name,
  0::BIGINT AS shared, 0::BIGINT AS similar, 0::BIGINT AS lacking, 0::BIGINT AS surplus,
  0 AS same_name, 0 AS legal_form, '' AS street, '' AS city, '' AS postcode, '' AS country,
  '' AS phone, '' AS domain, '' AS number, true AS is_active, 0.0::DOUBLE AS weight WHERE false
"""

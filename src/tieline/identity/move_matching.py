"""Whom a change of address names: the sites and contacts its names and its old address fit.

Nothing is near enough: a company must have the very name, a person given and family name, at the
very old address, or an e-mail address or id of ours names them. Whom the file does not name stays.
"""

from __future__ import annotations

from tieline.engine.tables import Engine, Table

ROUNDS = 10
"""Who moved five times in one file is followed; a longer chain is hardly anybody's."""


def load_matches(
    engine: Engine, told: Table, standard_records: Table, record_entities: Table, redirects: Table
) -> None:
    """Make `move_matches`: (record_id, entity_id, account_id, from_site_id, new_site_id).

    A row per change of address and each site or contact it fits. A later change may start where an
    earlier one ended, so what was matched adds its new address to the places of who moved, until
    nothing more fits; the order in which changes were told does not matter.
    """
    engine.create("moves", _moves(told, redirects))
    engine.create("move_spots", _SPOTS)
    engine.create("listed_places", _listed_places(standard_records, record_entities))
    engine.create("move_company_names", _company_names(standard_records, record_entities))
    engine.create("move_people", _people(standard_records, record_entities))
    engine.create("move_sites", _sites(record_entities))
    engine.create("chained_places", "SELECT * FROM listed_places WHERE false")
    engine.create("chained_people", "SELECT '' AS contact_id, p.* FROM chained_places p")
    before = -1
    for _ in range(ROUNDS):
        engine.create("move_matches", _matches())
        engine.create("chained_places", _CHAINED_PLACES)
        engine.create("chained_people", _CHAINED_PEOPLE)
        count = Table(engine, "chained_places").rows() + Table(engine, "chained_people").rows()
        if count == before:
            return
        before = count


def _spot(prefix: str) -> str:
    parts = [f"coalesce(lower({prefix}{part}), '')" for part in ("house_number", "po_box")]
    return (
        f"CASE WHEN coalesce({prefix}street_key, {prefix}po_box) IS NOT NULL THEN "
        f"concat_ws('|', coalesce({prefix}street_key, ''), {', '.join(parts)}) END"
    )


def _moves(told: Table, redirects: Table) -> str:
    """The changes with the spots of both addresses, and our id as it is now."""
    return f"""
    SELECT t.*, coalesce(r.new_id, t.our_id) AS id_now, {_spot("t.old_")} AS old_spot,
      {_spot("t.new_")} AS new_spot
    FROM {told} t LEFT JOIN {redirects} r ON r.old_id = t.our_id
    """


_SPOTS = """
SELECT old_spot AS spot FROM moves WHERE old_spot IS NOT NULL
UNION SELECT new_spot FROM moves WHERE new_spot IS NOT NULL
"""


def _listed_places(standard_records: Table, record_entities: Table) -> str:
    """The addresses that records give for sites, as far as changes speak of them."""
    return f"""
    SELECT DISTINCT e.site_id, e.account_id, {_spot("s.")} AS spot, s.postcode_key, s.city_key,
      s.country
    FROM {standard_records} s JOIN {record_entities} e USING (record_id)
    WHERE e.site_basis = 'address' AND {_spot("s.")} IN (SELECT spot FROM move_spots)
    """


def _company_names(standard_records: Table, record_entities: Table) -> str:
    wanted = (
        "(SELECT company_key FROM moves WHERE company_key IS NOT NULL "
        "UNION SELECT company_2_key FROM moves WHERE company_2_key IS NOT NULL)"
    )
    return f"""
    SELECT DISTINCT e.account_id, s.company_key AS name
    FROM {standard_records} s JOIN {record_entities} e USING (record_id)
    WHERE e.account_id IS NOT NULL AND s.company_key IN {wanted}
    UNION SELECT e.account_id, s.company_2_key
    FROM {standard_records} s JOIN {record_entities} e USING (record_id)
    WHERE e.account_id IS NOT NULL AND s.company_2_key IN {wanted}
    """


def _people(standard_records: Table, record_entities: Table) -> str:
    """What records say of the contacts that have a name, address or id that changes name."""
    families = "SELECT family_key FROM moves WHERE family_key IS NOT NULL"
    emails = "SELECT email_key FROM moves WHERE email_key IS NOT NULL"
    ids = "SELECT id_now FROM moves WHERE id_now LIKE 'C%'"
    return f"""
    SELECT e.contact_id, e.account_id, e.site_id, s.given_root, s.family_key, s.email_key,
      s.email_2_key, s.record_at, {_spot("s.")} AS spot, s.postcode_key, s.city_key, s.country
    FROM {standard_records} s JOIN {record_entities} e USING (record_id)
    WHERE e.contact_id IN (
      SELECT f.contact_id FROM {record_entities} f JOIN {standard_records} k USING (record_id)
      WHERE f.contact_id IS NOT NULL AND (k.family_key IN ({families})
        OR k.email_key IN ({emails}) OR k.email_2_key IN ({emails}) OR f.contact_id IN ({ids})))
    """


def _sites(record_entities: Table) -> str:
    """The sites of accounts that changes name by an id of ours."""
    return f"""
    SELECT DISTINCT site_id, account_id FROM {record_entities}
    WHERE site_id IN (SELECT id_now FROM moves) OR account_id IN (SELECT id_now FROM moves)
    """


def same_place(move: str, side: str, place: str) -> str:
    """The condition that a move's old or new address (`side`) is the one of a row of places.

    The street and number are the same; so is the postcode, or where one tells none the town.
    """
    code, town = f"{move}.{side}_postcode_key", f"{move}.{side}_city_key"
    return (
        f"{move}.{side}_spot = {place}.spot AND "
        f"CASE WHEN {code} IS NOT NULL AND {place}.postcode_key IS NOT NULL "
        f"THEN {code} = {place}.postcode_key ELSE coalesce({town} = {place}.city_key, false) END "
        f"AND coalesce({move}.{side}_country = {place}.country, true)"
    )


def _matches() -> str:
    at_old = same_place("m", "old", "p")
    old = "m.old_spot IS NOT NULL"
    return f"""
    WITH places AS (SELECT * FROM listed_places UNION SELECT * FROM chained_places),
    contact_places AS (
      SELECT DISTINCT c.contact_id, p.* FROM move_people c JOIN places p USING (site_id)
      UNION SELECT contact_id, site_id, account_id, spot, postcode_key, city_key, country
      FROM move_people WHERE site_id IS NULL AND spot IS NOT NULL
      UNION SELECT * FROM chained_people
    ), sites_by_id AS (
      SELECT m.record_id, s.site_id AS entity_id, s.account_id, s.site_id
      FROM moves m JOIN move_sites s ON s.site_id = m.id_now
        OR (s.account_id = m.id_now AND ({old} OR
          (SELECT count(*) FROM move_sites o WHERE o.account_id = s.account_id) = 1))
      WHERE NOT {old} OR EXISTS (SELECT 1 FROM places p WHERE p.site_id = s.site_id AND {at_old})
    ), sites_by_name AS (
      SELECT DISTINCT m.record_id, p.site_id AS entity_id, p.account_id, p.site_id
      FROM moves m JOIN move_company_names n ON n.name IN (m.company_key, m.company_2_key)
      JOIN places p ON p.account_id = n.account_id AND {at_old}
      WHERE m.our_id IS NULL AND m.move_type = 'business'
    ), named AS (
      SELECT DISTINCT m.record_id, c.contact_id, 'id' AS by_what FROM moves m
      JOIN move_people c ON c.contact_id = m.id_now
      UNION
      SELECT DISTINCT m.record_id, c.contact_id, 'email' FROM moves m
      JOIN move_people c ON m.email_key IN (c.email_key, c.email_2_key)
      WHERE m.our_id IS NULL AND m.move_type <> 'business' AND (m.family_key IS NULL OR EXISTS (
        SELECT 1 FROM move_people o
        WHERE o.contact_id = c.contact_id AND o.family_key = m.family_key))
    ), people AS (
      -- Whom an id or e-mail address names, at the old address if one is told.
      SELECT DISTINCT m.record_id, n.contact_id AS entity_id, p.account_id, p.site_id
      FROM named n JOIN moves m USING (record_id)
      JOIN contact_places p ON p.contact_id = n.contact_id AND {at_old}
      UNION ALL
      SELECT DISTINCT m.record_id, n.contact_id, c.account_id, c.site_id
      FROM named n JOIN moves m USING (record_id) JOIN move_people c USING (contact_id)
      WHERE NOT {old}
      UNION ALL
      SELECT DISTINCT m.record_id, c.contact_id, p.account_id, p.site_id
      FROM moves m JOIN move_people c ON c.family_key = m.family_key
      JOIN contact_places p ON p.contact_id = c.contact_id AND {at_old}
      WHERE m.our_id IS NULL AND m.move_type <> 'business'
        AND NOT EXISTS (SELECT 1 FROM move_people k
                        WHERE m.email_key IN (k.email_key, k.email_2_key))
        -- A family lives at the address of people who tell no company, not at a company's.
        AND (c.given_root = m.given_root OR (m.move_type = 'family' AND p.account_id IS NULL))
        AND (m.company_key IS NULL OR EXISTS (
          SELECT 1 FROM move_company_names n
          WHERE n.account_id = p.account_id AND n.name IN (m.company_key, m.company_2_key)))
    ), seen AS (
      SELECT contact_id, site_id, max(record_at) AS seen_at, count(*) AS records
      FROM move_people GROUP BY contact_id, site_id
    ), found AS (
      SELECT * FROM sites_by_id UNION SELECT * FROM sites_by_name UNION
      SELECT record_id, entity_id, account_id, site_id FROM (
        -- At several companies in one house: the one where they were seen last.
        SELECT p.*, row_number() OVER (PARTITION BY p.record_id, p.entity_id
          ORDER BY s.seen_at DESC NULLS LAST, s.records DESC, p.account_id, p.site_id) AS place
        FROM people p LEFT JOIN seen s ON s.contact_id = p.entity_id AND s.site_id = p.site_id
      ) WHERE place = 1
    )
    SELECT f.record_id, f.entity_id, f.account_id, f.site_id AS from_site_id,
      min(p.site_id) AS new_site_id
    FROM found f JOIN moves m USING (record_id)
    LEFT JOIN listed_places p ON p.account_id = f.account_id
      AND p.site_id IS DISTINCT FROM f.site_id AND {same_place("m", "new", "p")}
    GROUP BY ALL
    """


_FITTING = """
moves m JOIN move_matches f USING (record_id)
WHERE m.new_spot IS NOT NULL AND f.new_site_id IS NULL
  AND m.new_address_verdict IN ('ok', 'corrected', 'unknown_place')
"""
_PLACE = """m.new_spot AS spot, m.new_postcode_key AS postcode_key, m.new_city_key AS city_key,
  m.new_country AS country"""
_CHAINED_PLACES = f"""
SELECT DISTINCT f.entity_id AS site_id, f.account_id, {_PLACE} FROM {_FITTING}
  AND f.entity_id LIKE 'S%'
"""
_CHAINED_PEOPLE = f"""
SELECT DISTINCT f.entity_id AS contact_id, f.from_site_id AS site_id, f.account_id, {_PLACE}
FROM {_FITTING} AND f.entity_id LIKE 'C%'
"""

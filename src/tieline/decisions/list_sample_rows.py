"""Each row of a sample beside what we know: whom we have, who would be a new key player where."""

from __future__ import annotations

import pyarrow as pa

from tieline.decisions.agreed_hash import COMPANY, DOMAIN, EMAIL, PERSON, hashed
from tieline.decisions.offer import ListPlan
from tieline.engine.tables import Engine, Table


def list_sample_rows(
    records: Table,
    record_entities: Table,
    standard_records: Table,
    record_identifiers: Table,
    target_sites: Table,
    universe: Table,
    universe_players: Table,
    product_roles: Table,
    coverage: Table,
    *,
    engine: Engine,
    plan: ListPlan,
) -> pa.Table | str:
    """Each row of the samples of offered lists, as far as hashes and job functions tell.

    question: Whom of a sample do we know, and who of it would be a key player we lack?
    row: One row of the sample of one offer.
    key: offer, row_number
    owner: marketer
    columns:
      offer: The offer.
      row_number: 1-based number of the row in the sample.
      email_hash: Hash of its e-mail address.
      company_told: Whether the row tells its company.
      is_known: Whether we have the person; of a bought list, whether we had them before it came.
        By e-mail address, or by name at a domain of the company.
      contact_id: The contact that it is, where we have the person.
      member: A site of its company in the universe, the one whose segment comes first.
      segment: The segment of that site.
      product: What is sold to the segment.
      function: Function of the job title, as the sample tells it.
      level: Level of the job title, as the sample tells it.
      country: Country, as the sample tells it.
      is_selected: Whether we would order the row, where the vendor lets us choose.
      is_key_player: Whether function and level are on the buying-role list of the product.
      is_net_new: Whether it is a key player in a segment, whom we do not know.
      is_wanted: Whether it is net-new, and in a segment whose coverage is below its target.
      fills_gap: Whether it is net-new, and at a company with a site where we know no key player.
    """
    offers = [one for one in plan.offers if one.sample is not None]
    if not offers:
        return _SCHEMA.empty_table()
    engine.load(
        "sampled", pa.concat_tables([one.sample.table(one.name) for one in offers if one.sample])
    )
    engine.load("sample_offers", _offers(plan))
    engine.create("known_people", _known_people(records, record_entities, standard_records))
    engine.create("known_companies", _known_companies(
        record_entities, record_identifiers, target_sites, universe, universe_players, coverage
    ))  # fmt: skip
    keys = {one.sample.key for one in offers if one.sample}
    of_offer = {one.name: one.sample.key for one in offers if one.sample}
    for table in ("known_people", "known_companies"):
        engine.load(f"hashed_{table}", _hashed(engine, table, keys))
    engine.load(
        "sample_keys",
        pa.table(
            {"offer": [*of_offer], "key_number": [_number(k, keys) for k in of_offer.values()]}
        ),
    )
    return _rows(product_roles)


def _number(key: bytes, keys: set[bytes]) -> int:
    return sorted(keys).index(key)


def _offers(plan: ListPlan) -> pa.Table:
    return pa.table(
        {
            "offer": pa.array([one.name for one in plan.offers], pa.string()),
            "source": pa.array([one.bought or None for one in plan.offers], pa.string()),
            **{
                f"by_{name}": pa.array([name in one.selectable for one in plan.offers], pa.bool_())
                for name in ("function", "segment", "country")
            },
            **{
                f"tells_{name}": pa.array(
                    [bool(one.sample and columns & one.sample.columns) for one in plan.offers],
                    pa.bool_(),
                )
                for name, columns in (
                    ("person", {"email_hash", "person_hash"}),
                    ("function", {"function"}),
                    ("level", {"level"}),
                )
            },
        }
    )


def _known_people(records: Table, record_entities: Table, standard_records: Table) -> str:
    """By what samples tell a contact, with the source and when it came first from there."""
    return f"""
    WITH domains AS (
      SELECT DISTINCT e.account_id, s.company_domain AS domain
      FROM {standard_records} s JOIN {record_entities} e USING (record_id)
      WHERE e.account_id IS NOT NULL AND s.company_domain IS NOT NULL
    ), said AS (
      SELECT record_id, '{EMAIL}' AS kind, email AS value FROM {standard_records}
      WHERE email IS NOT NULL
      UNION ALL SELECT record_id, '{EMAIL}', email_2 FROM {standard_records}
      WHERE email_2 IS NOT NULL
      -- Who has no address in a list, or another one, is known by name at the company's domain.
      UNION ALL SELECT s.record_id, '{PERSON}',
        s.given_root || ' ' || s.family_key || '@' || d.domain
      FROM {standard_records} s JOIN {record_entities} e USING (record_id)
      JOIN domains d USING (account_id) WHERE s.given_root IS NOT NULL AND s.family_key IS NOT NULL
    )
    SELECT s.kind, s.value, e.contact_id, r.source, min(r.arrival) AS arrival
    FROM said s JOIN {record_entities} e USING (record_id) JOIN {records} r USING (record_id)
    WHERE e.contact_id IS NOT NULL GROUP BY s.kind, s.value, e.contact_id, r.source
    """


def _known_companies(
    record_entities: Table,
    record_identifiers: Table,
    target_sites: Table,
    universe: Table,
    universe_players: Table,
    coverage: Table,
) -> str:
    """Each name of a company by which samples tell it, with the sites it has in the universe."""
    return f"""
    WITH told AS (
      SELECT '{DOMAIN}' AS kind, domain AS value, member FROM {target_sites}
      WHERE domain IS NOT NULL
      UNION SELECT '{COMPANY}', regexp_replace(registry_id, '[^0-9A-Za-z]', '', 'g'), member
      FROM {target_sites} WHERE registry_id IS NOT NULL
      UNION SELECT '{COMPANY}', i.value, e.site_id
      FROM {record_identifiers} i JOIN {record_entities} e USING (record_id)
      WHERE i.owner = 'company' AND e.site_id IS NOT NULL
    )
    SELECT t.kind, t.value, arg_min(u.member, (c.priority, u.segment, u.member)) AS member,
      arg_min(u.segment, (c.priority, u.segment, u.member)) AS segment,
      arg_min(c.product, (c.priority, u.segment, u.member)) AS product,
      arg_min(c.missing_sites > 0, (c.priority, u.segment, u.member)) AS is_wanted,
      bool_or(p.member IS NULL) AS has_gap
    FROM told t JOIN {universe} u USING (member) JOIN {coverage} c ON c.segment = u.segment
    LEFT JOIN (SELECT DISTINCT member, product FROM {universe_players}) p
      ON p.member = u.member AND p.product = c.product
    GROUP BY t.kind, t.value
    """


def _hashed(engine: Engine, table: str, keys: set[bytes]) -> pa.Table:
    """The hash of each distinct value of a table, with each key that is in use."""
    values = engine.arrow(f"SELECT DISTINCT kind, value FROM {table} ORDER BY kind, value")
    kinds, texts = values["kind"].to_pylist(), values["value"].to_pylist()
    made = []
    for number, key in enumerate(sorted(keys)):
        found: list[str | None] = []
        for one in dict.fromkeys(kinds):
            found += hashed(key, one, [t for k, t in zip(kinds, texts, strict=True) if k == one])
        made.append(
            pa.table(
                {
                    "key_number": pa.array([number] * len(texts), pa.int64()),
                    "kind": pa.array(kinds, pa.string()),
                    "value": pa.array(texts, pa.string()),
                    "hash": pa.array(found, pa.string()),
                }
            )
        )
    return pa.concat_tables(made)


def _rows(product_roles: Table) -> str:
    return f"""
    WITH came AS (
      SELECT source, min(arrival) AS arrival FROM known_people GROUP BY source
    ), told AS (
      -- One row for each hash, so that each is looked up instead of compared with all.
      SELECT s.offer, s.row_number, n.key_number, '{EMAIL}' AS kind, s.email_hash AS hash
      FROM sampled s JOIN sample_keys n USING (offer) WHERE s.email_hash IS NOT NULL
      UNION ALL SELECT s.offer, s.row_number, n.key_number, '{PERSON}', s.person_hash
      FROM sampled s JOIN sample_keys n USING (offer) WHERE s.person_hash IS NOT NULL
      UNION ALL SELECT s.offer, s.row_number, n.key_number, '{DOMAIN}', s.domain_hash
      FROM sampled s JOIN sample_keys n USING (offer) WHERE s.domain_hash IS NOT NULL
      UNION ALL SELECT s.offer, s.row_number, n.key_number, '{COMPANY}', s.company_hash
      FROM sampled s JOIN sample_keys n USING (offer) WHERE s.company_hash IS NOT NULL
    ), people AS (
      -- Of a list that was bought, whom we had before it came.
      SELECT s.offer, s.row_number, min(k.contact_id) AS contact_id
      FROM told s JOIN sample_offers o USING (offer)
      JOIN hashed_known_people h
        ON h.key_number = s.key_number AND h.kind = s.kind AND h.hash = s.hash
      JOIN known_people k ON k.kind = h.kind AND k.value = h.value
      LEFT JOIN came c ON c.source = o.source
      WHERE c.arrival IS NULL OR (k.source <> o.source AND k.arrival < c.arrival)
      GROUP BY s.offer, s.row_number
    ), named_companies AS (
      SELECT s.offer, s.row_number, h.kind, h.value
      FROM told s JOIN hashed_known_companies h
        ON h.key_number = s.key_number AND h.kind = s.kind AND h.hash = s.hash
    ), companies AS (
      -- A company's own number says more than its domain.
      SELECT n.offer, n.row_number, k.member, k.segment, k.product, k.is_wanted, k.has_gap,
        row_number() OVER (PARTITION BY n.offer, n.row_number ORDER BY n.kind, n.value) AS place
      FROM named_companies n JOIN known_companies k USING (kind, value)
    ), roles AS (
      SELECT DISTINCT product, function, level FROM {product_roles}
    ), countries AS (
      SELECT DISTINCT s.country FROM sampled s JOIN companies c USING (offer, row_number)
      WHERE s.country IS NOT NULL
    ), judged AS (
      SELECT s.offer, s.row_number, s.email_hash,
        coalesce(s.email_hash, s.person_hash) IS NOT NULL AS person_told,
        coalesce(s.domain_hash, s.company_hash) IS NOT NULL AS company_told,
        p.contact_id IS NOT NULL AS is_known, p.contact_id, c.member, c.segment, c.product,
        s.function, s.level, s.country, coalesce(c.is_wanted, false) AS lacks,
        coalesce(c.has_gap, false) AS has_gap, o.tells_person, o.by_segment, o.by_country,
        o.by_function, t.country IS NOT NULL AS is_country_of_ours,
        EXISTS (SELECT 1 FROM roles r WHERE (r.product = c.product OR c.product IS NULL)
          AND (r.function IN (s.function, 'any') OR NOT o.tells_function)
          AND (r.level IN (s.level, 'any') OR NOT o.tells_level)) AS has_role
      FROM sampled s JOIN sample_offers o USING (offer)
      LEFT JOIN people p USING (offer, row_number)
      LEFT JOIN companies c ON c.offer = s.offer AND c.row_number = s.row_number AND c.place = 1
      LEFT JOIN countries t ON t.country = s.country
    )
    SELECT offer, row_number, email_hash, company_told, is_known, contact_id, member, segment,
      product, function, level, country,
      (NOT by_function OR has_role) AND (NOT by_segment OR segment IS NOT NULL)
        AND (NOT by_country OR is_country_of_ours) AS is_selected,
      has_role AND segment IS NOT NULL AS is_key_player,
      -- Where the sample tells no person, a company where we lack one must do.
      has_role AND segment IS NOT NULL AND CASE WHEN tells_person AND person_told
        THEN NOT is_known ELSE has_gap END AS is_net_new,
      is_net_new AND lacks AS is_wanted, is_net_new AND has_gap AS fills_gap
    FROM judged
    """


_SCHEMA = pa.schema(
    [
        ("offer", pa.string()),
        ("row_number", pa.int64()),
        ("email_hash", pa.string()),
        ("company_told", pa.bool_()),
        ("is_known", pa.bool_()),
        *((n, pa.string()) for n in ("contact_id", "member", "segment", "product")),
        *((n, pa.string()) for n in ("function", "level", "country")),
        *((n, pa.bool_()) for n in ("is_selected", "is_key_player", "is_net_new")),
        *((n, pa.bool_()) for n in ("is_wanted", "fills_gap")),
    ]
)

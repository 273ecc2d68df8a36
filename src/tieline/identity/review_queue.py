"""The questions worth asking a person: where the machine is unsure, the most worthwhile first."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.linkage.doubts import MICRO, clipped, mean_weight, weakest_cut
from tieline.identity.linkage.scoring import FORBIDDEN, bits
from tieline.identity.questions import minutes
from tieline.identity.review_reasons import reasons

SURE = 0.95
"""Beyond this probability, either way, the machine is not asked after: one answer in twenty would
change anything."""
MOST_QUESTIONS = 10_000
"""A long working day of ten a minute is 4,800."""
_KINDS = ("contact", "account", "site")


def review_queue(
    record_entities: Table,
    records: Table,
    standard_records: Table,
    record_contacts: Table,
    contact_links: Table,
    record_accounts: Table,
    account_links: Table,
    judged_accounts: Table,
    site_profiles: Table,
    site_links: Table,
    comparison_weights: Table,
    judged_records: Table,
    *,
    engine: Engine,
) -> pa.Table:
    """The questions worth asking a person, the most worthwhile first.

    Asked is where the evidence between two groups of records says neither yes nor no: two contacts
    (accounts, sites) that may be one, or one that may be two. There is one question for each two
    groups, and none that a judgement in force has answered. At most 10,000.

    question: Which question to a person brings the most right decisions a minute?
    row: Two groups of records of which it is not clear whether they are the same.
    key: place
    owner: analyst
    columns:
      place: 1 for the question to ask first.
      entity: contact, account or site.
      left_record: A record of the one group, the oldest of its most typical pair of descriptions.
      right_record: The same of the other group; left_record came first.
      left_id: The entity the left record belongs to now.
      right_id: The entity the right record belongs to now.
      together: Whether both are one entity now.
      left_records: How many records the left group has.
      right_records: How many records the right group has.
      apart: Where both are one entity now, the records of the smaller of its two groups.
      probability: How likely they are the same, 1 / (1 + 2^-weight).
      weight: Mean evidence in bits between the two groups, prior included.
      gain: Expected right decisions, the records that would move times how likely they would.
      minutes: Expected minutes to answer.
      gain_per_minute: Expected right decisions a minute.
      reason: What agrees and what does not in the typical pair, in words.
    """
    for kind, select in _node_selects(
        record_contacts,
        record_accounts,
        judged_accounts,
        standard_records,
        site_profiles,
        record_entities,
    ).items():
        engine.create(f"asked_{kind}_rows", select)
    for kind, table, side in (
        ("contact", contact_links, "node"),
        ("account", account_links, "node"),
        ("site", site_links, "profile"),
    ):
        engine.create(
            f"asked_{kind}_links",
            f"SELECT left_{side}::VARCHAR AS left_node, right_{side}::VARCHAR AS right_node, "
            f"pattern, weight FROM {table}",
        )
    for kind in _KINDS:
        engine.create(f"asked_{kind}_between", _between(kind))
        engine.load(f"asked_{kind}_within", _within(engine, kind))
        engine.create(f"asked_{kind}", _questions(kind))
        engine.create(f"asked_{kind}_sides", _sides(kind))
        engine.create(f"asked_{kind}_typical", _typical(kind, records))
    asked = " UNION ALL ".join(
        f"FROM ({_told(kind, records, standard_records, judged_records)})" for kind in _KINDS
    )
    engine.create("asked", asked)
    found = engine.arrow(
        "SELECT row_number() OVER (ORDER BY gain_per_minute DESC, entity, left_record, "
        "right_record) AS place, * FROM asked "
        f"QUALIFY place <= {MOST_QUESTIONS} ORDER BY place"
    )
    for kind in _KINDS:
        for part in ("", "_links", "_rows", "_between", "_within", "_sides", "_typical"):
            engine.drop(f"asked_{kind}{part}")
    engine.drop("asked")
    patterns = list(zip(found["entity"].to_pylist(), found["pattern"].to_pylist(), strict=True))
    told = reasons(comparison_weights.arrow().to_pylist(), patterns)
    return found.drop_columns(["pattern"]).append_column("reason", pa.array(told, pa.string()))


def _node_selects(
    record_contacts: Table,
    record_accounts: Table,
    judged_accounts: Table,
    standard_records: Table,
    site_profiles: Table,
    record_entities: Table,
) -> dict[str, str]:
    """Per kind, the SELECT of (record_id, node, id): what described it, and the entity it is in."""
    entities = f"JOIN {record_entities} e USING (record_id)"
    same = " AND ".join(
        f"p.{column} IS NOT DISTINCT FROM {value}"
        for column, value in (
            ("street_key", "s.street_key"),
            ("house", "lower(s.house_number)"),
            ("po_box", "lower(s.po_box)"),
            ("postcode_key", "s.postcode_key"),
            ("city_key", "s.city_key"),
            ("country", "s.country"),
        )
    )
    return {
        "contact": "SELECT n.record_id, n.node::VARCHAR AS node, e.contact_id AS id "
        f"FROM {record_contacts} n {entities} WHERE e.contact_id IS NOT NULL",
        "account": "SELECT n.record_id, n.node::VARCHAR AS node, e.account_id AS id "
        f"FROM {record_accounts} n {entities} WHERE e.account_id IS NOT NULL",
        "site": "SELECT a.record_id, p.profile AS node, e.site_id AS id "
        f"FROM {judged_accounts} a JOIN {standard_records} s USING (record_id) {entities} "
        f"JOIN {site_profiles} p ON p.account = a.account AND {same} WHERE e.site_id IS NOT NULL",
    }


def _between(kind: str) -> str:
    """Pairs of entities, and the mean evidence between them; hard evidence leaves no question."""
    mean = mean_weight("b.total", "b.seen", "l.nodes * r.nodes")
    return f"""
    WITH nodes AS (SELECT DISTINCT node, id FROM asked_{kind}_rows),
    counted AS (SELECT id, count(*) AS nodes FROM nodes GROUP BY id),
    pairs AS (
      SELECT least(l.id, r.id) AS left_id, greatest(l.id, r.id) AS right_id,
        sum({clipped("k.weight")})::BIGINT AS total, count(*) AS seen
      FROM asked_{kind}_links k JOIN nodes l ON l.node = k.left_node
      JOIN nodes r ON r.node = k.right_node
      WHERE l.id <> r.id GROUP BY 1, 2 HAVING min(k.weight) > {FORBIDDEN / 2}
    )
    SELECT b.left_id, b.right_id, {mean} AS weight
    FROM pairs b JOIN counted l ON l.id = b.left_id JOIN counted r ON r.id = b.right_id
    WHERE weight > {-bits(SURE)} AND weight < {bits(SURE)}
    """


def _within(engine: Engine, kind: str) -> pa.Table:
    """Entities that may be two: (id, node, weight), the nodes of one of the two sides."""
    engine.create(
        "asked_pairs",
        f"""
        WITH nodes AS (SELECT DISTINCT node, id FROM asked_{kind}_rows)
        SELECT l.id, k.left_node, k.right_node, {clipped("k.weight")} AS weight
        FROM asked_{kind}_links k JOIN nodes l ON l.node = k.left_node
        JOIN nodes r ON r.node = k.right_node AND r.id = l.id
        """,
    )
    sure = round(bits(SURE) * MICRO)
    doubtful = f"SELECT id FROM asked_pairs GROUP BY id HAVING min(weight) < {sure}"
    rows = engine.arrow(
        f"SELECT * FROM asked_pairs SEMI JOIN ({doubtful}) USING (id) "
        "ORDER BY id, left_node, right_node"
    )
    engine.drop("asked_pairs")
    pairs: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for entity_id, *pair in zip(*rows.to_pydict().values(), strict=True):
        pairs[entity_id].append((pair[0], pair[1], pair[2]))
    sides: list[tuple[str, str, float]] = []
    for entity_id, of_entity in pairs.items():
        nodes = sorted({node for pair in of_entity for node in pair[:2]})
        places = {node: place for place, node in enumerate(nodes)}
        cut = weakest_cut(len(nodes), [(places[a], places[b], w) for a, b, w in of_entity])
        if cut is not None and abs(cut.weight) < bits(SURE):
            sides += [(entity_id, nodes[place], cut.weight) for place in cut.first]
    return pa.table(
        {
            "id": pa.array([side[0] for side in sides], pa.string()),
            "node": pa.array([side[1] for side in sides], pa.string()),
            "weight": pa.array([side[2] for side in sides], pa.float64()),
        }
    )


def _questions(kind: str) -> str:
    return f"""
    SELECT row_number() OVER (ORDER BY left_id, right_id) AS question, * FROM (
      SELECT left_id, right_id, weight FROM asked_{kind}_between
      UNION ALL
      SELECT id AS left_id, id AS right_id, min(weight) AS weight
      FROM asked_{kind}_within GROUP BY id
    )
    """


def _sides(kind: str) -> str:
    """The records of each question: (question, side 0 or 1, node, record_id)."""
    return f"""
    SELECT q.question, CASE WHEN a.id = q.left_id THEN 0 ELSE 1 END AS side, a.node, a.record_id
    FROM asked_{kind} q JOIN asked_{kind}_rows a ON a.id IN (q.left_id, q.right_id)
    WHERE q.left_id <> q.right_id
    UNION ALL
    SELECT q.question, CASE WHEN w.node IS NULL THEN 1 ELSE 0 END AS side, a.node, a.record_id
    FROM asked_{kind} q JOIN asked_{kind}_rows a ON a.id = q.left_id
    LEFT JOIN asked_{kind}_within w ON w.id = a.id AND w.node = a.node
    WHERE q.left_id = q.right_id
    """


def _typical(kind: str, records: Table) -> str:
    """Of each question the pair whose evidence is nearest to the mean, by its oldest records."""
    return f"""
    WITH nodes AS (
      SELECT question, side, node, min_by(s.record_id, r.arrival) AS record_id,
        min(r.arrival) AS arrival
      FROM asked_{kind}_sides s JOIN {records} r USING (record_id) GROUP BY question, side, node
    )
    SELECT q.question, k.pattern,
      CASE WHEN l.arrival < r.arrival THEN l.record_id ELSE r.record_id END AS left_record,
      CASE WHEN l.arrival < r.arrival THEN r.record_id ELSE l.record_id END AS right_record,
      CASE WHEN l.arrival < r.arrival THEN l.side ELSE r.side END AS left_side
    FROM asked_{kind}_links k
    JOIN nodes l ON l.node = k.left_node
    JOIN nodes r ON r.node = k.right_node AND r.question = l.question AND r.side <> l.side
    JOIN asked_{kind} q ON q.question = l.question
    QUALIFY row_number() OVER (PARTITION BY q.question ORDER BY
      abs({clipped("k.weight")} - round(q.weight * {MICRO})), least(l.arrival, r.arrival),
      greatest(l.arrival, r.arrival)) = 1
    """


def _told(kind: str, records: Table, standard_records: Table, judged_records: Table) -> str:
    """The open questions of one kind, as the table has them, with the typical pair's pattern."""
    return f"""
    WITH judged AS (
      SELECT DISTINCT s.question, s.side, j.number, j.kind, j.part
      FROM asked_{kind}_sides s JOIN {judged_records} j USING (record_id)
      WHERE j.entity = '{kind}' AND j.kind IN ('merge', 'pin', 'split', 'distinct')
    ), answered AS (
      SELECT DISTINCT l.question
      FROM judged l JOIN judged r ON r.question = l.question AND r.number = l.number
      WHERE l.side = 0 AND r.side = 1 AND (l.kind <> 'distinct' OR l.part <> r.part)
    ), counted AS (
      SELECT s.question, s.side, count(*) AS records,
        list(s.record_id ORDER BY r.arrival) AS listed
      FROM asked_{kind}_sides s JOIN {records} r USING (record_id) GROUP BY s.question, s.side
    ), chances AS (
      SELECT q.*, t.pattern, t.left_record, t.right_record,
        CASE WHEN t.left_side = 0 THEN q.left_id ELSE q.right_id END AS of_left,
        CASE WHEN t.left_side = 0 THEN q.right_id ELSE q.left_id END AS of_right,
        l.records AS left_records, r.records AS right_records,
        CASE WHEN q.left_id <> q.right_id THEN NULL
          WHEN l.records < r.records THEN l.listed ELSE r.listed END AS apart,
        1 / (1 + pow(2.0, -q.weight)) AS probability,
        {minutes(kind, "a", "b")} AS minutes
      FROM asked_{kind} q JOIN asked_{kind}_typical t USING (question)
      JOIN counted l ON l.question = q.question AND l.side = t.left_side
      JOIN counted r ON r.question = q.question AND r.side <> t.left_side
      JOIN {standard_records} a ON a.record_id = t.left_record
      JOIN {standard_records} b ON b.record_id = t.right_record
      ANTI JOIN answered n ON n.question = q.question
    )
    SELECT '{kind}' AS entity, left_record, right_record, of_left AS left_id, of_right AS right_id,
      of_left = of_right AS together, left_records, right_records, apart,
      round(probability, 4) AS probability, round(weight, 4) AS weight,
      round(least(left_records, right_records)
        * CASE WHEN of_left = of_right THEN 1 - probability ELSE probability END, 4) AS gain,
      minutes, round(gain / minutes, 4) AS gain_per_minute, pattern
    FROM chances
    """

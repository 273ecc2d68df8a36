"""The questions worth asking a person: where the machine is unsure, the most worthwhile first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.linkage.doubts import (
    DOUBLED,
    MICRO,
    SINGLE,
    clipped,
    likely,
    mean_weight,
    weakest_cuts,
)
from tieline.identity.linkage.scoring import FORBIDDEN, bits
from tieline.identity.questions import minutes
from tieline.identity.review_reasons import reasons

SURE = 0.95
"""Beyond this chance, either way, the machine is not asked after: one answer in twenty would
change anything."""
MOST_QUESTIONS = 10_000
"""A long working day of ten a minute is 4,800."""
_KINDS = ("contact", "account", "site")
_PARTS = (
    "",
    *("_rows", "_nodes", "_pairs", "_between", "_within", "_halves"),
    "_typical",
)


def review_questions(
    grouped_entities: Table,
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
    *,
    engine: Engine,
) -> pa.Table:
    """The questions worth asking a person, the most worthwhile first.

    Asked is where the evidence between two groups of records says neither yes nor no: two contacts
    (accounts, sites) that may be one, or one that may be two, as the evidence alone has them: what
    people said is heeded in `review_queue`, so that a judgement does not make all questions anew.
    There is one question for each two groups. At most 10,000.

    question: Where is the evidence unsure, and what is an answer worth?
    row: Two groups of records of which it is not clear whether they are the same.
    key: place
    owner: analyst
    columns:
      place: 1 for the question to ask first.
      entity: contact, account or site.
      left_record: A record of the one group, the oldest of its most typical pair of descriptions.
      right_record: The same of the other group; left_record came first.
      left_id: The entity the left record belongs to by the evidence.
      right_id: The entity the right record belongs to by the evidence.
      together: Whether both are one entity by the evidence.
      left_records: How many records the left group has.
      right_records: How many records the right group has.
      apart: Where both are one entity, the records of the smaller of its two groups.
      probability: How likely they are the same by the evidence, 1 / (1 + 2^-weight).
      weight: Mean evidence in bits between their records, prior included; of one, their link's.
      gain: Expected right decisions, the records that would move times the chance they would,
        which heeds the size of both groups too.
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
        grouped_entities,
    ).items():
        engine.create(f"asked_{kind}_rows", select)
    links = {
        "contact": (contact_links, "left_node", "right_node"),
        "account": (account_links, "left_node", "right_node"),
        "site": (site_links, "left_profile", "right_profile"),
    }
    for kind in _KINDS:
        engine.create(f"asked_{kind}_nodes", _nodes(kind, records))
        engine.create(f"asked_{kind}_pairs", _pairs(kind, *links[kind]))
        engine.create(f"asked_{kind}_between", _between(kind))
        engine.load(f"asked_{kind}_within", _within(engine, kind))
        engine.create(f"asked_{kind}", _questions(kind))
        engine.create(f"asked_{kind}_halves", _halves(kind, records))
        engine.create(f"asked_{kind}_typical", _typical(kind))
    asked = " UNION ALL ".join(f"FROM ({_told(kind, standard_records)})" for kind in _KINDS)
    engine.create("asked", asked)
    found = engine.arrow(
        "SELECT row_number() OVER (ORDER BY gain_per_minute DESC, entity, left_record, "
        "right_record) AS place, * FROM asked "
        f"QUALIFY place <= {MOST_QUESTIONS} ORDER BY place"
    )
    for kind in _KINDS:
        for part in _PARTS:
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
    grouped_entities: Table,
) -> dict[str, str]:
    """Per kind, the SELECT of (record_id, node, id): what described it, and the entity it is in."""
    entities = f"JOIN {grouped_entities} e USING (record_id)"
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
        "contact": "SELECT n.record_id, n.node, e.contact_id AS id "
        f"FROM {record_contacts} n {entities} WHERE e.contact_id IS NOT NULL",
        "account": "SELECT n.record_id, n.node, e.account_id AS id "
        f"FROM {record_accounts} n {entities} WHERE e.account_id IS NOT NULL",
        "site": "SELECT a.record_id, p.profile AS node, e.site_id AS id "
        f"FROM {judged_accounts} a JOIN {standard_records} s USING (record_id) {entities} "
        f"JOIN {site_profiles} p ON p.account = a.account AND {same} WHERE e.site_id IS NOT NULL",
    }


def _nodes(kind: str, records: Table) -> str:
    """Each description of an entity with the oldest record that gives it there."""
    return f"""
    SELECT a.id, a.node, min_by(a.record_id, r.arrival) AS record_id, min(r.arrival) AS arrival,
      count(*) AS records, sum(count(*)) OVER (PARTITION BY a.id)::BIGINT AS of_entity,
      count(*) OVER (PARTITION BY a.id) AS nodes
    FROM asked_{kind}_rows a JOIN {records} r USING (record_id) GROUP BY a.id, a.node
    """


def _pairs(kind: str, links: Table, left: str, right: str) -> str:
    """The scored pairs of descriptions with the entities of both sides.

    Pairs inside an entity count only where one of them leaves room for doubt.
    """
    return f"""
    WITH pairs AS (
      SELECT k.pattern, k.weight, {clipped("k.weight")} AS counted, k.{left} AS left_node,
        k.{right} AS right_node, l.id AS of_left, r.id AS of_right, l.nodes * r.nodes AS all_pairs,
        least(l.of_entity, r.of_entity) AS smaller
      FROM {links} k
      JOIN asked_{kind}_nodes l ON l.node = k.{left}
      JOIN asked_{kind}_nodes r ON r.node = k.{right}
    ), doubtful AS (
      SELECT of_left AS id FROM pairs
      WHERE of_left = of_right AND counted < {round(bits(SURE) * MICRO)} GROUP BY of_left
    )
    SELECT * FROM pairs WHERE of_left <> of_right OR of_left IN (SELECT id FROM doubtful)
    """


def _between(kind: str) -> str:
    """Pairs of entities, and the mean evidence between them; hard evidence leaves no question."""
    mean = mean_weight("sum(counted)::BIGINT", "count(*)", "max(all_pairs)")
    return f"""
    SELECT *, {likely("mean", "smaller")} AS weight FROM (
      SELECT least(of_left, of_right) AS left_id, greatest(of_left, of_right) AS right_id,
        {mean} AS mean, max(smaller) AS smaller
      FROM asked_{kind}_pairs WHERE of_left <> of_right
      GROUP BY 1, 2 HAVING min(weight) > {FORBIDDEN / 2}
    ) WHERE weight > {-bits(SURE)} AND weight < {bits(SURE)}
    """


def _within(engine: Engine, kind: str) -> pa.Table:
    """Entities that may be two: (id, node, mean, weight), the nodes of one of the two sides."""
    inside = f"(SELECT * FROM asked_{kind}_pairs WHERE of_left = of_right)"
    engine.create(
        "asked_numbers",
        f"""
        SELECT id, node, n.records, row_number() OVER (ORDER BY id, node) - 1 AS number,
          dense_rank() OVER (ORDER BY id) - 1 AS group_number
        FROM (
          SELECT of_left AS id, left_node AS node FROM {inside}
          UNION SELECT of_left, right_node FROM {inside}
        ) JOIN asked_{kind}_nodes n USING (id, node)
        """,
    )
    rows = engine.arrow("SELECT * FROM asked_numbers ORDER BY number")
    pairs = engine.arrow(
        "SELECT least(l.number, r.number) AS one, greatest(l.number, r.number) AS other, p.counted "
        f"FROM {inside} p JOIN asked_numbers l ON l.id = p.of_left AND l.node = p.left_node "
        "JOIN asked_numbers r ON r.id = p.of_left AND r.node = p.right_node ORDER BY one, other"
    )
    engine.drop("asked_numbers")
    groups = rows["group_number"].to_numpy()
    cuts = weakest_cuts(groups, *(pairs[name].to_numpy() for name in pairs.column_names))
    first = np.bincount(groups, rows["records"].to_numpy() * cuts.first)
    smaller = np.minimum(first, np.bincount(groups, rows["records"].to_numpy()) - first)
    weight = cuts.weight + SINGLE + DOUBLED * np.log2(np.maximum(smaller, 1))
    chosen = cuts.first & (np.abs(weight) < bits(SURE))[groups]  # NaN is not
    sides = rows.select(["id", "node"])
    sides = sides.append_column("mean", pa.array(cuts.weight[groups], pa.float64()))
    sides = sides.append_column("weight", pa.array(weight[groups], pa.float64()))
    return sides.filter(pa.array(chosen, pa.bool_()))


def _questions(kind: str) -> str:
    return f"""
    SELECT row_number() OVER (ORDER BY left_id, right_id) AS question, * FROM (
      SELECT left_id, right_id, mean, weight FROM asked_{kind}_between
      UNION ALL
      SELECT id AS left_id, id AS right_id, min(mean) AS mean, min(weight) AS weight
      FROM asked_{kind}_within GROUP BY id
    )
    """


def _halves(kind: str, records: Table) -> str:
    """The two sides of each entity that may be two: (id, side 0 or 1, records, listed)."""
    return f"""
    SELECT a.id, CASE WHEN w.node IS NULL THEN 1 ELSE 0 END AS side, count(*) AS records,
      list(a.record_id ORDER BY r.arrival) AS listed
    FROM asked_{kind}_rows a JOIN {records} r USING (record_id)
    LEFT JOIN asked_{kind}_within w ON w.id = a.id AND w.node = a.node
    WHERE a.id IN (SELECT id FROM asked_{kind}_within) GROUP BY 1, 2
    """


def _typical(kind: str) -> str:
    """Of each question the pair whose evidence is nearest to the mean, by its oldest records.

    `left_side` is the side of the older record, which is shown on the left.
    """
    return f"""
    WITH candidates AS (
      SELECT q.question, q.mean, p.pattern, p.counted, p.of_left, p.left_node, p.of_right,
        p.right_node, CASE WHEN p.of_left = q.left_id THEN 0 ELSE 1 END AS side
      FROM asked_{kind}_pairs p JOIN asked_{kind} q
        ON q.left_id = least(p.of_left, p.of_right) AND q.right_id = greatest(p.of_left, p.of_right)
      WHERE q.left_id <> q.right_id
      UNION ALL
      SELECT q.question, q.mean, p.pattern, p.counted, p.of_left, p.left_node, p.of_right,
        p.right_node, CASE WHEN l.node IS NULL THEN 1 ELSE 0 END AS side
      FROM asked_{kind}_pairs p
      JOIN asked_{kind} q ON q.left_id = p.of_left AND q.right_id = p.of_right
      LEFT JOIN asked_{kind}_within l ON l.id = p.of_left AND l.node = p.left_node
      LEFT JOIN asked_{kind}_within r ON r.id = p.of_right AND r.node = p.right_node
      WHERE q.left_id = q.right_id AND (l.node IS NULL) <> (r.node IS NULL)
    )
    SELECT c.question, c.pattern,
      CASE WHEN l.arrival < r.arrival THEN l.record_id ELSE r.record_id END AS left_record,
      CASE WHEN l.arrival < r.arrival THEN r.record_id ELSE l.record_id END AS right_record,
      CASE WHEN l.arrival < r.arrival THEN c.side ELSE 1 - c.side END AS left_side
    FROM candidates c
    JOIN asked_{kind}_nodes l ON l.id = c.of_left AND l.node = c.left_node
    JOIN asked_{kind}_nodes r ON r.id = c.of_right AND r.node = c.right_node
    QUALIFY row_number() OVER (PARTITION BY c.question ORDER BY
      abs(c.counted - round(c.mean * {MICRO})), least(l.arrival, r.arrival),
      greatest(l.arrival, r.arrival)) = 1
    """


def _told(kind: str, standard_records: Table) -> str:
    """The open questions of one kind, as the table has them, with the typical pair's pattern."""
    return f"""
    WITH counted AS (SELECT id, count(*) AS records FROM asked_{kind}_rows GROUP BY id),
    sized AS (
      SELECT q.*, t.pattern, t.left_record, t.right_record, t.left_side,
        coalesce(h.records, l.records) AS of_first, coalesce(g.records, r.records) AS of_second,
        CASE WHEN h.records < g.records THEN h.listed ELSE g.listed END AS apart,
        1 / (1 + pow(2.0, -q.weight)) AS chance,
        {minutes(kind, "a", "b")} AS minutes
      FROM asked_{kind} q JOIN asked_{kind}_typical t USING (question)
      JOIN {standard_records} a ON a.record_id = t.left_record
      JOIN {standard_records} b ON b.record_id = t.right_record
      JOIN counted l ON l.id = q.left_id JOIN counted r ON r.id = q.right_id
      LEFT JOIN asked_{kind}_halves h ON q.left_id = q.right_id AND h.id = q.left_id AND h.side = 0
      LEFT JOIN asked_{kind}_halves g ON q.left_id = q.right_id AND g.id = q.left_id AND g.side = 1
    )
    SELECT '{kind}' AS entity, left_record, right_record,
      CASE WHEN left_side = 0 THEN left_id ELSE right_id END AS left_id,
      CASE WHEN left_side = 0 THEN right_id ELSE left_id END AS right_id,
      left_id = right_id AS together,
      CASE WHEN left_side = 0 THEN of_first ELSE of_second END AS left_records,
      CASE WHEN left_side = 0 THEN of_second ELSE of_first END AS right_records,
      apart, round(1 / (1 + pow(2.0, -mean)), 4) AS probability, round(mean, 4) AS weight,
      round(least(of_first, of_second)
        * CASE WHEN left_id = right_id THEN 1 - chance ELSE chance END, 4) AS gain,
      minutes, round(gain / minutes, 4) AS gain_per_minute, pattern
    FROM sized
    """

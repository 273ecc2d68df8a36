"""Where each entry of a register stands in its family, with cycles cut and missing links left."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.family_tree import Ints, climb, without_circles


def registry_hierarchy(
    registry_entries: Table, registry_relations: Table, *, engine: Engine
) -> pa.Table | str:
    """Where each entry of the registers stands in its family.

    Links that hold today are followed: a branch to its headquarters, a company to its parent. What
    a register says of an ultimate counts before what climbing from parent to parent finds. A link
    that closes a circle, or leads to no entry, is not followed (`registry_issues` tells it).

    question: To which legal entity and to which group does each entry of a register belong?
    row: One entry of one register.
    key: registry, registry_id
    owner: analyst
    columns:
      registry: The register.
      registry_id: The entry.
      legal_entity_id: The headquarters of a branch; the entry itself where it is none.
      parent_id: The parent of the legal entity, if it has one in the register.
      domestic_ultimate_id: The topmost company in the same country.
      global_ultimate_id: The topmost company.
      parents: How many parents hold, as told.
      in_cycle: Whether its parents lead back to it.
    """
    if not engine.arrow(f"SELECT 1 FROM {registry_entries} LIMIT 1").num_rows:
        return (
            "SELECT '' AS registry, '' AS registry_id, '' AS legal_entity_id, '' AS parent_id, "
            "'' AS domestic_ultimate_id, '' AS global_ultimate_id, 0::BIGINT AS parents, "
            "false AS in_cycle WHERE false"
        )
    engine.create(
        "numbered",
        "SELECT row_number() OVER (ORDER BY registry, registry_id) - 1 AS n, registry, "
        f"registry_id, country, site_kind FROM {registry_entries}",
    )
    engine.create("ties", _ties(registry_relations))
    count = engine.arrow("SELECT count(*) AS n FROM numbered")["n"][0].as_py()
    itself = np.arange(count, dtype=np.int64)
    legal = _told(engine, itself, "headquarters")
    # The headquarters of a branch is one itself; a chain of branches is followed to its end.
    legal = climb(without_circles(legal)[0])
    parent = _told(engine, itself, "parent")[legal]
    parent = np.where(parent == legal, itself, legal[parent])
    parent, circles = without_circles(np.where(legal == itself, parent, legal))
    country = _countries(engine)
    abroad = country[parent] != country
    ultimate = climb(parent)
    domestic = climb(np.where(abroad, itself, parent))
    told_ultimate = _told(engine, itself, "global_ultimate")[legal]
    told_domestic = _told(engine, itself, "domestic_ultimate")[legal]
    engine.load(
        "placed",
        pa.table(
            {
                "n": itself,
                "legal": legal,
                "parent": np.where(legal == itself, parent, parent[legal]),
                "domestic": np.where(told_domestic == legal, domestic[legal], told_domestic),
                "ultimate": np.where(told_ultimate == legal, ultimate[legal], told_ultimate),
                "in_cycle": circles,
            }
        ),
    )
    return """
    SELECT s.registry, s.registry_id, l.registry_id AS legal_entity_id,
      CASE WHEN p.n <> l.n THEN p.registry_id END AS parent_id,
      d.registry_id AS domestic_ultimate_id, u.registry_id AS global_ultimate_id,
      coalesce(t.parents, 0) AS parents, x.in_cycle
    FROM placed x JOIN numbered s USING (n)
    JOIN numbered l ON l.n = x.legal JOIN numbered p ON p.n = x.parent
    JOIN numbered d ON d.n = x.domestic JOIN numbered u ON u.n = x.ultimate
    LEFT JOIN (SELECT child, max(told) AS parents FROM ties WHERE kind = 'parent' GROUP BY child) t
      ON t.child = x.n
    """


def _ties(relations: Table) -> str:
    """The link of each kind that counts for each entry, as numbers, and how many are told."""
    return f"""
    SELECT c.n AS child, r.kind, p.n AS parent,
      count(*) OVER (PARTITION BY c.n, r.kind) AS told
    FROM {relations} r
    JOIN numbered c ON c.registry = r.registry AND c.registry_id = r.child_id
    JOIN numbered p ON p.registry = r.registry AND p.registry_id = r.parent_id
    WHERE r.is_active AND (r.kind IN ('parent', 'domestic_ultimate', 'global_ultimate')
      OR r.kind = 'headquarters' AND coalesce(c.site_kind, 'branch') = 'branch')
    QUALIFY row_number() OVER (PARTITION BY c.n, r.kind
      ORDER BY r.started_on DESC NULLS LAST, r.parent_id) = 1
    """


def _told(engine: Engine, itself: Ints, kind: str) -> Ints:
    """The number of the entry that the register names for each; its own where it names none."""
    rows = engine.arrow(f"SELECT child, parent FROM ties WHERE kind = '{kind}'")
    found = itself.copy()
    found[rows["child"].to_numpy()] = rows["parent"].to_numpy()
    return found


def _countries(engine: Engine) -> Ints:
    rows = engine.arrow(
        "SELECT n, dense_rank() OVER (ORDER BY coalesce(country, '')) AS country FROM numbered "
        "ORDER BY n"
    )
    return np.asarray(rows["country"].to_numpy(), dtype=np.int64)

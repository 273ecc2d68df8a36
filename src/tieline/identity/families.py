"""The family of each account: its legal entity, the top of its country and of its group."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.family_tree import Ints, climb, without_circles


def families(accounts: Table, family_links: Table, *, engine: Engine) -> pa.Table | str:
    """The family of each account, as far as is told today.

    What registers say counts before what lists say, a told ultimate before climbing from parent to
    parent. An account that nobody says anything of is its own legal entity and group.

    question: To which legal entity, and to which group, does each account belong?
    row: One account.
    key: account_id
    owner: marketer
    columns:
      account_id: The account.
      legal_entity_id: The account itself, or the headquarters of what is only a branch.
      parent_id: The company that owns it, empty where none is known.
      domestic_ultimate_id: The topmost company in its country.
      global_ultimate_id: The topmost company of its group.
      basis: "Who says so: registry, data, or none where nobody says anything."
      parents: How many parents are told.
      in_cycle: Whether its parents lead back to it; the link that does is not followed.
    """
    return families_on(engine, str(accounts), str(family_links), None)


def families_on(engine: Engine, accounts: str, links: str, day: date | None) -> pa.Table | str:
    """The families as the links had them on a day, in the columns of `families`; today if None.

    A link without a first day holds from the beginning. `accounts` and `links` are the SQL names of
    the two tables.
    """
    held = (
        "is_active"
        if day is None
        else f"(from_on IS NULL OR from_on <= DATE '{day}') "
        f"AND (to_on > DATE '{day}' OR (to_on IS NULL AND is_active))"
    )
    engine.create("held_links", f"SELECT * FROM {links} WHERE {held}")
    if not engine.arrow("SELECT 1 FROM held_links LIMIT 1").num_rows:
        return (
            "SELECT account_id, account_id AS legal_entity_id, NULL::VARCHAR AS parent_id, "
            "account_id AS domestic_ultimate_id, account_id AS global_ultimate_id, "
            f"'none' AS basis, 0::BIGINT AS parents, false AS in_cycle FROM {accounts}"
        )
    engine.create("kin", _KIN.format(accounts=accounts))
    engine.create("kin_ties", _TIES)
    rows = engine.arrow("SELECT n, member, country FROM kin ORDER BY n")
    itself = np.arange(rows.num_rows, dtype=np.int64)
    legal = climb(without_circles(_told(engine, itself, "headquarters"))[0])
    parent = _told(engine, itself, "parent")[legal]
    parent = np.where(parent == legal, itself, legal[parent])
    parent, circles = without_circles(np.where(legal == itself, parent, legal))
    country = np.unique(rows["country"].fill_null("").to_numpy(zero_copy_only=False),
                        return_inverse=True)[1]  # fmt: skip
    ultimate = climb(parent)
    domestic = climb(np.where(country[parent] != country, itself, parent))
    told_ultimate = _told(engine, itself, "global_ultimate")[legal]
    told_domestic = _told(engine, itself, "domestic_ultimate")[legal]
    engine.load(
        "kin_places",
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
    return f"""
    SELECT a.account_id, l.member AS legal_entity_id,
      CASE WHEN p.n <> l.n THEN p.member END AS parent_id,
      d.member AS domestic_ultimate_id, u.member AS global_ultimate_id,
      coalesce(t.basis, b.basis, 'none') AS basis, coalesce(t.told, 0) AS parents, x.in_cycle
    FROM {accounts} a JOIN kin s ON s.member = a.account_id JOIN kin_places x ON x.n = s.n
    JOIN kin l ON l.n = x.legal JOIN kin p ON p.n = x.parent
    JOIN kin d ON d.n = x.domestic JOIN kin u ON u.n = x.ultimate
    LEFT JOIN kin_ties t ON t.child = s.n AND t.kind = 'parent'
    LEFT JOIN (SELECT member, 'registry' AS basis FROM (
      SELECT child AS member FROM held_links WHERE basis = 'registry'
      UNION SELECT parent FROM held_links WHERE basis = 'registry')) b ON b.member = a.account_id
    """


_KIN = """
SELECT row_number() OVER (ORDER BY member) - 1 AS n, member, min(country) AS country FROM (
  SELECT child AS member, child_country AS country FROM held_links
  UNION ALL SELECT parent, parent_country FROM held_links
  UNION ALL SELECT account_id, country FROM {accounts}
) GROUP BY member
"""
# Registers before lists; then the newest link, the one that most records tell, the first by name.
_TIES = """
SELECT c.n AS child, h.kind, p.n AS parent, h.basis,
  count(*) OVER (PARTITION BY c.n, h.kind) AS told
FROM held_links h JOIN kin c ON c.member = h.child JOIN kin p ON p.member = h.parent
WHERE h.kind IN ('headquarters', 'parent', 'domestic_ultimate', 'global_ultimate')
QUALIFY row_number() OVER (PARTITION BY c.n, h.kind ORDER BY h.basis DESC,
  h.from_on DESC NULLS LAST, h.records DESC, h.registry, h.parent) = 1
"""


def _told(engine: Engine, itself: Ints, kind: str) -> Ints:
    """The number of the member that is told for each; its own where none is."""
    rows = engine.arrow(f"SELECT child, parent FROM kin_ties WHERE kind = '{kind}'")
    found = itself.copy()
    found[rows["child"].to_numpy()] = rows["parent"].to_numpy()
    return found

"""The whole story of one contact, site or account, as data: what a page or a terminal shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tieline.engine.tables import Engine
from tieline.errors import TielineError

TABLES = (
    "records",
    "standard_records",
    "record_entities",
    "record_accounts",
    "record_contacts",
    "contacts",
    "sites",
    "accounts",
    "contact_positions",
    "golden_values",
    "account_links",
    "contact_links",
    "comparison_weights",
)
"""The snapshot tables a story is told from."""

_KINDS = {"C": "contact", "S": "site", "A": "account", "r": "record"}


@dataclass(frozen=True)
class Evidence:
    """One comparison of two rows: what was compared, how it came out, what it weighs in bits."""

    field: str
    says: str
    weight: float
    left: str
    right: str


@dataclass(frozen=True)
class Link:
    """Two records held together, or kept apart, by evidence; `weight` in bits, prior included."""

    left_record: str
    right_record: str
    weight: float
    prior: float
    evidence: tuple[Evidence, ...]

    @property
    def probability(self) -> float:
        """The probability that both are the same, by this evidence alone."""
        return float(1 / (1 + 2.0 ** -max(min(self.weight, 200.0), -200.0)))


@dataclass(frozen=True)
class Story:
    """All that is known of one entity and why.

    `entity` is its row; `values` its golden values and what the others said; `records` the rows
    that name it with what became of them; `links` what holds them together; `apart` the closest
    ones that were not joined; `positions` where a contact works and worked; `names` the source and
    row of every record that links speak of.
    """

    kind: str
    id: str
    entity: dict[str, Any]
    values: list[dict[str, Any]]
    records: list[dict[str, Any]]
    links: list[Link]
    apart: list[Link]
    positions: list[dict[str, Any]]
    names: dict[str, str]


def story(engine: Engine, entity_id: str, *, most: int | None = None) -> Story:
    """Tell the story of a contact, site, account or of the entity a record belongs to.

    With `most`, only so many of the records are told word for word, and no links: of those
    `links_of` tells.
    """
    kind = _KINDS.get(entity_id[:1])
    if kind is None or not entity_id.isalnum():
        raise _unknown(entity_id)
    if kind == "record":
        found = _rows(engine, f"SELECT * FROM record_entities WHERE record_id = '{entity_id}'")
        if not found:
            raise _unknown(entity_id)
        owner = found[0]["contact_id"] or found[0]["site_id"]
        if owner is None:
            return Story(
                "record",
                entity_id,
                found[0],
                [],
                _records(engine, "record_id", entity_id),
                [],
                [],
                [],
                {},
            )
        return story(engine, owner, most=most)
    rows = _rows(engine, f"SELECT * FROM {kind}s WHERE {kind}_id = '{entity_id}'")
    if not rows:
        raise _unknown(entity_id)
    links, apart = _links(engine, kind, entity_id) if most is None else ([], [])
    return Story(
        kind=kind,
        id=entity_id,
        entity=rows[0],
        values=_rows(
            engine,
            f"SELECT * FROM golden_values WHERE entity_id = '{entity_id}' ORDER BY field, rank",
        ),
        records=_records(engine, f"{kind}_id", entity_id, most),
        links=links,
        apart=apart,
        positions=_positions(engine, entity_id) if kind == "contact" else [],
        names=_names(engine, [*links, *apart]),
    )


def links_of(engine: Engine, entity_id: str) -> tuple[list[Link], list[Link], dict[str, str]]:
    """The links, what was kept apart and the names of a story of a contact or account alone."""
    links, apart = _links(engine, _KINDS[entity_id[:1]], entity_id)
    return links, apart, _names(engine, [*links, *apart])


def _names(engine: Engine, links: list[Link]) -> dict[str, str]:
    ids = sorted({record for link in links for record in (link.left_record, link.right_record)})
    if not ids:
        return {}
    listed = ", ".join(f"'{record_id}'" for record_id in ids)
    rows = _rows(
        engine,
        f"SELECT record_id, source, row_number FROM record_entities WHERE record_id IN ({listed})",
    )
    return {row["record_id"]: f"{row['source']} row {row['row_number']}" for row in rows}


def _unknown(entity_id: str) -> TielineError:
    return TielineError(
        "unknown_id",
        f"There is no contact, site, account or record {entity_id!r} in the current snapshot.",
        next_step="Ids stand in the first column of: tieline show contacts (or sites, accounts).",
    )


def _rows(engine: Engine, select: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.dicts(select)
    return rows


def _records(
    engine: Engine, key: str, entity_id: str, most: int | None = None
) -> list[dict[str, Any]]:
    rows = _rows(
        engine,
        f"SELECT * FROM record_entities WHERE {key} = '{entity_id}' ORDER BY source, row_number",
    )
    listed = ", ".join(f"'{row['record_id']}'" for row in rows[:most])
    if not listed:
        return rows
    # Three statements: an index finds few rows quicker than a join is planned.
    told: dict[str, dict[str, Any]] = {}
    for select in (
        "record_id, verbatim, unreadable_message FROM records",
        "record_id, address_verdict, address_issue, email_issue, phone_issue, name_issue, "
        "company_issue, record_at FROM standard_records",
    ):
        for row in _rows(engine, f"SELECT {select} WHERE record_id IN ({listed})"):
            told.setdefault(row["record_id"], {}).update(row)
    return [{**_UNTOLD, **row, **told.get(row["record_id"], {})} for row in rows]


_UNTOLD = dict.fromkeys(
    ("address_verdict", "address_issue", "email_issue", "phone_issue", "name_issue",
     "company_issue", "record_at")
)  # fmt: skip


def _positions(engine: Engine, contact_id: str) -> list[dict[str, Any]]:
    return _rows(
        engine,
        "SELECT p.*, a.name, s.address FROM contact_positions p "
        "LEFT JOIN accounts a USING (account_id) LEFT JOIN sites s ON s.site_id = p.site_id "
        f"WHERE contact_id = '{contact_id}' ORDER BY place",
    )


# What each comparison looked at, as columns of `standard_records`.
_LOOKED_AT = {
    "contact": {
        "family name": "family_name",
        "given name": "given_name",
        "middle name": "middle_name",
        "generation": "name_suffix",
        "e-mail": "concat_ws(', ', email, email_2)",
        "phone": "concat_ws(', ', phone, phone_2, phone_3)",
        "account": "company",
        "address": "concat_ws(', ', address_line, postcode, city, country)",
        "birth date": "birth_date::VARCHAR",
        "birth place": "birth_place",
        "gender": "gender",
        "job title": "title",
        "identifier": "NULL",
    },
    "account": {
        "name": "company",
        "legal form": "legal_form",
        "domain": "company_domain",
        "place": "concat_ws(', ', address_line, postcode, city, country)",
        "phone": "concat_ws(', ', phone, phone_2)",
        "identifier": "NULL",
        "people": "NULL",
    },
}


def _links(engine: Engine, kind: str, entity_id: str) -> tuple[list[Link], list[Link]]:
    """The strongest tree of links that spans the entity's records, and the closest ones outside."""
    if kind == "site":
        return [], []
    nodes = _rows(
        engine,
        f"SELECT n.node, min(n.record_id) AS record_id FROM record_{kind}s n "
        f"JOIN record_entities e USING (record_id) WHERE e.{kind}_id = '{entity_id}' GROUP BY 1",
    )
    if not nodes:
        return [], []
    inside = {row["node"]: row["record_id"] for row in nodes}
    listed = ", ".join(str(node) for node in sorted(inside))
    pairs = _rows(
        engine,
        # Not one OR: an index finds the nodes of one column only.
        f"SELECT left_node, right_node, pattern, weight FROM {kind}_links "
        f"WHERE left_node IN ({listed}) "
        f"UNION SELECT left_node, right_node, pattern, weight FROM {kind}_links "
        f"WHERE right_node IN ({listed}) "
        "ORDER BY weight DESC, left_node, right_node",
    )
    tree, joined = [], {node: node for node in inside}
    for pair in pairs:
        a, b = pair["left_node"], pair["right_node"]
        if a not in inside or b not in inside or _root(joined, a) == _root(joined, b):
            continue
        joined[_root(joined, a)] = _root(joined, b)
        tree.append(pair)
    outside = [p for p in pairs if (p["left_node"] in inside) != (p["right_node"] in inside)][:3]
    return _told(engine, kind, tree, inside), _told(engine, kind, outside, inside)


def _root(joined: dict[int, int], node: int) -> int:
    while joined[node] != node:
        node = joined[node]
    return node


def _told(
    engine: Engine, kind: str, pairs: list[dict[str, Any]], inside: dict[int, str]
) -> list[Link]:
    if not pairs:
        return []
    others = sorted(
        {node for p in pairs for node in (p["left_node"], p["right_node"])} - set(inside)
    )
    records = dict(inside)
    if others:
        listed = ", ".join(map(str, others))
        for row in _rows(
            engine,
            f"SELECT node, min(record_id) AS record_id FROM record_{kind}s "
            f"WHERE node IN ({listed}) GROUP BY node",
        ):
            records[row["node"]] = row["record_id"]
    weights = {
        (row["field_number"], row["code"]): row
        for row in _rows(engine, f"SELECT * FROM comparison_weights WHERE entity = '{kind}s'")
    }
    texts = _texts(engine, kind, sorted(set(records.values())))
    links = []
    for pair in pairs:
        left, right = records[pair["left_node"]], records[pair["right_node"]]
        evidence = [
            Evidence(
                w["field"],
                w["says"],
                w["weight"],
                texts[left].get(w["field"]) or "",
                texts[right].get(w["field"]) or "",
            )
            for (number, code), w in sorted(weights.items())
            if number >= 0 and (pair["pattern"] >> (4 * number)) & 15 == code
        ]
        prior = next(w["weight"] for (number, _), w in weights.items() if number < 0)
        links.append(
            Link(
                left,
                right,
                pair["weight"],
                prior,
                tuple(sorted(evidence, key=lambda e: -abs(e.weight))),
            )
        )
    return links


def _texts(engine: Engine, kind: str, record_ids: list[str]) -> dict[str, dict[str, str | None]]:
    columns = ", ".join(
        f'({expression})::VARCHAR AS "{field}"' for field, expression in _LOOKED_AT[kind].items()
    )
    listed = ", ".join(f"'{record_id}'" for record_id in record_ids)
    return {
        row.pop("record_id"): row
        for row in _rows(
            engine,
            f"SELECT record_id, {columns} FROM standard_records WHERE record_id IN ({listed})",
        )
    }

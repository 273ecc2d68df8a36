"""The values that people set by hand, in parts as the data's own values have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from tieline.engine.tables import Engine, Table

if TYPE_CHECKING:
    from tieline.data.title_rules import TitleRules

_NAME = ("name_prefix", "given_name", "middle_name", "family_name", "name_suffix")
_TITLE = (
    *("function", "level", "power", "buying_role"),
    *("function_confidence", "level_confidence", "title_because"),
)
_ADDRESS = (
    "address_line",
    "postcode",
    "city",
    "region",
    "country",
    "address_verdict",
    "address_confidence",
)
_PARTS = {"full_name": _NAME, "title": _TITLE, "address": _ADDRESS}


def judged_values(
    judgement_texts: Table,
    judged_entities: Table,
    *,
    engine: Engine,
    titles: TitleRules | None = None,
) -> pa.Table:
    """The values that people set by hand: the newest one of each field.

    question: Which values did people correct?
    row: One field of one contact, site or account that was given a value by hand.
    key: entity_id, field
    owner: analyst
    columns:
      entity_id: The contact, site or account.
      field: The field.
      value: The value; empty where people say that there is none.
      name_prefix: Salutation or academic title, of a name.
      given_name: Given name, of a name.
      middle_name: Middle names or initials, of a name.
      family_name: Family name, of a name.
      name_suffix: Jr, III and the like, of a name.
      function: Function, of a job title.
      level: Level, of a job title.
      power: What that level may decide, 5 to 0, of a job title.
      buying_role: Part it plays in most purchases, of a job title.
      function_confidence: How sure the function is, 0 to 1, of a job title.
      level_confidence: How sure the level is, 0 to 1, of a job title.
      title_because: The words that decided, of a job title.
      address_line: Street line, of an address.
      postcode: Postcode, of an address.
      city: Town, of an address.
      region: State, province or region, of an address.
      country: Country (ISO 3166 alpha-2), of an address.
      address_verdict: Whether its parts agree, of an address.
      address_confidence: How sure that is, 0 to 1, of an address.
    """
    rows = engine.arrow(
        f"SELECT e.entity_id, t.field, nullif(t.text, '') AS value FROM {judgement_texts} t "
        f"JOIN {judged_entities} e USING (number) WHERE t.kind = 'override' "
        "QUALIFY row_number() OVER (PARTITION BY e.entity_id, t.field ORDER BY number DESC) = 1 "
        "ORDER BY e.entity_id, t.field"
    ).to_pylist()
    for field in _PARTS:
        chosen = [row for row in rows if row["field"] == field and row["value"] is not None]
        if chosen:
            read = _read(field, [row["value"] for row in chosen], titles)
            for row, parts in zip(chosen, read, strict=True):
                row.update(parts)
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _read(field: str, texts: list[str], titles: TitleRules | None) -> list[dict[str, object]]:
    """The standard parts of names, job titles or addresses, as the data's own are read."""
    # Imported here: what reads addresses takes seconds to load, and few builds need it.
    if field == "full_name":
        from tieline.data.values import person_name as kind
    elif field == "title":
        from tieline.data.values import job_title as kind  # type: ignore[no-redef]
    else:
        from tieline.data.values import postal_address as kind  # type: ignore[no-redef]
    given = "full_address" if field == "address" else field
    raw = {
        name: pa.array(texts if name == given else [None] * len(texts), pa.string())
        for name in kind.INPUTS
    }
    made = kind.standardise(pa.table(raw))
    if field == "title":
        from tieline.data.title_rules import ruled

        made = ruled(made.append_column("raw_title", raw["title"]), titles)
    return [dict(row) for row in made.select(list(_PARTS[field])).to_pylist()]


_SCHEMA = pa.schema(
    [
        ("entity_id", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        *((name, pa.string()) for name in (*_NAME, *_TITLE[:2])),
        ("power", pa.int64()),
        ("buying_role", pa.string()),
        ("function_confidence", pa.float64()),
        ("level_confidence", pa.float64()),
        ("title_because", pa.string()),
        *((name, pa.string()) for name in _ADDRESS[:-1]),
        (_ADDRESS[-1], pa.float64()),
    ]
)

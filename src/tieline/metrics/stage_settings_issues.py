"""Where stages go by something else than the buying-role list of a product."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.metrics.segment import Product, Segment

_SCHEMA = pa.schema(
    [
        ("section", pa.string()),
        ("code", pa.string()),
        ("sites", pa.int64()),
        ("message", pa.string()),
    ]
)
_ROLES = "whoever decides, buys or influences in most purchases, by the job title, counts instead"


def stage_settings_issues(
    site_stages: Table,
    *,
    engine: Engine,
    segments: Sequence[Segment],
    products: Sequence[Product],
) -> pa.Table:
    """Where stages go by something else than the buying-role list of a product.

    question: Where must somebody say who the key players are, and what counts until then?
    row: One section of the settings that leaves it open.
    key: section, code
    owner: marketer
    better: down
    columns:
      section: "The section of tieline.toml: a product, a segment, or [segments] for the sites that
        no segment takes."
      code: no_products, product_without_list, segment_without_product or outside_segments.
      sites: How many sites are told by it.
      message: What is missing, what counts until then, and what to write.
    """
    counted = engine.arrow(
        f"SELECT coalesce(segment, '') AS segment, count(*) AS sites FROM {site_stages} GROUP BY 1"
    ).to_pylist()
    sites = {row["segment"]: int(row["sites"]) for row in counted}
    if not sum(sites.values()):
        return _SCHEMA.empty_table()
    listed = {one.name for one in products if one.key_players}
    if not listed and not products:
        row = (
            "[products]",
            "no_products",
            sum(sites.values()),
            f"No product says who plays a role in buying it; {_ROLES}. Write a section "
            '[products.NAME] with key_players = { procurement = [], engineering = ["director"] }.',
        )
        return _rows([row])
    found = []
    for product in products:
        if product.name not in listed:
            taken = sum(sites.get(s.name, 0) for s in segments if s.product == product.name)
            found.append(
                (
                    f"[products.{product.name}]",
                    "product_without_list",
                    taken,
                    f"The product has no buying-role list; {_ROLES}. Add key_players.",
                )
            )
    instead = "a key player of any product counts" if listed else _ROLES
    for segment in segments:
        if not segment.product and sites.get(segment.name):
            found.append(
                (
                    f"[segments.{segment.name}]",
                    "segment_without_product",
                    sites[segment.name],
                    f"The segment has no product; {instead}. Add product.",
                )
            )
    if sites.get(""):
        found.append(
            (
                "[segments]",
                "outside_segments",
                sites[""],
                f"No segment takes these sites; {instead}. Add a segment if sales addresses them.",
            )
        )
    return _rows(found)


def _rows(found: Sequence[tuple[str, str, int, str]]) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(zip(_SCHEMA.names, row, strict=True)) for row in found], schema=_SCHEMA
    )

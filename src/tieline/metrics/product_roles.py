"""The buying-role lists of the products."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.metrics.segment import ANY_FUNCTION, Product

_SCHEMA = pa.schema(
    [
        ("product", pa.string()),
        ("function", pa.string()),
        ("level", pa.string()),
        ("target", pa.float64()),
    ]
)


def product_roles(*, products: Sequence[Product]) -> pa.Table:
    """The buying-role lists of the products, as the settings have them.

    question: Whose job titles matter when a product is bought?
    row: One function and level that plays a role in buying one product.
    key: product, function, level
    owner: marketer
    columns:
      product: The product.
      function: Function of the job title, or "any" for every function.
      level: Level of the job title, or "any" for every level.
      target: Share of a segment's sites that should have a key player, 0 to 1.
    """
    rows = [
        {"product": one.name, "function": function, "level": level, "target": one.target}
        for one in products
        for function, levels in one.key_players.items()
        for level in dict.fromkeys(levels or (ANY_FUNCTION,))
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)

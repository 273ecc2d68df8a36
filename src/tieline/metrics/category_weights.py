"""What speaks for which category of contact, and how strongly."""

from __future__ import annotations

import pyarrow as pa

from tieline.metrics.category import prior_bits, weights

_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("basis", "said", "category", "words")),
        ("telling", pa.float64()),
        ("bits", pa.float64()),
        ("why", pa.string()),
    ]
)


def category_weights() -> pa.Table:
    """The list `category_weights.tsv`, one line for each category that something speaks for.

    question: What speaks for which category of contact, and how strongly?
    row: One thing that can be said of a contact, and a category that it speaks for.
    key: basis, said, category
    owner: analyst
    columns:
      basis: "What says it: interaction (a response or deal), function, level, buying_role (of the
        title), source, contact_type, department, account, email, rule; or prior."
      said: What is said.
      category: The category that it speaks for.
      words: The same in words, for people to read.
      telling: How much one of them proves, 0 to 1; of interactions.
      bits: "Log2 of how much likelier it is of that category than of anybody; of priors, of the
        share of contacts expected before anything is known."
      why: Why, or where the number comes from.
    """
    rows = [
        (one.basis, one.said, category, one.words, one.telling, bits, one.why)
        for one in weights()
        for category, bits in one.speaks_for
    ]
    rows += [
        ("prior", "prior", category, "", 1.0, bits, "our estimate")
        for category, bits in prior_bits().items()
    ]
    return pa.Table.from_pylist(
        [dict(zip(_SCHEMA.names, row, strict=True)) for row in rows], schema=_SCHEMA
    )

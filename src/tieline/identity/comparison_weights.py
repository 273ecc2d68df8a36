"""What each outcome of a comparison weighs in this build."""

from __future__ import annotations

import pyarrow as pa

from tieline.engine.tables import Table
from tieline.identity.account_evidence import ACCOUNTS
from tieline.identity.contact_evidence import CONTACTS
from tieline.identity.parameters import ParameterStore
from tieline.identity.site_evidence import SITES


def comparison_weights(
    account_links: Table, contact_links: Table, site_links: Table, *, parameters: ParameterStore
) -> pa.Table:
    """What each outcome of a comparison weighs in this build.

    question: How strongly does each agreement or disagreement speak for the same entity?
    row: One outcome of the comparison of one field; field "prior" is the weight of knowing nothing.
    key: entity, field, code
    owner: analyst
    columns:
      entity: accounts, contacts or sites.
      field_number: The place of the field's digit in a pattern, 0 for the last digit.
      field: What is compared.
      code: The outcome's digit in a pattern.
      says: The outcome in words.
      m: Share of pairs that mean the same with this outcome.
      u: Share of pairs that do not mean the same with this outcome.
      weight: log2(m / u) in bits, moved by what answers of people teach.
      forbids: Whether the outcome rules a link out.
    """
    rows: list[dict[str, object]] = []
    for model in (ACCOUNTS, CONTACTS, SITES):
        learned = parameters.latest(model) or parameters.read(model)
        if learned is None:
            continue
        rows.append(
            _row(model.entity, -1, "prior", 0, "before anything is compared", learned.prior)
        )
        for number, comparison in enumerate(model.comparisons):
            weights = learned.weights(model)[number]
            for code, outcome in enumerate(comparison.outcomes, start=1):
                rows.append(
                    _row(
                        model.entity,
                        number,
                        comparison.field,
                        code,
                        outcome.says,
                        float(weights[code]),
                        learned.m[comparison.field][code - 1],
                        learned.u[comparison.field][code - 1],
                        outcome.forbids,
                    )
                )
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


_SCHEMA = pa.schema(
    [
        ("entity", pa.string()),
        ("field_number", pa.int64()),
        ("field", pa.string()),
        ("code", pa.int64()),
        ("says", pa.string()),
        ("m", pa.float64()),
        ("u", pa.float64()),
        ("weight", pa.float64()),
        ("forbids", pa.bool_()),
    ]
)


def _row(
    entity: str,
    number: int,
    field: str,
    code: int,
    says: str,
    weight: float,
    m: float | None = None,
    u: float | None = None,
    forbids: bool = False,
) -> dict[str, object]:
    return {
        "entity": entity,
        "field_number": number,
        "field": field,
        "code": code,
        "says": says,
        "m": m,
        "u": u,
        "weight": round(weight, 4),
        "forbids": forbids,
    }

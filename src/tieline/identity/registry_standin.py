"""Empty registry tables, until the registry is read."""

from __future__ import annotations

import pyarrow as pa


def registry_entries() -> pa.Table:
    """Empty.

    question: What do the registries say?
    row: One entry.
    key: registry, registry_id
    owner: analyst
    columns: {registry: r, registry_id: i, name: n, city: c, region: r, postcode: p, country: c, domain: d, industry: i, employees: e, revenue: r, is_active: a, site_kind: k, headquarters_id: h, domestic_ultimate_id: d, global_ultimate_id: g}
    """
    text = [
        "registry",
        "registry_id",
        "name",
        "city",
        "region",
        "postcode",
        "country",
        "domain",
        "industry",
        "site_kind",
        "headquarters_id",
        "domestic_ultimate_id",
        "global_ultimate_id",
    ]
    return pa.schema(
        [(n, pa.string()) for n in text]
        + [("employees", pa.int64()), ("revenue", pa.float64()), ("is_active", pa.bool_())]
    ).empty_table()


def registry_matches() -> pa.Table:
    """Empty.

    question: Which entry is which account?
    row: One account.
    key: account_id, registry
    owner: analyst
    columns: {account_id: a, registry: r, registry_id: i, confidence: c}
    """
    return pa.schema(
        [
            ("account_id", pa.string()),
            ("registry", pa.string()),
            ("registry_id", pa.string()),
            ("confidence", pa.float64()),
        ]
    ).empty_table()


def site_registry_matches() -> pa.Table:
    """Empty.

    question: Which entry is which site?
    row: One site.
    key: site_id, registry
    owner: analyst
    columns: {site_id: a, registry: r, registry_id: i, confidence: c}
    """
    return pa.schema(
        [
            ("site_id", pa.string()),
            ("registry", pa.string()),
            ("registry_id", pa.string()),
            ("confidence", pa.float64()),
        ]
    ).empty_table()

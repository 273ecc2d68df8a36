"""Accounts we do not market to: competitors, our own company, companies on a suppression list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from tieline.data.values import company_name, domain
from tieline.engine.tables import Engine, Table
from tieline.identity.entity_ids import entity_id


@dataclass(frozen=True)
class NamedCompanies:
    """Companies named in the configuration, by name or by web domain."""

    names: Sequence[str] = ()
    domains: Sequence[str] = ()


def set_aside_accounts(
    standard_records: Table,
    judged_accounts: Table,
    judged_contacts: Table,
    *,
    engine: Engine,
    competitors: NamedCompanies,
    own_company: NamedCompanies,
) -> str:
    """Accounts we do not market to, with the reason.

    question: Which accounts are set aside by rule, and by which?
    row: One account that is set aside.
    key: account
    owner: analyst
    columns:
      account: The account, named after its oldest record.
      account_id: Its id.
      reason: competitor, own_company or suppressed.
      says: The rule in words.
    increment:
      key: account
      from:
        judged_accounts: account
        judged_contacts: judged_accounts.record_id
        standard_records: judged_accounts.record_id
    """
    engine.load("named_companies", _named(competitors, own_company))
    return f"""
    WITH found AS (
      SELECT a.account, n.reason, n.rank, 'named in tieline.toml: ' || n.given AS says
      FROM {standard_records} s JOIN {judged_accounts} a USING (record_id)
      JOIN named_companies n ON n.company_key = s.company_key
      WHERE s.company_issue IS NULL
      UNION ALL
      SELECT a.account, n.reason, n.rank, 'domain named in tieline.toml: ' || n.given
      FROM {standard_records} s JOIN {judged_accounts} a USING (record_id)
      JOIN named_companies n ON n.domain = s.company_domain
      UNION ALL
      SELECT a.account, CASE WHEN contains(lower(coalesce(s.reason, '')), 'compet')
          THEN 'competitor' ELSE 'suppressed' END, 2,
        'on the suppression list ' || s.source || coalesce(': ' || s.reason, '')
      FROM {standard_records} s JOIN {judged_accounts} a USING (record_id)
      LEFT JOIN {judged_contacts} c USING (record_id)
      WHERE s.kind = 'suppressions' AND c.contact IS NULL AND s.email IS NULL
    )
    SELECT account, {entity_id("account", "account")} AS account_id, reason, min(says) AS says
    FROM found
    GROUP BY account, reason, rank
    QUALIFY row_number() OVER (PARTITION BY account ORDER BY rank, reason) = 1
    """


def _named(competitors: NamedCompanies, own_company: NamedCompanies) -> pa.Table:
    rows: list[tuple[str, int, str, str | None, str | None]] = []
    for reason, rank, named in (
        ("own_company", 0, own_company),
        ("competitor", 1, competitors),
    ):
        names = pa.table({"company": pa.array(named.names, pa.string())})
        keys = company_name.standardise(names)["company_key"].to_pylist()
        rows += [
            (reason, rank, name, key, None) for name, key in zip(named.names, keys, strict=True)
        ]
        sites = pa.table({"website": pa.array(named.domains, pa.string())})
        found = domain.standardise(sites)["domain"].to_pylist()
        rows += [
            (reason, rank, name, None, web) for name, web in zip(named.domains, found, strict=True)
        ]
    columns = list(zip(*rows, strict=True)) or [(), (), (), (), ()]
    return pa.table(
        {
            "reason": pa.array(columns[0], pa.string()),
            "rank": pa.array(columns[1], pa.int64()),
            "given": pa.array(columns[2], pa.string()),
            "company_key": pa.array(columns[3], pa.string()),
            "domain": pa.array(columns[4], pa.string()),
        }
    )

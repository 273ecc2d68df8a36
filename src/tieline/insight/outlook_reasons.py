"""Every rule of the outlook that holds for an account."""

from __future__ import annotations

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.insight.outlook_limits import OutlookLimits
from tieline.insight.outlook_rule import rules


def outlook_reasons(account_signals: Table, as_of: Table, *, outlook: OutlookLimits) -> str:
    """Every rule of the outlook that holds for an account; the one that stands first decides.

    question: What speaks for and against a relationship?
    row: One rule that holds for one account.
    key: account_id, rule
    owner: seller
    columns:
      account_id: The account.
      place: Place of the rule among all, 1 first.
      rule: Name of the rule.
      outlook: What it says (grow, stable, at_risk, no_relationship, other_purpose).
      because: The figures seen, in words.
      unless: What would have to come for the rule not to hold any more.
    """
    selects = [
        f"SELECT account_id, {place}::BIGINT AS place, {literal(one.name)} AS rule, "
        f"{literal(one.outlook)} AS outlook, {one.because} AS because, {one.unless} AS unless "
        f"FROM seen WHERE {one.when}"
        for place, one in enumerate(rules(outlook), 1)
    ]
    return f"""
    WITH seen AS (SELECT s.*, d.as_of FROM {account_signals} s CROSS JOIN {as_of} d)
    {" UNION ALL ".join(selects)}
    """

"""Which records name the same company: first by what they say of it, then by their people too."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.account_evidence import ACCOUNTS
from tieline.identity.linkage.candidates import PAIR_BASE
from tieline.identity.linkage.scoring import Known, Scored
from tieline.identity.linking import groups_of, links_of
from tieline.identity.parameters import ParameterStore

MOST_EMPLOYERS = 4
"""A contact seen at more accounts than this says nothing of them: a consultant, a shared inbox."""


def account_draft_links(
    company_profiles: Table,
    *,
    engine: Engine,
    probability: float,
    parameters: ParameterStore,
    said: Callable[[str], None] = lambda _: None,
) -> pa.Table:
    """Pairs of company profiles, judged by what the records say of the companies alone.

    question: Which descriptions of companies could mean the same one, before people are known?
    row: One pair of company profiles.
    key: left_node, right_node
    owner: analyst
    columns:
      left_node: The smaller profile.
      right_node: The larger profile.
      pattern: The outcome of each comparison, one hexadecimal digit a field.
      weight: Evidence in bits that they are the same, prior included.
    """
    return links_of(
        engine,
        company_profiles,
        ACCOUNTS,
        probability=probability,
        parameters=parameters,
        features=_nobody_in_common(engine),
        said=said,
    )


def account_drafts(
    company_profiles: Table,
    company_descriptions: Table,
    account_draft_links: Table,
    *,
    engine: Engine,
    probability: float,
) -> str:
    """The account of each record as far as company data tells.

    question: Which account is a record's, before people are known?
    row: One record that names a company.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Its company profile.
      account: The smallest profile of the account.
    """
    return _by_record(
        engine, company_profiles, company_descriptions, account_draft_links, probability
    )


def account_links(
    company_profiles: Table,
    account_draft_links: Table,
    account_drafts: Table,
    contact_drafts: Table,
    *,
    engine: Engine,
    probability: float,
    parameters: ParameterStore,
    said: Callable[[str], None] = lambda _: None,
) -> pa.Table:
    """Pairs of company profiles with their evidence, people they have in common included.

    question: Which descriptions of companies mean the same one, and why?
    row: One pair of company profiles.
    key: left_node, right_node
    owner: analyst
    columns:
      left_node: The smaller profile.
      right_node: The larger profile.
      pattern: The outcome of each comparison, one hexadecimal digit a field.
      weight: Evidence in bits that they are the same, prior included.
    """
    engine.create("people_in_common", _people_in_common(account_drafts, contact_drafts))
    return links_of(
        engine,
        company_profiles,
        ACCOUNTS,
        probability=probability,
        parameters=parameters,
        features="people_in_common",
        known=Known(Scored.of(account_draft_links.arrow()), "SELECT pair FROM people_in_common"),
        said=said,
    )


def record_accounts(
    company_profiles: Table,
    company_descriptions: Table,
    account_links: Table,
    *,
    engine: Engine,
    probability: float,
) -> str:
    """The account of each record.

    question: Which account does a record belong to?
    row: One record that names a company.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Its company profile.
      account: The smallest profile of the account.
    """
    return _by_record(engine, company_profiles, company_descriptions, account_links, probability)


def _by_record(
    engine: Engine, profiles: Table, descriptions: Table, links: Table, probability: float
) -> str:
    engine.load("company_groups", groups_of(profiles, links, probability=probability))
    return (
        f'SELECT d.record_id, p.node, g."group" AS account FROM {descriptions} d '
        f"JOIN {profiles} p USING (profile) JOIN company_groups g USING (node)"
    )


def _nobody_in_common(engine: Engine) -> str:
    engine.create("people_in_common", "SELECT 0::BIGINT AS pair, 0::BIGINT AS people WHERE false")
    return "people_in_common"


def _people_in_common(accounts: Table, contacts: Table) -> str:
    return f"""
    WITH employers AS (
      SELECT DISTINCT c.contact, a.account, a.node
      FROM {contacts} c JOIN {accounts} a USING (record_id)
    ), few AS (
      SELECT contact FROM employers GROUP BY contact
      HAVING count(DISTINCT account) BETWEEN 2 AND {MOST_EMPLOYERS}
    ), usable AS (
      SELECT e.* FROM employers e SEMI JOIN few USING (contact)
    ), shared AS (
      SELECT l.account AS a, r.account AS b, count(DISTINCT contact) AS people
      FROM usable l JOIN usable r USING (contact) WHERE l.account < r.account GROUP BY ALL
    )
    SELECT least(l.node, r.node) * {PAIR_BASE} + greatest(l.node, r.node) AS pair,
      max(s.people) AS people
    FROM usable l JOIN usable r USING (contact)
    JOIN shared s ON s.a = l.account AND s.b = r.account
    WHERE l.account < r.account GROUP BY 1
    """

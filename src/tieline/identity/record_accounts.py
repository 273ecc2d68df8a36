"""Which records name the same company: first by what they say of it, then by their people too."""

from __future__ import annotations

from collections.abc import Callable

from tieline.engine.tables import Engine, Table
from tieline.identity.account_evidence import ACCOUNTS
from tieline.identity.linkage.component_groups import EarlierGroups, component_groups
from tieline.identity.linkage.earlier import Earlier
from tieline.identity.linking import Last, earlier_of, links_of
from tieline.identity.parameters import ParameterStore

MOST_EMPLOYERS = 4
"""A contact seen at more accounts than this says nothing of them: a consultant, a shared inbox."""


def account_draft_links(
    company_profiles: Table,
    *,
    engine: Engine,
    probability: float,
    parameters: ParameterStore,
    last: Last,
    said: Callable[[str], None] = lambda _: None,
) -> str:
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
      proposed: Whether what they share gave reason to look at them, not only their component.
      component: The smallest profile of all that strong pairs connect with both, if they are.
    """
    return links_of(
        engine,
        company_profiles,
        ACCOUNTS,
        probability=probability,
        parameters=parameters,
        features=_nobody_in_common(engine),
        earlier=earlier_of(last, "company_profiles", "account_draft_links"),
        said=said,
    )


def account_drafts(
    company_descriptions: Table,
    account_draft_links: Table,
    *,
    engine: Engine,
    probability: float,
    last: Last,
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
    earlier = _earlier(last, "account_draft_links", "account_drafts")
    return _by_record(engine, company_descriptions, account_draft_links, probability, earlier)


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
) -> str:
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
      proposed: Whether what they share gave reason to look at them, not only their component.
      component: The smallest profile of all that strong pairs connect with both, if they are.
    """
    # The drafts are what an earlier pass over the same profiles says, before people are known.
    engine.create("people_in_common", _people_in_common(account_drafts, contact_drafts))
    return links_of(
        engine,
        company_profiles,
        ACCOUNTS,
        probability=probability,
        parameters=parameters,
        features="people_in_common",
        earlier=Earlier(company_profiles.name, account_draft_links.name),
        said=said,
    )


def record_accounts(
    company_descriptions: Table,
    account_links: Table,
    *,
    engine: Engine,
    probability: float,
    last: Last,
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
    earlier = _earlier(last, "account_links", "record_accounts")
    return _by_record(engine, company_descriptions, account_links, probability, earlier)


def _by_record(
    engine: Engine,
    descriptions: Table,
    links: Table,
    probability: float,
    earlier: EarlierGroups | None,
) -> str:
    component_groups(engine, links.name, "company_groups", probability=probability, earlier=earlier)
    return (
        'SELECT d.record_id, d.node, coalesce(g."group", d.node) AS account '
        f"FROM {descriptions} d LEFT JOIN company_groups g USING (node)"
    )


def _earlier(last: Last, links: str, groups: str) -> EarlierGroups | None:
    found, grouped = last(links), last(groups)
    if found is None or grouped is None:
        return None
    return EarlierGroups(found.name, f'(SELECT DISTINCT node, account AS "group" FROM {grouped})')


def _nobody_in_common(engine: Engine) -> str:
    engine.create(
        "people_in_common",
        ("SELECT 0::BIGINT AS left_node, 0::BIGINT AS right_node, 0::BIGINT AS people WHERE false"),
    )
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
    SELECT least(l.node, r.node) AS left_node, greatest(l.node, r.node) AS right_node,
      max(s.people) AS people
    FROM usable l JOIN usable r USING (contact)
    JOIN shared s ON s.a = l.account AND s.b = r.account
    WHERE l.account < r.account GROUP BY 1, 2
    """

"""Which records mean the same person: first with the accounts as drafted, then as they became."""

from __future__ import annotations

from collections.abc import Callable

from tieline.engine.tables import Engine, Table
from tieline.identity.contact_evidence import CONTACTS
from tieline.identity.linkage.component_groups import EarlierGroups, component_groups
from tieline.identity.linkage.earlier import Earlier
from tieline.identity.linking import Last, earlier_of, links_of
from tieline.identity.parameters import ParameterStore
from tieline.identity.person_profiles import person_descriptions_of, person_profiles_of


def contact_draft_descriptions(
    standard_records: Table, record_identifiers: Table, account_drafts: Table
) -> str:
    """What each record says of its person, with the account as drafted.

    question: What does each record say of its person, before accounts are settled?
    row: One record that names a person.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Number of the profile, equal for records that describe a person in the very same words.
      given_key: Given name for comparing.
      family_key: Family name for comparing.
      middle_key: Middle names for comparing.
      root: The usual form of the given name (Bob gives robert).
      generation: Junior, senior, II, III, IV.
      born: Birth date, ISO 8601.
      birth_place: Birth place.
      gender: f or m.
      title_key: Job title for comparing.
      function: Function of the job title.
      level: Level of the job title.
      emails: E-mail addresses.
      role_emails: Those of them that belong to a function (info@, sales@).
      phones: Telephone numbers.
      account: The record's drafted account, as a company profile's number.
      address_key: Address for comparing.
      street_key: Street for comparing.
      house_number: House number.
      city_key: Town for comparing.
      postcode_key: Postcode for comparing.
      country: Country (ISO 3166 alpha-2).
      ids: The person's identifiers as scheme:value.
    """
    return person_descriptions_of(standard_records, record_identifiers, account_drafts)


def contact_draft_profiles(
    contact_draft_descriptions: Table, *, engine: Engine, parameters: ParameterStore
) -> str:
    """The distinct descriptions of people, with accounts as drafted; columns as `person_profiles`.

    question: Which different descriptions of people are there, before accounts are settled?
    row: One way in which one or more records describe a person.
    key: node
    owner: analyst
    columns:
      node: Number of the profile, the same for equal descriptions.
      record_id: The smallest id of its records.
      records: How many records describe a person this way.
      given: Given name for comparing.
      family: Family name for comparing.
      middle: Middle names for comparing.
      root: The usual form of the given name.
      generation: Junior, senior, II, III, IV.
      name_key: All words of the name, sorted.
      words: The words of the name of at least three letters.
      born: Birth date, ISO 8601.
      birth_place: Birth place.
      gender: f or m.
      title: Job title for comparing.
      function: Function of the job title.
      level: Level of the job title.
      emails: E-mail addresses that at most two names use.
      shared_emails: E-mail addresses of a function or of several people.
      locals: What stands before the @ of the own addresses, where it is not made of the name.
      unnumbered: The own addresses without a number before the @.
      domains: What stands behind it.
      phones: Telephone numbers that at most two names use.
      shared_phones: Telephone numbers of several people.
      phone_ends: The last seven digits of all numbers.
      account: The account.
      account_people: How many names are known at the account (8 is up to 8, 61 more than 60).
      address: Address for comparing.
      address_people: How many names are known at the address (3 is up to 3, 4 is more).
      street: Street for comparing.
      house: House number.
      city: Town for comparing.
      postcode: Postcode for comparing.
      country: Country.
      ids: Identifiers as scheme:value.
      schemes: Schemes of the identifiers.
      family_share: Share of people with the family name when weights were learned; so below.
      given_share: Share of people with the given name.
      title_share: Share of people with the job title.
      born_share: Share of people with the birth date.
      birth_place_share: Share of people with the birth place.
    """
    return person_profiles_of(engine, contact_draft_descriptions, parameters)


def contact_draft_links(
    contact_draft_profiles: Table,
    *,
    engine: Engine,
    probability: float,
    parameters: ParameterStore,
    last: Last,
    said: Callable[[str], None] = lambda _: None,
) -> str:
    """Pairs of person profiles, judged with accounts as drafted.

    question: Which descriptions of people could mean the same one, before accounts are settled?
    row: One pair of person profiles.
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
        contact_draft_profiles,
        CONTACTS,
        probability=probability,
        parameters=parameters,
        earlier=earlier_of(last, "contact_draft_profiles", "contact_draft_links"),
        said=said,
    )


def contact_drafts(
    contact_draft_descriptions: Table,
    contact_draft_links: Table,
    *,
    engine: Engine,
    probability: float,
    last: Last,
) -> str:
    """The contact of each record, as far as drafted accounts tell.

    question: Which records could be the same person, so that their companies may be the same?
    row: One record that names a person.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Its person profile, with the account as drafted.
      contact: The smallest profile of the contact.
    """
    earlier = _earlier(last, "contact_draft_links", "contact_drafts")
    return _by_record(engine, contact_draft_descriptions, contact_draft_links, probability, earlier)


def person_descriptions(
    standard_records: Table, record_identifiers: Table, record_accounts: Table
) -> str:
    """What each record says of its person, and which records say the very same.

    question: What does each record say of its person?
    row: One record that names a person.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Number of the profile, equal for records that describe a person in the very same words.
      given_key: Given name for comparing.
      family_key: Family name for comparing.
      middle_key: Middle names for comparing.
      root: The usual form of the given name (Bob gives robert).
      generation: Junior, senior, II, III, IV.
      born: Birth date, ISO 8601.
      birth_place: Birth place.
      gender: f or m.
      title_key: Job title for comparing.
      function: Function of the job title.
      level: Level of the job title.
      emails: E-mail addresses.
      role_emails: Those of them that belong to a function (info@, sales@).
      phones: Telephone numbers.
      account: The record's account, as a company profile's number.
      address_key: Address for comparing.
      street_key: Street for comparing.
      house_number: House number.
      city_key: Town for comparing.
      postcode_key: Postcode for comparing.
      country: Country (ISO 3166 alpha-2).
      ids: The person's identifiers as scheme:value.
    """
    return person_descriptions_of(standard_records, record_identifiers, record_accounts)


def person_profiles(
    person_descriptions: Table, *, engine: Engine, parameters: ParameterStore
) -> str:
    """The distinct descriptions of people, with what is needed to compare them.

    question: Which different descriptions of people are there?
    row: One way in which one or more records describe a person.
    key: node
    owner: analyst
    columns:
      node: Number of the profile, the same for equal descriptions.
      record_id: The smallest id of its records.
      records: How many records describe a person this way.
      given: Given name for comparing.
      family: Family name for comparing.
      middle: Middle names for comparing.
      root: The usual form of the given name.
      generation: Junior, senior, II, III, IV.
      name_key: All words of the name, sorted.
      words: The words of the name of at least three letters.
      born: Birth date, ISO 8601.
      birth_place: Birth place.
      gender: f or m.
      title: Job title for comparing.
      function: Function of the job title.
      level: Level of the job title.
      emails: E-mail addresses that at most two names use.
      shared_emails: E-mail addresses of a function or of several people.
      locals: What stands before the @ of the own addresses, where it is not made of the name.
      unnumbered: The own addresses without a number before the @.
      domains: What stands behind it.
      phones: Telephone numbers that at most two names use.
      shared_phones: Telephone numbers of several people.
      phone_ends: The last seven digits of all numbers.
      account: The account.
      account_people: How many names are known at the account (8 is up to 8, 61 more than 60).
      address: Address for comparing.
      address_people: How many names are known at the address (3 is up to 3, 4 is more).
      street: Street for comparing.
      house: House number.
      city: Town for comparing.
      postcode: Postcode for comparing.
      country: Country.
      ids: Identifiers as scheme:value.
      schemes: Schemes of the identifiers.
      family_share: Share of people with the family name when weights were learned; so below.
      given_share: Share of people with the given name.
      title_share: Share of people with the job title.
      born_share: Share of people with the birth date.
      birth_place_share: Share of people with the birth place.
    """
    return person_profiles_of(engine, person_descriptions, parameters)


def contact_links(
    person_profiles: Table,
    contact_draft_profiles: Table,
    contact_draft_links: Table,
    *,
    engine: Engine,
    probability: float,
    parameters: ParameterStore,
    said: Callable[[str], None] = lambda _: None,
) -> str:
    """Pairs of person profiles with their evidence.

    question: Which descriptions of people mean the same one, and why?
    row: One pair of person profiles.
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
    # The drafts are an earlier result over nearly the same profiles: few accounts have changed.
    return links_of(
        engine,
        person_profiles,
        CONTACTS,
        probability=probability,
        parameters=parameters,
        earlier=Earlier(contact_draft_profiles.name, contact_draft_links.name),
        said=said,
    )


def record_contacts(
    person_descriptions: Table,
    contact_links: Table,
    *,
    engine: Engine,
    probability: float,
    last: Last,
) -> str:
    """The contact of each record.

    question: Which contact does a record belong to?
    row: One record that names a person.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Its person profile.
      contact: The smallest profile of the contact.
    """
    earlier = _earlier(last, "contact_links", "record_contacts")
    return _by_record(engine, person_descriptions, contact_links, probability, earlier)


def _by_record(
    engine: Engine,
    descriptions: Table,
    links: Table,
    probability: float,
    earlier: EarlierGroups | None,
) -> str:
    component_groups(engine, links.name, "person_groups", probability=probability, earlier=earlier)
    return (
        'SELECT d.record_id, d.node, coalesce(g."group", d.node) AS contact '
        f"FROM {descriptions} d LEFT JOIN person_groups g USING (node)"
    )


def _earlier(last: Last, links: str, groups: str) -> EarlierGroups | None:
    found, grouped = last(links), last(groups)
    if found is None or grouped is None:
        return None
    return EarlierGroups(found.name, f'(SELECT DISTINCT node, contact AS "group" FROM {grouped})')

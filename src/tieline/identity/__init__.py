"""Who is who: accounts, sites, contacts, and the evidence for it."""

from __future__ import annotations

from pathlib import Path

from tieline.engine.model import Model, python_model, sql_model
from tieline.identity.address_changes import address_changes
from tieline.identity.company_profiles import company_descriptions, company_profiles
from tieline.identity.comparison_weights import comparison_weights
from tieline.identity.families import families
from tieline.identity.family_links import family_links
from tieline.identity.golden_values import golden_values
from tieline.identity.judged_groups import (
    account_corrections,
    contact_corrections,
    grouped_accounts,
    grouped_contacts,
    judged_accounts,
    judged_contacts,
)
from tieline.identity.judged_sites import grouped_sites, judged_sites, site_corrections
from tieline.identity.judged_values import judged_values
from tieline.identity.judgements import judged_records, judgement_texts
from tieline.identity.record_accounts import (
    account_draft_links,
    account_drafts,
    account_links,
    record_accounts,
)
from tieline.identity.record_contacts import (
    contact_draft_descriptions,
    contact_draft_links,
    contact_draft_profiles,
    contact_drafts,
    contact_links,
    person_descriptions,
    person_profiles,
    record_contacts,
)
from tieline.identity.record_sites import record_sites, site_links, site_profiles
from tieline.identity.registry_candidates import registry_candidates
from tieline.identity.registry_hierarchy import registry_hierarchy
from tieline.identity.registry_keys import registry_keys
from tieline.identity.registry_pairs import registry_pairs
from tieline.identity.registry_rows import registry_rows
from tieline.identity.review_questions import review_questions
from tieline.identity.set_aside_accounts import set_aside_accounts
from tieline.identity.site_registry_matches import site_registry_matches
from tieline.identity.stated_answers import stated_answers
from tieline.identity.stated_consents import stated_consents
from tieline.identity.unmatched_accounts import unmatched_accounts

_HERE = Path(__file__).parent


def models() -> tuple[Model, ...]:
    """The tables of this layer, in reading order."""
    return (
        python_model(company_descriptions),
        python_model(company_profiles),
        python_model(account_draft_links),
        python_model(account_drafts),
        python_model(contact_draft_descriptions),
        python_model(contact_draft_profiles),
        python_model(contact_draft_links),
        python_model(contact_drafts),
        python_model(account_links),
        python_model(record_accounts),
        python_model(person_descriptions),
        python_model(person_profiles),
        python_model(contact_links),
        python_model(record_contacts),
        python_model(judged_records),
        python_model(judgement_texts),
        python_model(stated_consents),
        sql_model(_HERE / "record_consents.sql"),
        python_model(grouped_accounts),
        python_model(account_corrections),
        python_model(judged_accounts),
        python_model(grouped_contacts),
        python_model(contact_corrections),
        python_model(judged_contacts),
        python_model(site_profiles),
        python_model(site_links),
        python_model(record_sites),
        python_model(grouped_sites),
        python_model(site_corrections),
        python_model(judged_sites),
        python_model(comparison_weights),
        sql_model(_HERE / "judged_entities.sql"),
        sql_model(_HERE / "judged_fates.sql"),
        python_model(judged_values),
        python_model(set_aside_accounts),
        sql_model(_HERE / "suppressed_contacts.sql"),
        sql_model(_HERE / "suppressed_emails.sql"),
        sql_model(_HERE / "reachable_sites.sql"),
        sql_model(_HERE / "record_fates.sql"),
        python_model(unmatched_accounts),
        sql_model(_HERE / "record_entities.sql"),
        sql_model(_HERE / "redirects.sql"),
        sql_model(_HERE / "consents.sql"),
        python_model(address_changes),
        sql_model(_HERE / "address_moves.sql"),
        sql_model(_HERE / "contact_positions.sql"),
        sql_model(_HERE / "shared_domains.sql"),
        python_model(golden_values),
        sql_model(_HERE / "address_history.sql"),
        sql_model(_HERE / "contacts.sql"),
        sql_model(_HERE / "sites.sql"),
        sql_model(_HERE / "accounts.sql"),
        sql_model(_HERE / "notes.sql"),
        python_model(stated_answers),
        sql_model(_HERE / "lead_answers.sql"),
        sql_model(_HERE / "identifier_contacts.sql"),
        sql_model(_HERE / "activity_attachments.sql"),
        sql_model(_HERE / "touches.sql"),
        sql_model(_HERE / "responses.sql"),
        sql_model(_HERE / "opportunities.sql"),
        sql_model(_HERE / "grouped_entities.sql"),
        python_model(review_questions),
        sql_model(_HERE / "review_queue.sql"),
        python_model(registry_rows),
        sql_model(_HERE / "registry_entries.sql"),
        sql_model(_HERE / "registry_relations.sql"),
        python_model(registry_hierarchy),
        sql_model(_HERE / "registry_issues.sql"),
        python_model(registry_keys),
        python_model(registry_pairs),
        python_model(registry_candidates),
        sql_model(_HERE / "registry_matches.sql"),
        python_model(site_registry_matches),
        sql_model(_HERE / "registry_conflicts.sql"),
        python_model(family_links),
        python_model(families),
        sql_model(_HERE / "family_members.sql"),
        sql_model(_HERE / "family_issues.sql"),
    )

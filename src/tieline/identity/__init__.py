"""Who is who: accounts, sites, contacts, and the evidence for it."""

from __future__ import annotations

from pathlib import Path

from tieline.engine.model import Model, python_model, sql_model
from tieline.identity.company_profiles import company_descriptions, company_profiles
from tieline.identity.comparison_weights import comparison_weights
from tieline.identity.golden_values import golden_values
from tieline.identity.record_accounts import (
    account_draft_links,
    account_drafts,
    account_links,
    record_accounts,
)
from tieline.identity.record_contacts import (
    contact_draft_links,
    contact_draft_profiles,
    contact_drafts,
    contact_links,
    person_descriptions,
    person_profiles,
    record_contacts,
)
from tieline.identity.record_sites import record_sites, site_links, site_profiles
from tieline.identity.set_aside_accounts import set_aside_accounts

_HERE = Path(__file__).parent


def models() -> tuple[Model, ...]:
    """The tables of this layer, in reading order."""
    return (
        python_model(company_descriptions),
        python_model(company_profiles),
        python_model(account_draft_links),
        python_model(account_drafts),
        python_model(contact_draft_profiles),
        python_model(contact_draft_links),
        python_model(contact_drafts),
        python_model(account_links),
        python_model(record_accounts),
        python_model(person_descriptions),
        python_model(person_profiles),
        python_model(contact_links),
        python_model(record_contacts),
        python_model(site_profiles),
        python_model(site_links),
        python_model(record_sites),
        python_model(comparison_weights),
        python_model(set_aside_accounts),
        sql_model(_HERE / "record_entities.sql"),
        sql_model(_HERE / "contact_positions.sql"),
        python_model(golden_values),
        sql_model(_HERE / "contacts.sql"),
        sql_model(_HERE / "sites.sql"),
        sql_model(_HERE / "accounts.sql"),
    )

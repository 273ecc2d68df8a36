"""What a scorecard may ask of a person: the fields of contact, company and site."""

from __future__ import annotations

from dataclasses import dataclass

from tieline.data.values.job_title import BUYING_ROLES, FUNCTIONS, LEVELS
from tieline.metrics.category import CATEGORIES
from tieline.metrics.segment_fields import Kind


@dataclass(frozen=True)
class LeadField:
    """One field: its `name` in a scorecard, its `sql` over the tables joined, what it means."""

    name: str
    kind: Kind
    sql: str
    meaning: str
    words: tuple[str, ...] = ()
    """All the values it can have, where they are few; else none."""

    @property
    def column(self) -> str:
        """The column of `lead_facts` that holds it."""
        return self.name.replace(".", "_")


FIELDS: tuple[LeadField, ...] = (
    LeadField("account.industry", "text", "a.industry", "Industry of the company as told."),
    LeadField("account.employees", "number", "a.employees", "Number of employees."),
    LeadField("account.revenue", "number", "a.revenue", "Yearly revenue, in the currency given."),
    LeadField("account.country", "text", "a.country", "Country of most of its records."),
    LeadField("account.legal_form", "text", "a.legal_form", "Legal form."),
    LeadField("account.domain", "text", "a.domain", "Web domain."),
    LeadField("account.contacts", "number", "a.contacts", "How many contacts work there now."),
    LeadField("account.sites", "number", "a.sites", "How many sites we know."),
    LeadField(
        "account.family",
        "text",
        "CASE WHEN y.parent_id IS NOT NULL THEN 'subsidiary' "
        "WHEN w.owner_id IS NOT NULL THEN 'parent' WHEN y.account_id IS NOT NULL THEN 'single' END",
        "parent, subsidiary or single, as far as is known.",
        ("parent", "subsidiary", "single"),
    ),
    LeadField(
        "account.won_deals",
        "number",
        "CAST(coalesce(d.won_deals, 0) AS DOUBLE)",
        "How many deals with it were won.",
    ),
    LeadField("site.country", "text", "s.country", "Country of the site (ISO 3166 alpha-2)."),
    LeadField("site.region", "text", "s.region", "State, province or region of the site."),
    LeadField("site.city", "text", "s.city", "Town of the site."),
    LeadField("site.postcode", "text", "s.postcode", "Postcode of the site."),
    LeadField(
        "site.stage",
        "text",
        "g.stage",
        "Where the relationship with the site stands.",
        ("no_relationship", "no_key_player", "key_player", "dialogue", "sales"),
    ),
    LeadField(
        "site.phase",
        "text",
        "g.phase",
        "early, mid or late of a dialogue with the site.",
        ("early", "mid", "late"),
    ),
    LeadField("contact.title", "text", "c.title", "Job title."),
    LeadField("contact.function", "text", "c.function", "Function of the job title.", FUNCTIONS),
    LeadField("contact.level", "text", "c.level", "Level of the job title.", LEVELS),
    LeadField("contact.power", "number", "c.power", "What the level may decide, 5 to 0."),
    LeadField(
        "contact.buying_role",
        "text",
        "c.buying_role",
        "Part it plays in most purchases.",
        BUYING_ROLES,
    ),
    LeadField("contact.department", "text", "c.department", "Department."),
    LeadField("contact.category", "text", "k.category", "Who the contact is to us.", CATEGORIES),
    LeadField("contact.email", "text", "c.email", "E-mail address."),
    LeadField("contact.phone", "text", "coalesce(c.phone, c.mobile)", "Telephone number."),
)
"""Every field, in the order of the reference."""

AFTER_A_WIN = ("account.won_deals", "site.stage", "site.phase")
"""Fields that a won deal itself changes: of a closed deal they tell the outcome."""

BY_NAME = {field.name: field for field in FIELDS}

"""What a segment's rule may ask about: the fields of a site, its account and its registry entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "number", "truth"]
"""What the values of a field, or of a part of a rule, are."""


@dataclass(frozen=True)
class SegmentField:
    """One field: its `name` in a rule, its `column` in `target_sites`, and what it means."""

    name: str
    kind: Kind
    meaning: str

    @property
    def column(self) -> str:
        """The column of `target_sites` that holds it."""
        return self.name.replace(".", "_")


_BEST = "ours, or where we have none the registry's"

FIELDS: tuple[SegmentField, ...] = (
    SegmentField("name", "text", f"Name of the company: {_BEST}."),
    SegmentField("domain", "text", f"Web domain: {_BEST}."),
    SegmentField("industry", "text", f"Industry as told: {_BEST}."),
    SegmentField("employees", "number", f"Number of employees: {_BEST}."),
    SegmentField("revenue", "number", f"Yearly revenue, in the currency given: {_BEST}."),
    SegmentField("country", "text", f"Country of the site (ISO 3166 alpha-2): {_BEST}."),
    SegmentField("region", "text", f"State, province or region of the site: {_BEST}."),
    SegmentField("city", "text", f"Town of the site: {_BEST}."),
    SegmentField("postcode", "text", f"Postcode of the site: {_BEST}."),
    SegmentField(
        "site_kind", "text", "What the site is: headquarters, branch or single, by the registry."
    ),
    SegmentField("account.name", "text", "Name of the account, as we have it."),
    SegmentField("account.legal_form", "text", "Legal form of the account, as we have it."),
    SegmentField("account.industry", "text", "Industry of the account, as we have it."),
    SegmentField("account.employees", "number", "Employees of the account, as we have them."),
    SegmentField("account.revenue", "number", "Revenue of the account, as we have it."),
    SegmentField("account.country", "text", "Country of most of the account's records."),
    SegmentField("registry.industry", "text", "Industry, as the registry has it."),
    SegmentField("registry.employees", "number", "Employees, as the registry has them."),
    SegmentField("registry.revenue", "number", "Revenue, as the registry has it."),
)
"""Every field, in the order of the reference."""

BY_NAME = {field.name: field for field in FIELDS}

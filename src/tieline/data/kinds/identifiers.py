"""Identifier schemes: numbers and handles that name one person or one company."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    """One scheme of `identifier:<name>`; `owner` is who it names: `person` or `company`."""

    name: str
    owner: str
    meaning: str


_LISTED: tuple[Scheme, ...] = (
    Scheme("duns", "company", "D-U-N-S number of Dun & Bradstreet, 9 digits, one per site"),
    Scheme("lei", "company", "legal entity identifier (ISO 17442), 20 characters"),
    Scheme("vat", "company", "value added tax number, usually with country letters"),
    Scheme("tax_id", "company", "tax number of a company in its country (EIN, CIF, Steuernummer)"),
    Scheme("register", "company", "number in a national company register (HRB, SIREN, KVK, CRN)"),
    Scheme("cik", "company", "central index key of the US SEC"),
    Scheme("ticker", "company", "symbol at a stock exchange"),
    Scheme("ror", "company", "Research Organization Registry id"),
    Scheme("isin", "company", "international securities identification number (ISO 6166)"),
    Scheme("linkedin_company", "company", "address or name of a LinkedIn company page"),
    Scheme("ssn", "person", "social security number"),
    Scheme("passport", "person", "passport number"),
    Scheme("drivers_license", "person", "driving licence number"),
    Scheme("national_id", "person", "number of a national identity card or register"),
    Scheme("linkedin", "person", "address or name of a LinkedIn profile"),
    Scheme("twitter", "person", "handle at Twitter / X"),
    Scheme("facebook", "person", "address or name of a Facebook profile"),
    Scheme("instagram", "person", "handle at Instagram"),
    Scheme("xing", "person", "address or name of a Xing profile"),
    Scheme("github", "person", "user name at GitHub"),
    Scheme("skype", "person", "Skype name"),
    Scheme("orcid", "person", "Open Researcher and Contributor ID"),
    Scheme("cookie", "person", "visitor id of a web tracker"),
)

SCHEMES: dict[str, Scheme] = {scheme.name: scheme for scheme in _LISTED}

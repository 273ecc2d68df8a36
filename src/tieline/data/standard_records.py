"""Every readable record in standard values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tieline.data.source import Source
from tieline.data.sql_text import literal
from tieline.data.title_rules import TitleRules, ruled
from tieline.data.values import (
    amount,
    company_name,
    date,
    domain,
    email,
    job_title,
    person_name,
    phone,
    postal_address,
)
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import Kind, raw_name, standardise_all
from tieline.engine.tables import Engine, Table

DATES = ("birth_date", "created_at", "updated_at", "occurred_at")


@dataclass(frozen=True)
class Use:
    """One place where a kind of value is read: the alias of its join, and input -> column."""

    alias: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """One kind of value and all the places it is read in, so that equal texts are read once."""

    kind: Kind
    name: str
    uses: tuple[Use, ...]


_ADDRESS = Reading(
    postal_address, "addresses", (Use("a", {name: name for name in postal_address.INPUTS}),)
)
_OTHERS = (
    Reading(person_name, "person_names", (Use("n", {name: name for name in person_name.INPUTS}),)),
    Reading(email, "emails", (Use("e", {"email": "email"}), Use("e2", {"email": "email_2"}))),
    Reading(domain, "domains", (Use("w", {"website": "website"}),)),
    Reading(job_title, "job_titles", (Use("j", {"title": "title"}),)),
    Reading(
        date,
        "dates",
        tuple(Use(f"d_{field}", {"value": field, "style": f"{field}_style"}) for field in DATES),
    ),
    Reading(
        amount,
        "amounts",
        (Use("s", {"value": "employees"}), Use("v", {"value": "revenue"})),
    ),
    Reading(
        company_name,
        "company_names",
        (Use("c", {"company": "company"}), Use("c2", {"company": "company_2"})),
    ),
)
# A number without its country's code is read by the country of its address.
_PHONES = Reading(
    phone,
    "phones",
    tuple(
        Use(alias, {"phone": column, "country": "place_country"})
        for alias, column in (("p1", "phone"), ("p2", "phone_2"), ("p3", "phone_3"), ("fx", "fax"))
    ),
)

_NAME_GIVEN = (
    "coalesce(m.full_name, m.given_name, m.family_name, m.native_name, m.middle_name) IS NOT NULL"
)
_NOBODY = "('placeholder', 'role', 'company_name', 'email', 'no_letters')"
"""Issues of a name that leave no person; the others name one all the same."""

# What the standard columns are, as expressions over the mapped record `m` and its values.
_COLUMNS: dict[str, str] = {
    "record_id": "m.record_id",
    "source": "m.source",
    "row_number": "m.row_number",
    "kind": "m.kind",
    "trust": "m.trust",
    "record_at": "coalesce(d_updated_at.date, d_occurred_at.date, d_created_at.date)",
    "is_organisation": "coalesce(upper(left(m.record_type, 3)) IN ('ORG', 'COM', 'ACC'), false)",
    "full_name": "n.full_name",
    "name_prefix": "n.name_prefix",
    "given_name": "n.given_name",
    "middle_name": "n.middle_name",
    "family_name": "n.family_name",
    "name_suffix": "n.name_suffix",
    "given_key": "nullif(n.given_key, '')",
    "middle_key": "nullif(n.middle_key, '')",
    "family_key": "nullif(n.family_key, '')",
    "name_key": "nullif(n.name_key, '')",
    "given_root": "nullif(n.given_root, '')",
    "name_issue": f"CASE WHEN {_NAME_GIVEN} THEN n.name_issue END",
    "names_nobody": f"coalesce({_NAME_GIVEN} AND n.name_issue IN {_NOBODY}, false)",
    "gender": "CASE WHEN lower(left(m.gender, 1)) IN ('m', 'h') THEN 'm' "
    "WHEN lower(left(m.gender, 1)) IN ('f', 'w') THEN 'f' END",
    "birth_date": "d_birth_date.date",
    "birth_date_issue": "d_birth_date.date_issue",
    "birth_place": "nullif(lower(trim(m.birth_place)), '')",
    "title": "j.title",
    "title_key": "nullif(j.title_key, '')",
    "function": "j.function",
    "level": "j.level",
    "power": "j.power",
    "buying_role": "j.buying_role",
    "function_confidence": "j.function_confidence",
    "level_confidence": "j.level_confidence",
    "title_because": "j.title_because",
    "department": "m.department",
    "contact_type": "m.contact_type",
    "email": "e.email",
    "email_key": "e.email_key",
    "email_local": "e.email_local",
    "email_domain": "e.email_domain",
    "is_role_account": "coalesce(e.is_role_account, false)",
    "is_free_mail": "coalesce(e.is_free_mail, false)",
    "is_disposable": "coalesce(e.is_disposable, false)",
    "email_issue": "e.email_issue",
    "email_2": "e2.email",
    "email_2_key": "e2.email_key",
    "email_2_domain": "e2.email_domain",
    "is_role_account_2": "coalesce(e2.is_role_account, false)",
    "is_free_mail_2": "coalesce(e2.is_free_mail, false) OR coalesce(e2.is_disposable, false)",
    "phone": "p1.phone",
    "phone_issue": "p1.phone_issue",
    "phone_2": "p2.phone",
    "phone_3": "p3.phone",
    "fax": "fx.phone",
    "website_domain": "w.domain",
    "website_issue": "w.domain_issue",
    "company": "c.company",
    "company_key": "nullif(c.company_key, '')",
    "company_core": "nullif(c.company_core, '')",
    "legal_form": "c.legal_form",
    "company_issue": "CASE WHEN m.company IS NOT NULL THEN c.company_issue END",
    "company_2": "c2.company",
    "company_2_key": "nullif(c2.company_key, '')",
    "industry": "m.industry",
    "employees": "s.amount",
    "revenue": "v.amount",
    "revenue_currency": "v.currency",
    **{
        name: f"a.{name}"
        for name in (
            "address_line",
            "house_number",
            "street",
            "unit",
            "po_box",
            "city",
            "region",
            "postcode",
            "country",
            "address_confidence",
            "address_verdict",
            "address_issue",
        )
    },
    **{
        name: f"nullif(a.{name}, '')"
        for name in ("street_key", "city_key", "postcode_key", "address_key")
    },
    "response_kind": "m.response_kind",
    "topic": "m.topic",
    "campaign": "m.campaign",
    "occurred_at": "d_occurred_at.date",
    "reason": "m.reason",
}


def standard_records(
    mapped_records: Table,
    *,
    engine: Engine,
    sources: Sequence[Source],
    default_country: str | None,
    cache: Path | None,
    titles: TitleRules | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> str:
    """Every readable record in standard values; the verbatim text stays in `records`.

    question: What does each record say, in one spelling?
    row: One readable row of one source.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      source: The name of the source.
      row_number: 1-based number of the data row in the source's file.
      kind: What the source lists.
      trust: The source's trust rank, 1 (best) to 9.
      record_at: When the source last changed the record, or made it.
      is_organisation: Whether the source marks the row as an organisation.
      full_name: Name as it is written.
      name_prefix: Salutation or academic title.
      given_name: Given name.
      middle_name: Middle names.
      family_name: Family name.
      name_suffix: Jr, III and the like.
      given_key: Given name for comparing.
      middle_key: Middle names for comparing.
      family_key: Family name for comparing.
      name_key: All words of the name for comparing, sorted.
      given_root: Usual form of the given name (Bob gives robert).
      name_issue: Why the name is no usable name of one person.
      names_nobody: Whether the name is a test entry, a desk, a company or no name at all.
      gender: f or m.
      birth_date: Birth date.
      birth_date_issue: Why the birth date cannot be read.
      birth_place: Birth place, in lower case.
      title: Job title, cleaned.
      title_key: Job title for comparing.
      function: Function of the job title.
      level: Level of the job title.
      power: What that level may decide, 5 (for the company) to 0 (nothing).
      buying_role: "Part it plays in most purchases: decider, buyer, influencer, user, gatekeeper."
      function_confidence: How sure the function is, 0 to 1.
      level_confidence: How sure the level is, 0 to 1.
      title_because: The words of the title that decided, and what else it says.
      department: Department as given.
      contact_type: Category that the source gives the contact.
      email: E-mail address, canonical.
      email_key: E-mail address for comparing.
      email_local: What stands before the @.
      email_domain: What stands behind the @.
      is_role_account: Whether the address is a function's (info@).
      is_free_mail: Whether the domain gives mailboxes to anyone.
      is_disposable: Whether the domain gives throw-away mailboxes.
      email_issue: What is wrong with the e-mail address.
      email_2: Second e-mail address.
      email_2_key: Second e-mail address for comparing.
      email_2_domain: Domain of the second address.
      is_role_account_2: Whether the second address is a function's.
      is_free_mail_2: Whether the second address is at a free or throw-away domain.
      phone: Telephone number, E.164.
      phone_issue: What is wrong with the number.
      phone_2: Second number, E.164.
      phone_3: Third number, E.164.
      fax: Fax number, E.164.
      website_domain: Registered domain of the website.
      website_issue: What is wrong with the website.
      company: Company name as it is written.
      company_key: Company name for comparing, legal form off.
      company_core: Its distinctive words.
      legal_form: Legal form.
      company_issue: Why the text is no company's name.
      company_2: Second company name.
      company_2_key: Second company name for comparing.
      industry: Industry as given.
      employees: Number of employees.
      revenue: Yearly revenue.
      revenue_currency: Currency of the revenue, ISO 4217.
      address_line: Street line, standard abbreviations.
      house_number: House number.
      street: Street.
      unit: Suite, floor or apartment.
      po_box: PO box.
      city: Town.
      region: State, province or region.
      postcode: Postcode.
      country: Country, ISO 3166 alpha-2.
      address_confidence: How sure it is that the parts of the address agree, 0 to 1.
      address_verdict: ok, corrected, unknown_place, mismatch, incomplete or missing.
      address_issue: What is wrong with the address.
      street_key: Street for comparing.
      city_key: Town for comparing.
      postcode_key: Postcode for comparing.
      address_key: The whole address for comparing.
      response_kind: What the contact did.
      topic: What it was about.
      campaign: The campaign it belongs to.
      occurred_at: When it happened.
      reason: Why the row must not be contacted.
      company_domain: "Domain of the company: its website's, or its people's e-mail domain."
    """
    styles = ", ".join(_style(engine, mapped_records, sources, field) for field in DATES)
    country = literal(default_country) if default_country else "NULL::VARCHAR"
    told = f"(SELECT *, {country} AS default_country, {styles} FROM {mapped_records})"
    with SecondProcess() as second:
        _read(engine, told, (_ADDRESS, *_OTHERS), cache, said, second)
        if titles is not None and (titles.rules or titles.confidence):
            engine.load("job_titles", ruled(engine.arrow("SELECT * FROM job_titles"), titles))
        placed = f"(SELECT m.*, a.country AS place_country FROM {told} m {_joins([_ADDRESS])})"
        numbers = ", ".join(use.columns["phone"] for use in _PHONES.uses)
        engine.create("numbers", f"SELECT {numbers}, place_country FROM {placed}")
        _read(engine, "numbers", (_PHONES,), cache, said, second)
    columns = ", ".join(f"{expression} AS {name}" for name, expression in _COLUMNS.items())
    readings = (_ADDRESS, *_OTHERS, _PHONES)
    engine.create("standard_values", f"SELECT {columns} FROM {placed} m " + _joins(readings))
    for table in ("numbers", *(reading.name for reading in readings)):
        engine.drop(table)
    return f"SELECT *, {_COMPANY_DOMAIN} AS company_domain FROM standard_values"


# A company is known by its website, or by the e-mail domain of its people where that is its own.
_COMPANY_DOMAIN = (
    "coalesce(website_domain, "
    "CASE WHEN NOT is_free_mail AND NOT is_disposable "
    "AND email_issue IS DISTINCT FROM 'domain_typo' THEN email_domain END, "
    "CASE WHEN NOT is_free_mail_2 THEN email_2_domain END)"
)


def _read(
    engine: Engine,
    table: str,
    readings: Sequence[Reading],
    cache: Path | None,
    said: Callable[[str], None],
    second: SecondProcess,
) -> None:
    wanted = []
    for reading in readings:
        inputs = reading.kind.INPUTS
        texts = " UNION ".join(
            "SELECT "
            + ", ".join(f"{use.columns[name]} AS {name}" for name in inputs)
            + f" FROM {table}"
            for use in reading.uses
        )
        distinct = engine.arrow(f"SELECT DISTINCT * FROM ({texts})")
        said(f"{distinct.num_rows:,} {reading.name.replace('_', ' ')}")
        wanted.append((reading.kind, distinct))
    for reading, read in zip(readings, standardise_all(wanted, cache, second), strict=True):
        engine.load(reading.name, read)


def _joins(readings: Sequence[Reading]) -> str:
    return " ".join(
        f"LEFT JOIN {reading.name} {use.alias} ON "
        + " AND ".join(
            f"m.{use.columns[name]} IS NOT DISTINCT FROM {use.alias}.{raw_name(name)}"
            for name in reading.kind.INPUTS
        )
        for reading in readings
        for use in reading.uses
    )


def _style(engine: Engine, mapped: Table, sources: Sequence[Source], field: str) -> str:
    """The SQL expression of the order in which each source's column writes its dates."""
    cases = []
    for source in sources:
        if field not in source.columns.values():
            continue
        style = source.date_style
        if style is None:
            values = engine.arrow(
                f"SELECT DISTINCT {field} AS v FROM {mapped} "
                f"WHERE source = {literal(source.name)} AND {field} IS NOT NULL ORDER BY 1"
            )
            style = date.infer_style(values["v"].to_pylist())
        if style is not None:
            cases.append(f"WHEN {literal(source.name)} THEN {literal(style)}")
    if not cases:
        return f"NULL::VARCHAR AS {field}_style"
    return f"CASE source {' '.join(cases)} END AS {field}_style"

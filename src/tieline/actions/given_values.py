"""Values that people type, read as those of the lists are: one spelling, and none that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from tieline.errors import Place, TielineError

Standard = tuple[str, tuple[str, ...]]
"""A value in its standard spelling, and what the user should know about it."""


def standard_value(field: str, text: str, country: str | None) -> Standard:
    """The standard value of a golden field; empty for an empty text, which says there is none.

    `country` (ISO 3166 alpha-2) is where numbers and addresses without one are. Raises
    `unusable_value`, saying what is wrong.
    """
    text = " ".join(text.split())
    if not text:
        return "", ()
    read = _READ.get(field)
    if read is not None:
        return read(field, text, country)
    if not any(letter.isalnum() for letter in text):
        raise _unusable(field, text, "It has neither letters nor digits.")
    return text, ()


def _person(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import person_name

    row = _one(person_name, {"full_name": text})
    issue = row["name_issue"]
    if not row["full_name"] or issue not in (None, "has_digits", "only_initials"):
        raise _unusable(field, text, person_name.ISSUES.get(issue, "It is no name."))
    return row["full_name"], _remark(person_name, issue)


def _company(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import company_name

    row = _one(company_name, {"company": text})
    if row["company_issue"] or not row["company"]:
        raise _unusable(field, text, company_name.ISSUES.get(row["company_issue"], ""))
    return row["company"], ()


def _email(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import email

    row = _one(email, {"email": text})
    issue = row["email_issue"]
    if not row["email"] or issue not in (None, "domain_typo"):
        raise _unusable(field, text, email.ISSUES.get(issue, "It is no e-mail address."))
    if row["other_emails"]:
        raise _unusable(field, text, "It holds several addresses.")
    if issue == "domain_typo":
        return row["email"], (f"Did you mean {row['email_suggestion']}? It is taken as typed.",)
    return row["email"], ()


def _phone(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import phone

    row = _one(phone, {"phone": text, "country": country})
    issue = row["phone_issue"]
    if not row["phone"] or issue not in (None, "not_assigned", "premium_rate"):
        raise _unusable(field, text, phone.ISSUES.get(issue, "It is no telephone number."))
    if row["other_phones"]:
        raise _unusable(field, text, "It holds several numbers.")
    return row["phone"], _remark(phone, issue)


def _title(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import job_title

    title = _one(job_title, {"title": text})["title"]
    if not title:
        raise _unusable(field, text, "It names no job.")
    return title, ()


def _domain(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import domain

    row = _one(domain, {"website": text})
    if row["domain_issue"] or not row["domain"]:
        raise _unusable(field, text, domain.ISSUES.get(row["domain_issue"], ""))
    return row["domain"], ()


def _date(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import date

    row = _one(date, {"value": text, "style": None})
    if row["date"] is None or row["date_issue"] or row["precision"] != "day":
        said = date.ISSUES.get(row["date_issue"], "It is no day.")
        raise _unusable(field, text, f"{said} Write it as 1980-12-31.")
    return row["date"].isoformat(), ()


def _amount(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import amount

    row = _one(amount, {"value": text})
    if row["amount"] is None or row["amount_issue"]:
        raise _unusable(field, text, amount.ISSUES.get(row["amount_issue"], "It is no amount."))
    return str(row["amount"]), ()


def _gender(field: str, text: str, country: str | None) -> Standard:
    if text.lower() not in ("f", "m"):
        raise _unusable(field, text, "It is f or m.")
    return text.lower(), ()


def _address(field: str, text: str, country: str | None) -> Standard:
    from tieline.data.values import postal_address

    row = _one(postal_address, {"full_address": text, "default_country": country})
    place = " ".join(part for part in (row["postcode"], row["city"]) if part)
    if not place or not row["country"]:
        said = postal_address.ISSUES.get(row["address_issue"], "It is no postal address.")
        raise _unusable(field, text, said)
    standard = ", ".join(part for part in (row["address_line"], place, row["country"]) if part)
    doubtful = row["address_verdict"] not in ("ok", "corrected")
    return standard, _remark(postal_address, row["address_issue"] if doubtful else None)


_READ: Mapping[str, Callable[[str, str, str | None], Standard]] = {
    "full_name": _person,
    "email": _email,
    "phone": _phone,
    "mobile": _phone,
    "title": _title,
    "gender": _gender,
    "birth_date": _date,
    "name": _company,
    "domain": _domain,
    "employees": _amount,
    "revenue": _amount,
    "address": _address,
}
"""The fields that have a form; the others are any text."""


def _one(kind: Any, given: Mapping[str, str | None]) -> dict[str, Any]:
    table = pa.table({name: pa.array([given.get(name)], pa.string()) for name in kind.INPUTS})
    row: dict[str, Any] = kind.standardise(table).to_pylist()[0]
    return row


def _remark(kind: Any, issue: str | None) -> tuple[str, ...]:
    return (kind.ISSUES[issue],) if issue in kind.ISSUES else ()


def _unusable(field: str, text: str, why: str) -> TielineError:
    return TielineError(
        "unusable_value",
        f"{text!r} cannot be the {field.replace('_', ' ')}. {why}".strip(),
        place=Place(column=field),
        next_step='Write it as it is to be read; "" says that there is none.',
    )

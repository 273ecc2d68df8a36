"""How the text of an identifier is brought into the one form in which two can be compared."""

from __future__ import annotations

from tieline.data.kinds import Scheme
from tieline.data.kinds.identifiers import HANDLE

SHORTEST = 3
"""A shorter text tells nobody from anybody, but where a tool counts its users."""
_NOTHING = (
    "n/a;na;none;null;nil;nan;undefined;unknown;anonymous;guest;unbekannt;inconnu;(not set);"
    "(none);not set;notset;-;--;---;0;00;000;admin;test;00000000-0000-0000-0000-000000000000;"
    "127.0.0.1;0.0.0.0;::1"
)
"""What tools write where there is no identifier; it would stand for everybody."""
# The address of a profile is its host, maybe a word for people, and the handle.
_PROFILE_ADDRESS = (
    r"^(https?:/+)?([a-z0-9-]+[.])+[a-z]{2,}/"
    r"((in|pub|profile|profiles|people|user|users|u|c|channel|member|members|public-profile)/)?"
)
_NO_PROFILE = (
    "company;companies;school;showcase;feed;home;in;pub;groups;jobs;search;profile.php;people;pages;"
    "login;signup;user;users;channel;public-profile"
)
"""Where an address leads to no profile, what stands in the handle's place."""
_PARAMETERS = r"[?#].*$"
# The old addresses of LinkedIn end in three numbers, which tell namesakes apart.
_OLD_ADDRESS, _NEW_ADDRESS = r"/pub/([^/]+)/([^/]+)/([^/]+)/([^/]+)", r"/in/\1-\4\3\2"
_FACEBOOK_NUMBER = r"profile[.]php[?]id="


def identifier_text(scheme: Scheme, column: str) -> str:
    """The SQL expression of an identifier's compared form, NULL where it names nobody.

    Numbers of documents and registers are capitals, letters and digits. A handle is in lower case,
    whether the address of the profile was given or the handle with or without its @. What a device
    calls itself is left as it is.
    """
    text = f"trim({column})"
    if scheme.keeps_signs and scheme.nature == HANDLE:
        told = f"regexp_replace(lower({text}), '{_FACEBOOK_NUMBER}', '', 'g')"
        told = f"regexp_replace({told}, '{_PARAMETERS}', '', 'g')"
        told = f"regexp_replace({told}, '{_OLD_ADDRESS}', '{_NEW_ADDRESS}', 'g')"
        told = f"regexp_replace({told}, '{_PROFILE_ADDRESS}', '', 'g')"
        value = f"split_part(ltrim({told}, '@/'), '/', 1)"
    elif scheme.keeps_signs:
        value = text
    else:
        value = f"upper(regexp_replace({column}, '[^0-9A-Za-z]', '', 'g'))"
    shortest = 1 if scheme.local else SHORTEST
    known = f"length({value}) >= {shortest} AND lower({text}) NOT IN ({_listed(_NOTHING)})"
    if scheme.nature == HANDLE:
        known += f" AND lower({value}) NOT IN ({_listed(_NO_PROFILE)})"
    return f"CASE WHEN {known} THEN {value} END"


def _listed(words: str) -> str:
    return ", ".join(f"'{word}'" for word in words.split(";"))


def scheme_text(scheme: Scheme, stream: str) -> str:
    """The scheme as it stands in tables: a local one means something within its stream only."""
    return f"{scheme.name}@{stream}" if scheme.local else scheme.name

"""A draft: what somebody is about to do, checked against the current snapshot and not yet done."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tieline.errors import TielineError


@dataclass(frozen=True)
class Draft:
    """A judgement before it is made, or the end of one.

    `ends` is the number of the judgement that is undone; of such a draft, the rest is that
    judgement's. `remarks` are what the user should know before saying yes.
    """

    kind: str
    entity: str
    body: Mapping[str, Any]
    evidence: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    ends: int | None = None


def name_of_user(by: str = "") -> str:
    """Who decides: as given, else the environment's TIELINE_USER, else the system's name."""
    if by.strip():
        return by.strip()
    try:
        return os.environ.get("TIELINE_USER", "").strip() or getpass.getuser()
    except (KeyError, OSError):
        raise TielineError(
            "nobody",
            "Nobody is named who decides, and the system has no name for you.",
            next_step="Add --by NAME, or set the environment variable TIELINE_USER.",
        ) from None


def checked_reason(reason: str) -> str:
    """The reason in one line; TielineError `no_reason` if it says nothing."""
    text = " ".join(reason.split())
    if not any(letter.isalnum() for letter in text):
        raise TielineError(
            "no_reason",
            "The reason is empty.",
            next_step='Say in a few words why, for whoever asks later: --reason "..."',
        )
    return text

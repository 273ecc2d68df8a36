"""Secrets stay in the environment: a location may name a variable as `${NAME}`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from tieline.errors import Place, TielineError

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_URL_PASSWORD = re.compile(r"://[^/\s:@]*:(?P<secret>[^/\s@]+)@")
_QUERY_PASSWORD = re.compile(r"(?i)[?&;](password|pwd|token|api_?key|secret)=(?P<secret>[^&;\s]+)")


def stated_secret(text: str) -> bool:
    """Whether a location states a password itself instead of naming an environment variable."""
    for pattern in (_URL_PASSWORD, _QUERY_PASSWORD):
        found = pattern.search(text)
        if found and not _REFERENCE.fullmatch(found["secret"]):
            return True
    return False


def with_environment(text: str, environment: Mapping[str, str] | None = None) -> str:
    """The text with each `${NAME}` replaced; TielineError `missing_variable` if one is not set."""
    known = os.environ if environment is None else environment

    def value(reference: re.Match[str]) -> str:
        name = reference[1]
        if name not in known:
            raise TielineError(
                "missing_variable",
                f"The environment variable {name} is not set.",
                place=Place(text),
                next_step=f"Set it before the command: export {name}=...",
            )
        return known[name]

    return _REFERENCE.sub(value, text)

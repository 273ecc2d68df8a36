"""What a command says whose package was left out at the installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tieline.errors import TielineError


@contextmanager
def packages_of_the_pages() -> Iterator[None]:
    """Import the pages within this; TielineError `serve_missing` if a package is not there."""
    try:
        yield
    except ImportError as problem:
        raise TielineError(
            "serve_missing",
            f"The pages need a package that is not installed: {problem.name}.",
            next_step="Install it: pip install 'tieline[serve]'",
        ) from None

"""One source as the build reads it: where its rows landed and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

WORST_TRUST = 9
USUAL_TRUST = 5


@dataclass(frozen=True)
class Source:
    """One list, export or feed.

    `rows` and `unreadable` are its two landed Parquet files (see `data.sources.landing`), `columns`
    says which standard field each source column holds ('' for none), `trust` is 1 (best) to 9.
    """

    name: str
    kind: str
    rows: Path
    unreadable: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    trust: int = USUAL_TRUST
    date_style: str | None = None

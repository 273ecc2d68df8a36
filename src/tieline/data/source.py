"""One source as the build reads it: where its rows landed and what its columns mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

WORST_TRUST = 9
USUAL_TRUST = 5


@dataclass(frozen=True)
class Source:
    """One list, export or feed.

    `rows` and `unreadable` are its two landed Parquet files (see `data.sources.landing`), `columns`
    says which standard field each source column holds ('' for none), `trust` is 1 (best) to 9.
    `arrivals` are the numbers under which its contents came, each with its two landed files, the
    last being `rows` and `unreadable`: a record has come with the first content that holds it.
    `stream` names the source that this one continues, a later export of the same log. `landed_on`
    is the day on which the content came, None if not known; no row of it is read otherwise for it.
    """

    name: str
    kind: str
    rows: Path
    unreadable: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    trust: int = USUAL_TRUST
    date_style: str | None = None
    arrivals: tuple[tuple[int, Path, Path], ...] = ()
    stream: str = ""
    landed_on: date | None = None

    @property
    def stream_name(self) -> str:
        """The log that it is a further part of, or itself: a message is told once in a stream."""
        return self.stream or self.name

    def fingerprint(self) -> str:
        """What of it decides on the rows: where the workspace lies does not."""
        told = [
            self.name,
            self.stream,
            self.kind,
            self.trust,
            self.date_style,
            sorted(self.columns.items()),
        ]
        came = [[number, rows.name] for number, rows, _ in self.arrivals]
        return json.dumps([*told, self.rows.name, self.unreadable.name, came])

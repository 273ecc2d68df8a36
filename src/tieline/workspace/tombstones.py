"""Forgotten people do not come back: the rows of every list are held against their tombstones."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from tieline.data import erasure_keys
from tieline.data.erasure_keys import EMAIL, Key
from tieline.data.source import Source as BuildSource
from tieline.data.values import email, standardisation
from tieline.workspace.erased_rows import remove_content, without_rows
from tieline.workspace.source import Arrival, RememberedSource, Source
from tieline.workspace.standard_rows import StandardRows, standard_rows

if TYPE_CHECKING:
    from tieline.ledger import Ledger
    from tieline.workspace.folder import Workspace

_MAIL = re.compile(r"[^\s<>\"',;:|()\[\]]+@[^\s<>\"',;:|()\[\]]+")
CHECKED = "checked.json"


@dataclass(frozen=True)
class Tombstones:
    """The salted digests of forgotten people's keys, and the salt they are made with."""

    salt: bytes
    digests: frozenset[Key]

    @classmethod
    def of(cls, ledger: Ledger) -> Tombstones | None:
        """Those of a ledger; None if nobody was forgotten."""
        found = frozenset((stone.kind, stone.digest) for stone in ledger.tombstones())
        return cls(ledger.salt(), found) if found else None

    def hits(self, keys: Iterable[Key]) -> set[str]:
        """The kinds of those keys that belong to a forgotten person."""
        kinds = {kind for kind, _ in self.digests}
        return {
            key[0]
            for key in keys
            if key[0] in kinds and (key[0], erasure_keys.digest(self.salt, key)) in self.digests
        }

    def caught(self, standard: StandardRows) -> set[int]:
        """The numbers of the rows that are a forgotten person's."""
        found = {
            row["row_number"]
            for row in standard.rows()
            if self.hits(
                erasure_keys.catching(
                    row,
                    erasure_keys.keys_of(row, standard.identifiers.get(row["record_id"], ())),
                )
            )
        }
        return found | self._caught_unreadable(standard.records)

    def _caught_unreadable(self, records: pa.Table) -> set[int]:
        """Rows that could not be read, with the e-mail address of a forgotten person in them."""
        bad = records.filter(records["unreadable"].is_valid()).to_pylist()
        texts = {row["row_number"]: _MAIL.findall(row["verbatim"] or "") for row in bad}
        every = sorted({text for found in texts.values() for text in found})
        read = email.standardise(pa.table({"email": pa.array(every, pa.string())}))
        hit = {
            text
            for text, key in zip(every, read["email_key"].to_pylist(), strict=True)
            if key and self.hits([(EMAIL, key)])
        }
        return {number for number, found in texts.items() if hit.intersection(found)}


def without_forgotten(
    workspace: Workspace, remembered: RememberedSource, source: Source
) -> RememberedSource:
    """A source that is being added, its new content without the rows of forgotten people.

    `source` is what it means with the user's settings on top. The content it came with is deleted
    if another took its place.
    """
    with workspace.ledger() as ledger:
        stones = Tombstones.of(ledger)
    if stones is None:
        return remembered
    with _clean_cache(workspace) as unclean:
        gone = stones.caught(content_rows(workspace, source, remembered.sha256))
        if not gone:
            return remembered
        unclean()
        landed = without_rows(workspace.landed_dir, remembered.sha256, gone).landed
        if landed.sha256 != remembered.sha256 and not workspace.points_at(remembered.sha256):
            remove_content(workspace.landed_dir, remembered.sha256)
    return replace(
        remembered,
        sha256=landed.sha256,
        rows_readable=landed.rows_readable,
        rows_unreadable=landed.rows_unreadable,
    )


def rows_of_forgotten(workspace: Workspace, source: Source) -> set[int]:
    """The numbers of the rows that are forgotten people's, of a content that is not added yet."""
    with workspace.ledger() as ledger:
        stones = Tombstones.of(ledger)
    return stones.caught(_standard(workspace, source, None)) if stones else set()


def keep_out(workspace: Workspace, remembered: RememberedSource, source: Source) -> int:
    """Remove the rows of forgotten people from every content of one source; how many."""
    with workspace.ledger() as ledger:
        stones = Tombstones.of(ledger)
    if stones is None:
        return 0
    with _clean_cache(workspace) as unclean:
        numbers = {
            sha256: stones.caught(content_rows(workspace, source, sha256))
            for sha256 in contents(remembered)
        }
        if any(numbers.values()):
            unclean()
        return remove_rows(workspace, remembered, numbers)


def keep_out_all(workspace: Workspace) -> int:
    """The same for every source whose content or mapping was not looked at since the last erasure.

    A build begins with it: a column that is mapped today may show who was hidden yesterday.
    """
    with workspace.ledger() as ledger:
        if not ledger.tombstones():
            return 0
        since = ledger.fingerprint("tombstones")
    folder = workspace.hidden_dir / "erasure"
    folder.mkdir(exist_ok=True)
    path = folder / CHECKED
    try:
        checked = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        checked = {}
    removed = 0
    for found in workspace.sources():
        if checked.get(found.name) != _looked_at(workspace, found, since):
            removed += keep_out(workspace, workspace.remembered(found.name), found)
            checked[found.name] = _looked_at(workspace, workspace.source(found.name), since)
    path.write_text(json.dumps(checked, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return removed


def contents(remembered: RememberedSource) -> tuple[str, ...]:
    """Every content a source still points at, the one in force last."""
    known = [sha256 for _, sha256 in remembered.arrivals if sha256 != remembered.sha256]
    return (*dict.fromkeys(known), remembered.sha256)


def content_rows(workspace: Workspace, source: Source, sha256: str) -> StandardRows:
    """The rows of one content of a source in standard values."""
    landed = workspace.landed_dir
    content = replace(
        source,
        landed_path=landed / f"{sha256}.parquet",
        unreadable_path=landed / f"{sha256}.unreadable.parquet",
    )
    return _standard(workspace, content, workspace.cache_dir)


def _standard(workspace: Workspace, source: Source, cache: Path | None) -> StandardRows:
    return standard_rows(
        BuildSource(
            name=source.name,
            kind=source.kind,
            rows=source.landed_path,
            unreadable=source.unreadable_path,
            columns=source.columns,
            date_style=source.date_style or None,
        ),
        scratch=workspace.scratch_dir,
        cache=cache,
        country=workspace.settings.workspace.country or None,
    )


def remove_rows(
    workspace: Workspace, remembered: RememberedSource, numbers: dict[str, set[int]]
) -> int:
    """Write the contents of a source anew without these rows, then point the source at them.

    How many rows went. Killed in between, the source points at the old contents and the same call
    does it again.
    """
    renamed, removed = {}, 0
    for sha256, gone in numbers.items():
        if gone:
            done = without_rows(workspace.landed_dir, sha256, gone)
            removed += done.removed
            renamed[sha256] = done.landed
    renamed = {old: new for old, new in renamed.items() if new.sha256 != old}
    if not renamed:
        return 0
    now = renamed.get(remembered.sha256)
    changed = replace(
        remembered,
        arrivals=tuple(
            _renamed(arrival, {old: new.sha256 for old, new in renamed.items()})
            for arrival in remembered.arrivals
        ),
    )
    if now is not None:
        changed = replace(
            changed,
            sha256=now.sha256,
            rows_readable=now.rows_readable,
            rows_unreadable=now.rows_unreadable,
        )
    workspace.write_remembered(changed)
    for old in renamed:
        if not workspace.points_at(old):
            remove_content(workspace.landed_dir, old)
    return removed


@contextmanager
def _clean_cache(workspace: Workspace) -> Iterator[Callable[[], None]]:
    """Empty the cache of values if, in the block, it took in values of forgotten people.

    The block says so by calling what it is given. Killed before it can, a mark is left and the next
    one empties it.
    """
    mark = workspace.hidden_dir / "erasure" / "values_unclean"
    mark.parent.mkdir(exist_ok=True)
    found = mark.exists()
    mark.touch()

    def unclean() -> None:
        nonlocal found
        found = True

    yield unclean
    if found:
        standardisation.forget(workspace.cache_dir)
    mark.unlink(missing_ok=True)


def _renamed(arrival: Arrival, names: dict[str, str]) -> Arrival:
    return arrival[0], names.get(arrival[1], arrival[1])


def _looked_at(workspace: Workspace, source: Source, since: str) -> str:
    told = [
        source.sha256, source.arrivals, sorted(source.columns.items()), source.kind,
        source.date_style, workspace.settings.workspace.country, since, version("tieline"),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()

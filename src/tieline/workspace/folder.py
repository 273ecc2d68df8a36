"""The workspace: a folder with the user's settings, the sources that were added, and the rest."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from anyascii import anyascii

from tieline.data.kinds import KINDS
from tieline.data.mapping import map_columns, recognise_kind
from tieline.data.mapping.samples import sample_columns
from tieline.data.sources.landed import Landed
from tieline.errors import Place, TielineError
from tieline.workspace import continuation
from tieline.workspace.reading import read_settings
from tieline.workspace.secrets import stated_secret
from tieline.workspace.settings import Settings, SourceSettings
from tieline.workspace.source import (
    Arrival,
    RememberedSource,
    Source,
    effective,
    read_remembered,
)

if TYPE_CHECKING:
    from tieline.ledger import Ledger

SETTINGS_FILE = "tieline.toml"
_TAKEN = {"all": "all_records"}
"""Names that tables use for themselves: the funnel's row of all sources is `all`."""


class Workspace:
    """A workspace on disk. Settings are read once, when first asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settings_path = path / SETTINGS_FILE
        self.sources_dir = path / "sources"
        self.models_dir = path / "models"
        self.hidden_dir = path / ".tieline"
        self.landed_dir = self.hidden_dir / "landed"
        self.parameters_dir = self.hidden_dir / "parameters"
        self.snapshots_dir = self.hidden_dir / "snapshots"
        self.changes_dir = self.hidden_dir / "changes"
        self.cache_dir = self.hidden_dir / "cache"
        self.removed_sources_dir = self.hidden_dir / "removed_sources"
        self.scratch_dir = self.hidden_dir / "scratch"
        self.set_aside_events_dir = self.hidden_dir / "set_aside_events"

    @classmethod
    def create(cls, path: Path, *, name: str = "") -> Workspace:
        """Make a new workspace; TielineError `workspace_exists` if there is one already."""
        workspace = cls(path)
        if workspace.settings_path.exists():
            raise TielineError(
                "workspace_exists",
                f"{path} is a workspace already.",
                place=Place(str(workspace.settings_path)),
                next_step="Use it as it is, or name another folder.",
            )
        try:
            workspace._make_folders()
            fresh = files("tieline.workspace").joinpath("fresh.toml").read_text("utf-8")
            shown = (name or path.resolve().name).replace("\\", "").replace('"', "")
            _write(workspace.settings_path, fresh.replace("{name}", shown))
            _write(workspace.hidden_dir / ".gitignore", "*\n")
        except OSError as error:
            raise TielineError(
                "cannot_create",
                f"The workspace cannot be made here: {error.strerror}.",
                place=Place(str(path)),
                next_step="Name a folder you may write to.",
            ) from None
        return workspace

    @classmethod
    def open(cls, path: Path) -> Workspace:
        """The workspace in a folder; TielineError `no_workspace` if the folder is none."""
        workspace = cls(path)
        if not workspace.settings_path.is_file():
            raise TielineError(
                "no_workspace",
                f"{path} is not a Tieline workspace (it has no {SETTINGS_FILE}).",
                place=Place(str(path)),
                next_step=f"Make one with: tieline new {path}  or name one with -w DIR.",
            )
        workspace._make_folders()
        return workspace

    @cached_property
    def settings(self) -> Settings:
        """What `tieline.toml` says; TielineError with line and key where it is wrong."""
        return read_settings(self.settings_path)

    def ledger(self) -> Ledger:
        """The ledger of this workspace: a file in it, or the database that DATABASE_URL names.

        The caller closes it (`with workspace.ledger() as ledger`).
        """
        from tieline.ledger import open_ledger

        return open_ledger(self.hidden_dir)

    def source_settings(self, name: str) -> SourceSettings:
        """What the user says about one source, or about the log it continues; else the defaults."""
        if name in self.settings.sources:
            return self.settings.sources[name]
        known = self._known(name)
        said = self.settings.sources.get(known.continues) if known and known.continues else None
        if known is None or said is None:
            return SourceSettings()
        return _for_headers(said, [column.column for column in known.mapping])

    def sources(self) -> list[Source]:
        """Every source that was added, by name, with the user's corrections in force."""
        return [
            effective(self._remembered(path.stem), self.source_settings(path.stem), self.landed_dir)
            for path in sorted(self.sources_dir.glob("*.toml"))
        ]

    def source(self, name: str) -> Source:
        """One source by name; TielineError `unknown_source` if it was never added."""
        if not self._source_path(name).is_file():
            names = [path.stem for path in sorted(self.sources_dir.glob("*.toml"))]
            raise TielineError(
                "unknown_source",
                f"There is no source {name!r}.",
                next_step=f"Known are: {', '.join(names) or 'none; add one with tieline add'}.",
            )
        return effective(self._remembered(name), self.source_settings(name), self.landed_dir)

    def unused_settings(self) -> list[str]:
        """Names of `[sources.<name>]` sections for which no source was added."""
        return [n for n in self.settings.sources if not self._source_path(n).is_file()]

    def name_for(self, landed: Landed) -> str:
        """A name for a newly landed source: its own, unless another file has that already.

        The same file or the same content again keeps its name, so that adding it twice is once; so
        does a log that tells again what the one of that name told.
        """
        base = source_name(landed.name)
        name, number = base, 2
        while self._source_path(name).is_file():
            known = self._remembered(name)
            if _same_place(known.location, landed.location) or known.sha256 == landed.sha256:
                break
            if continuation.tells_again(self, known, landed):
                break
            name, number = f"{base}_{number}", number + 1
        return name

    def remember(
        self,
        landed: Landed,
        *,
        name: str = "",
        kind: str = "",
        location: str = "",
        samples: Mapping[str, Sequence[str]] | None = None,
    ) -> Source:
        """Add a landed source, or point the source of that name at new content.

        Columns with a header that is known from before keep their field; the others are mapped,
        and the kind is recognised unless it is given. What is written down is what was recognised:
        the user's corrections lie on top of it and can be taken back. `location` is written
        down instead of the landed one: pass it as the user wrote it where it names environment
        variables.
        """
        named, name = bool(name), source_name(name) if name else self.name_for(landed)
        name = continuation.newest_part(self, name)
        where = location or landed.location
        if stated_secret(where):
            raise TielineError(
                "secret_in_location",
                "The location holds a password, which would be written into the workspace.",
                place=Place(name),
                next_step="Put it into an environment variable and write ${NAME} in its place.",
            )
        if kind and kind not in KINDS:
            raise TielineError(
                "unknown_kind",
                f"There is no kind {kind!r}.",
                place=Place(name),
                next_step=f"Known are: {', '.join(KINDS)}.",
            )
        remembered = self._recognised(landed, name, kind, where, samples)
        settings = _for_headers(self.source_settings(name), landed.columns)
        kept = self._without_forgotten(remembered, settings)
        again = replace(landed, sha256=kept.sha256)
        if not named and continuation.newest_part(self, self.name_for(again)) != name:
            # Without the rows of forgotten people it is a list that is known by another name.
            return self.remember(again, name=self.name_for(again), kind=kind, location=location)
        kept = continuation.placed(self, kept, settings)
        self.write_remembered(kept)
        return effective(kept, settings, self.landed_dir)

    def would_be(self, landed: Landed, name: str, kind: str = "") -> Source:
        """What `remember` would make of a content, wherever it landed; nothing is written down."""
        settings = _for_headers(self.source_settings(name), landed.columns)
        found = self._recognised(landed, name, kind, landed.location, None)
        return effective(found, settings, landed.landed_dir)

    def _recognised(
        self,
        landed: Landed,
        name: str,
        kind: str,
        location: str,
        samples: Mapping[str, Sequence[str]] | None,
    ) -> RememberedSource:
        """What the content of a source means: its columns and its kind."""
        known = self._known(name)
        values = samples if samples is not None else sample_columns(landed.rows_path)
        before = {c.column: c for c in known.mapping if c.field} if known else {}
        mapping = map_columns(landed.columns, values, remembered=before)
        found, confidence, why = recognise_kind(mapping, landed.name, values)
        given = kind or (known.kind if known and known.kind_given else "")
        again = known is not None and known.sha256 == landed.sha256
        return RememberedSource(
            name=name,
            location=location,
            sha256=landed.sha256,
            kind=given or found,
            kind_confidence=1.0 if given else confidence,
            kind_why="named when it was added" if given else why,
            kind_given=bool(given),
            rows_read=landed.rows_read,
            rows_readable=landed.rows_readable,
            rows_unreadable=landed.rows_unreadable,
            mapping=mapping,
            arrivals=self._arrivals(known, landed.sha256),
            landed_on=known.landed_on if known and again else _day_in_the_east(),
        )

    def _without_forgotten(
        self, remembered: RememberedSource, settings: SourceSettings
    ) -> RememberedSource:
        """The source without the rows of forgotten people."""
        from tieline.workspace.tombstones import without_forgotten

        source = effective(remembered, settings, self.landed_dir)
        kept = without_forgotten(self, remembered, source)
        if kept.sha256 == remembered.sha256:
            return remembered
        # The same list again is no new arrival, once the same rows are gone.
        known = self._known(remembered.name)
        again = known is not None and known.sha256 == kept.sha256
        day = known.landed_on if known and again else kept.landed_on
        return replace(kept, arrivals=self._arrivals(known, kept.sha256), landed_on=day)

    def remembered(self, name: str) -> RememberedSource:
        """What is written down of a source, without the user's corrections."""
        return self._remembered(name)

    def write_remembered(self, remembered: RememberedSource) -> None:
        """Replace what is written down of a source, in one step."""
        _write(self._source_path(remembered.name), remembered.to_toml())

    def write_settings(self, text: str) -> None:
        """Replace the text of `tieline.toml`, in one step; what was read of it is read anew."""
        _write(self.settings_path, text)
        self.__dict__.pop("settings", None)

    def points_at(self, sha256: str) -> bool:
        """Whether a source has this content, now or earlier."""
        return any(
            sha256 == one.sha256 or sha256 in (sha for _, sha in one.arrivals)
            for one in map(self._remembered, self.source_names())
        )

    def _known(self, name: str) -> RememberedSource | None:
        return self._remembered(name) if self._source_path(name).is_file() else None

    def source_names(self) -> list[str]:
        """The names of all sources, sorted."""
        return [path.stem for path in sorted(self.sources_dir.glob("*.toml"))]

    def _arrivals(self, known: RememberedSource | None, sha256: str) -> tuple[Arrival, ...]:
        """The contents of a source with a new one; the one in force again is no new arrival."""
        before = known.arrivals if known else ()
        if before and before[-1][1] == sha256:
            return before
        others = [
            read_remembered(path)
            for folder in (self.sources_dir, self.removed_sources_dir)
            for path in sorted(folder.glob("*.toml"))
        ]
        last = max((number for one in others for number, _ in one.arrivals), default=0)
        return (*before, (last + 1, sha256))

    def _make_folders(self) -> None:
        for folder in (
            self.sources_dir,
            self.models_dir,
            self.landed_dir,
            self.parameters_dir,
            self.snapshots_dir,
            self.cache_dir,
            self.scratch_dir,
        ):
            folder.mkdir(parents=True, exist_ok=True)

    def _source_path(self, name: str) -> Path:
        return self.sources_dir / f"{name}.toml"

    def _remembered(self, name: str) -> RememberedSource:
        return read_remembered(self._source_path(name))


def source_name(text: str) -> str:
    """A name for a source that fits a file name, a TOML key and a table cell."""
    name = re.sub(r"[^a-z0-9]+", "_", anyascii(text).lower()).strip("_")
    return _TAKEN.get(name, name) or "source"


def _same_place(one: str, other: str) -> bool:
    return one == other or os.path.abspath(one) == os.path.abspath(other)


def _for_headers(settings: SourceSettings, columns: Sequence[str]) -> SourceSettings:
    """The settings without corrections for headers that the new content no longer has."""
    kept = {header: field for header, field in settings.columns.items() if header in columns}
    return settings.model_copy(update={"columns": kept})


def _day_in_the_east() -> date:
    """Today where the day begins first (UTC+14): what is dated later cannot have happened yet."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, so that a reader or a crash never sees half of it."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)

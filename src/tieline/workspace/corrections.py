"""What people say of one source, written into `tieline.toml`; comments and all else stay as is."""

from __future__ import annotations

import copy
import hashlib
import json
import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import tomlkit
from pydantic import ValidationError

from tieline.errors import Place, TielineError
from tieline.workspace.reading import explain, parse
from tieline.workspace.settings import Settings, SourceSettings
from tieline.workspace.source import Source, effective

if TYPE_CHECKING:
    from tieline.workspace.folder import Workspace

Said = Mapping[str, Any]
"""What the section of a source says: the keys of `SourceSettings` that are not the default."""

_DEFAULTS = SourceSettings().model_dump()


def said_of(workspace: Workspace, name: str) -> dict[str, Any]:
    """What `[sources.<name>]` says now; {} if there is no such section."""
    return _plain(workspace.settings.sources.get(name, SourceSettings()))


def version_of(said: Said) -> str:
    """A short name of what a section says: equal for equal corrections."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def tried(workspace: Workspace, name: str, said: Said) -> Source:
    """The source as it would be understood; nothing is written. TielineError if it cannot be."""
    whole = _settings(workspace, {**_values(workspace), "sources": {name: dict(said)}})
    return effective(workspace.remembered(name), whole.sources[name], workspace.landed_dir)


def say(workspace: Workspace, name: str, said: Said, *, seen: str) -> None:
    """Write what a section is to say, and nothing else of the file; {} takes the section away.

    `seen` is the version of what it said when it was changed: `changed_meanwhile` if it says
    something else by now. Raises what reading the settings raises; the file stays as it was then.
    """
    source = workspace.source(name)
    said = {key: value for key, value in said.items() if value != _DEFAULTS[key]}
    now = said_of(workspace, name)
    if version_of(now) != seen:
        raise TielineError(
            "changed_meanwhile",
            f"Somebody changed how {source.name} is understood since you opened it.",
            place=Place("tieline.toml"),
            next_step="Load the page again, look at what it says now, and change that.",
        )
    tried(workspace, name, said)
    text = workspace.settings_path.read_bytes().decode("utf-8-sig")
    expected = _expected(parse(text, workspace.settings_path.name), name, said)
    written = _written(text, name, said)
    try:
        told = tomllib.loads(written)
    except tomllib.TOMLDecodeError:
        told = {}
    if told != expected:
        # Rather no change than one that says something else in a place nobody looks at.
        raise TielineError(
            "written_by_hand",
            "The file is laid out in a way in which it cannot be changed from here.",
            place=Place("tieline.toml"),
            next_step=f"Write it by hand, in the section [sources.{name}].",
        )
    _settings(workspace, told)
    workspace.write_settings(written)


def _written(text: str, name: str, said: Said) -> str:
    """The text with the section changed, key by key, so that comments beside the others stay."""
    document = tomlkit.parse(text)
    sources = document.get("sources")
    if sources is None:
        if not said:
            return text
        document["sources"] = tomlkit.table(is_super_table=True)
        sources = document["sources"]
    section = sources.get(name)
    if section is None:
        if not said:
            return text
        sources[name] = tomlkit.table()
        section = sources[name]
    for key in [key for key in section if key not in said]:
        del section[key]
    for key, value in said.items():
        if key != "columns":
            if section.get(key) != value:
                section[key] = value
        else:
            _write_columns(section, value)
    if not section:
        del sources[name]
        if not sources:
            del document["sources"]
    return tomlkit.dumps(document)


def _write_columns(section: Any, columns: Mapping[str, str]) -> None:
    if "columns" not in section:
        section["columns"] = tomlkit.table()
    known = section["columns"]
    for header in [header for header in known if header not in columns]:
        del known[header]
    for header, field in columns.items():
        if known.get(header) != field:
            known[header] = field


def _expected(values: dict[str, Any], name: str, said: Said) -> dict[str, Any]:
    expected = copy.deepcopy(values)
    sources = expected.setdefault("sources", {})
    sources[name] = dict(said)
    if not sources[name]:
        del sources[name]
    if not sources:
        del expected["sources"]
    return expected


def _plain(settings: SourceSettings) -> dict[str, Any]:
    told = settings.model_dump()
    return {key: value for key, value in told.items() if value != _DEFAULTS[key]}


def _values(workspace: Workspace) -> dict[str, Any]:
    text = workspace.settings_path.read_bytes().decode("utf-8-sig")
    return parse(text, workspace.settings_path.name)


def _settings(workspace: Workspace, values: dict[str, Any]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        explain(error, "", workspace.settings_path.name, Settings)

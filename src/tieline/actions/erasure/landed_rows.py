"""The rows of a person in every landed content of every list, in force and earlier ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pyarrow as pa

from tieline.actions.erasure.plan import Plan
from tieline.actions.erasure.values import Values, rows_with
from tieline.data import erasure_keys
from tieline.workspace import Workspace
from tieline.workspace.source import RememberedSource, Source
from tieline.workspace.tombstones import Tombstones, content_rows, contents, remove_rows

_GONE = "(it named a person who was forgotten)"


def count_rows(workspace: Workspace, planned: Plan) -> dict[str, int]:
    """How many rows of each list would be removed, those of its earlier contents counted too."""
    salt = b"a dry run"
    stones = Tombstones(
        salt, frozenset((key[0], erasure_keys.digest(salt, key)) for key in planned.keys)
    )
    found = {}
    for source in workspace.sources():
        remembered = workspace.remembered(source.name)
        numbers = _numbers(
            workspace, remembered, source, planned.all_records, stones, planned.values
        )
        count = sum(map(len, numbers.values()))
        if count:
            found[source.name] = count
    return found


def clear_rows(
    workspace: Workspace, records: Collection[str], planned: Plan | None, values: Values
) -> dict[str, int]:
    """Remove the rows; how many of each list. What a source's own file quotes goes too."""
    with workspace.ledger() as ledger:
        stones = Tombstones.of(ledger)
    removed = {}
    for source in workspace.sources():
        remembered = workspace.remembered(source.name)
        numbers = _numbers(workspace, remembered, source, records, stones, values)
        count = remove_rows(workspace, remembered, numbers)
        if count:
            removed[source.name] = count
        _clear_words(workspace, source.name, values)
    return removed


def _numbers(
    workspace: Workspace,
    remembered: RememberedSource,
    source: Source,
    records: Collection[str],
    stones: Tombstones | None,
    values: Values,
) -> dict[str, set[int]]:
    """The row numbers to remove from each content of a source."""
    numbers = {}
    wanted = pa.array(sorted(records), pa.string())
    for sha256 in contents(remembered):
        found = content_rows(workspace, source, sha256)
        named = pa.compute.is_in(found.records["record_id"], value_set=wanted)
        hit = set(found.records.filter(named)["row_number"].to_pylist())
        hit |= stones.caught(found) if stones else set()
        # What no build reads can be the person's although it says so in older words only.
        texts = found.records["verbatim"].cast(pa.string())
        bad = found.records.filter(rows_with(texts, values.patterns()))
        hit |= set(bad["row_number"].to_pylist())
        numbers[sha256] = hit
    return numbers


def _clear_words(workspace: Workspace, name: str, values: Values) -> None:
    """Where the list came from, and why its columns were understood so, may name the person."""
    remembered = workspace.remembered(name)
    location = remembered.location
    columns = tuple(
        replace(column, why=_GONE) if values.hits(column.why) else column
        for column in remembered.mapping
    )
    changed = replace(
        remembered,
        location=_GONE if values.hits(location) else location,
        mapping=replace(remembered.mapping, columns=columns),
    )
    if changed != remembered:
        workspace.write_remembered(changed)

"""What a newer content of a list would change, row by row, before it takes the place of the old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tieline.data.kinds import KINDS
from tieline.data.sources.landed import Landed
from tieline.data.sql_text import literal
from tieline.engine.duck import DuckEngine
from tieline.engine.tables import quoted
from tieline.workspace.erased_rows import without_rows
from tieline.workspace.source import Source
from tieline.workspace.tombstones import rows_of_forgotten

if TYPE_CHECKING:
    from tieline.workspace.folder import Workspace

EXAMPLES = 5
MOST_NUMBERS = 20_000
"""Old rows that change or go, of which it is told whom they are about; more are only counted."""
_WHOLE_ROW = "the whole row"


@dataclass(frozen=True)
class Example:
    """One row: its number in the newer list (in the old one if it goes), and what it says.

    `cells` are (column, before, after); of a new row nothing is before, of one that goes after.
    """

    row_number: int
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Replacement:
    """How a newer content differs from the one in force.

    `known_by` says what makes two rows the same one. `numbers` are the rows of the old list that
    change or go, `going` those that go. `remapped` are (column, meant, would mean). `forgotten`
    counts rows of the newer list that are not kept, as they are of people who were forgotten.
    """

    name: str
    before: Source
    after: Source
    known_by: str
    new: int
    gone: int
    changed: int
    same: int
    examples: dict[str, tuple[Example, ...]]
    came: tuple[str, ...]
    went: tuple[str, ...]
    remapped: tuple[tuple[str, str, str], ...]
    numbers: tuple[int, ...]
    going: tuple[int, ...]
    forgotten: int
    is_log: bool

    def __bool__(self) -> bool:
        told = (self.new, self.gone, self.changed, self.came, self.went, self.remapped)
        return any(told) or self.before.kind != self.after.kind


def replacement(workspace: Workspace, landed: Landed, name: str, kind: str = "") -> Replacement:
    """Compare a content that landed apart from the workspace with the source of a name."""
    before, after = workspace.source(name), workspace.would_be(landed, name, kind)
    forgotten = rows_of_forgotten(workspace, after)
    if forgotten:
        kept = without_rows(landed.landed_dir, landed.sha256, forgotten).landed
        after = workspace.would_be(kept, name, kind)
    columns = [[c.column for c in source.mapping] for source in (before, after)]
    shared = [column for column in columns[0] if column in columns[1]]
    key, known_by = _key(before, shared)
    with DuckEngine(workspace.scratch_dir, threads=1) as engine:
        for side, source in (("before", before), ("after", after)):
            engine.read_parquet(f"{side}_rows", source.landed_path)
            engine.create(side, _keyed(f"{side}_rows", key, shared))
        engine.create("paired", _PAIRED)
        counts = {
            row["what"]: row["n"]
            for row in engine.arrow("SELECT what, count(*) AS n FROM paired GROUP BY 1").to_pylist()
        }
        examples = {
            what: _examples(engine, what, columns, shared) for what in ("changed", "new", "gone")
        }
        numbers = _numbers(engine, "'changed', 'gone'")
        going = _numbers(engine, "'gone'")
    return Replacement(
        name=name,
        before=before,
        after=after,
        known_by=known_by,
        **{what: counts.get(what, 0) for what in ("new", "gone", "changed", "same")},
        examples=examples,
        came=tuple(column for column in columns[1] if column not in columns[0]),
        went=tuple(column for column in columns[0] if column not in columns[1]),
        remapped=_remapped(before, after),
        numbers=numbers,
        going=going,
        forgotten=len(forgotten),
        is_log=before.kind in KINDS and KINDS[before.kind].is_memory,
    )


_PAIRED = (
    "SELECT a.row_number AS old_row, b.row_number AS new_row, CASE WHEN a.key IS NULL THEN 'new' "
    "WHEN b.key IS NULL THEN 'gone' WHEN a.text = b.text THEN 'same' ELSE 'changed' END AS what "
    "FROM before a FULL JOIN after b ON a.key = b.key"
)


def _key(before: Source, shared: Sequence[str]) -> tuple[str, str]:
    """The column that tells rows apart, '' if none does; and what it is called."""
    fields = before.mapping.by_field()
    for field, words in (("record_key", "the list's own id"), ("email", "the e-mail address")):
        if field in fields and fields[field].column in shared:
            return fields[field].column, f"{words} (column “{fields[field].column}”)"
    return "", _WHOLE_ROW


def _keyed(table: str, key: str, columns: Sequence[str]) -> str:
    """Rows with their text and a key that is theirs alone.

    Rows without one are known by all they say; of several with one the first is the first.
    """
    cells = ", ".join(f"coalesce(trim({quoted(c)}), '')" for c in columns) or "''"
    text = f"concat_ws(chr(31), {cells})"
    own = f"nullif(lower(trim({quoted(key)})), '')" if key else "NULL"
    return (
        "SELECT row_number, text, CASE WHEN own IS NOT NULL THEN 'k' || row_number() OVER "
        "(PARTITION BY own ORDER BY row_number) || ' ' || own ELSE 'r' || row_number() OVER "
        "(PARTITION BY own, text ORDER BY row_number) || ' ' || text END AS key "
        f"FROM (SELECT row_number, {text} AS text, {own} AS own FROM {table})"
    )


def _examples(
    engine: DuckEngine, what: str, columns: Sequence[Sequence[str]], shared: Sequence[str]
) -> tuple[Example, ...]:
    rows = engine.arrow(
        f"SELECT old_row, new_row FROM paired WHERE what = {literal(what)} "
        f"ORDER BY coalesce(new_row, old_row) LIMIT {EXAMPLES}"
    ).to_pylist()
    old = _rows(engine, "before_rows", [row["old_row"] for row in rows])
    new = _rows(engine, "after_rows", [row["new_row"] for row in rows])
    told = []
    for row in rows:
        one, other = old.get(row["old_row"], {}), new.get(row["new_row"], {})
        asked = shared if one and other else columns[0] if one else columns[1]
        pairs = [(c, (one.get(c) or "").strip(), (other.get(c) or "").strip()) for c in asked]
        told.append(
            Example(row["new_row"] or row["old_row"], tuple(p for p in pairs if p[1] != p[2]))
        )
    return tuple(told)


def _rows(engine: DuckEngine, table: str, numbers: list[int | None]) -> dict[int, dict[str, Any]]:
    asked = [str(number) for number in numbers if number is not None]
    if not asked:
        return {}
    found = engine.arrow(f"SELECT * FROM {table} WHERE row_number IN ({', '.join(asked)})")
    return {row["row_number"]: row for row in found.to_pylist()}


def _numbers(engine: DuckEngine, what: str) -> tuple[int, ...]:
    found = engine.arrow(
        f"SELECT old_row FROM paired WHERE what IN ({what}) ORDER BY 1 LIMIT {MOST_NUMBERS}"
    )
    return tuple(found["old_row"].to_pylist())


def _remapped(before: Source, after: Source) -> tuple[tuple[str, str, str], ...]:
    meant = {column.column: column.field or "" for column in before.mapping}
    return tuple(
        (column.column, meant[column.column], column.field or "")
        for column in after.mapping
        if column.column in meant and meant[column.column] != (column.field or "")
    )

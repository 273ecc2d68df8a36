"""Bring one table up to date: only the rows of touched keys are computed, by its own model.

The model runs unmodified on a second, small engine that holds no input rows but those of the
touched keys. What it makes of them replaces what the table had of these keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tieline.engine.content import Difference, compare
from tieline.engine.duck import DuckEngine, bucket_of
from tieline.engine.graph import compute
from tieline.engine.increment import Increment, Keys, Match
from tieline.engine.model import Model
from tieline.engine.table_files import Limits, alone, write_table
from tieline.engine.tables import Engine, Table, quoted
from tieline.errors import Place, TielineError


@dataclass(frozen=True)
class Input:
    """A table that another one is made from, by the names it has on the engine.

    `now` is the table, `old` what it was in the last build; `removed` and `added` are the rows in
    which they differ. For a table that has not changed, `old` is `now` and these are None. `types`
    are its columns, `files` those that it lies in, if it lies in any: several are as many `buckets`
    by the column `order`.
    """

    now: str
    old: str
    types: Mapping[str, str]
    files: tuple[Path, ...]
    order: str
    buckets: int
    removed: str | None = None
    added: str | None = None


def touched(
    model: Model, engine: DuckEngine, inputs: Mapping[str, Input], most: float
) -> Keys | None:
    """The keys of all rows that went or came, in a table on `engine`; None if more than `most`."""
    increment = _increment(model)
    versions = (
        {name: quoted(one.old) for name, one in inputs.items()},
        {name: quoted(one.now) for name, one in inputs.items()},
    )
    # A row is looked up in both: it may be another row that has moved it to another key.
    selects = {
        increment.keys_of(name, quoted(rows), tables): None
        for name, one in inputs.items()
        for rows in (one.removed, one.added)
        for tables in versions
        if rows is not None
    }
    engine.create("__touched", f"SELECT DISTINCT k FROM ({' UNION ALL '.join(selects)})")
    null = _count(engine, "SELECT 1 FROM __touched WHERE k IS NULL") > 0
    engine.create("__keys", "SELECT k FROM __touched WHERE k IS NOT NULL")
    engine.drop("__touched")
    count = Table(engine, "__keys").rows()
    return Keys("__keys", null and increment.nulls, count) if count <= most else None


def recompute(
    model: Model,
    engine: DuckEngine,
    small: DuckEngine,
    inputs: Mapping[str, Input],
    before: Input,
    keys: Keys,
    context: Mapping[str, Any],
) -> Difference | None:
    """Compute the rows of `keys` on the engine `small`, which is empty before and after.

    `before` is the table as it was. `__fresh` is left with all rows of the keys as they are now.
    None if the columns come out with other types than before, as they may where a function makes
    them of the few rows that it sees.
    """
    increment, name = _increment(model), model.name
    own = keys.match(increment.key)
    _hand_over(model, engine, small, inputs, keys)
    try:
        compute(model, small, context)
        check_nulls(model, small)
        if list(small.columns(name).items()) != list(before.types.items()):
            return None
        engine.create("__fresh", f"SELECT * FROM {small.full_name(name)} WHERE {own}")
    finally:
        for table in small.names():
            small.drop(table)
    engine.create("__stale", _cut(engine, before, [own], list(before.types)))
    difference = compare(engine, "__stale", "__fresh", name)
    engine.drop("__stale")
    engine.drop("__some")
    return difference


def _hand_over(
    model: Model,
    engine: DuckEngine,
    small: DuckEngine,
    inputs: Mapping[str, Input],
    keys: Keys,
) -> None:
    """Give the small engine the input rows that belong to the keys."""
    increment, words = _increment(model), model.words
    parts: dict[str, str] = {}
    for name in increment.in_order():
        parts[name] = small.full_name(name)
        matches = increment.needed(name, keys, parts)
        told = {r.other for routes in increment.routes.values() for r in routes if r.table == name}
        columns = [n for n in inputs[name].types if words is None or n.lower() in words | told]
        select = _cut(engine, inputs[name], matches, columns or list(inputs[name].types))
        engine.hand(small, name, select)
        engine.drop("__some")
    for name, one in inputs.items():
        if name not in increment.routes:
            # It has not changed, so it lies in files, and perhaps nobody has read it yet.
            small.read_files(name, one.files, one.types)


def _cut(engine: DuckEngine, table: Input, matches: Sequence[Match], columns: Sequence[str]) -> str:
    """A SELECT of some columns of the matching rows; it may read a view `__some`, then made."""
    where = " OR ".join(str(match) for match in matches)
    source = quoted(table.now)
    if len(table.files) > 1:
        # Whole rows are wide: which files have some is told by few columns, or by the keys alone.
        buckets = _buckets(engine, table, matches, where)
        files = [file for file in table.files if int(file.stem) in buckets]
        engine.read_files("__some", files or table.files[:1], table.types)
        source = "__some"
    return f"SELECT {', '.join(quoted(name) for name in columns)} FROM {source} WHERE {where}"


def _buckets(engine: DuckEngine, table: Input, matches: Sequence[Match], where: str) -> set[int]:
    """The buckets that can have matching rows."""
    select = f"SELECT {bucket_of(quoted(table.order), table.buckets)} AS b FROM {quoted(table.now)}"
    if all(match.column == table.order for match in matches):
        typed = f"CAST(k AS {table.types[table.order]})"
        found = [f"SELECT {typed} AS k FROM ({match.values})" for match in matches]
        found += ["SELECT NULL" for match in matches if match.null]
        select = f"SELECT {bucket_of('k', table.buckets)} AS b FROM ({' UNION ALL '.join(found)})"
    else:
        select += f" WHERE {where}"
    return set(engine.arrow(f"SELECT DISTINCT b FROM ({select})").column("b").to_pylist())


def check_nulls(model: Model, engine: Engine) -> None:
    """Raise `wrong_increment` if the table has NULL for a key that its header says is none."""
    increment = model.header.increment
    if increment is None or increment.nulls:
        return
    found = f"SELECT 1 FROM {quoted(model.name)} WHERE {quoted(increment.key)} IS NULL"
    if _count(engine, found):
        raise TielineError(
            "wrong_increment",
            f"{model.name} has rows without {increment.key}, though its header says nulls: none.",
            place=Place(str(model.file)),
        )


def rewrite(
    model: Model,
    engine: DuckEngine,
    files: Sequence[Path],
    keys: Keys,
    difference: Difference,
    rows: int,
    folder: Path,
    limits: Limits,
) -> tuple[Path, ...]:
    """Write the changed table into `folder` and return its files, unchanged ones among them.

    `files` are those it had, `rows` how many rows it has now; `__fresh` are those of the keys.
    """
    name, order_by = model.name, model.header.key
    among = keys.match(_increment(model).key)
    if alone(files, name) or rows <= limits.single_file_rows:
        old = f"SELECT * FROM {quoted(f'__old_{name}')} WHERE ({among}) IS NOT TRUE"
        engine.create("__whole", f"{old} UNION ALL SELECT * FROM __fresh")
        written = write_table(engine, "__whole", folder, order_by, limits, named=name)
        engine.drop("__whole")
        return written
    bucket = bucket_of(quoted(order_by[0]), limits.buckets)
    differing = " UNION ALL ".join(
        f"SELECT {bucket} AS b FROM {quoted(table)}"
        for table in (difference.removed, difference.added)
    )
    found = engine.arrow(f"SELECT DISTINCT b FROM ({differing})")
    buckets = {int(one) for one in found.column("b").to_pylist()}
    rewritten = [file for file in files if int(file.stem) in buckets]
    select = f"SELECT * FROM __fresh WHERE {bucket} IN ({_listed(buckets)})"
    if rewritten:
        engine.read_files("__before", rewritten, engine.columns(f"__old_{name}"))
        select += f" UNION ALL SELECT * FROM __before WHERE ({among}) IS NOT TRUE"
    engine.create("__whole", select)
    engine.write_parquet("__whole", folder / name, order_by, buckets=limits.buckets)
    engine.drop("__whole")
    engine.drop("__before")
    left = [file for file in files if file not in rewritten]
    return tuple(sorted([*left, *(folder / name).glob("*.parquet")], key=lambda file: file.name))


def _listed(buckets: set[int]) -> str:
    return ", ".join(str(one) for one in sorted(buckets))


def _count(engine: Engine, select: str) -> int:
    return int(engine.arrow(f"SELECT count(*) AS n FROM ({select})").column("n")[0].as_py())


def _increment(model: Model) -> Increment:
    assert model.header.increment is not None
    return model.header.increment

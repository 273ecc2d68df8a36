"""Run one kind of value over the distinct texts of a table: cached, in two processes if it pays.

A kind is a module of this package (see `Kind`). Lists repeat themselves, so only distinct tuples of
raw texts are worked on, and what was worked on once is read from a Parquet file the next time. The
cache holds the raw texts, which may be personal: whoever erases a person calls `forget` as well.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.data.values.second_process import SecondProcess, SecondProcessError


class Kind(Protocol):
    """A module of this package: what it reads, what it gives, and how.

    A kind may also name the packages its answers depend on in `LIBRARIES`; a new version of one of
    them makes the cache stale just as a new `VERSION` does.
    """

    __name__: str
    VERSION: int
    INPUTS: tuple[str, ...]
    OUTPUT: pa.Schema

    def standardise(self, distinct: pa.Table) -> pa.Table:
        """One output row per input row, in the same order."""
        ...


Progress = Callable[[int, int], None]
"""Called with (rows done, rows in all) of the rows that had to be worked out."""

# The first rows load the word lists; the next are timed to learn what the rest costs here.
_WARM_UP_ROWS = 100
_TRIAL_ROWS = 2_000
_CHUNK_ROWS = 10_000
# Until a second process has imported everything and read the word lists; measured. Below some
# three times that it slows more than it helps: 100,000 names took longer with it than without.
_PROCESS_START_SECONDS = 1.5
_SECONDS_WORTH_A_PROCESS = 4.0


def raw_name(input_name: str) -> str:
    """The column of the result that holds the raw text of one input."""
    return f"raw_{input_name}"


def distinct_inputs(kind: Kind, table: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    """The distinct raw tuples of a kind, named by its inputs; NULL where no column is given.

    Rows keep the order of first appearance.
    """
    unknown = sorted(set(columns) - set(kind.INPUTS))
    if unknown:
        raise ValueError(f"{kind.__name__} has no input {unknown[0]!r}; it has {kind.INPUTS}")
    nulls = pa.nulls(table.num_rows, pa.string())
    raw = pa.table(
        {
            name: table.column(columns[name]).cast(pa.string()) if name in columns else nulls
            for name in kind.INPUTS
        }
    )
    key = _key(raw)
    return raw.take(pc.index_in(pc.unique(key), value_set=key))


def standardise(
    kind: Kind,
    table: pa.Table,
    columns: Mapping[str, str],
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> pa.Table:
    """The distinct raw tuples (`raw_<input>`) beside their standard values, one row per tuple.

    `columns` says which column of the table is which input. Join on all `raw_` columns with
    IS NOT DISTINCT FROM: a missing text is NULL.
    """
    distinct = distinct_inputs(kind, table, columns)
    distinct = distinct.rename_columns([raw_name(name) for name in kind.INPUTS])
    if cache_dir is None:
        return _worked_out(kind, distinct, progress)
    path = cache_path(kind, cache_dir)
    cached = _read(path, kind)
    found = pc.index_in(_key(distinct), value_set=_cached_key(cached, kind))
    missing = distinct.filter(pc.is_null(found))
    if missing.num_rows:
        cached = pa.concat_tables([cached, _worked_out(kind, missing, progress)])
        _write(cached, path)
        found = pc.index_in(_key(distinct), value_set=_cached_key(cached, kind))
    return cached.take(found).combine_chunks()


def forget(cache_dir: Path) -> None:
    """Delete every cached value: the raw texts of erased people must not survive here."""
    for path in sorted(cache_dir.glob("*.values.parquet")):
        path.unlink(missing_ok=True)


def cache_path(kind: Kind, cache_dir: Path) -> Path:
    """The cache file of a kind as it works today: its version, its columns, its libraries."""
    libraries: tuple[str, ...] = getattr(kind, "LIBRARIES", ())
    stamp = [*kind.INPUTS, *(f"{field.name} {field.type}" for field in kind.OUTPUT)]
    stamp += [f"{library} {version(library)}" for library in libraries]
    digest = hashlib.sha256("\n".join(stamp).encode()).hexdigest()[:12]
    noun = kind.__name__.rpartition(".")[2]
    return cache_dir / f"{noun}-{kind.VERSION}-{digest}.values.parquet"


def _schema(kind: Kind) -> pa.Schema:
    raw = [pa.field(raw_name(name), pa.string()) for name in kind.INPUTS]
    return pa.schema(raw + list(kind.OUTPUT))


def _cached_key(cached: pa.Table, kind: Kind) -> pa.ChunkedArray:
    return _key(cached.select([raw_name(name) for name in kind.INPUTS]))


def _key(raw: pa.Table) -> pa.ChunkedArray:
    """One text per raw tuple, different for different tuples (NULL and '' are different too)."""
    columns = raw.columns
    if len(columns) == 1:
        return columns[0]
    escaped = []
    for column in columns:
        for sign, written in (("\x1e", "\x1e0"), ("\x1f", "\x1e1"), ("\x00", "\x1e2")):
            column = pc.replace_substring(column, pattern=sign, replacement=written)
        escaped.append(column)
    return pc.binary_join_element_wise(
        *escaped, "\x1f", null_handling="replace", null_replacement="\x00"
    )


def _read(path: Path, kind: Kind) -> pa.Table:
    """The cached rows; none when the file is absent, damaged or of another shape."""
    schema = _schema(kind)
    try:
        cached = pq.read_table(path)
    except (OSError, pa.ArrowException):
        return schema.empty_table()
    return cached if cached.schema.equals(schema) else schema.empty_table()


def _write(cached: pa.Table, path: Path) -> None:
    """Write beside the cache file and rename, so that a reader never sees half a file.

    Two writers at a time lose one's rows: they are worked out again, nothing is wrong.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".part", dir=path.parent)
    os.close(handle)
    try:
        pq.write_table(cached, name, compression="zstd")
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _worked_out(kind: Kind, raw: pa.Table, progress: Progress | None) -> pa.Table:
    total = raw.num_rows
    report = progress or (lambda done, total: None)
    inputs = raw.rename_columns(list(kind.INPUTS))
    parts = [kind.standardise(inputs.slice(0, _WARM_UP_ROWS))]
    started = time.perf_counter()
    parts.append(kind.standardise(inputs.slice(_WARM_UP_ROWS, _TRIAL_ROWS)))
    seconds = time.perf_counter() - started
    done = min(total, _WARM_UP_ROWS + _TRIAL_ROWS)
    seconds_left = seconds * (total - done) / _TRIAL_ROWS
    report(done, total)
    second: SecondProcess | None = None
    own_end = total
    if seconds_left > _SECONDS_WORTH_A_PROCESS:
        own_share = min(1.0, 0.5 + _PROCESS_START_SECONDS / (2 * seconds_left))
        own_end = done + int((total - done) * own_share)
        second = SecondProcess(kind.__name__, inputs.slice(own_end))
    for start in range(done, own_end, _CHUNK_ROWS):
        chunk = inputs.slice(start, min(_CHUNK_ROWS, own_end - start))
        parts.append(kind.standardise(chunk))
        report(start + chunk.num_rows, total)
    if second is not None:
        try:
            parts.append(second.result())
        except SecondProcessError:
            # Some systems do not let a program start Python; the work is then done here.
            parts.append(kind.standardise(inputs.slice(own_end)))
        report(total, total)
    standard = pa.concat_tables(parts)
    return pa.table(list(raw.columns) + list(standard.columns), schema=_schema(kind))

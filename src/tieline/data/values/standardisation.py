"""Run kinds of values over the distinct texts of a table: cached, in two processes if it pays.

A kind is a module of this package (see `Kind`). Lists repeat themselves, so only distinct tuples of
raw texts are worked on, and what was worked on once is read from a Parquet file the next time. The
cache holds the raw texts, which may be personal: whoever erases a person calls `forget` as well.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.data.values.second_process import SecondProcess
from tieline.data.values.shared_work import Chunk, work_off


class Kind(Protocol):
    """A module of this package: what it reads, what it gives, and how.

    A kind may also name the packages its answers depend on in `LIBRARIES`; a new version of one of
    them makes the cache stale just as a new `VERSION` does.
    """

    __name__: str
    VERSION: int
    OUTPUT: pa.Schema

    @property
    def INPUTS(self) -> tuple[str, ...]:
        """The names of the raw texts it reads."""
        ...

    def standardise(self, distinct: pa.Table) -> pa.Table:
        """One output row per input row, in the same order."""
        ...


Progress = Callable[[int, int], None]
"""Called with (rows done, rows in all) of the rows that had to be worked out."""

# Small enough that neither process waits long for the other's last one.
_CHUNK_ROWS = 4_000


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
    with SecondProcess() as second:
        return standardise_all([(kind, distinct)], cache_dir, second, progress)[0]


def standardise_all(
    wanted: Sequence[tuple[Kind, pa.Table]],
    cache_dir: Path | None,
    second: SecondProcess,
    progress: Progress | None = None,
) -> list[pa.Table]:
    """Of each kind the distinct raw tuples (`raw_<input>`) beside their standard values.

    The tables hold distinct tuples named by the kind's inputs. Put the costliest kind first: the
    second process begins there and this one at the end.
    """
    raws = [
        distinct.select(kind.INPUTS).rename_columns([raw_name(name) for name in kind.INPUTS])
        for kind, distinct in wanted
    ]
    kinds = [kind for kind, _ in wanted]
    if cache_dir is None:
        return _worked_out(list(zip(kinds, raws, strict=True)), second, progress)
    paths = [cache_path(kind, cache_dir) for kind in kinds]
    cached = [_read(path, kind) for path, kind in zip(paths, kinds, strict=True)]
    found = [
        pc.index_in(_key(raw), value_set=_cached_key(rows, kind))
        for kind, raw, rows in zip(kinds, raws, cached, strict=True)
    ]
    missing = [raw.filter(pc.is_null(rows)) for raw, rows in zip(raws, found, strict=True)]
    new = _worked_out(list(zip(kinds, missing, strict=True)), second, progress)
    for number, (kind, rows) in enumerate(zip(kinds, new, strict=True)):
        if rows.num_rows:
            cached[number] = pa.concat_tables([cached[number], rows])
            _write(cached[number], paths[number])
            key = _cached_key(cached[number], kind)
            found[number] = pc.index_in(_key(raws[number]), value_set=key)
    return [rows.take(places).combine_chunks() for rows, places in zip(cached, found, strict=True)]


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
        if not pc.any(pc.match_substring_regex(column, r"[\x00\x1e\x1f]")).as_py():
            escaped.append(column)
            continue
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
        cached = pq.ParquetFile(path).read()
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


def _worked_out(
    wanted: Sequence[tuple[Kind, pa.Table]], second: SecondProcess, progress: Progress | None
) -> list[pa.Table]:
    chunks: list[Chunk] = []
    ends: list[int] = []
    for kind, raw in wanted:
        inputs = raw.rename_columns(list(kind.INPUTS))
        starts = range(0, raw.num_rows, _CHUNK_ROWS)
        chunks += [Chunk(kind, inputs.slice(start, _CHUNK_ROWS)) for start in starts]
        ends.append(len(chunks))
    total = sum(raw.num_rows for _, raw in wanted)
    report = progress or (lambda done, total: None)
    parts = work_off(chunks, second, lambda done: report(done, total)) if total else []
    tables = []
    for (kind, raw), start, end in zip(wanted, [0, *ends], ends, strict=False):
        standard = pa.concat_tables([kind.OUTPUT.empty_table(), *parts[start:end]])
        columns = list(raw.columns) + list(standard.columns)
        tables.append(pa.table(columns, schema=_schema(kind)))
    return tables

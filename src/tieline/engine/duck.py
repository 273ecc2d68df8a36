"""The default engine: DuckDB in this process, spilling to disk what memory cannot hold."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import duckdb
import pyarrow as pa

from tieline.engine import parquet
from tieline.engine.interrupt import heeding_interrupts
from tieline.engine.tables import checked_name, quoted
from tieline.errors import Place, TielineError

# DuckDB sums whole numbers in 128 bits and has unsigned ones; Spark's end at 64 bits.
# A column of nothing but NULL has no type; DuckDB would make it INTEGER.
_KEPT_AS = {"HUGEINT": "BIGINT", "UHUGEINT": "BIGINT", "UBIGINT": "BIGINT", '"NULL"': "VARCHAR"}


class DuckEngine:
    """Tables in an in-process DuckDB; runs the portable SELECTs as they are written.

    `scratch` is a folder for what does not fit into memory (a temporary one if not given; its
    content is removed on close), `memory_limit` a DuckDB size such as "4GB" (80 % of the machine
    if not given), `threads` the number of worker threads (all processors if not given).
    """

    def __init__(
        self,
        scratch: Path | None = None,
        *,
        memory_limit: str | None = None,
        threads: int | None = None,
    ) -> None:
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        self._scratch: Path | None = Path(tempfile.mkdtemp(prefix="spill-", dir=scratch))
        self._catalog = "memory"
        config: dict[str, Any] = {
            "threads": threads or len(os.sched_getaffinity(0)),
            "temp_directory": str(self._scratch),
            # Rows keep the order of the file they came from, whatever the number of threads.
            "preserve_insertion_order": True,
            # A table name must never be answered by a Python variable or a download.
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # A join probes the side written first. Left to choose, DuckDB 2.0 probes the smaller
            # side of a long-by-short join, of one row group, and so with one thread.
            "disabled_optimizers": "build_side_probe_side",
        }
        if memory_limit:
            config["memory_limit"] = memory_limit
        self._connection = duckdb.connect(":memory:", config=config)
        _quiet(self._connection)
        # What is there, so that looking costs no statement: a build would make a thousand of them.
        self._tables: set[str] = set()
        self._views: set[str] = set()
        self._columns: dict[str, dict[str, str]] = {}
        self._counts: dict[str, int] = {}
        # Binding a SELECT before it is computed tells its types; where there are few rows, it is
        # quicker to look at what came out.
        self._looks_after = threads == 1

    @heeding_interrupts()
    def create(self, name: str, select: str) -> None:
        """Compute `select` now and keep its rows as table `name`, replacing one of that name."""
        self._replace(name, select)

    @heeding_interrupts()
    def load(self, name: str, table: pa.Table) -> None:
        """Keep the rows of an Arrow table as table `name`, replacing one of that name."""
        # One copy into DuckDB's own format: it is compressed, can spill, and is seen by cursors.
        self._connection.register("__arrow", _without_null_type(table))
        try:
            self._replace(name, "SELECT * FROM __arrow")
        finally:
            self._connection.unregister("__arrow")

    @heeding_interrupts()
    def arrow(self, select: str) -> pa.Table:
        """Return the rows of `select`."""
        with _explaining(select):
            relation = self._connection.sql(select)
            narrowed = _narrowed(select, _types(relation))
            if narrowed != select:
                relation = self._connection.sql(narrowed)
            return relation.to_arrow_table()

    @heeding_interrupts()
    def dicts(self, select: str) -> list[dict[str, Any]]:
        """Return the rows of `select` as dicts; of few rows it takes half the time of `arrow`."""
        with _explaining(select):
            result = self._connection.execute(select)
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    @heeding_interrupts()
    def schema(self, select: str) -> pa.Schema:
        """Return the names and Arrow types of the columns of `select` without computing it."""
        with _explaining(select):
            narrowed = _narrowed(select, _types(self._connection.sql(select)))
            empty = f"SELECT * FROM ({narrowed}) LIMIT 0"
            return self._connection.sql(empty).to_arrow_table().schema

    @heeding_interrupts()
    def columns(self, name: str) -> dict[str, str]:
        """Return column name -> DuckDB type name of one table, in the order of the columns."""
        if name not in self._columns:
            described = self._run(f"DESCRIBE {quoted(checked_name(name))}")
            self._columns[name] = {row[0]: row[1] for row in described}
        return dict(self._columns[name])

    @heeding_interrupts()
    def read_parquet(self, name: str, path: Path) -> None:
        """Make a Parquet file, or all files of a folder, readable as table `name`, not copied."""
        self.read_files(name, sorted(path.glob("*.parquet")) if path.is_dir() else [path])

    @heeding_interrupts()
    def read_files(
        self, name: str, files: Sequence[Path], types: Mapping[str, str] | None = None
    ) -> None:
        """Make Parquet files readable as one table `name`, not copied; columns as in `types`."""
        missing = [file for file in files if not file.exists()]
        if missing or not files:
            raise TielineError(
                "missing_file",
                "There is no such Parquet file.",
                place=Place(str(missing[0] if missing else name)),
                next_step="Run `tieline build` to make it again.",
            )
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        # A folder called `a=b` on the way there is no column of ours.
        source = f"read_parquet([{listed}], hive_partitioning = false)"
        self.drop(name)
        if types is not None:
            found = {row[0]: row[1] for row in self._run(f"DESCRIBE SELECT * FROM {source}")}
            # Parquet has fewer types than DuckDB.
            casts = [
                f"CAST({quoted(n)} AS {types[n]}) AS {quoted(n)}"
                for n in types
                if found[n] != types[n]
            ]
            source = f"(SELECT * REPLACE ({', '.join(casts)}) FROM {source})" if casts else source
        self._run(f"CREATE VIEW {quoted(checked_name(name))} AS SELECT * FROM {source}")
        self._views.add(name)

    @heeding_interrupts()
    def write_parquet(
        self, name: str, path: Path, order_by: Sequence[str], *, buckets: int = 1
    ) -> None:
        """Write table `name` as Parquet; identical tables give byte-identical files.

        Rows are sorted by `order_by`, and by all other columns where that leaves ties. With
        `buckets` above 1, `path` is a new folder of as many files (see `bucket_of`).
        """
        if not self.rows(name):
            order_by = ()
        order = self._order(name, order_by)
        select = f"SELECT * FROM {quoted(checked_name(name))} ORDER BY {order}"
        if buckets > 1:
            bucket = f"{bucket_of(quoted(order_by[0]), buckets)} AS __bucket"
            select = f"SELECT *, {bucket} FROM {quoted(name)} ORDER BY __bucket, {order}"
        write = parquet.write_buckets if buckets > 1 else parquet.write
        # A half-read result blocks its connection; on one of its own it goes when that is closed.
        cursor = self.cursor()
        try:
            with _explaining(select):
                reader = cursor.sql(select).to_arrow_reader(parquet.ROW_GROUP)
            write(_read(reader, select), reader.schema, path)
        finally:
            cursor.close()

    @heeding_interrupts()
    def copy_parquet(self, name: str, path: Path) -> None:
        """Write table `name` as one Parquet file, not sorted: quicker, and not always the same."""
        target = str(path).replace("'", "''")
        self._run(
            f"COPY {quoted(checked_name(name))} TO '{target}' "
            "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        )
        parquet.flush(path)

    @heeding_interrupts()
    def drop(self, name: str) -> None:
        """Forget table `name`; nothing happens if there is none."""
        if name in self._views | self._tables:
            kind = "VIEW" if name in self._views else "TABLE"
            self._run(f"DROP {kind} IF EXISTS {quoted(checked_name(name))}")
            self._views.discard(name)
            self._tables.discard(name)
        self._forget(name)

    def rows(self, name: str) -> int:
        """Return the number of rows of table `name`."""
        if name not in self._counts:
            (counted,) = self._run(f"SELECT count(*) FROM {quoted(checked_name(name))}")
            if name not in self._tables:
                return int(counted[0])
            self._counts[name] = int(counted[0])
        return self._counts[name]

    def names(self) -> frozenset[str]:
        """Return the names of all tables."""
        return frozenset(self._tables | self._views)

    def cursor(self, schema: str | None = None) -> duckdb.DuckDBPyConnection:
        """Return a second connection to the same tables, for libraries that speak DuckDB.

        With `schema`, what it creates lands in that schema and the engine's tables stay readable.
        The caller closes it and drops what it made.
        """
        cursor = self._connection.cursor()
        _quiet(cursor)
        if schema is not None:
            cursor.sql(f"CREATE SCHEMA IF NOT EXISTS {quoted(checked_name(schema))}")
            cursor.execute(f"SET search_path = '{schema},main'").fetchall()
        return cursor

    def apart(self, name: str) -> DuckEngine:
        """Return an empty engine in the memory of this one, which it calls `name`.

        Neither sees the tables of the other but by their full names (see `full_name`), by which
        rows go from one to the other quickest. It is closed before this one.
        """
        self._run(f"ATTACH ':memory:' AS {quoted(checked_name(name))}")
        other = object.__new__(DuckEngine)
        other._scratch, other._catalog = None, name
        other._connection = self._connection.cursor()
        other._tables, other._views, other._columns, other._counts = set(), set(), {}, {}
        other._looks_after = self._looks_after
        _quiet(other._connection)
        other._run(f"USE {quoted(name)}")
        return other

    def full_name(self, name: str) -> str:
        """Return what a table of this engine is called in SQL on an engine that is apart."""
        return f"{quoted(self._catalog)}.main.{quoted(name)}"

    @heeding_interrupts()
    def hand(self, other: DuckEngine, name: str, select: str) -> None:
        """Keep the rows that this engine's `select` has as table `name` of an engine apart."""
        self._run(f"CREATE OR REPLACE TABLE {other.full_name(name)} AS {self._narrowed(select)}")
        other._tables.add(name)
        other._forget(name)

    def close(self) -> None:
        """Free memory and scratch files; the engine cannot be used afterwards."""
        self._connection.close()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _replace(self, name: str, select: str) -> None:
        target = quoted(checked_name(name))
        if not self._looks_after:
            select = self._narrowed(select)
        self._forget(name)
        if name in self._views:
            # The select may read the view that it replaces.
            counted = self._run(f"CREATE OR REPLACE TABLE __new AS {select}")
            self.drop(name)
            self._run(f"ALTER TABLE __new RENAME TO {target}")
        else:
            counted = self._run(f"CREATE OR REPLACE TABLE {target} AS {select}")
        self._tables.add(name)
        self._counts[name] = int(counted[0][0])
        if self._looks_after:
            self._narrow(name, select)

    def _narrow(self, name: str, select: str) -> None:
        """Give a table the types that every engine has, if it came out with others."""
        types = self.columns(name)
        # A column of nothing but NULL came out as INTEGER: the SELECT tells whether it was one.
        if "INTEGER" not in types.values() and not _KEPT_AS.keys() & set(types.values()):
            return
        with _explaining(select):
            wanted = _types(self._connection.sql(select))
        casts = _narrowed(f"SELECT * FROM {quoted(name)}", wanted)
        if wanted.keys() == types.keys() and _KEPT_AS.keys() & set(wanted.values()):
            self._run(f"CREATE OR REPLACE TABLE {quoted(name)} AS {casts}")
            self._columns.pop(name, None)

    def _forget(self, name: str) -> None:
        self._columns.pop(name, None)
        self._counts.pop(name, None)

    def _narrowed(self, select: str) -> str:
        """Return `select` with the types that every engine has (see `_KEPT_AS`)."""
        with _explaining(select):
            return _narrowed(select, _types(self._connection.sql(select)))

    def _order(self, name: str, order_by: Sequence[str]) -> str:
        keys = [quoted(column) for column in order_by]
        others = [quoted(column) for column in self.columns(name) if column not in order_by]
        if not keys:
            return ", ".join(others)
        # Sorting by all columns is slow and seldom needed: only where the key leaves ties.
        ties = self._run(
            f"SELECT 1 FROM {quoted(name)} GROUP BY {', '.join(keys)} HAVING count(*) > 1 LIMIT 1"
        )
        return ", ".join(keys + others if ties else keys)

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        with _explaining(statement):
            # Always read to the end: an unread result blocks the connection in DuckDB 2.0.
            rows: list[tuple[Any, ...]] = self._connection.execute(statement).fetchall()
            return rows


def _quiet(connection: duckdb.DuckDBPyConnection) -> None:
    # What a slow statement would print lands in the output of a command.
    connection.execute("SET enable_progress_bar = false").fetchall()


def _types(relation: duckdb.DuckDBPyRelation) -> dict[str, str]:
    """Column name -> DuckDB type name of what a SELECT gives, which only binding it tells."""
    return dict(zip(relation.columns, map(str, relation.types), strict=True))


def _narrowed(select: str, types: Mapping[str, str]) -> str:
    casts = ", ".join(
        f"CAST({quoted(name)} AS {_KEPT_AS[kind]}) AS {quoted(name)}"
        for name, kind in types.items()
        if kind in _KEPT_AS
    )
    return f"SELECT * REPLACE ({casts}) FROM ({select})" if casts else select


def bucket_of(value: str, buckets: int) -> str:
    """The bucket of a value in SQL, 0 to `buckets` - 1 (a power of 2, at most 256).

    It is cut from the md5 of its text, which no version or engine computes otherwise.
    """
    text = f"md5(coalesce(CAST({value} AS VARCHAR), ''))"
    digits = [f"(instr('0123456789abcdef', substr({text}, {place}, 1)) - 1)" for place in (1, 2)]
    return f"CAST(({digits[0]} * 16 + {digits[1]}) % {buckets} AS INTEGER)"


def _without_null_type(table: pa.Table) -> pa.Table:
    # A column of nothing but NULL has no type in Arrow; DuckDB would make it INTEGER.
    fields = [
        pa.field(field.name, pa.string() if pa.types.is_null(field.type) else field.type)
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


@contextmanager
def _explaining(statement: str) -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as problem:
        raise _explained(problem, statement) from problem


def _read(reader: pa.RecordBatchReader, statement: str) -> Iterator[pa.RecordBatch]:
    """Give the batches of a result; a failure is the statement's, not that of who writes them."""
    while True:
        with _explaining(statement):
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
        yield batch


def _explained(problem: Exception, statement: str) -> TielineError:
    text = str(problem)
    if "No space left" in text or "max_temp_directory_size" in text or "File too large" in text:
        return TielineError(
            "disk_full",
            "There is no space left for intermediate results.",
            next_step="Free some disk space and run the command again; nothing was changed.",
        )
    if isinstance(problem, duckdb.OutOfMemoryException) or "Out of Memory" in text:
        return TielineError(
            "out_of_memory",
            f"The memory limit is too small for this step ({text.splitlines()[0]}).",
            next_step="Raise the memory limit, or close other programs.",
        )
    return TielineError(
        "query_failed",
        f"DuckDB cannot run this statement: {text}",
        place=Place(" ".join(statement.split())[:200]),
    )

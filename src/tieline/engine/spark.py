"""The Spark family: classic Spark, Spark Connect and Sail run the same SELECTs, translated.

An in-process DuckDB without rows stands beside the session. It says which columns and types a
SELECT has, so that every engine gives the same types, and refuses what DuckDB would refuse.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from tieline.engine.duck import DuckEngine
from tieline.engine.tables import checked_name, quoted
from tieline.errors import Place, TielineError


class SparkEngine:
    """Tables as Parquet folders in `scratch`, computed by a Spark session.

    `scratch` must be a folder that this process and the workers both see (a local one for Sail and
    local Spark). Each table is written down when it is made, so that no plan grows without end.
    """

    def __init__(self, session: Any, scratch: Path | None = None) -> None:
        self._session = session
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(prefix="spark-", dir=scratch)).resolve()
        self._shadow = DuckEngine(self._scratch / "shadow", threads=1)
        self._tables: dict[str, Path] = {}
        self._made = 0
        _prepare(session)

    def create(self, name: str, select: str) -> None:
        """Compute `select` now and keep its rows as table `name`, replacing one of that name."""
        types = self._types(select)
        folder = self._folder(checked_name(name))
        with _explaining(select):
            self._rows(select, types).write.parquet(str(folder))
        if not any(folder.glob("*.parquet")):
            # Sail writes nothing at all for no rows.
            folder.mkdir(exist_ok=True)
            pq.write_table(types.empty_table(), folder / "empty.parquet")
        self._show(name, folder, types)

    def load(self, name: str, table: pa.Table) -> None:
        """Keep the rows of an Arrow table as table `name`, replacing one of that name."""
        self._shadow.load(checked_name(name), table.slice(0, 0))
        types = self._shadow.arrow(f"SELECT * FROM {quoted(name)}").schema
        folder = self._folder(name)
        folder.mkdir()
        pq.write_table(table.cast(types), folder / "rows.parquet")
        self._show(name, folder, types)

    def arrow(self, select: str) -> pa.Table:
        """Return the rows of `select`."""
        types = self._types(select)
        with _explaining(select):
            return self._rows(select, types).toArrow().cast(types)

    def dicts(self, select: str) -> list[dict[str, Any]]:
        """Return the rows of `select` as dicts, for results of few rows."""
        found: list[dict[str, Any]] = self.arrow(select).to_pylist()
        return found

    def columns(self, name: str) -> dict[str, str]:
        """Return column name -> DuckDB type name of one table, in the order of the columns."""
        return self._shadow.columns(name)

    def read_parquet(self, name: str, path: Path) -> None:
        """Make a Parquet file, or all files of a folder, readable as table `name`, not copied."""
        self._shadow.read_parquet("__file", path)
        types = self._shadow.arrow("SELECT * FROM __file LIMIT 0").schema
        self._shadow.drop("__file")
        self._show(checked_name(name), path.resolve(), types)

    def write_parquet(
        self, name: str, path: Path, order_by: Sequence[str], *, buckets: int = 1
    ) -> None:
        """Write table `name` as Parquet; identical tables give byte-identical files."""
        # DuckDB sorts what Spark computed: one order and one writer make engines agree on bytes.
        if name not in self._tables:
            self.columns(name)  # raises: there is no such table
        with DuckEngine(self._scratch / "sorting") as sorter:
            sorter.read_parquet(name, self._tables[name])
            sorter.write_parquet(name, path, order_by, buckets=buckets)

    def drop(self, name: str) -> None:
        """Forget table `name`; nothing happens if there is none."""
        self._shadow.drop(name)
        folder = self._tables.pop(name, None)
        if folder is not None:
            self._session.catalog.dropTempView(name)
            if self._scratch in folder.parents:
                shutil.rmtree(folder)

    def rows(self, name: str) -> int:
        """Return the number of rows of table `name`."""
        return int(self.arrow(f"SELECT count(*) AS n FROM {quoted(name)}")["n"][0].as_py())

    def names(self) -> frozenset[str]:
        """Return the names of all tables."""
        return frozenset(self._tables)

    def close(self) -> None:
        """Free scratch files; the session stays open, it belongs to who made it."""
        for name in sorted(self._tables):
            self.drop(name)
        self._shadow.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def translated(self, select: str) -> str:
        """Return a portable SELECT in the words of Spark."""
        known = {name: dict(self._shadow.columns(name)) for name in self._tables}
        schema = MappingSchema(known, dialect="duckdb")
        tree = sqlglot.parse_one(select, dialect="duckdb")
        tree = qualify(tree, schema=schema, dialect="duckdb", quote_identifiers=True)
        kinds = (exp.Div, exp.Levenshtein, exp.JarowinklerSimilarity)
        for node in reversed(list(tree.find_all(*kinds))):  # the innermost first
            node.replace(_as_duckdb_means_it(node))
        return str(tree.sql(dialect="spark"))

    def _types(self, select: str) -> pa.Schema:
        return self._shadow.schema(select)

    def _rows(self, select: str, types: pa.Schema) -> Any:
        with _explaining(select):
            wanted = ", ".join(
                f"CAST(`{field.name}` AS {_spark_type(field.type)}) AS `{field.name}`"
                for field in types
            )
            return self._session.sql(f"SELECT {wanted} FROM ({self.translated(select)}) AS made")

    def _folder(self, name: str) -> Path:
        # Never the same folder twice: a table may be computed from the one it replaces.
        self._made += 1
        return self._scratch / f"{name}-{self._made}"

    def _show(self, name: str, path: Path, types: pa.Schema) -> None:
        self.drop(name)
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)
        self._shadow.load(name, types.empty_table())
        self._tables[name] = path


@contextmanager
def sail(scratch: Path | None = None) -> Iterator[SparkEngine]:
    """Give an engine on Sail, started in this process and stopped afterwards; needs no Java."""
    # Sail reports every session it makes unless told otherwise.
    os.environ.setdefault("RUST_LOG", "error")
    try:
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession
    except ImportError as problem:
        raise TielineError(
            "missing_engine",
            "The Sail engine is not installed.",
            next_step="Install it with: pip install 'tieline[sail]'",
        ) from problem
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    # Not getOrCreate: it would give the session of another server in this process.
    session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
    try:
        with SparkEngine(session, scratch) as engine:
            yield engine
    finally:
        session.stop()
        server.stop()


def _spark_type(kind: pa.DataType) -> str:
    """Return the Spark type that Arrow columns of this type come from and go to."""
    if pa.types.is_list(kind):
        return f"ARRAY<{_spark_type(kind.value_type)}>"
    if pa.types.is_struct(kind):
        parts = [f"`{part.name}`: {_spark_type(part.type)}" for part in kind]
        return f"STRUCT<{', '.join(parts)}>"
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    if kind not in _SPARK_TYPES:
        raise TielineError(
            "no_portable_type",
            f"A column of type {kind} cannot be kept on this engine.",
            next_step="Cast it to VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE or TIMESTAMP.",
        )
    return _SPARK_TYPES[kind]


_SPARK_TYPES = {
    pa.string(): "STRING",
    pa.bool_(): "BOOLEAN",
    pa.int8(): "TINYINT",
    pa.int16(): "SMALLINT",
    pa.int32(): "INT",
    pa.int64(): "BIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP_NTZ",
    pa.binary(): "BINARY",
}


@contextmanager
def _explaining(select: str) -> Iterator[None]:
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, sqlglot.errors.SqlglotError) as problem:
        raise TielineError(
            "query_failed",
            f"Spark cannot run this statement: {problem}",
            place=Place(" ".join(select.split())[:200]),
        ) from problem


def _prepare(session: Any) -> None:
    # Only loaded where Spark is used: pandas and pyspark are not installed elsewhere.
    from tieline.engine.distances import register

    register(session)


def _as_duckdb_means_it(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Div):
        # DuckDB divides in DOUBLE whatever the types, Spark divides decimals to few digits.
        return exp.Div(this=_as_double(node.this), expression=_as_double(node.expression))
    # Spark's own distances count letters; `distances` holds those that count bytes as DuckDB does.
    name = "byte_levenshtein" if isinstance(node, exp.Levenshtein) else "byte_jaro_winkler"
    return exp.Anonymous(this=name, expressions=[node.this, node.expression])


def _as_double(node: exp.Expression) -> exp.Expression:
    return exp.cast(exp.paren(node), exp.DataType.Type.DOUBLE)

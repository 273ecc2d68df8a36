"""Tables to find few rows in: a database file with indexes, made once, read by many processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tieline.engine.duck import DuckEngine, _quiet
from tieline.engine.tables import checked_name, quoted

_FILE = "looked_up"
_DISABLED = "compressed_materialization,late_materialization"
"""Both make long tables cheaper to sort, and are dearer to plan than ten rows are to sort."""


def write_lookups(
    file: Path,
    tables: Mapping[str, Path],
    computed: Mapping[str, str],
    indexes: Mapping[str, Sequence[str]],
    *,
    scratch: Path,
) -> None:
    """Write a database file of tables from Parquet and of SELECTs over them, with indexes.

    What is in no `tables` cannot be read by a SELECT. Tables of `indexes` that are not there are
    left out. The file is whole once this returns.
    """
    beside = file.with_suffix(".making")
    beside.unlink(missing_ok=True)
    with DuckEngine(scratch) as engine:
        run = engine._run
        run(_attach(beside))
        selects = {name: f"SELECT * FROM {quoted(name)}" for name in tables} | dict(computed)
        for name, path in tables.items():
            engine.read_parquet(name, path)
        for name, select in selects.items():
            run(f"CREATE TABLE {_FILE}.main.{quoted(checked_name(name))} AS {select}")
        for name in sorted(indexes.keys() & selects.keys()):
            for column in indexes[name]:
                index = quoted(f"{name}_by_{column}")
                run(f"CREATE INDEX {index} ON {_FILE}.main.{quoted(name)} ({quoted(column)})")
        run(f"DETACH {_FILE}")
    beside.rename(file)


class LookupEngine(DuckEngine):
    """Reads a file of `write_lookups`, and as views the Parquet of `tables` that it does not hold.

    It has one thread; `beside` gives engines for further threads, which share its memory. Nothing
    can be created in it.
    """

    def __init__(
        self, file: Path, tables: Mapping[str, Path], *, scratch: Path, memory_limit: str
    ) -> None:
        super().__init__(scratch, threads=1, memory_limit=memory_limit)
        self._run(f"{_attach(file)} (READ_ONLY)")
        kept = self._run(f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{_FILE}'")
        for name in tables.keys() - {name for (name,) in kept}:
            self.read_parquet(name, tables[name])
        self._tables |= {name for (name,) in kept}
        self._begin()

    def beside(self) -> LookupEngine:
        """Another engine on the same tables, for one more thread; closed before this one."""
        other = object.__new__(LookupEngine)
        other.__dict__.update(self.__dict__)
        other._scratch = None
        other._connection = self._connection.cursor()
        _quiet(other._connection)
        other._begin()
        return other

    def _begin(self) -> None:
        self._run(f"SET disabled_optimizers = '{_DISABLED}'")
        self._run(f"SET search_path = '{checked_name(_FILE)}.main,memory.main'")


def _attach(file: Path) -> str:
    place = str(file).replace("'", "''")
    return f"ATTACH '{place}' AS {_FILE}"

"""Tables of a SQL database, read only, in batches; a password is never shown or kept."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from tieline.data.sources.cell_text import cell_text
from tieline.data.sources.column_names import column_names
from tieline.data.sources.landed import Piece, Reading, piece_of_rows
from tieline.errors import Place, TielineError

#: Rows fetched at a time.
BATCH = 20_000

_SECRET = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)

#: Drivers a user may have to install, by dialect.
_DRIVERS = {"postgresql": "psycopg[binary]", "mysql": "pymysql", "mariadb": "pymysql"}


def shown_location(location: str) -> str:
    """A database URL without anything secret, fit for messages, files and logs."""
    address, _, table = location.partition("#")
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return re.sub(r"://.*@", "://***@", address).partition("?")[0]
    hidden = {name: "***" for name in url.query if _SECRET.search(name)}
    shown = url.update_query_dict(hidden).render_as_string(hide_password=True)
    return f"{shown}#{table}" if table else shown


def database_name(location: str) -> str:
    """The name of the database of a URL, without folder and suffix."""
    url = _url(location)
    return Path(url.database or url.host or "database").stem


def sqlite_path(location: str) -> Path | None:
    """The file of a SQLite URL; None for other databases."""
    url = _url(location)
    if url.get_backend_name() != "sqlite":
        return None
    return Path((url.database or "").removeprefix("file:"))


def read_sqlite(path: Path, table: str | None = None) -> list[Reading]:
    """The tables of a SQLite file."""

    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        connection.text_factory = _sqlite_text
        return connection

    engine = sqlalchemy.create_engine("sqlite://", creator=connect)
    return _tables(engine, "sqlite", table, str(path))


def read(location: str) -> list[Reading]:
    """The tables of a database URL: the one named after `#`, or all of them."""
    url = _url(location)
    table = location.partition("#")[2] or None
    with _database_errors(shown_location(location), url):
        engine = sqlalchemy.create_engine(url)
    return _tables(engine, url.get_backend_name(), table, shown_location(location))


def _url(location: str) -> URL:
    try:
        return make_url(location.partition("#")[0])
    except (ArgumentError, ValueError) as error:
        raise TielineError(
            "bad_database_url",
            "The address of the database cannot be understood.",
            place=Place(shown_location(location)),
            next_step="Write it as dialect://user:password@host/database#table.",
        ) from error


def _tables(engine: Engine, format_name: str, table: str | None, shown: str) -> list[Reading]:
    with _database_errors(shown, engine.url):
        inspector = sqlalchemy.inspect(engine)
        known = [*inspector.get_table_names(), *inspector.get_view_names()]
        if table is not None:
            schema, _, plain = table.rpartition(".")
            if table not in known and plain not in inspector.get_table_names(schema or None):
                raise TielineError(
                    "no_such_table",
                    f"The database has no table {table!r}.",
                    place=Place(shown),
                    next_step=f"Its tables are: {', '.join(sorted(known)[:20]) or 'none'}.",
                )
        wanted = [table] if table is not None else sorted(inspector.get_table_names())
        return [_reading(engine, format_name, name, shown) for name in wanted]


def _reading(engine: Engine, format_name: str, name: str, shown: str) -> Reading:
    schema, _, plain = name.rpartition(".")
    if sqlalchemy.inspect(engine).has_table(name):
        schema, plain = "", name
    meta = sqlalchemy.MetaData()
    table = sqlalchemy.Table(plain, meta, schema=schema or None, autoload_with=engine)
    columns, notes = column_names(column.name for column in table.columns)
    order = list(table.primary_key.columns)
    if not order:
        notes.append("The table has no primary key; its rows come in the database's own order.")
    # Types are left out on purpose: the driver's value is shown, whatever the column claims.
    chosen = [sqlalchemy.type_coerce(column, sqlalchemy.types.NullType()) for column in table.c]
    statement = sqlalchemy.select(*chosen).order_by(*order)
    pieces = _pieces(engine, statement, columns, shown)
    return Reading(format_name, columns, pieces, table=name, notes=notes)


def _pieces(
    engine: Engine,
    statement: sqlalchemy.Executable,
    columns: tuple[str, ...],
    shown: str,
) -> Iterator[Piece]:
    row = 1
    with _database_errors(shown, engine.url), engine.connect() as connection:
        options: dict[str, object] = {"stream_results": True, "yield_per": BATCH}
        if engine.dialect.name == "postgresql":
            options["postgresql_readonly"] = True
        result = connection.execution_options(**options).execute(statement)
        for some in result.partitions(BATCH):
            rows = [[cell_text(value) for value in one] for one in some]
            yield piece_of_rows(columns, list(range(row, row + len(rows))), rows)
            row += len(rows)
        connection.rollback()
    engine.dispose()


def _sqlite_text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


@contextmanager
def _database_errors(shown: str, url: URL) -> Iterator[None]:
    """Errors of drivers in words that hold no password."""
    try:
        yield
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        driver = _DRIVERS.get(url.get_backend_name(), "the driver of this database")
        raise TielineError(
            "no_database_driver",
            "The driver for this kind of database is not installed.",
            place=Place(shown),
            next_step=f"Install it (pip install '{driver}') and try again.",
        ) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = str(getattr(error, "orig", None) or error)
        for secret in [url.password, *[v for k, v in url.query.items() if _SECRET.search(k)]]:
            if secret:
                cause = cause.replace(str(secret), "***")
        # The chain is cut: the driver's own error may quote the address with the password.
        raise TielineError(
            "database_unreadable",
            f"The database cannot be read ({cause.splitlines()[0] if cause else 'unknown error'}).",
            place=Place(shown),
            next_step="Check that it runs, is not locked, and that the user may read the table.",
        ) from None

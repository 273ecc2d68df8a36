"""The database that holds one ledger: a file in the workspace, or a PostgreSQL of the team.

Django is loaded when the first ledger is opened and not before; it is configured once in a process,
and every ledger is a connection alias of its own, so that several workspaces stand side by side.
"""

from __future__ import annotations

import itertools
import os
import pkgutil
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tieline.errors import Place, TielineError
from tieline.ledger import migrations
from tieline.ledger.binding import bind, release
from tieline.ledger.database_url import PostgresAddress
from tieline.ledger.faults import UNREACHABLE, told

APP = "tieline.ledger"
# How long a writer waits for another one before it gives up; a writer holds its lock for
# milliseconds, the longest (20,000 events at once) for a second.
LOCK_SECONDS = 20
# FULL: what a person decided must outlive a power cut; a judgement is one fsync. secure_delete:
# what an erasure removes is overwritten; nothing else ever deletes.
_SQLITE_BEGIN = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
    "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456"
)
_ATTEMPTS = 5
_numbers = itertools.count(1)
_setting_up = threading.Lock()
# Connections that a forked child found: never closed, since they are the parent's.
_inherited: list[Any] = []


def prepare_django() -> None:
    """Load Django for ledgers, unless the program (the web pages) has set it up for itself."""
    from django.apps import apps
    from django.conf import settings

    with _setting_up:
        if not settings.configured:
            settings.configure(
                INSTALLED_APPS=[APP],
                DATABASES={},
                USE_TZ=True,
                TIME_ZONE="UTC",
                LOGGING_CONFIG=None,
            )
        if not apps.ready:
            import django

            django.setup(set_prefix=False)


class Database:
    """One ledger's database. Each thread has a connection of its own, and so has a forked child."""

    def __init__(self, target: Path | PostgresAddress, of: Path | None = None) -> None:
        """`of` is the folder of the workspace whose facts a PostgreSQL holds."""
        self.target = target
        self._of = of
        self._alias = f"ledger_{next(_numbers)}"
        self._process: int | None = None

    @property
    def place(self) -> Place:
        """Where it lies, for people to read: never with a password."""
        return Place(str(self.target))

    @property
    def on_postgres(self) -> bool:
        """Whether PostgreSQL holds it; SQLite otherwise."""
        return isinstance(self.target, PostgresAddress)

    def exists(self) -> bool:
        """Whether there can be facts. A PostgreSQL is asked only when it is read."""
        return not isinstance(self.target, Path) or self.target.exists()

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell what the database complains about as a TielineError of this place.

        A connection that broke is left, so that the next question makes a new one.
        """
        try:
            with told(self.place):
                yield
        except TielineError as error:
            if error.code == UNREACHABLE and not self._inside_transaction():
                self.close()
            raise

    def alias(self) -> str:
        """The alias to use with `.using`, connected and of the schema that this code knows."""
        if self._process != os.getpid():
            with self.told():
                self._open()
        return self._alias

    def connection(self) -> Any:
        """Django's connection of this thread."""
        from django.db import connections

        return connections[self.alias()]

    @contextmanager
    def writing(self) -> Iterator[str]:
        """One transaction: all of it is kept, or nothing."""
        from django.db import transaction

        with self.told(), transaction.atomic(using=self.alias()):
            yield self._alias

    def close(self) -> None:
        """Close this thread's connection; the next question opens a new one."""
        if self._process == os.getpid():
            from django.db import connections

            connections[self._alias].close()
            del connections[self._alias]
            self._process = None

    def _inside_transaction(self) -> bool:
        from django.db import connections

        return self._process == os.getpid() and connections[self._alias].in_atomic_block

    def _open(self) -> None:
        prepare_django()
        from django.db import connections

        with _setting_up:
            if self._process not in (None, os.getpid()):
                self._leave_to_parent(connections)
            if self._alias not in connections.settings:
                weakref.finalize(self, connections.settings.pop, self._alias, None)
            settings = self._sqlite() if isinstance(self.target, Path) else self._postgres()
            connections.settings[self._alias] = connections.configure_settings(
                {"default": {}, self._alias: settings}
            )[self._alias]
        try:
            self._migrate(connections[self._alias])
            self._bind(connections[self._alias])
        except BaseException:
            connections[self._alias].close()
            raise
        self._process = os.getpid()

    def _leave_to_parent(self, connections: Any) -> None:
        _inherited.append(connections[self._alias].connection)
        connections[self._alias].connection = None
        del connections[self._alias]

    def _sqlite(self) -> dict[str, Any]:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(self.target),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": LOCK_SECONDS,
                "init_command": _SQLITE_BEGIN,
            },
        }

    def _postgres(self) -> dict[str, Any]:
        address = self.target
        assert isinstance(address, PostgresAddress)
        options: dict[str, Any] = {"connect_timeout": 10, **address.options}
        if address.schema:
            options["options"] = f"-c search_path={address.schema}"
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": address.database,
            "USER": address.user,
            "PASSWORD": address.password,
            "HOST": address.host,
            "PORT": address.port,
            "OPTIONS": options,
        }

    def _migrate(self, connection: Any) -> None:
        """Bring the tables to what this code knows; two that do it at once end at the same."""
        from django.db import DatabaseError
        from django.db.migrations.executor import MigrationExecutor

        known = {module.name for module in pkgutil.iter_modules(migrations.__path__)} - {"__main__"}
        for attempt in range(1, _ATTEMPTS + 1):
            applied = self._applied(connection)
            if applied - known:
                raise TielineError(
                    "newer_ledger",
                    f"A newer Tieline wrote this ledger (it knows {max(applied - known)}).",
                    place=self.place,
                    next_step="Install the newest version: pip install --upgrade tieline",
                )
            if applied == known:
                return
            try:
                if isinstance(self.target, PostgresAddress) and self.target.schema:
                    with connection.cursor() as cursor:
                        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {self.target.schema}")
                executor = MigrationExecutor(connection)
                executor.migrate(
                    [key for key in executor.loader.graph.leaf_nodes() if key[0] == "ledger"]
                )
            except DatabaseError:
                if attempt == _ATTEMPTS:
                    raise

    def bind_again(self) -> None:
        """Note this ledger as the workspace's own after its salt became another one."""
        if self._of is not None:
            release(self._of)
            self._bind(self.connection())

    def _bind(self, connection: Any) -> None:
        if self._of is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT value FROM ledger_salt")
                bind(self._of, bytes(cursor.fetchone()[0]))

    def _applied(self, connection: Any) -> set[str]:
        with connection.cursor() as cursor:
            if "django_migrations" not in connection.introspection.table_names(cursor):
                return set()
            cursor.execute("SELECT name FROM django_migrations WHERE app = 'ledger'")
            return {name for (name,) in cursor.fetchall()}

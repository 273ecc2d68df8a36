"""A private PostgreSQL for tests, from Debian's packages: one per test process, if asked for.

`a_database` runs a test on both databases: each call gives a new, empty place for a ledger, as the
DATABASE_URL to use ('' is SQLite). `database_url` is one such place, already in the environment;
`ledger` an open ledger there.
"""

import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import pytest

from tieline.ledger import open_ledger

PROGRAMS = Path("/usr/lib/postgresql")
MISSING = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
# Nothing here outlives the tests, so nothing is made safe against a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
    "max_connections": "50",
}
CLUSTER = [
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
]
# A password that a URL must escape, so that it is known when one is shown.
PASSWORD = f"p@ss/{secrets.token_hex(6)}:w?rd"


class Postgres:
    """A running server."""

    def __init__(self, port, folder=None):
        self.port = port
        self.folder = folder
        self._numbers = itertools.count(1)

    def url(self, database="postgres", *, password=PASSWORD, port=None):
        told = quote(password, safe="")
        return f"postgres://postgres:{told}@127.0.0.1:{port or self.port}/{database}"

    def run(self, sql, database="postgres"):
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(sql)
            return done.fetchall() if done.description else []

    def new_database(self):
        name = f"tieline_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def files(self, url):
        """The files of this database's tables; the write-ahead log is not among them."""
        ((number,),) = self.run(
            f"SELECT oid FROM pg_database WHERE datname = '{url.rpartition('/')[2]}'"
        )
        return [
            path for path in (self.folder / "data/base" / str(number)).iterdir() if path.is_file()
        ]

    def drop(self, url):
        self.run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


def start(folder):
    """Begin a cluster in this folder and start its server; both as `postgres` if we are root."""
    programs = sorted(PROGRAMS.glob("*/bin"), key=lambda path: float(path.parent.name))[-1]
    become = []
    if os.getuid() == 0:
        # The server refuses to run as root.
        shutil.chown(folder, "postgres", "postgres")
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    password.chmod(0o644)
    subprocess.run(
        [*become, programs / "initdb", "--pgdata", folder / "data", "--pwfile", password, *CLUSTER],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    # A test process that is killed takes its server with it (INT: stop at once, orderly).
    mortal = ["setpriv", "--pdeathsig=INT"]
    for _attempt in range(5):
        # Another program may take the port between our look and the start.
        port = free_port()
        settings = {**SETTINGS, "port": port, "unix_socket_directories": folder}
        options = [f"--{name}={value}" for name, value in settings.items()]
        server = subprocess.Popen(
            [*mortal, *become[1:], programs / "postgres", "-D", folder / "data", *options],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("wb"),
        )
        if answers(server, port):
            return server, port
    raise RuntimeError((folder / "log").read_text(encoding="utf-8"))


def answers(server, port):
    import psycopg

    while server.poll() is None:
        try:
            psycopg.connect(Postgres(port).url(), connect_timeout=30).close()
            return True
        except psycopg.OperationalError:
            try:
                server.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
    return False


@pytest.fixture(scope="session")
def postgres():
    """The server; where PostgreSQL is not installed, the test is skipped."""
    if not list(PROGRAMS.glob("*/bin/postgres")):
        pytest.skip(MISSING)
    # A short path: that of a socket may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="tieline-pg-", dir="/tmp"))
    server, port = start(folder)
    yield Postgres(port, folder)
    server.send_signal(signal.SIGINT)
    server.wait(30)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def a_database(request):
    """Both databases, one after the other; a call gives a new place for a ledger: a URL or ''."""
    if request.param == "sqlite":
        yield lambda: ""
        return
    server = request.getfixturevalue("postgres")
    made = []

    def new():
        made.append(server.new_database())
        return made[-1]

    yield new
    for url in made:
        server.drop(url)


@pytest.fixture
def database_url(a_database, monkeypatch):
    """A place for one ledger, named in the environment as users name it."""
    url = a_database()
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture
def ledger(database_url, tmp_path):
    """An open ledger without facts, on each database."""
    with open_ledger(tmp_path) as opened:
        yield opened

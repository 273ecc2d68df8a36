"""A database that cannot be used is told by place and next step; its password is never told."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest

from postgres_server import PASSWORD, free_port
from tieline.errors import TielineError
from tieline.ledger import FILE, open_ledger

PIN = ("pin", "contact", {"records": ["a"]})
SAID = {"reason": "x", "by": "Ana"}
SECRET = "s3cret/never told"
NO_PSYCOPG = """
import sys
sys.modules["psycopg"] = sys.modules["psycopg2"] = None
from pathlib import Path
from tieline.errors import TielineError
from tieline.ledger import open_ledger
try:
    open_ledger(Path("."), "postgres://u:s3cret@localhost/d").judgements()
except TielineError as error:
    print(error.code, error)
"""


def fault_of(act, *args, **said):
    with pytest.raises(TielineError) as caught:
        act(*args, **said)
    error = caught.value
    assert error.next_step
    assert str(error.place)
    told = "".join(traceback.format_exception(error))
    for secret in (SECRET, PASSWORD):
        for form in (secret, quote(secret, safe=""), quote(secret)):
            assert form not in told + repr(error)
    return error


def judging(folder, url=""):
    with open_ledger(folder, url) as ledger:
        ledger.judge(*PIN, **SAID)


def filled(folder):
    with open_ledger(folder, "") as ledger:
        for _ in range(50):
            ledger.judge("note", "contact", {"records": ["a"], "text": "long " * 1000}, **SAID)
    return folder / FILE


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://u:{}@host/db", "does not begin with postgres://"),
        ("{}", "does not begin with postgres://"),
        ("postgres://u:{}@host", "name of one database"),
        ("postgres://u:{}@host/a/b", "name of one database"),
        ("postgres://u:{}@host:many/db", "cannot be read"),
        ("postgres://u:[{}@host/db", "cannot be read"),
        ("postgres://u:{}@host/db?schema=A-B", "'A-B' is no name of a schema"),
    ],
)
def test_a_wrong_url_is_told_when_the_ledger_is_named(tmp_path, url, told):
    error = fault_of(open_ledger, tmp_path, url.format(quote(SECRET, safe="")))
    assert error.code == "unusable_database_url"
    assert told in str(error)


def test_a_wrong_password(postgres, tmp_path):
    error = fault_of(judging, tmp_path, postgres.url(password=SECRET))
    assert error.code == "ledger_refused"
    assert f"postgres://postgres@127.0.0.1:{postgres.port}/postgres" in str(error)


def test_an_unknown_database(postgres, tmp_path):
    assert fault_of(judging, tmp_path, postgres.url("nowhere")).code == "unknown_database"


def test_no_server(tmp_path):
    url = f"postgres://u:{quote(SECRET, safe='')}@127.0.0.1:{free_port()}/db"
    assert fault_of(judging, tmp_path, url).code == "ledger_unreachable"
    url = f"postgres://u:{quote(SECRET, safe='')}@no.such.host.invalid/db"
    assert fault_of(judging, tmp_path, url).code == "ledger_unreachable"


def test_an_option_nobody_knows(postgres, tmp_path):
    error = fault_of(judging, tmp_path, postgres.url("postgres?ssl=please"))
    assert error.code == "unusable_database_url"


def test_a_user_without_rights(postgres, tmp_path):
    url = postgres.new_database()
    name = url.rpartition("/")[2]
    postgres.run("DROP ROLE IF EXISTS reader")
    postgres.run(f"CREATE ROLE reader LOGIN PASSWORD '{SECRET}'")
    as_reader = postgres.url(name, password=SECRET).replace("//postgres:", "//reader:")
    assert fault_of(judging, tmp_path, as_reader).code == "ledger_read_only"
    judging(tmp_path, url)
    postgres.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", name)
    with open_ledger(tmp_path, as_reader) as ledger:
        assert len(ledger.judgements()) == 1
        assert fault_of(ledger.judge, *PIN, **SAID).code == "ledger_read_only"
        assert fault_of(ledger.scrub).code == "ledger_not_wiped"
    postgres.drop(url)
    postgres.run("DROP ROLE reader")


def test_a_server_that_goes_and_comes_back(postgres, tmp_path):
    url = postgres.new_database()
    with open_ledger(tmp_path, url) as ledger:
        ledger.judge(*PIN, **SAID)
        postgres.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{url.rpartition('/')[2]}'"
        )
        assert fault_of(ledger.judgements).code == "ledger_unreachable"
        assert len(ledger.judgements()) == 1
    postgres.drop(url)


def test_without_psycopg_its_package_is_named(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", NO_PSYCOPG], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("psycopg_missing")
    assert "pip install 'tieline[postgres]'" in done.stdout
    assert "s3cret" not in done.stdout + done.stderr


def test_a_file_that_is_no_ledger(tmp_path):
    (tmp_path / FILE).write_text("Dear ledger, " * 100, encoding="utf-8")
    error = fault_of(open_ledger(tmp_path, "").judgements)
    assert error.code == "damaged_ledger"
    assert str(tmp_path / FILE) in str(error)


def test_a_file_with_a_hole(tmp_path):
    path = filled(tmp_path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 4)
        file.write(b"\xa5" * (size // 2))
    assert fault_of(open_ledger(tmp_path, "").judged_records).code == "damaged_ledger"


def test_a_file_cut_short(tmp_path):
    path = filled(tmp_path)
    os.truncate(path, path.stat().st_size // 2)
    assert fault_of(judging, tmp_path).code == "damaged_ledger"


def test_a_folder_that_is_not_there(tmp_path):
    assert fault_of(judging, tmp_path / "gone").code == "ledger_unreachable"


def test_a_ledger_of_a_newer_tieline(ledger, database_url, tmp_path):
    ledger.salt()
    with ledger._database.connection().cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('ledger', '9999_from_the_future', '2036-01-01')"
        )
    ledger.close()
    error = fault_of(open_ledger(tmp_path, database_url).judgements)
    assert error.code == "newer_ledger"
    assert "9999_from_the_future" in str(error)


def test_another_writer_that_does_not_finish(tmp_path, monkeypatch):
    judging(tmp_path)
    monkeypatch.setattr("tieline.ledger.database.LOCK_SECONDS", 0.2)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_ledger(tmp_path, "") as ledger:
        assert len(ledger.judgements()) == 1, "who reads does not wait"
        assert fault_of(ledger.judge, *PIN, **SAID).code == "ledger_locked"
        other.execute("ROLLBACK")
        assert ledger.judge(*PIN, **SAID).number == 2
    other.close()


@pytest.fixture
def another_user():
    """A folder that its owner may read and not write: for root, which may everything, of nobody."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    judging(folder)
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o444)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    else:
        folder.chmod(0o555)
    yield folder
    os.seteuid(was)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_that_may_not_be_written(another_user):
    assert fault_of(judging, another_user).code == "ledger_read_only"


def test_a_file_that_may_not_be_written_cannot_be_read_either(another_user):
    error = fault_of(open_ledger(another_user, "").judgements)
    assert error.code == "ledger_read_only"
    assert "even to read" in str(error)

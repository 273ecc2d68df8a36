"""A ledger is opened late, by many at once, in any process; and is the same one afterwards."""

import os
import subprocess
import sys
import threading
from io import StringIO

from tieline.ledger import open_ledger
from tieline.ledger.database import prepare_django

PIN = ("pin", "contact", {"records": ["a"]})
SAID = {"reason": "x", "by": "Ana"}

QUIET = """
import sys
from pathlib import Path
import tieline.ledger
folder = Path(sys.argv[1])
with tieline.ledger.open_ledger(folder, "") as ledger:
    assert ledger.judgements() == ledger.labels() == ledger.tombstones() == []
    assert ledger.certificates() == list(ledger.event_batches()) == []
    assert ledger.judged_records().num_rows == 0
    print(ledger.fingerprint())
    ledger.scrub()
assert not list(folder.iterdir())
assert not [name for name in sys.modules if name.split(".")[0] == "django"]
ledger.salt()
assert "django" in sys.modules
print(ledger.fingerprint())
"""
# Waits on a pipe, so that all begin at once.
JUDGE = """
import sys
from pathlib import Path
from tieline.ledger import open_ledger
sys.stdin.read()
with open_ledger(Path(sys.argv[1])) as ledger:
    for _ in range(5):
        print(ledger.judge("pin", "contact", {"records": ["a"]}, reason="x", by="y").number)
"""
INSIDE_A_SITE = """
import sys
from pathlib import Path
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "tieline.ledger"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
import django
django.setup()
from tieline.ledger import open_ledger
with open_ledger(Path(sys.argv[1]), "") as ledger:
    ledger.judge("pin", "contact", {"records": ["a"]}, reason="x", by="y")
    print(len(ledger.judgements()))
from django.core.management import call_command
call_command("makemigrations", "ledger", "--check")
"""


def run(program, *arguments, **said):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, **said).stdout


def test_without_facts_nothing_is_made_and_no_django_loaded(tmp_path):
    before, after = run(QUIET, tmp_path).split()
    assert before == after, "an empty ledger is as good as none"


def test_a_host_that_has_set_up_django_keeps_its_settings(tmp_path):
    assert run(INSIDE_A_SITE, tmp_path).split()[0] == "1"


def test_the_migrations_make_what_the_models_say():
    prepare_django()
    from django.core.management import call_command

    told = StringIO()
    call_command("makemigrations", "ledger", "--check", "--dry-run", stdout=told)
    assert "No changes" in told.getvalue()


def test_what_was_written_is_there_when_opened_again(ledger, database_url, tmp_path):
    made = ledger.judge(*PIN, **SAID)
    print_before = ledger.fingerprint()
    ledger.close()
    with open_ledger(tmp_path, database_url) as again:
        assert again.judgements() == [made]
        assert again.fingerprint() == print_before
    assert ledger.judgements() == [made], "a closed ledger opens itself when asked"


def test_ledgers_stand_side_by_side(a_database, tmp_path):
    ledgers = []
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        ledgers.append(open_ledger(tmp_path / name, a_database()))
    for count, ledger in enumerate(ledgers):
        for _ in range(count):
            ledger.judge(*PIN, **SAID)
    assert [len(ledger.judgements()) for ledger in ledgers] == [0, 1, 2]
    ledgers[1].close()
    assert [len(ledger.judgements()) for ledger in ledgers] == [0, 1, 2]
    for ledger in ledgers:
        ledger.close()


def test_schemas_of_one_server_hold_a_ledger_each(postgres, tmp_path):
    url = postgres.new_database()
    for name in ("north", "south", "public"):
        (tmp_path / name).mkdir()
    with (
        open_ledger(tmp_path / "north", f"{url}?schema=north") as north,
        open_ledger(tmp_path / "south", f"{url}?schema=south") as south,
        open_ledger(tmp_path / "public", url) as public,
    ):
        north.judge(*PIN, **SAID)
        assert [len(each.judgements()) for each in (north, south, public)] == [1, 0, 0]
    postgres.drop(url)


def test_many_threads_write_to_one_ledger(ledger):
    numbers = []

    def judge():
        for _ in range(5):
            numbers.append(ledger.judge(*PIN, **SAID).number)
        ledger.close()

    threads = [threading.Thread(target=judge) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 21))
    assert [judgement.number for judgement in ledger.judgements()] == sorted(numbers)


def test_many_processes_open_a_new_ledger_at_once(database_url, tmp_path):
    command = [sys.executable, "-c", JUDGE, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(command, text=True, **pipes) for _ in range(3)]
    for process in processes:
        process.stdin.close()
        process.stdin = None
    told = [process.communicate(timeout=120) for process in processes]
    assert [errors for _numbers, errors in told] == [""] * 3
    numbers = sorted(int(number) for numbers, _errors in told for number in numbers.split())
    assert numbers == list(range(1, 16))


def test_a_forked_child_has_a_connection_of_its_own(ledger):
    ledger.judge(*PIN, **SAID)
    child = os.fork()
    if not child:
        try:
            made = ledger.judge(*PIN, **SAID)
            ledger.close()
            os._exit(made.number)
        except BaseException:
            os._exit(99)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 2
    assert ledger.judge(*PIN, **SAID).number == 3
    assert len(ledger.judgements()) == 3


def test_the_environment_says_where_and_an_empty_url_says_here(postgres, tmp_path, monkeypatch):
    url = postgres.new_database()
    monkeypatch.setenv("DATABASE_URL", url)
    with open_ledger(tmp_path) as ledger:
        ledger.judge(*PIN, **SAID)
        assert (
            ledger.place
            == f"postgres://postgres@127.0.0.1:{postgres.port}/tieline_" + (url.rpartition("_")[2])
        )
    assert not (tmp_path / "ledger.sqlite").exists()
    with open_ledger(tmp_path, "") as ledger:
        assert ledger.judgements() == []
        assert ledger.place == str(tmp_path / "ledger.sqlite")
    postgres.drop(url)

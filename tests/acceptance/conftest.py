"""The command `tieline` as a user runs it: in a process of its own, with small lists."""

from __future__ import annotations

import csv
import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import prepared
from prepared import Ran

HEADER = (
    "First Name", "Last Name", "Email", "Company", "Job Title", "Street", "City", "State", "Zip",
    "Country", "Phone",
)  # fmt: skip

PEOPLE = [
    ("Maria", "Alvarez", "maria.alvarez@brightwell.com", "Brightwell Tools Inc", "Buyer",
     "410 N Michigan Ave", "Chicago", "IL", "60611", "US", "+1 312 555 0142"),
    ("John", "Becker", "j.becker@brightwell.com", "Brightwell Tools Inc", "CEO",
     "410 N Michigan Ave", "Chicago", "IL", "60611", "US", "+1 312 555 0143"),
    ("Susan", "Chen", "susan.chen@oakridge-labs.com", "Oakridge Labs LLC", "Head of Research",
     "200 Boylston St", "Boston", "MA", "02116", "US", "+1 617 555 0101"),
    ("Peter", "Dawson", "peter@dawsonfreight.com", "Dawson Freight Corp", "Owner",
     "1201 3rd Ave", "Seattle", "WA", "98101", "US", "+1 206 555 0117"),
    ("Laura", "Evans", "laura.evans@dawsonfreight.com", "Dawson Freight Corp", "Controller",
     "1201 3rd Ave", "Seattle", "WA", "98101", "US", "+1 206 555 0118"),
    ("Michael", "Fischer", "m.fischer@keller-pumpen.de", "Keller Pumpen GmbH", "Vertriebsleiter",
     "Friedrichstraße 10", "Berlin", "", "10117", "DE", "+49 30 901820"),
    ("Anna", "Gruber", "anna.gruber@keller-pumpen.de", "Keller Pumpen GmbH", "Einkauf",
     "Friedrichstraße 10", "Berlin", "", "10117", "DE", "+49 30 901821"),
    ("Claire", "Moreau", "claire.moreau@verrier.fr", "Verrier SARL", "Directrice marketing",
     "12 Rue de Rivoli", "Paris", "", "75004", "FR", "+33 1 42 71 00 12"),
]  # fmt: skip


@dataclass(frozen=True)
class Tieline:
    """Runs commands on one workspace."""

    workspace: Path

    def __call__(
        self,
        *words: str | Path,
        code: int = 0,
        env: dict[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> Ran:
        """Run a command to its end; it must end with `code`, and never in a traceback.

        With something of its own (`env`, `before`), it is started like any program.
        """
        if env or before:
            ran = self._started(words, env, before)
        else:
            given = ["-w", str(self.workspace), *map(str, words)]
            ran = prepared.tieline(given, env=environment(None))
        assert "Traceback" not in ran.out + ran.err
        assert ran.code == code, ran.out + ran.err
        return ran

    def _started(
        self,
        words: Sequence[str | Path],
        env: dict[str, str] | None,
        before: Callable[[], None] | None,
    ) -> Ran:
        done = subprocess.run(
            self.line(*words),
            capture_output=True,
            env=environment(env),
            preexec_fn=before,
            timeout=120,
            check=False,
        )
        out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return Ran(done.returncode, out, err)

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start a command and leave it running; its standard error can be read line by line."""
        return subprocess.Popen(
            self.line(*words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(None),
            text=True,
            encoding="utf-8",
        )

    def line(self, *words: str | Path) -> list[str]:
        return [
            sys.executable,
            "-m",
            "tieline.cli.main",
            "-w",
            str(self.workspace),
            *map(str, words),
        ]

    def rows(self, table: str) -> list[dict[str, object]]:
        """The rows of a table of the current snapshot."""
        snapshot = (self.workspace / ".tieline" / "CURRENT").read_text("ascii").strip()
        folder = self.workspace / ".tieline" / "snapshots" / snapshot
        return pq.read_table(folder / f"{table}.parquet").to_pylist()

    def landed(self) -> dict[str, bytes]:
        """Every landed file, byte for byte."""
        folder = self.workspace / ".tieline" / "landed"
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def environment(extra: dict[str, str] | None) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "PYTHONIO", "COLUMNS"))}
    return {**kept, **(extra or {})}


def write_csv(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> Path:
    """A list as a spreadsheet would save it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def without_privileges() -> None:
    """Let file permissions hold for this process even if root runs it (see capabilities(7))."""
    drop, override, search = 24, 1, 2
    libc = ctypes.CDLL(None)
    for capability in (override, search):
        libc.prctl(drop, capability, 0, 0, 0)


@pytest.fixture
def tieline(tmp_path: Path) -> Tieline:
    """A new, empty workspace."""
    made = Tieline(tmp_path / "market")
    made("new", made.workspace)
    return made


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    made = Tieline(folder / "market")
    made("new", made.workspace)
    made("add", write_csv(folder / "crm.csv", PEOPLE), write_csv(folder / "fair.csv", PEOPLE[2:5]))
    (folder / "said.txt").write_text(made("build").out, "utf-8")
    return made.workspace


@pytest.fixture
def built(_built: Path, tmp_path: Path) -> Tieline:
    """A workspace of two small lists, built: a copy, to do with as a test likes."""
    return Tieline(Path(shutil.copytree(_built, tmp_path / "built")))


@pytest.fixture(scope="session")
def end_of_build(_built: Path) -> str:
    """What that build said at its end."""
    return (_built.parent / "said.txt").read_text("utf-8")

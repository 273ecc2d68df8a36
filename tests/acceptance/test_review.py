"""`tieline review`: questions answered from a pipe and on a sheet, as a user meets them."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import PEOPLE, Ran, Tieline, environment, write_csv
from tieline.identity.account_evidence import ACCOUNTS
from tieline.identity.contact_evidence import CONTACTS
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.parameters import ParameterStore

NAMESAKES = [
    (given, family, f"{given}.{family}@gmail.com".lower(), "", title, *[""] * 4, "US", "")
    for given, family, title in (
        ("Maria", "Alvarez", "=HYPERLINK(1)"),
        ("John", "Becker", ""),
        ("Susan", "Chen", ""),
    )
]
"""The names of three known people with a private address: likely, but not surely, the same."""


def with_stated_weights(workspace: Path) -> None:
    """Pin what is believed before any data is seen: a handful of rows teaches nothing else."""
    store = ParameterStore(workspace / ".tieline" / "parameters")
    for model in (ACCOUNTS, CONTACTS):
        outcomes = {c.field: c.outcomes for c in model.comparisons}
        store.pin(
            model,
            Parameters(
                entity=model.entity,
                match_share=1e-3,
                m={field: [o.m for o in found] for field, found in outcomes.items()},
                u={field: [o.u for o in found] for field, found in outcomes.items()},
                rows=600,
            ),
        )


@pytest.fixture(scope="session")
def _doubtful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doubtful")
    made = Tieline(folder / "market")
    made("new", made.workspace)
    with_stated_weights(made.workspace)
    made("add", write_csv(folder / "crm.csv", PEOPLE), write_csv(folder / "gmail.csv", NAMESAKES))
    made("build")
    return made.workspace


@pytest.fixture
def doubtful(_doubtful: Path, tmp_path: Path) -> Tieline:
    """A workspace with three questions, built: a copy."""
    return Tieline(Path(shutil.copytree(_doubtful, tmp_path / "doubtful")))


def piped(tieline: Tieline, keys: str, *words: str | Path, code: int = 0) -> Ran:
    """Run a command with one line of input for each key."""
    done = subprocess.run(
        tieline.line(*words),
        input="".join(f"{key}\n" for key in keys),
        capture_output=True,
        env=environment(None),
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    ran = Ran(done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in ran.out + ran.err
    assert ran.code == code, ran.out + ran.err
    return ran


def current(tieline: Tieline) -> str:
    return (tieline.workspace / ".tieline" / "CURRENT").read_text("ascii").strip()


def pairs(tieline: Tieline) -> list[tuple[object, object]]:
    rows = sorted(tieline.rows("review_queue"), key=lambda row: row["place"])
    return [(row["left_record"], row["right_record"]) for row in rows]


def test_answers_are_applied_taken_back_and_not_asked_again(doubtful: Tieline):
    before, asked, contacts = current(doubtful), pairs(doubtful), len(doubtful.rows("contacts"))
    assert len(asked) == 3
    said = piped(doubtful, "sdu", "review").out
    assert "Answered 3: 1 the same, 1 not the same, 1 cannot tell" in said
    assert len(doubtful.rows("contacts")) == contacts - 1
    assert pairs(doubtful) == asked[2:]
    assert "nothing to ask" in doubtful("review").out
    assert "Question 1 of 1" in piped(doubtful, "q", "review", "--unsure").out
    # Ending both judgements is as if nobody had answered.
    doubtful("undo", "J1")
    doubtful("undo", "J2")
    assert current(doubtful) == before


def test_a_person_is_not_told_what_the_machine_thinks_before_they_answer(doubtful: Tieline):
    blind = piped(doubtful, "s", "review", "--limit", "1").out
    question, told = blind.split("The same. ", 1)
    assert "Maria Alvarez" in question or "John Becker" in question or "Susan Chen" in question
    for opinion in ("%", "likely", "kept apart", "but different"):
        assert opinion not in question
        assert opinion in told
    seeing = piped(doubtful, "q", "review", "--show-score").out
    assert "likely the same" in seeing


def test_back_takes_the_last_answer_back_and_asks_again(doubtful: Tieline):
    before = current(doubtful)
    said = piped(doubtful, "sbuq", "review").out
    assert said.count("Question 1 of 3") == 2
    assert "1 cannot tell" in said
    assert current(doubtful) == before
    assert "There is nothing to take back." in piped(doubtful, "bq", "review", "--unsure").out


def test_what_is_no_answer_is_said_and_the_question_waits(doubtful: Tieline):
    ran = piped(doubtful, "xdq", "review")
    assert "x is no answer" in ran.err
    assert "Answered 1: 0 the same, 1 not the same" in ran.out


def test_without_anybody_to_answer_it_says_how_to_answer(doubtful: Tieline):
    before = current(doubtful)
    ran = piped(doubtful, "", "review", code=2)
    assert "no terminal" in ran.err
    assert "--export" in ran.err
    assert current(doubtful) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--entity", "person"), "no entity 'person'"),
        (("--export", "a.csv", "--import", "b.csv"), "either written or read"),
        (("--import", "absent.csv"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(doubtful: Tieline, words: tuple[str, ...], told: str):
    assert told in doubtful("review", *words, code=2).err


def sheet_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def answered(file: Path, rows: list[dict[str, str]], answers: list[str]) -> Path:
    """The sheet as a German spreadsheet saves it."""
    with file.open("w", encoding="cp1252", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(
            {**row, "answer": answer} for row, answer in zip(rows, answers, strict=True)
        )
    return file


def test_a_sheet_is_blind_safe_and_comes_back_with_answers(doubtful: Tieline, tmp_path: Path):
    file, contacts = tmp_path / "questions.csv", len(doubtful.rows("contacts"))
    assert "3 questions" in doubtful("review", "--export", file).out
    rows = sheet_of(file)
    assert {row["answer"] for row in rows} == {""}
    assert not any("probability" in name or "score" in name for name in rows[0])
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    assert any(cell.startswith("'=") for row in rows for cell in row.values())

    back = answered(tmp_path / "back.csv", rows, ["Same", "maybe", ""])
    said = doubtful("review", "--import", back, "--by", "anna").out
    assert "1 the same" in said
    assert "1 without an answer, 1 not usable" in said
    assert len(doubtful.rows("contacts")) == contacts - 1

    again = answered(tmp_path / "again.csv", rows, ["same", "different", ""])
    said = doubtful("review", "--import", again).out
    assert "0 the same, 1 not the same, 0 cannot tell, 1 known before" in said

    other = answered(tmp_path / "other.csv", rows, ["no", "different", ""])
    said = doubtful("review", "--import", other).out
    assert "1 contradict an earlier answer" in said
    assert "anna on " in said
    assert len(doubtful.rows("contacts")) == contacts


def test_a_file_that_is_no_sheet_is_refused(doubtful: Tieline, tmp_path: Path):
    file = tmp_path / "list.csv"
    file.write_text("name,email\nAnn,ann@x.com\n", "utf-8")
    assert "no column answer" in doubtful("review", "--import", file, code=2).err


def weights(tieline: Tieline) -> dict[str, bytes]:
    folder = tieline.workspace / ".tieline" / "parameters"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.json"))}


def test_without_answers_retraining_says_that_it_learns_from_the_lists_alone(doubtful: Tieline):
    pinned, before = weights(doubtful), current(doubtful)
    said = doubtful("retrain", "--dry-run").out
    assert "learned from the lists alone" in said
    assert "Nothing was kept" in said
    assert (weights(doubtful), current(doubtful)) == (pinned, before)
    assert "not retrained yet" in doubtful("retrain", "--back", code=2).err


def test_answers_teach_and_retraining_is_taken_back(doubtful: Tieline):
    piped(doubtful, "sss", "review")
    pinned, before = weights(doubtful), current(doubtful)
    said = doubtful("retrain").out
    assert "answers about contacts" in said
    assert "weights that it did not teach" in said
    assert "Weights in bits that change most" in said
    assert weights(doubtful) != pinned
    doubtful("retrain", "--back")
    assert weights(doubtful) == pinned
    assert current(doubtful) == before

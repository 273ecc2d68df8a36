"""What a person's answers are worth: `python -m benchmarks.review [--records N] [--answers N]`.

A generated world answers for the person. First the order: of all corrections that the questions of
the queue could bring, how many do the first hundred bring, beside a hundred drawn at random from
the same questions? Then the teaching: what become of precision and recall after so many answers
and the build, and after retraining on them? Seeded; the figures depend on the world alone.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.datasets import SCRATCH, SEED
from benchmarks.process import run
from benchmarks.product import command
from tieline.actions import review
from tieline.actions.retrain import keep, retraining
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current
from tieline.pipeline import build
from tieline.workspace import Workspace

RECORDS = 20_000
ANSWERS = (100, 200, 400)
TRUTH = {"contact": "person_id", "site": "site_id", "account": "account_id"}


@dataclass(frozen=True)
class Asked:
    """One question with its true answer; `moves` records stand wrong until it is answered."""

    row: dict[str, Any]
    same: bool
    moves: int

    @property
    def chance(self) -> float:
        """The chance that both are the same, which the gain is made of."""
        moved = self.row["gain"] / min(self.row["left_records"], self.row["right_records"])
        return float(1 - moved if self.row["together"] else moved)


def world(records: int, folder: Path) -> Workspace:
    """Generate and build."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    log = folder.with_suffix(".log")
    run([command(), "demo", folder, "--records", str(records), "--seed", str(SEED)], log=log)
    run([command(), "-w", folder, "build"], log=log, fine=(0, 1))
    return Workspace.open(folder)


def truth(workspace: Workspace, snapshot: Snapshot) -> dict[str, dict[str, str]]:
    """Per kind: record id -> whom it is about, where that can be asked."""
    with DuckEngine() as engine:
        engine.read_parquet("record_entities", snapshot.table("record_entities"))
        engine.load("told", pq.read_table(workspace.path / "truth" / "records.parquet"))
        columns = ", ".join(f"t.{column}::VARCHAR AS {kind}" for kind, column in TRUTH.items())
        rows = engine.arrow(
            f"SELECT e.record_id, t.kind AS card, {columns} FROM record_entities e "
            "JOIN told t ON t.source = e.source AND t.row_number = e.row_number "
            "WHERE t.is_readable"
        ).to_pylist()
    return {
        kind: {
            row["record_id"]: row[kind]
            for row in rows
            # An inbox of a function is no person.
            if row[kind] and not (kind == "contact" and row["card"] == "role")
        }
        for kind in TRUTH
    }


def asked(engine: DuckEngine, workspace: Workspace, told: dict[str, dict[str, str]]) -> list[Asked]:
    """The open questions that the truth can answer, in the order of the queue."""
    found = []
    with workspace.ledger() as ledger:
        rows = review.open_questions(engine, ledger)
    for row, question in zip(rows, review.questions(engine, rows), strict=True):
        sides = [
            _who(told[row["entity"]], side.records) for side in (question.left, question.right)
        ]
        if None in sides:
            continue
        same = sides[0] == sides[1]
        moves = min(len(question.left.records), len(question.right.records))
        found.append(Asked(row, same, moves if same != row["together"] else 0))
    return found


def _who(told: dict[str, str], records: tuple[str, ...]) -> str | None:
    """Whom most of the records are about."""
    counts = Counter(told[record] for record in records if record in told)
    return min(counts, key=lambda one: (-counts[one], one)) if counts else None


def order(questions: list[Asked], first: int) -> dict[str, float]:
    """What the first questions of the queue bring, as shares of what all of them would bring."""
    head = questions[:first]
    corrections = sum(one.moves > 0 for one in questions)
    moves = sum(one.moves for one in questions)
    minutes = sum(one.row["minutes"] for one in questions)
    return {
        "questions": first,
        "of": len(questions),
        "share_at_random": first / len(questions),
        "corrections": sum(one.moves > 0 for one in head) / corrections,
        "records_put_right": sum(one.moves for one in head) / moves,
        "of_the_minutes": sum(one.row["minutes"] for one in head) / minutes,
    }


def calibration(questions: list[Asked]) -> list[tuple[str, int, float, float]]:
    """Per chance the gain is made of: how many questions, what was stated, what is true."""
    edges = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95)
    found = []
    for low, high in itertools.pairwise(edges):
        inside = [one for one in questions if low <= one.chance < high]
        if inside:
            said = sum(one.chance for one in inside) / len(inside)
            true = sum(one.same for one in inside) / len(inside)
            found.append((f"{low:.0%} to {high:.0%}", len(inside), said, true))
    return found


def quality(snapshot: Snapshot, told: dict[str, dict[str, str]]) -> dict[str, list[float]]:
    """Pairwise precision, recall and F1 of each kind."""
    entities = pq.read_table(snapshot.table("record_entities")).to_pylist()
    found = {}
    for kind, whom in told.items():
        ours, theirs, both = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
        for row in entities:
            who = whom.get(row["record_id"])
            if who is None:
                continue
            group = row[f"{kind}_id"] or row["record_id"]
            ours[group] += 1
            theirs[who] += 1
            both[group, who] += 1
        pairs = [sum(n * (n - 1) / 2 for n in x.values()) for x in (both, ours, theirs)]
        precision, recall = pairs[0] / pairs[1], pairs[0] / pairs[2]
        f1 = 2 * precision * recall / (precision + recall)
        found[kind] = [round(precision, 4), round(recall, 4), round(f1, 4)]
    return found


def taught(workspace: Workspace, told: dict[str, dict[str, str]], answers: int) -> dict[str, Any]:
    """The quality before, after answers and build, and after retraining on them."""
    found: dict[str, Any] = {"before": quality(_current(workspace), told)}
    with DuckEngine() as engine:
        for table in review.TABLES:
            engine.read_parquet(table, _current(workspace).table(table))
        questions = asked(engine, workspace, told)[:answers]
        with workspace.ledger() as ledger:
            rows = [one.row for one in questions]
            for one, question in zip(questions, review.questions(engine, rows), strict=True):
                review.decide(ledger, question, one.same, by="truth", shown={})
    # A snapshot is measured before the next one is made: old ones are collected.
    found["answered"] = quality(build(workspace), told)
    made = retraining(workspace)
    found["retrained"] = quality(keep(workspace, made), told)
    return {
        "answers": len(questions),
        "minutes": round(sum(one.row["minutes"] for one in questions), 1),
        **found,
        "on_answers": {
            one.entity: [one.pairs, round(one.before.brier, 4), round(one.after.brier, 4)]
            for one in made.report.on_labels
        },
    }


def _current(workspace: Workspace) -> Snapshot:
    found = current(workspace.hidden_dir)
    assert found is not None
    return found


def main() -> None:
    """Measure and print; `--json FILE` keeps it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--answers", type=int, nargs="*", default=ANSWERS)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    first = world(chosen.records, SCRATCH / "review" / "world")
    told = truth(first, _current(first))
    with DuckEngine() as engine:
        for table in review.TABLES:
            engine.read_parquet(table, _current(first).table(table))
        questions = asked(engine, first, told)
    found: dict[str, Any] = {
        "records": chosen.records,
        "order": [order(questions, n) for n in (100, 200, 400) if n <= len(questions)],
        "calibration": calibration(questions),
        "taught": [],
    }
    _print_order(found)
    for answers in chosen.answers:
        copy = SCRATCH / "review" / f"answered_{answers}"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(first.path, copy)
        found["taught"].append(taught(Workspace.open(copy), told, answers))
        _print_taught(found["taught"][-1])
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _print_order(found: dict[str, Any]) -> None:
    for one in found["order"]:
        print(
            f"first {one['questions']} of {one['of']} questions: {one['corrections']:.1%} of the "
            f"corrections, {one['records_put_right']:.1%} of the records put right, in "
            f"{one['of_the_minutes']:.1%} of the minutes (at random {one['share_at_random']:.1%})"
        )
    for name, questions, said, true in found["calibration"]:
        print(f"stated {name}: {questions} questions, mean stated {said:.1%}, true {true:.1%}")


def _print_taught(one: dict[str, Any]) -> None:
    print(f"{one['answers']} answers, {one['minutes']} minutes by the model of reading")
    for step in ("before", "answered", "retrained"):
        print(f"  {step}: {one[step]}")
    print(f"  on answers (pairs, Brier before, after): {one['on_answers']}", flush=True)


if __name__ == "__main__":
    main()

"""The questions as a CSV sheet for a colleague, and the answers that come back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tieline.actions import review
from tieline.actions.review import Side
from tieline.actions.review_answers import Answer, Taken, take_answers
from tieline.actions.safe_cells import safe_cell
from tieline.cli.screen import say, warn
from tieline.cli.spreadsheet import write_whole
from tieline.engine.tables import Engine
from tieline.errors import Place, TielineError
from tieline.ledger import Ledger

NEEDED = ("answer", "entity", "left_record", "right_record")
MOST_TOLD = 10
_NEXT = "Write a new sheet with: tieline review --export FILE.csv"


def write(engine: Engine, rows: list[dict[str, Any]], file: Path) -> None:
    """Write one line a question, with the two sides beside each other and an empty answer.

    The sheet is blind: neither a score nor what the machine did stands in it.
    """
    questions = review.questions(engine, rows)
    fields = list(dict.fromkeys(name for asked in questions for name in asked.left.values))
    header = ["answer", "entity"]
    header += [f"{name}: {side}" for name in (*fields, "from") for side in ("one", "other")]
    header += ["left_record", "right_record"]
    lines = []
    for asked in questions:
        cells: list[object] = ["", asked.entity]
        for name in fields:
            cells += [_text(asked.left, name), _text(asked.right, name)]
        cells += [_origin(asked.left), _origin(asked.right)]
        lines.append([safe_cell(cell) for cell in (*cells, asked.left.record, asked.right.record)])

    def fill(target: Path) -> None:
        with target.open("w", encoding="utf-8-sig", newline="") as opened:
            csv.writer(opened).writerows([header, *lines])

    write_whole(file, fill)
    say(f"Wrote {file} ({len(lines):,} question{'s' * (len(lines) != 1)}).")
    say("Write same, different or unsure into the column answer; leave the others as they are.")


def read(engine: Engine, ledger: Ledger, file: Path, *, by: str) -> bool:
    """Keep the answers of a sheet and tell what became of them; whether anything is to be built."""
    taken = take_answers(engine, ledger, list(_answers(file)), by=by)
    say(
        f"Read {taken.rows:,} rows: {taken.same:,} the same, {taken.different:,} not the same, "
        f"{taken.unsure:,} cannot tell, {taken.known:,} known before, {taken.empty:,} without an "
        f"answer, {len(taken.problems):,} not usable."
    )
    if taken.conflicts:
        say(f"{len(taken.conflicts):,} contradict an earlier answer; the later one holds:")
        _tell(taken.conflicts)
    if taken.problems:
        warn(f"{len(taken.problems):,} rows could not be used:")
        _tell(taken.problems)
    return _changes(taken)


def _changes(taken: Taken) -> bool:
    return bool(taken.same or taken.different or taken.conflicts)


def _tell(told: list[tuple[int, str]]) -> None:
    for row, sentence in told[:MOST_TOLD]:
        say(f"  row {row}: {sentence}")
    if len(told) > MOST_TOLD:
        say(f"  and {len(told) - MOST_TOLD:,} more")


def _answers(file: Path) -> Iterator[Answer]:
    """The rows of a sheet as a spreadsheet saves it: its own delimiter, with or without a BOM."""
    try:
        raw = file.read_bytes()
    except OSError as problem:
        raise TielineError(
            "cannot_read",
            f"The sheet cannot be read: {problem.strerror}.",
            place=Place(str(file)),
            next_step="Name the CSV file that was answered.",
        ) from None
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = [name for name in NEEDED if name not in (lines.fieldnames or ())]
    if missing:
        raise TielineError(
            "not_a_sheet",
            f"The file has no column {', '.join(missing)}.",
            place=Place(str(file)),
            next_step=_NEXT,
        )
    for number, line in enumerate(lines, start=1):
        cells = {name: (line[name] or "").strip() for name in NEEDED}
        if any(cells.values()):
            yield Answer(
                number,
                cells["entity"],
                cells["left_record"],
                cells["right_record"],
                cells["answer"],
            )


def _text(side: Side, name: str) -> str:
    """What the typical record says, and what others of its side say instead."""
    if name not in side.values:
        return ""
    own, others = side.values[name]
    return " | ".join(part for part in (own, *others) if part)


def _origin(side: Side) -> str:
    more = f" and {len(side.records) - 1} more" if len(side.records) > 1 else ""
    return f"{side.source} row {side.row_number}{more}"

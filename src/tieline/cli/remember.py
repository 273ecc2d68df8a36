"""`tieline remember [FILE]`: events that a program reports, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from tieline.actions.event_messages import event_of, messages_of
from tieline.actions.remember import remember
from tieline.cli import opened
from tieline.cli.screen import error, say, warn
from tieline.errors import Place, TielineError
from tieline.ledger import Event

STDIN = "-"


def run(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines; - for standard input.")
    ] = STDIN,
    stream: Annotated[
        str,
        typer.Option(metavar="NAME", help="Where events come from that do not say it themselves."),
    ] = "",
) -> int:
    """Remember touches and responses that a program reports; the next build attaches them.

    Each line is one event: message_id, type (touch or response), occurred_at and standard fields
    such as email, response_kind, topic or "identifier:cookie"; or a message as Segment's libraries
    send it. An event that is sent again is known by its message id. Exit code 1 says that some
    could not be kept.
    """
    workspace = opened.workspace(context)
    done = remember(workspace, _events(file, stream))
    known = f", {done.known:,} were known" if done.known else ""
    forgotten = f", {done.forgotten:,} left out as of forgotten people" if done.forgotten else ""
    say(f"Remembered {done.new:,} new event{'s' * (done.new != 1)}{known}{forgotten}.")
    for fault in done.faults:
        error(_placed(fault, file))
    if done.refused:
        more = done.refused - len(done.faults)
        rest = f" ({more:,} more are not shown)" if more else ""
        warn(f"{done.refused:,} could not be kept{rest}.")
    if done.new:
        say(f"Next: {opened.command(context, 'build')}")
    return 1 if done.refused else 0


def _events(file: str, stream: str) -> Iterator[Event | TielineError]:
    for number, line in _lines(file):
        if not line.strip():
            continue
        place = Place("", number)
        try:
            for message in messages_of(json.loads(line)):
                yield event_of(message, stream=stream)
        except ValueError:
            yield TielineError("bad_json", f"This is not JSON: {line.strip()[:60]}", place=place)
        except TielineError as problem:
            yield TielineError(problem.code, problem.message, place=place)


def _lines(file: str) -> Iterator[tuple[int, str]]:
    if file == STDIN:
        yield from enumerate(sys.stdin, start=1)
        return
    try:
        with Path(file).open(encoding="utf-8-sig", errors="replace") as lines:
            yield from enumerate(lines, start=1)
    except OSError as problem:
        raise TielineError(
            "cannot_read",
            f"The file cannot be read: {problem.strerror}.",
            place=Place(file),
            next_step="Name a file with one JSON object a line, or - for standard input.",
        ) from None


def _placed(fault: TielineError, file: str) -> TielineError:
    source = "standard input" if file == STDIN else file
    place = Place(source, fault.place.row)
    return TielineError(fault.code, fault.message, place=place, next_step=fault.next_step)

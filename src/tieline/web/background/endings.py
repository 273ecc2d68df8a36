"""Why a job failed, in words, and what to do."""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from typing import Any

from tieline.web.jobs import MOST_ATTEMPTS

USER_MUST_ACT = 2
_STEP = re.compile(r"^\s*[\d.,]+ s  ")
_LONGEST = 400


@dataclass(frozen=True)
class Ending:
    """What happened, and what to do next."""

    says: str
    next_step: str


def ending(job: Any, log: str) -> Ending | None:
    """Why a job failed; None for one that did not."""
    if job.state != "failed":
        return None
    code = job.exit_code
    if code is None:
        return Ending(
            f"It was begun {MOST_ATTEMPTS} times, and each time the process that did it was gone "
            "before it was done: it was killed, memory ran out, or the machine was started anew.",
            "Look in the log of the system whether memory ran out (journalctl --dmesg), then try "
            "again. The last database is as it was.",
        )
    if code == -signal.SIGKILL:
        return Ending(
            "The system ended it at once, most likely because memory ran out.",
            "Give the machine more memory, or end what else needs it, then try again.",
        )
    if code < 0:
        return Ending(
            f"It was ended from outside ({_name(-code)}).",
            "Try again. The last database is as it was.",
        )
    message, next_step = _last_words(log)
    if code == USER_MUST_ACT and message:
        return Ending(message, next_step or "Correct that, then try again.")
    return Ending(
        message or "It ended without a word.",
        next_step or "The log tells how far it came. Try again, and report it if it comes again.",
    )


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _last_words(log: str) -> tuple[str, str]:
    """The error at the end of a log: its message, and the line set in that says what to do."""
    lines = [line for line in log.rstrip().split("\n") if line.strip()]
    next_step = lines.pop() if lines and lines[-1].startswith("  ") else ""
    if _STEP.match(next_step):
        return "", ""
    message = lines[-1] if lines and not lines[-1].startswith(" ") else ""
    return message.strip()[:_LONGEST], next_step.strip()[:_LONGEST]

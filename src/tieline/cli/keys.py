"""Answers by one key: from the keyboard at once, from a pipe one a line."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from tieline.errors import TielineError

END = "\x04"
STOP = "\x03"


class Keys:
    """Reads keys; as a context manager it leaves the terminal as it was, whatever happens."""

    def __init__(self) -> None:
        self.at_terminal = bool(sys.stdin and sys.stdin.isatty())
        self._single = False
        self._before: list[Any] = []
        self._read = 0

    def __enter__(self) -> Keys:
        """Let keys come without the return key where the system can do that."""
        try:
            import termios  # not on Windows
            import tty
        except ImportError:
            return self
        if self.at_terminal:
            self._before = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin, termios.TCSANOW)  # what is typed ahead is not lost
            self._single = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the terminal back."""
        if self._single:
            import termios

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)

    def key(self) -> str | None:
        """The next key in small letters, the first of a line in a pipe; None: there are no more.

        TielineError `nobody_answers` where there is neither a terminal nor a single line.
        """
        if self._single:
            pressed = sys.stdin.read(1)
            if pressed == STOP:
                raise KeyboardInterrupt
            return None if pressed in ("", END) else pressed.lower()
        line = sys.stdin.readline() if sys.stdin else ""
        if not line and not self._read and not self.at_terminal:
            raise TielineError(
                "nobody_answers",
                "There is no terminal to ask at, and no answers come in.",
                next_step="Run it in a terminal, pipe one answer a line into it (s, d, u), or "
                "answer in a spreadsheet: tieline review --export FILE.csv",
            )
        self._read += 1
        return line.strip().lower()[:1] if line else None

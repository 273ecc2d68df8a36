"""A command that ends with the process that started it, however that one ends.

`python -m tieline.web.bound_process WORDS` becomes `python WORDS`. Linux sends it SIGTERM when its
parent is gone; elsewhere it is a command like any other.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def become(words: list[str]) -> None:
    """Bind this process to its parent, then run the words in its place."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        # The parent may be gone already: init, or whoever takes orphans, is no parent of ours.
        if os.getppid() == 1:
            sys.exit(1)
    os.execv(sys.executable, [sys.executable, *words])


if __name__ == "__main__":
    become(sys.argv[1:])

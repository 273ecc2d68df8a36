"""What every test needs."""

import os
import signal
import sys

from postgres_server import a_database, database_url, ledger, postgres

__all__ = ["a_database", "database_url", "ledger", "postgres"]

# No test writes to the ledger that somebody's shell happens to name.
os.environ.pop("DATABASE_URL", None)

# A shell that runs the tests in the background has all of them ignore Ctrl-C, and what they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The main module of a pytest-xdist worker has no file; pyspark takes that for a run of its own
# doctests and ends the process.
_main = sys.modules["__main__"]
if not hasattr(_main, "__file__"):
    _main.__file__ = __file__

# Those of whole builds first: two processes then end at nearly the same time.
_LONGEST_FIRST = ("laws", "web", "docs", "acceptance", "actions")


# The ledger is the same on both databases, held to it by its own tests and by the laws: failures
# of other tools are told on one of them, and on both by `make test-scale`.
_ON_ONE_DATABASE = "published_failures"


def pytest_collection_modifyitems(config, items):
    def left_out(item):
        told = getattr(item, "callspec", None)
        return (
            "TIELINE_EVERY_DATABASE" not in os.environ
            and _ON_ONE_DATABASE in item.path.parts
            and told is not None
            and told.params.get("a_database") == "postgresql"
        )

    out = [item for item in items if left_out(item)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]

    def place(item):
        folders = item.path.parts
        return next((n for n, name in enumerate(_LONGEST_FIRST) if name in folders), 9)

    items.sort(key=place)

"""What every test needs."""

import sys

# The main module of a pytest-xdist worker has no file; pyspark takes that for a run of its own
# doctests and ends the process.
_main = sys.modules["__main__"]
if not hasattr(_main, "__file__"):
    _main.__file__ = __file__

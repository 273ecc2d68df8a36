"""A second Python process that standardises its share of the texts meanwhile.

A plain child process fed by pipes: multiprocessing would run the caller's main script again and
fork is not safe beside Arrow's threads. `python -m tieline.data.values.second_process <module>`
reads an Arrow stream and writes one.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa


class SecondProcessError(Exception):
    """The child process could not be started or did not finish."""


class SecondProcess:
    """The work of one child process; `result` waits for it."""

    def __init__(self, module: str, inputs: pa.Table) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._answer = self._thread.submit(_ask, module, inputs)

    def result(self) -> pa.Table:
        """The standard values of the inputs, in their order."""
        try:
            return self._answer.result()
        except (OSError, subprocess.SubprocessError, pa.ArrowException) as reason:
            raise SecondProcessError(str(reason)) from reason
        finally:
            self._thread.shutdown(wait=False)


def _ask(module: str, inputs: pa.Table) -> pa.Table:
    child = subprocess.run(
        [sys.executable, "-m", __name__, module],
        input=_stream(inputs),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        # The child must find the same package, also when the caller put it on sys.path itself.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    return pa.ipc.open_stream(child.stdout).read_all()


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def main() -> None:
    """Standardise the Arrow stream on standard input by the kind named on the command line."""
    kind = importlib.import_module(sys.argv[1])
    inputs = pa.ipc.open_stream(sys.stdin.buffer).read_all()
    sys.stdout.buffer.write(_stream(kind.standardise(inputs)))


if __name__ == "__main__":
    main()

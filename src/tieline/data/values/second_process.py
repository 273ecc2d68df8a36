"""A second Python process that standardises texts meanwhile.

A plain child process fed by pipes: multiprocessing would run the caller's main script again and
fork is not safe beside Arrow's threads. `python -m tieline.data.values.second_process` reads Arrow
streams, each with the module of its kind in the schema's metadata, and answers each with another.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from io import BufferedReader
from types import TracebackType
from typing import IO, cast

import pyarrow as pa

_KIND = b"kind"


class SecondProcessError(Exception):
    """The child process could not be started or did not answer."""


class SecondProcess:
    """One child process, started when it is first asked; leaving the `with` block ends it."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._failed = False

    @property
    def is_running(self) -> bool:
        """Whether the child has been started, so that asking it costs no start any more."""
        return self._child is not None

    @property
    def can_work(self) -> bool:
        """Whether the child was not found broken."""
        return not self._failed

    def standardise(self, module: str, inputs: pa.Table) -> pa.Table:
        """The standard values of the inputs, in their order; waits for them."""
        try:
            if self._child is None:
                self._child = _start()
            assert self._child.stdin is not None  # a pipe, see _start
            _write(inputs.replace_schema_metadata({_KIND: module}), self._child.stdin)
            return pa.ipc.open_stream(self._child.stdout).read_all()
        except (OSError, ValueError, pa.ArrowException) as reason:
            self._failed = True
            raise SecondProcessError(str(reason)) from reason

    def __enter__(self) -> SecondProcess:
        return self

    def __exit__(
        self,
        error: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # The child must find the same package, also when the caller put it on sys.path itself.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )


def _write(table: pa.Table, sink: IO[bytes]) -> None:
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    sink.flush()


def main() -> None:
    """Answer the Arrow streams on standard input until it ends."""
    questions = cast(BufferedReader, sys.stdin.buffer)
    while questions.peek(1):
        inputs = pa.ipc.open_stream(questions).read_all()
        kind = importlib.import_module(inputs.schema.metadata[_KIND].decode())
        _write(kind.standardise(inputs), sys.stdout.buffer)


if __name__ == "__main__":
    main()

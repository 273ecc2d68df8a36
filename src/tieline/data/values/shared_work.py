"""Chunks of texts worked off by this process and, where it pays, a second one.

The second process takes chunks from the front of the list, this one from the back, until they meet:
nobody has to know beforehand what a chunk costs, and each process reads the word lists of the kinds
it meets only.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

import pyarrow as pa

from tieline.data.values.second_process import SecondProcess, SecondProcessError


class Worker(Protocol):
    """What turns raw texts into standard values: a module of this package."""

    __name__: str

    def standardise(self, distinct: pa.Table) -> pa.Table:
        """One output row per input row, in the same order."""
        ...


class Chunk(NamedTuple):
    """Some rows of one kind."""

    kind: Worker
    inputs: pa.Table


# Rows that one process works off while another starts and reads its word lists; measured.
ROWS_WORTH_A_PROCESS = 40_000


def work_off(
    chunks: Sequence[Chunk],
    second: SecondProcess,
    report: Callable[[int], None] = lambda rows: None,
) -> list[pa.Table]:
    """The standard values of every chunk, in order; `report` hears how many rows are done."""
    waiting = deque(range(len(chunks)))
    results: dict[int, pa.Table] = {}

    def by_second() -> None:
        while waiting:
            try:
                number = waiting.popleft()
            except IndexError:  # this process has taken the last one meanwhile
                return
            try:
                results[number] = second.standardise(
                    chunks[number].kind.__name__, chunks[number].inputs
                )
            except SecondProcessError:
                # Some systems do not let a program start Python; the work is then done here.
                waiting.append(number)
                return

    def here() -> None:
        while waiting:
            try:
                number = waiting.pop()
            except IndexError:
                return
            results[number] = chunks[number].kind.standardise(chunks[number].inputs)
            report(sum(table.num_rows for table in list(results.values())))

    rows = sum(chunk.inputs.num_rows for chunk in chunks)
    if second.can_work and (second.is_running or rows >= ROWS_WORTH_A_PROCESS) and len(chunks) > 1:
        with ThreadPoolExecutor(max_workers=1) as threads:
            meanwhile = threads.submit(by_second)
            here()
            meanwhile.result()
        if not waiting:
            report(rows)
    here()
    return [results[number] for number in range(len(chunks))]

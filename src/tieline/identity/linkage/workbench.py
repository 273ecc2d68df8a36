"""Tables that a piece of work makes for itself and leaves no trace of."""

from __future__ import annotations

from types import TracebackType

import pyarrow as pa

from tieline.engine.tables import Engine


class Workbench:
    """Makes tables named `prefix_name` and drops them at the end; methods return the whole name."""

    def __init__(self, engine: Engine, prefix: str) -> None:
        self.engine = engine
        self._prefix = prefix
        self._made: dict[str, None] = {}

    def create(self, name: str, select: str) -> str:
        """Compute `select` now."""
        self.engine.create(self.named(name), select)
        return self.named(name)

    def load(self, name: str, table: pa.Table) -> str:
        """Keep the rows of an Arrow table."""
        self.engine.load(self.named(name), table)
        return self.named(name)

    def rows(self, table: str) -> int:
        """Return the number of rows of a table."""
        return int(self.engine.arrow(f"SELECT count(*) AS n FROM {table}")["n"][0].as_py())

    def __enter__(self) -> Workbench:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in self._made:
            self.engine.drop(name)

    def named(self, name: str) -> str:
        """Return the whole name of a table that somebody is about to make here."""
        whole = f"{self._prefix}_{name}"
        self._made[whole] = None
        return whole

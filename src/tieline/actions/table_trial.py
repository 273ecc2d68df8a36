"""Some tables as a build would make them now, on the current snapshot, without a build."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.engine.snapshot import Snapshot
from tieline.errors import TielineError
from tieline.pipeline import models


@contextmanager
def tables_tried(
    snapshot: Snapshot,
    names: Sequence[str],
    given: Mapping[str, Any],
    change: Callable[[DuckEngine], None] = lambda _: None,
) -> Iterator[DuckEngine]:
    """Give an engine with the tables `names`, computed in this order with the context `given`.

    `change` may put others in the place of the tables that they are made from.
    Raises `not_built` where the snapshot is older than the tables they are made from.
    """
    by_name = {model.name: model for model in models()}
    needed = {name for table in names for name in by_name[table].inputs} - set(names)
    missing = sorted(needed - set(snapshot.tables))
    if missing:
        raise TielineError(
            "not_built",
            f"The snapshot {snapshot.id} has no table {missing[0]}: an earlier Tieline built it.",
            next_step="Run `tieline build` and try again.",
        )
    with DuckEngine() as engine:
        for name in sorted(needed):
            engine.read_parquet(name, snapshot.table(name))
        change(engine)
        for name in names:
            compute(by_name[name], engine, given)
        yield engine

"""Some tables as a build would make them now, on the current snapshot, without a build."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.engine.model import Model
from tieline.engine.snapshot import Snapshot
from tieline.errors import TielineError

Change = Callable[[DuckEngine], None]
"""Puts other tables in the place of those that a trial is made from."""


def tables_tried(
    snapshot: Snapshot,
    names: Sequence[str],
    given: Mapping[str, Any],
    change: Change = lambda _: None,
) -> AbstractContextManager[DuckEngine]:
    """Give an engine with the tables `names`, computed in this order with the context `given`.

    `change` may put others in the place of the tables that they are made from.
    Raises `not_built` where the snapshot is older than the tables they are made from.
    """
    # Imported here: to read every model takes as long as to run a few.
    from tieline.pipeline import models

    by_name = {model.name: model for model in models()}
    return models_tried(snapshot, [by_name[name] for name in names], given, change=change)


@contextmanager
def models_tried(
    snapshot: Snapshot,
    models: Sequence[Model],
    given: Mapping[str, Any],
    *,
    also: Sequence[str] = (),
    change: Change = lambda _: None,
) -> Iterator[DuckEngine]:
    """The same for models at hand; the tables `also` of the snapshot can be read beside them."""
    made = [model.name for model in models]
    needed = {*also, *(name for model in models for name in model.inputs)} - set(made)
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
        for model in models:
            compute(model, engine, given)
        yield engine

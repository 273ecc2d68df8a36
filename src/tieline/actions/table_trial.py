"""Some tables as a build would make them now, on the current snapshot, without a build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any

from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.engine.model import Model
from tieline.engine.snapshot import Snapshot
from tieline.errors import TielineError

STANDING_ON = {
    "as_of": "SELECT DATE '{day}' AS as_of",
    "site_stages": (
        "SELECT site_id, stage, phase FROM site_stage_periods WHERE entered_on <= DATE '{day}' "
        "AND (left_on IS NULL OR left_on > DATE '{day}')"
    ),
}
"""What a snapshot that stands at an earlier day has in these tables, as far as is asked of them."""


def tables_tried(
    snapshot: Snapshot, names: Sequence[str], given: Mapping[str, Any], on: date | None = None
) -> AbstractContextManager[DuckEngine]:
    """Give an engine with the tables `names`, computed in this order with the context `given`.

    With a day, as a snapshot that stands `on` it has them. Raises `not_built` where the snapshot is
    older than the tables they are made from.
    """
    # Imported here: to read every model takes as long as to run a few.
    from tieline.pipeline import models

    by_name = {model.name: model for model in models()}
    return models_tried(snapshot, [by_name[name] for name in names], given, on=on)


@contextmanager
def models_tried(
    snapshot: Snapshot,
    models: Sequence[Model],
    given: Mapping[str, Any],
    *,
    also: Sequence[str] = (),
    on: date | None = None,
) -> Iterator[DuckEngine]:
    """The same for models at hand; the tables `also` of the snapshot can be read beside them."""
    made = [model.name for model in models]
    needed = {*also, *(name for model in models for name in model.inputs)} - set(made)
    needed |= {"site_stage_periods"} if on else set()
    missing = sorted(needed - set(snapshot.tables))
    if missing:
        raise TielineError(
            "not_built",
            f"The snapshot {snapshot.id} has no table {missing[0]}: an earlier Tieline built it.",
            next_step="Run `tieline build` and try again.",
        )
    with DuckEngine() as engine:
        for name in sorted(needed):
            if on is None or name not in STANDING_ON:
                engine.read_parquet(name, snapshot.table(name))
        for name in sorted(needed & set(STANDING_ON) if on else ()):
            engine.create(name, STANDING_ON[name].format(day=on))
        for model in models:
            compute(model, engine, given)
        yield engine

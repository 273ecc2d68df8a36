"""Run models in the order their inputs ask for."""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.lineage import Node
from sqlglot.lineage import lineage as trace

from tieline.engine.model import Model
from tieline.engine.tables import Engine, Table
from tieline.errors import Place, TielineError

OnStep = Callable[[Model, float, int], None]


def ordered(models: Sequence[Model], given: Iterable[str] = ()) -> list[Model]:
    """Return the models so that each stands after its inputs, otherwise as they were listed.

    `given` names the tables that are there before the run. Raises on two models of one name, an
    input nobody makes, and a circle, naming the tables.
    """
    by_name: dict[str, Model] = {}
    for model in models:
        if model.name in by_name:
            raise TielineError(
                "two_models", f"Two models make the table {model.name}.", place=_place(model)
            )
        by_name[model.name] = model
    known = set(given)
    for model in models:
        for name in model.inputs:
            if name not in by_name and name not in known:
                close = difflib.get_close_matches(name, sorted(known | set(by_name)), 1)
                hint = f" Did you mean {close[0]}?" if close else ""
                raise TielineError(
                    "unknown_input",
                    f"{model.name} reads the table {name}, which nothing makes.{hint}",
                    place=_place(model),
                )
    done: dict[str, Model] = {}
    for model in models:
        _visit(model, by_name, done, [])
    return list(done.values())


def run(
    models: Sequence[Model],
    engine: Engine,
    context: Mapping[str, Any],
    *,
    given: Iterable[str] = (),
    keep: Collection[str] | None = None,
    on_step: OnStep | None = None,
    python_engine: Engine | None = None,
) -> None:
    """Compute all models on `engine`; afterwards the tables in `keep` (all if None) are there.

    `given` names tables already loaded. A table that is neither kept nor read by a later model is
    dropped. `on_step(model, seconds, rows)` is called after each model. Python models are computed
    on `python_engine` (`engine` if None): what they say in SQL need not be portable. A table that
    is asked for on the other engine is copied there once; what `python_engine` is left with, its
    owner closes it with.
    """
    steps = ordered(models, given)
    last_use = {name: n for n, step in enumerate(steps) for name in (step.name, *step.inputs)}
    homes = {name: [engine] for name in given}
    for number, model in enumerate(steps):
        started = time.perf_counter()
        own = engine if model.sql is not None or python_engine is None else python_engine
        for name in model.inputs:
            _bring(name, own, homes[name])
        compute(model, own, context)
        homes[model.name] = [own]
        if model.name in (keep if keep is not None else homes):
            _bring(model.name, engine, homes[model.name])
        rows = Table(own, model.name).rows()
        if on_step is not None:
            on_step(model, time.perf_counter() - started, rows)
        if keep is not None:
            for name in sorted({model.name, *model.inputs} - set(keep)):
                if last_use[name] == number:
                    for home in homes.pop(name):
                        home.drop(name)


def _bring(name: str, to: Engine, homes: list[Engine]) -> None:
    """Copy a table to an engine that does not have it yet, and note that it has."""
    if not any(home is to for home in homes):
        to.load(name, Table(homes[0], name).arrow())
        homes.append(to)


def compute(model: Model, engine: Engine, context: Mapping[str, Any]) -> None:
    """Compute one model into the table of its name and check its columns against its header."""
    try:
        result = model.compute(engine, context)
        if isinstance(result, str):
            engine.create(model.name, result)
        else:
            engine.load(model.name, result)
    except TielineError as problem:
        if problem.code != "query_failed":
            raise
        raise TielineError(
            "model_failed",
            f"The table {model.name} cannot be computed. {problem.message}",
            place=_place(model),
        ) from problem
    made, told = list(engine.columns(model.name)), model.header.columns
    missing = [name for name in told if name not in made]
    extra = [name for name in made if name not in told]
    if missing or extra:
        parts = [f"it lacks {', '.join(missing)}"] if missing else []
        parts += [f"its header does not name {', '.join(extra)}"] if extra else []
        raise TielineError(
            "columns_differ",
            f"The table {model.name} is not as its header says: {'; '.join(parts)}.",
            place=_place(model),
        )


def lineage(
    models: Sequence[Model], table: str, column: str, tables: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    """Return (table, column) of everything the column is computed from, nearest first.

    `tables` gives the columns and types of each table (`{name: engine.columns(name)}`). The trace
    goes through SQL models; a Python model ends it, since its function cannot be read that way.
    """
    by_name = {model.name: model for model in models}
    found: dict[tuple[str, str], None] = {}
    waiting = [(table, column)]
    while waiting:
        name, wanted = waiting.pop(0)
        model = by_name.get(name)
        if model is None or model.sql is None:
            continue
        for source in _sources(model, wanted, tables):
            if source not in found and source != (table, column):
                found[source] = None
                waiting.append(source)
    return list(found)


def _sources(
    model: Model, column: str, tables: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str]]:
    schema = {name: dict(tables[name]) for name in model.inputs if name in tables}
    try:
        root = trace(column, str(model.sql), schema=schema, dialect="duckdb")
    except (sqlglot.errors.SqlglotError, ValueError) as problem:
        raise TielineError(
            "no_lineage",
            f"Where {model.name}.{column} comes from cannot be told: {problem}",
            place=_place(model),
        ) from problem
    leaves: list[Node] = [node for node in root.walk() if isinstance(node.expression, exp.Table)]
    return sorted({(leaf.expression.name, leaf.name.rpartition(".")[2]) for leaf in leaves})


def _visit(
    model: Model, by_name: Mapping[str, Model], done: dict[str, Model], path: list[str]
) -> None:
    if model.name in done:
        return
    if model.name in path:
        circle = " <- ".join([*path[path.index(model.name) :], model.name])
        raise TielineError(
            "circle", f"These tables are made from each other: {circle}.", place=_place(model)
        )
    for name in model.inputs:
        if name in by_name:
            _visit(by_name[name], by_name, done, [*path, model.name])
    done[model.name] = model


def _place(model: Model) -> Place:
    return Place(str(model.file))

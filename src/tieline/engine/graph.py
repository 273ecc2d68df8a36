"""The order of models, computing one, and tracing columns back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.lineage import Node
from sqlglot.lineage import lineage as trace

from tieline.engine.model import Model
from tieline.engine.tables import Engine
from tieline.errors import Place, TielineError, did_you_mean


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
                hint = did_you_mean(name, sorted(known | set(by_name)))
                raise TielineError(
                    "unknown_input",
                    f"{model.name} reads the table {name}, which nothing makes.{hint}",
                    place=_place(model),
                )
    done: dict[str, Model] = {}
    for model in models:
        _visit(model, by_name, done, [])
    return list(done.values())


def compute(model: Model, engine: Engine, context: Mapping[str, Any]) -> None:
    """Compute one model into the table of its name and check its columns against its header.

    What else a Python model leaves on the engine is dropped: no later model may build on it, since
    this one may be taken over from the last build.
    """
    before = engine.names()
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
    for name in sorted(engine.names() - before - {model.name}):
        engine.drop(name)
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

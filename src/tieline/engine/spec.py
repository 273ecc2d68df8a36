r"""Specs: small tables in Markdown that say what a model makes of its inputs.

    # Two records of one source count as two

    Whoever reads this should understand the rule from the sentence and the rows.

    ## given records
    | record_id | row_number BIGINT |
    |-----------|-------------------|
    | a         | 1                 |

    ## with
    smallest: 3

    ## then
    | source | records |
    |--------|---------|
    | crm    | 1       |

A header cell is a column's name and, if it is not VARCHAR, its DuckDB type. An empty cell is NULL,
`""` an empty text, `\|` a bar. `## with` gives a Python model its settings as YAML, `## settings`
as a `tieline.toml` that whoever runs the specs reads. A file may hold several specs, each beginning
with its `# title`. `then` may leave columns out, not rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from tieline.engine import graph, portable
from tieline.engine.duck import DuckEngine
from tieline.engine.model import Model
from tieline.engine.tables import Engine, Table, quoted
from tieline.errors import Place, TielineError


@dataclass(frozen=True)
class TextTable:
    """A table as it is written: column names, their types, and rows of text or NULL."""

    types: Mapping[str, str]
    rows: Sequence[tuple[str | None, ...]]

    def typed(self, types: Mapping[str, str]) -> pa.Table:
        """Return the rows with the given DuckDB types."""
        names = list(self.types)
        columns = [pa.array([row[n] for row in self.rows], pa.string()) for n in range(len(names))]
        casts = ", ".join(f"CAST({quoted(n)} AS {types[n]}) AS {quoted(n)}" for n in names)
        with DuckEngine(threads=1) as engine:
            engine.load("written", pa.table(columns, names=names))
            return engine.arrow(f"SELECT {casts} FROM written")


@dataclass
class Spec:
    """One example: input tables, settings and the rows expected of a model."""

    title: str
    file: Path
    given: dict[str, TextTable] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    settings: str | None = None
    then: TextTable | None = None


def read_specs(path: Path) -> list[Spec]:
    """Read all specs of a file, or raise naming the line that cannot be understood."""
    specs: list[Spec] = []
    for number, heading, body in _sections(path.read_text(encoding="utf-8").splitlines()):
        place = Place(f"{path}, line {number}")
        if heading.startswith("# "):
            specs.append(Spec(heading[2:].strip(), path))
        elif not specs:
            raise TielineError("bad_spec", "A spec begins with a '# title'.", place=place)
        elif heading.startswith("## given "):
            specs[-1].given[heading[len("## given ") :].strip()] = _table(body, place)
        elif heading == "## with":
            specs[-1].context = yaml.safe_load("\n".join(body)) or {}
        elif heading == "## settings":
            specs[-1].settings = "\n".join(line for line in body if not line.startswith("```"))
        elif heading == "## then":
            specs[-1].then = _table(body, place)
        else:
            said = f"{heading!r} is none of '## given <table>', '## with', '## settings', '## then'"
            raise TielineError("bad_spec", said, place=place)
    for spec in specs:
        if spec.then is None:
            said = f"The spec {spec.title!r} has no '## then'."
            raise TielineError("bad_spec", said, place=Place(str(path)))
    return specs


def check_spec(
    engine: Engine, model: Model, spec: Spec, models: Mapping[str, Model] | None = None
) -> None:
    """Compute `model` from the spec's tables on `engine`; raise where it is not as expected.

    An input that the spec does not give is computed by its model among `models`, so that a rule of
    several tables can be told from its beginning to its end.

    Rows are compared without order, real numbers to nine digits. A SELECT outside the portable
    subset is refused too, since here the types of its columns are known.
    """
    place = Place(f"{spec.file}, {spec.title!r}")
    between = _between(model, spec, models or {}, place)
    try:
        for name, table in spec.given.items():
            engine.load(name, table.typed(table.types))
        for step in (*between, model):
            _check_portable(engine, step, spec, place)
            graph.compute(step, engine, spec.context)
        _check_rows(engine, model, spec, place)
    finally:
        for name in (*spec.given, *(step.name for step in between), model.name):
            engine.drop(name)


def _between(
    model: Model, spec: Spec, models: Mapping[str, Model], place: Place
) -> tuple[Model, ...]:
    """The models that lead from the spec's tables to the model's inputs, in order."""
    found: dict[str, Model] = {}
    for name in model.inputs:
        if name in spec.given or name in found:
            continue
        if name not in models:
            said = f"{model.name} reads {name}, which the spec does not give."
            raise TielineError("bad_spec", said, place=place)
        found |= {step.name: step for step in _between(models[name], spec, models, place)}
        found[name] = models[name]
    return tuple(found.values())


def _check_portable(engine: Engine, model: Model, spec: Spec, place: Place) -> None:
    select = model.compute(engine, spec.context)
    if isinstance(select, str):
        schema = {name: engine.columns(name) for name in model.inputs}
        found = portable.violations(select, schema)
        if found:
            said = "\n".join(f"{model.name}: {violation}" for violation in found)
            raise TielineError("not_portable", said, place=place)


def _check_rows(engine: Engine, model: Model, spec: Spec, place: Place) -> None:
    if spec.then is None:
        return
    made_types = engine.columns(model.name)
    stray = [name for name in spec.then.types if name not in made_types]
    if stray:
        said = f"{model.name} has no column {', '.join(stray)}."
        raise TielineError("spec_differs", said, place=place)
    expected = _counted(spec.then.typed(made_types))
    made = _counted(Table(engine, model.name).arrow(list(spec.then.types)))
    if expected != made:
        lines = [f"missing:    {_shown(row)}" for row in (expected - made).elements()]
        lines += [f"unexpected: {_shown(row)}" for row in (made - expected).elements()]
        said = f"{model.name} has other rows.\n" + "\n".join(lines)
        raise TielineError("spec_differs", said, place=place)


def _counted(table: pa.Table) -> Counter[tuple[str, ...]]:
    return Counter(tuple(_cell(cell) for cell in row.values()) for row in table.to_pylist())


def _cell(value: Any) -> str:
    if isinstance(value, float):
        # Engines add up in another order, which shows in the last of sixteen digits.
        return f"{value + 0.0:.9g}"
    return "" if value is None else repr(value)


def _shown(row: tuple[str, ...]) -> str:
    return f"| {' | '.join(row)} |"


def _sections(lines: Sequence[str]) -> list[tuple[int, str, list[str]]]:
    """Return (line number, heading, lines below it) of each heading."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(lines, 1):
        if re.match(r"##? ", line):
            found.append((number, line.rstrip(), []))
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            found.append((number, line.rstrip(), []))
    return found


def _table(lines: Sequence[str], place: Place) -> TextTable:
    rows = [_cells(line) for line in lines if line.lstrip().startswith("|")]
    rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    if not rows:
        raise TielineError("bad_spec", "There is no table below this heading.", place=place)
    types = {}
    for cell in rows[0]:
        name, _, kind = cell.partition(" ")
        types[name] = kind.strip() or "VARCHAR"
    for row in rows[1:]:
        if len(row) != len(types):
            said = f"The row {_shown(tuple(row))} has {len(row)} cells, not {len(types)}."
            raise TielineError("bad_spec", said, place=place)
    return TextTable(types, [tuple(_written(cell) for cell in row) for row in rows[1:]])


def _cells(line: str) -> list[str]:
    inner = re.sub(r"^\s*\||(?<!\\)\|\s*$", "", line)
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]


def _written(cell: str) -> str | None:
    if cell == '""':
        return ""
    return cell or None

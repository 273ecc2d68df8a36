"""A model: one table, its documentation, the tables it is made from and how it is computed."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import sqlglot
import yaml
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from tieline.engine.increment import Increment, check_inputs, read_increment
from tieline.engine.tables import Engine, Table
from tieline.errors import Place, TielineError, did_you_mean

REQUIRED = ("question", "row", "key", "columns", "owner")
OPTIONAL = ("better", "increment")
BETTER = ("up", "down", "neutral")

HOW = ("engine", "last")
"""What every Python model may ask for; its rows do not depend on it."""

# The one in C reads a hundred headers in a tenth of the time; not every machine has it.
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Computed: TypeAlias = pa.Table | str


@dataclass(frozen=True)
class Header:
    """What a reader must know of a table; the source of its reference page and tooltips.

    `question` it answers, what one `row` is, the `key` columns that tell rows apart, `columns` with
    the meaning and unit of each, the `owner` role, and which direction is `better`; `increment`
    says how the table is computed in part, where it can be.
    """

    question: str
    row: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    owner: str
    better: str = "neutral"
    increment: Increment | None = None


@dataclass(frozen=True)
class Model:
    """One table: `compute(engine, context)` gives its rows, or a SELECT that does.

    `layer` is the folder it stands in, `inputs` the tables it reads, `sql` its SELECT where it is
    written in SQL (None for a Python function), `file` where it is written, `context` what else
    its rows depend on, by name, `words` what a SELECT may mean by a column's name, small (None if
    any column may be read).
    """

    name: str
    layer: str
    header: Header
    inputs: tuple[str, ...]
    compute: Callable[[Engine, Mapping[str, Any]], Computed]
    file: Path
    sql: str | None = None
    context: tuple[str, ...] = ()
    words: frozenset[str] | None = None


def sql_model(path: Path) -> Model:
    """Read the model in `<layer>/<name>.sql`: a YAML header in a comment, then one SELECT."""
    text = path.read_text(encoding="utf-8")
    found = re.match(r"\s*/\*(.*?)\*/(.*)", text, re.DOTALL)
    if found is None:
        raise TielineError(
            "bad_header",
            "The file does not start with its header.",
            place=Place(str(path)),
            next_step=f"Begin with /* ... */ holding the keys {', '.join(REQUIRED)}.",
        )
    # The header's lines stay as blank ones, so that a place in the SELECT is a line of the file.
    select = "\n" * text[: found.start(2)].count("\n") + found.group(2).rstrip().rstrip(";")
    tree = _parsed(select, str(path))
    header, inputs = read_header(found.group(1), str(path)), _tables(tree)
    if header.increment is not None:
        check_inputs(header.increment, inputs, str(path))
    return Model(
        name=path.stem,
        layer=path.parent.name,
        header=header,
        inputs=inputs,
        compute=lambda engine, context: select,
        file=path,
        sql=select,
        words=_words(tree),
    )


def python_model(function: Callable[..., Computed]) -> Model:
    """Make a model of a function from tables to a table.

    The function's name is the table's. Its docstring is the header (a sentence may stand before
    the first key). Its positional parameters are the input tables, given as `Table`; its
    keyword-only ones are filled from the context by name. `engine` is always there, and so is
    `last(name)`: a table as the last build left it, or None (see `tieline.engine.run`). It returns
    an Arrow table, or a SELECT to materialise. Tables it leaves on the engine are dropped.
    """
    file = Path(inspect.getsourcefile(function) or "")
    place = f"{file}, {function.__name__}()"
    parameters = inspect.signature(function).parameters.values()
    inputs = tuple(p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)
    wanted = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}

    def compute(engine: Engine, context: Mapping[str, Any]) -> Computed:
        known = {"last": lambda name: None, **context, "engine": engine}
        missing = [n for n, d in wanted.items() if n not in known and d is inspect.Parameter.empty]
        if missing:
            raise TielineError(
                "missing_context",
                f"{function.__name__} needs {', '.join(missing)}, which the run does not give it"
                f" (given: {', '.join(sorted(known))}).",
                place=Place(place),
            )
        tables = [Table(engine, name) for name in inputs]
        return function(*tables, **{name: known[name] for name in wanted if name in known})

    header = read_header(_after_sentence(inspect.getdoc(function) or ""), place)
    if header.increment is not None:
        check_inputs(header.increment, inputs, place)
    return Model(
        name=function.__name__,
        layer=function.__module__.rpartition(".")[0].rpartition(".")[2],
        header=header,
        inputs=inputs,
        compute=compute,
        file=file,
        context=tuple(name for name in wanted if name not in HOW),
    )


def inputs_of(select: str, place: str) -> tuple[str, ...]:
    """Return the tables a SELECT reads, sorted; names that WITH binds are not among them."""
    return _tables(_parsed(select, place))


def _parsed(select: str, place: str) -> exp.Expression:
    try:
        return sqlglot.parse_one(select, dialect="duckdb")
    except sqlglot.errors.ParseError as problem:
        raise TielineError(
            "bad_sql", f"This SELECT cannot be read: {problem}", place=Place(place)
        ) from problem


def _tables(tree: exp.Expression) -> tuple[str, ...]:
    named = {
        source.name
        for scope in traverse_scope(tree)
        for source in scope.sources.values()
        if isinstance(source, exp.Table) and source.name
    }
    return tuple(sorted(named))


def _words(tree: exp.Expression) -> frozenset[str] | None:
    """Every word that can name a column, small; None where * or a whole row may be meant."""
    stars = [star for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
    natural = any(join.method.upper() == "NATURAL" for join in tree.find_all(exp.Join))
    tables = {str(one.alias_or_name).lower() for one in tree.find_all(exp.Table, exp.Subquery)}
    columns = {str(one.name).lower() for one in tree.find_all(exp.Column)}
    if stars or natural or tables & columns or tree.find(exp.Columns):
        return None
    return frozenset(str(one.name).lower() for one in tree.find_all(exp.Identifier))


def read_header(text: str, place: str) -> Header:
    """Read a YAML header, or raise naming the place and each missing or unknown key."""
    try:
        given = yaml.load(text, _YAML)
    except yaml.YAMLError as problem:
        raise _bad_header(place, f"The header is not valid YAML: {problem}") from problem
    if not isinstance(given, dict):
        raise _bad_header(place, f"The header lacks its keys {', '.join(REQUIRED)}.")
    for key in given:
        if key not in REQUIRED + OPTIONAL:
            hint = did_you_mean(str(key), REQUIRED + OPTIONAL)
            raise _bad_header(place, f"The header has an unknown key {key!r}.{hint}")
    missing = [key for key in REQUIRED if not given.get(key)]
    if missing:
        raise _bad_header(place, f"The header lacks {', '.join(missing)}.")
    columns = given["columns"]
    if not isinstance(columns, dict):
        raise _bad_header(place, "The header's columns must be a mapping of name: meaning.")
    unsaid = [str(name) for name, meaning in columns.items() if not meaning]
    if unsaid:
        raise _bad_header(place, f"The header does not say what {', '.join(unsaid)} means.")
    key = given["key"].split(",") if isinstance(given["key"], str) else given["key"]
    key = tuple(str(name).strip() for name in key)
    stray = [name for name in key if name not in columns]
    if stray:
        raise _bad_header(place, f"The header's key names no column: {', '.join(stray)}.")
    better = given.get("better", "neutral")
    if better not in BETTER:
        raise _bad_header(place, f"better must be one of {', '.join(BETTER)}, not {better!r}.")
    return Header(
        question=" ".join(str(given["question"]).split()),
        row=" ".join(str(given["row"]).split()),
        key=key,
        columns={str(name): " ".join(str(text).split()) for name, text in columns.items()},
        owner=str(given["owner"]),
        better=better,
        increment=read_increment(given["increment"], list(columns), place)
        if "increment" in given
        else None,
    )


def _after_sentence(docstring: str) -> str:
    lines = docstring.splitlines()
    keys = tuple(f"{key}:" for key in REQUIRED + OPTIONAL)
    start = next((n for n, line in enumerate(lines) if line.startswith(keys)), 0)
    return "\n".join(lines[start:])


def _bad_header(place: str, message: str) -> TielineError:
    return TielineError("bad_header", message, place=Place(place))

"""The part of DuckDB's SQL that means the same on every engine and run, and reads only tables.

Every rule here stands for something measured: a SELECT that DuckDB and Spark or Sail answer
differently without a word, that one of them refuses, that gives other rows on another run, or that
reaches outside the tables of the build. Functions are allowed by name: one that is not on the list
has not been shown to agree (`tests/unit/engine/test_conformance.py` shows it for those that are).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from tieline.engine.functions import PORTABLE, REMEDIES
from tieline.engine.tables import NAME

Schema = Mapping[str, Mapping[str, str]]
Finder = Callable[[exp.Expression], Iterator[exp.Expression]]


@dataclass(frozen=True)
class Violation:
    """One place of a SELECT outside the subset: what is wrong there and what to write instead."""

    code: str
    line: int
    excerpt: str
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.excerpt} — {self.sentence} {self.remedy} [{self.code}]"


@dataclass(frozen=True)
class Rule:
    """One difference: its code, what happens, what to write instead, and where it is in a tree."""

    code: str
    sentence: str
    remedy: str
    find: Finder


def violations(sql: str, schema: Schema | None = None) -> list[Violation]:
    """Return every place where `sql` leaves the portable subset, in the order of lines.

    With `schema` (table -> column -> DuckDB type) the rules about types see through columns.
    """
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except (sqlglot.errors.SqlglotError, RecursionError) as problem:
        text = str(problem).splitlines()[0] if str(problem) else "too deeply nested"
        return [Violation("bad_sql", 1, sql.strip()[:40], f"This cannot be read: {text}", "")]
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        said = "This is not one SELECT."
        return [Violation("not_a_select", 1, sql.strip()[:40], said, "Write one SELECT only.")]
    found = [
        Violation(rule.code, _line(node), _excerpt(node), rule.sentence, rule.remedy)
        for rules, tree in ((RULES, trees[0]), (TYPE_RULES, _typed(trees[0], schema)))
        for rule in rules
        for node in rule.find(tree)
    ]
    found += [_unknown(node) for node in _unlisted_functions(trees[0])]
    return sorted(found, key=lambda violation: (violation.line, violation.code, violation.excerpt))


def _typed(tree: exp.Expression, schema: Schema | None) -> exp.Expression:
    known = MappingSchema({n: dict(c) for n, c in (schema or {}).items()}, dialect="duckdb")
    try:
        if schema:
            tree = qualify(tree.copy(), schema=known, dialect="duckdb", quote_identifiers=False)
        return annotate_types(tree.copy(), schema=known, dialect="duckdb")
    except sqlglot.errors.SqlglotError:
        # An unknown table or column: the engine says so better when it runs.
        return tree


def _line(node: exp.Expression) -> int:
    for near in (*node.walk(), *_ancestors(node)):
        if "line" in near.meta:
            return int(near.meta["line"])
    return 1


def _ancestors(node: exp.Expression) -> Iterator[exp.Expression]:
    while node.parent is not None:
        node = node.parent
        yield from node.walk()


def _excerpt(node: exp.Expression) -> str:
    text = " ".join(node.sql(dialect="duckdb").split())
    return text if len(text) <= 60 else text[:57] + "..."


def _of(*kinds: type[exp.Expression]) -> Finder:
    return lambda tree: iter(tree.find_all(*kinds))


def _unlisted_functions(tree: exp.Expression) -> Iterator[exp.Func]:
    for node in tree.find_all(exp.Func):
        if function_key(node) not in PORTABLE and not isinstance(node.parent, exp.Table):
            yield node


def function_key(node: exp.Func) -> str:
    """Return the name under which a function stands in the list of portable ones."""
    return node.name.lower() if isinstance(node, exp.Anonymous) else str(node.key)


def _unknown(node: exp.Func) -> Violation:
    key = function_key(node)
    if key in REMEDIES:
        code, sentence, remedy = REMEDIES[key]
        return Violation(code, _line(node), _excerpt(node), sentence, remedy)
    sentence = "It is not known that every engine has this function and agrees on it."
    remedy = "Use a function of the list in engine/functions.py, or write a Python model."
    return Violation("unlisted_function", _line(node), _excerpt(node), sentence, remedy)


def _outside(tree: exp.Expression) -> Iterator[exp.Expression]:
    for table in tree.find_all(exp.Table):
        plain = isinstance(table.this, exp.Identifier) and not table.db and not table.catalog
        if not plain or not NAME.match(table.name):
            yield table
    yield from tree.find_all(exp.Into, exp.Lock, exp.Parameter, exp.Placeholder)


def _unordered_lists(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.ArrayAgg):
        filtered = isinstance(node.parent, exp.Filter)
        outer = node.parent.parent if filtered and node.parent else node.parent
        inner = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
        wanted = exp.Is(this=inner, expression=exp.Null()).not_()
        where = node.parent.expression.this if filtered and node.parent else None
        # A struct is never NULL itself, so a list of structs needs no filter.
        whole = isinstance(inner, exp.Struct) or (
            where is not None and wanted in (part.unnest() for part in where.flatten())
        )
        whole = whole or where == wanted
        if not isinstance(outer, exp.SortArray) or not whole:
            yield node


def _unordered_distinct(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.ArrayDistinct):
        if not isinstance(node.parent, exp.SortArray):
            yield node


def _unordered_text(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.GroupConcat):
        if node.find(exp.Order) is None:
            yield node


ORDERED_WINDOWS = (
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile,
    exp.FirstValue, exp.LastValue, exp.NthValue, exp.Lag, exp.Lead,
)  # fmt: skip


def _unordered_windows(tree: exp.Expression) -> Iterator[exp.Expression]:
    for window in tree.find_all(exp.Window):
        needs = isinstance(window.this.unnest(), (*ORDERED_WINDOWS, exp.IgnoreNulls))
        if needs and window.args.get("order") is None and window.args.get("alias") is None:
            yield window


def _limit_without_order(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Limit, exp.Offset, exp.Fetch):
        if node.parent is None or node.parent.args.get("order") is None:
            yield node


def _zero_divisors(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Div, exp.IntDiv, exp.Mod):
        divisor = node.expression.unnest()
        while isinstance(divisor, (exp.Cast, exp.Paren)):
            divisor = divisor.this
        number = isinstance(divisor, exp.Literal) and not divisor.is_string
        if isinstance(divisor, exp.Nullif) or (number and float(divisor.name) != 0):
            continue
        yield node


def _difference_in_periods(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.DateDiff, exp.TimestampDiff):
        if str(node.args.get("unit", "DAY")).strip("'").upper() not in ("DAY", "DAYS"):
            yield node


def _regexp_first_only(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.RegexpReplace):
        if "g" not in str(node.args.get("modifiers") or ""):
            yield node


def _subscripts(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Bracket):
        if not all(isinstance(key, exp.Literal) and key.is_string for key in node.expressions):
            yield node


def _weekdays(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Extract):
        if node.name.upper() in ("DOW", "DAYOFWEEK", "WEEKDAY", "EPOCH_MS", "WEEK"):
            yield node


def _escaping_likes(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Like, exp.ILike):
        if "\\" in node.expression.name:
            yield node


def _odd_joins(tree: exp.Expression) -> Iterator[exp.Expression]:
    for join in tree.find_all(exp.Join):
        method = str(join.args.get("method") or "").upper()
        unnested = isinstance(join.this, exp.Unnest) and join.side
        if method in ("ASOF", "POSITIONAL", "NATURAL") or join.kind == "POSITIONAL" or unnested:
            yield join


def _odd_shapes(tree: exp.Expression) -> Iterator[exp.Expression]:
    yield from tree.find_all(exp.Pivot, exp.TableSample, exp.Columns)
    for node in tree.find_all(exp.Group, exp.With, exp.SetOperation, exp.Distinct):
        all_columns = isinstance(node, exp.Group) and node.args.get("all")
        distinct_on = isinstance(node, exp.Distinct) and node.args.get("on") is not None
        if all_columns or distinct_on or node.args.get("recursive") or node.args.get("by_name"):
            yield node
    for order in tree.find_all(exp.Ordered):
        if isinstance(order.this, (exp.Column, exp.Var)) and order.this.name.upper() == "ALL":
            yield order


def _odd_types(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Cast):
        for kind in node.to.find_all(exp.DataType):
            if kind.this not in PORTABLE_TYPES:
                yield node
                break


def _arrow_lambdas(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Lambda):
        if not node.args.get("colon"):
            yield node


def _loose_intervals(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Interval):
        if not isinstance(node.this, exp.Literal):
            yield node


def _start_zero(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Substring):
        start = node.args.get("start")
        if isinstance(start, exp.Literal) and start.name == "0":
            yield node


def _sums_of_conditions(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Sum):
        if isinstance(node.this.unnest(), (exp.Predicate, exp.Not)):
            yield node


Kind = exp.DataType.Type
WHOLE = {Kind.TINYINT, Kind.SMALLINT, Kind.INT, Kind.BIGINT}
REAL = {Kind.DOUBLE, Kind.FLOAT, Kind.DECIMAL}
TEXT = {Kind.VARCHAR, Kind.TEXT}
PORTABLE_TYPES = {
    *WHOLE, *REAL, *TEXT, Kind.BOOLEAN, Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPNTZ, Kind.ARRAY,
    Kind.LIST, Kind.STRUCT,
}  # fmt: skip
WHOLE_ALREADY = (exp.Round, exp.Floor, exp.Ceil, exp.Trunc)


def _rounding_casts(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Cast):
        value = node.this.unnest()
        real = isinstance(value, (exp.Div, exp.Avg)) or (value.type and value.type.this in REAL)
        if node.to.this in WHOLE and real and not isinstance(value, WHOLE_ALREADY):
            yield node


def _text_to_whole(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Cast):
        value = node.this.unnest()
        text = value.type is not None and value.type.this in TEXT
        if node.to.this in WHOLE and text and not isinstance(value, exp.Literal):
            yield node


def _lengths_of_lists(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Length):
        if node.this.type is not None and node.this.type.this in (Kind.ARRAY, Kind.LIST):
            yield node


ROUGH = (
    exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop, exp.Corr,
    exp.CovarPop, exp.CovarSamp, exp.RegrSlope,
)  # fmt: skip


def _inexact_sums(tree: exp.Expression) -> Iterator[exp.Expression]:
    for node in tree.find_all(exp.Sum, exp.Avg, *ROUGH):
        kind = node.this.type.this if node.this.type else None
        if not isinstance(node, ROUGH) and kind not in (Kind.DOUBLE, Kind.FLOAT):
            continue
        rounded = node.find_ancestor(exp.Round, exp.Select)
        if not isinstance(rounded, exp.Round):
            yield node


RULES = (
    Rule("outside", "A model reads tables of the build and nothing else.",
         "Name a table in FROM; bring files in as sources.", _outside),
    Rule("unordered_list", "Engines differ in order and in whether NULL is in the list.",
         "Write list_sort(list(x) FILTER (WHERE x IS NOT NULL)).", _unordered_lists),
    Rule("unordered_list", "The order of the distinct elements differs between engines.",
         "Write list_sort(list_distinct(x)).", _unordered_distinct),
    Rule("unordered_text", "The order of the joined texts differs from run to run.",
         "Write string_agg(x, ', ' ORDER BY ...).", _unordered_text),
    Rule("unordered_window", "Without an order it is chance which row comes first.",
         "Add ORDER BY with columns that tell all rows apart.", _unordered_windows),
    Rule("unordered_limit", "Without an order it is chance which rows stay.",
         "Add ORDER BY with columns that tell all rows apart.", _limit_without_order),
    Rule("zero_divisor", "DuckDB gives infinity or fails, Spark fails.",
         "Write x / nullif(y, 0).", _zero_divisors),
    Rule("period_difference", "DuckDB counts borders crossed, Spark whole periods.",
         "Count days, or year(x) * 12 + month(x).", _difference_in_periods),
    Rule("regexp_first_only", "DuckDB replaces the first match only, Spark all.",
         "Add the option 'g'.", _regexp_first_only),
    Rule("subscript", "Past the end DuckDB gives NULL, Spark fails.",
         "Use split_part, list_min, list_max or unnest.", _subscripts),
    Rule("weekday", "Engines start the week on different days.",
         "Write extract(isodow FROM x).", _weekdays),
    Rule("like_escape", "DuckDB takes the backslash as itself, Spark as an escape.",
         "Write contains(x, '_') or regexp_matches.", _escaping_likes),
    Rule("odd_join", "Not every engine has this join, or they differ in its rows.",
         "Write an inner, left, right, full, semi or anti join with ON or USING.", _odd_joins),
    Rule("odd_shape", "Not every engine has this construct, or they differ in its rows.",
         "Name the columns, group by them, and pick one row by row_number().", _odd_shapes),
    Rule("odd_type", "Not every engine has this type.",
         "Use VARCHAR, BIGINT, DOUBLE, DECIMAL, BOOLEAN, DATE, TIMESTAMP, and lists or structs.",
         _odd_types),
    Rule("arrow_lambda", "DuckDB 2 refuses this form.", "Write lambda x: f(x).", _arrow_lambdas),
    Rule("loose_interval", "Only DuckDB takes an interval of a computed length.",
         "Add whole days to a DATE: d + CAST(n AS INTEGER).", _loose_intervals),
    Rule("start_zero", "Engines differ in what stands before the first letter.",
         "Count letters from 1.", _start_zero),
    Rule("pattern_operator", "DuckDB 1 and 2 differ in it, and Spark lacks it.",
         "Write regexp_matches(x, '...').", _of(exp.SimilarTo, exp.Glob)),
    Rule("any_of_list", "Spark lacks it.", "Write list_contains(l, x).", _of(exp.Any)),
    Rule("sum_of_condition", "Only DuckDB adds up conditions.",
         "Write count(*) FILTER (WHERE ...).", _sums_of_conditions),
)  # fmt: skip

TYPE_RULES = (
    Rule("rounding_cast", "DuckDB rounds, Spark cuts off.",
         "Write CAST(round(x) AS BIGINT) or floor(x).", _rounding_casts),
    Rule("text_to_whole", "'1.5' becomes 2 in DuckDB and NULL or an error in Spark.",
         "Write CAST(round(TRY_CAST(x AS DOUBLE)) AS BIGINT).", _text_to_whole),
    Rule("length_of_list", "Spark takes the length of texts only.",
         "Write array_length(l).", _lengths_of_lists),
    Rule("inexact_sum", "The last digits depend on the order of the rows.",
         "Write round(sum(x), 6), or add DECIMAL numbers.", _inexact_sums),
)  # fmt: skip

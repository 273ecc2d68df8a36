"""A segment's rule: read, allow-listed, and written as SQL of our own.

A rule is what stands behind WHERE: fields, texts and numbers compared, joined by AND, OR and NOT.
Of what was written nothing is pasted: every node of the parsed rule that is not named here is
refused, and the SQL is made anew from those that are.

Every allowed construct is three-valued in the sense of Kleene (Introduction to Metamathematics,
1952, § 64), as SQL is: what depends on an empty field is unknown. What would make a yes or a no of
an empty field (IS NULL, COALESCE, CASE, IS DISTINCT FROM) is not allowed, so that filling in a
field never turns a yes into a no or a no into a yes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import sqlglot
from sqlglot import exp

from tieline.data.sql_text import literal
from tieline.engine.tables import quoted
from tieline.errors import TielineError, did_you_mean
from tieline.metrics.segment_fields import BY_NAME, Kind

COMPARISONS: dict[type[exp.Expression], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
}  # fmt: skip
ARITHMETIC: dict[type[exp.Expression], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
TEXT_TESTS: dict[type[exp.Expression], str] = {
    exp.StartsWith: "starts_with", exp.EndsWith: "ends_with", exp.Contains: "contains",
}  # fmt: skip
SITE_FIELDS = ("site.country", "site.region", "site.city", "site.postcode")
"""What may also be written without `site.`."""
LONGEST = 4_000
"""Letters of a rule; a longer one is a list that belongs into a source."""

_UNKNOWN_STAYS = (
    exp.Is, exp.Null, exp.Coalesce, exp.Case, exp.If, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Nullif,
)  # fmt: skip
CURLY, STRAIGHT = r"[’‘“”„]", "Put texts in straight single quotes: 'text'."
_HINTS = (
    (r"=>", "Write >= for at least."),
    (r"=<", "Write <= for at most."),
    (r"==", "Write = for equal."),
    (r"&&", "Write AND."),
    (r"\|\|", "Write OR."),
    (r"\b(and|or)\s*[<>=]", "Name the field again: employees >= 50 AND employees < 100."),
    (r"\b(is)?\s*contains\s+'", "Write contains(field, 'text')."),
    (CURLY, STRAIGHT),
)  # fmt: skip


class RuleField(Protocol):
    """What a rule may ask about: a name, the kind of its values, the column that holds them."""

    @property
    def name(self) -> str:
        """How a rule calls it."""

    @property
    def kind(self) -> Kind:
        """What its values are."""

    @property
    def column(self) -> str:
        """The column of the table the rule is run on."""


@dataclass(frozen=True)
class Rule:
    """A rule that may be run: its `sql` over the columns of its `fields`, by default of sites."""

    text: str
    sql: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    sql: str
    kind: Kind


def read_rule(text: str, fields: Mapping[str, RuleField] = BY_NAME) -> Rule:
    """Read a rule; TielineError `bad_rule` or `unknown_field` with what to write instead.

    `fields` are what it may ask about, by name. Texts are compared without regard to upper and
    lower case.
    """
    if not text.strip():
        raise _bad("It is empty.", "Write what holds of its sites, such as: employees >= 50.")
    if len(text) > LONGEST:
        raise _bad(
            f"It has {len(text):,} letters, more than {LONGEST:,}.",
            "Add a list of the companies as a source instead.",
        )
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
        reader = _Reader(fields)
        part = reader.part(tree)
    except (sqlglot.errors.SqlglotError, RecursionError) as problem:
        raise _unreadable(text, problem) from None
    _expect(part, "truth", tree)
    return Rule(text, part.sql, tuple(sorted(reader.fields)))


class _Reader:
    """Turns a parsed rule into SQL, node by node, and notes the fields."""

    def __init__(self, known: Mapping[str, RuleField]) -> None:
        self.known = known
        self.fields: set[str] = set()

    def part(self, node: exp.Expression) -> _Part:
        """The SQL of a node, or an error that names it."""
        for kinds, write in self._writers():
            if isinstance(node, kinds):
                return write(node)
        if isinstance(node, _UNKNOWN_STAYS):
            raise _bad(
                f"{_shown(node)} would make a yes or a no of a field that is empty.",
                "Leave it out: a site whose field is empty counts as unknown, neither in nor out.",
            )
        raise _bad(
            f"{_shown(node)} is not part of a rule.",
            "A rule compares fields with texts and numbers: =, <>, <, <=, >, >=, IN, BETWEEN, "
            "LIKE, starts_with, ends_with, contains, left, lower, length, +, -, *, AND, OR, NOT.",
        )

    def _writers(
        self,
    ) -> tuple[tuple[tuple[type[exp.Expression], ...], Callable[..., _Part]], ...]:
        return (
            ((exp.And, exp.Or), self._joined),
            ((exp.Not,), self._not),
            ((exp.Paren,), lambda node: self.part(node.this)),
            ((exp.Boolean,), lambda node: _Part("TRUE" if node.this else "FALSE", "truth")),
            (tuple(COMPARISONS), self._comparison),
            ((exp.In,), self._in),
            ((exp.Between,), self._between),
            ((exp.Like, exp.ILike), self._like),
            (tuple(TEXT_TESTS), self._text_test),
            ((exp.Column,), self._field),
            ((exp.Literal,), self._literal),
            ((exp.Neg,), lambda node: self._number("(-{})", node.this)),
            (tuple(ARITHMETIC), self._arithmetic),
            ((exp.Lower,), lambda node: self._text(node.this)),
            ((exp.Length,), lambda node: _Part(f"length({self._text(node.this).sql})", "number")),
            ((exp.Left,), self._left),
        )

    def _joined(self, node: exp.Expression) -> _Part:
        word = "AND" if isinstance(node, exp.And) else "OR"
        # A long chain leans to the left, one level for each of its members.
        members = [one.unnest() for one in node.flatten()]
        parts = [self.part(one) for one in members]
        for one, part in zip(members, parts, strict=True):
            _expect(part, "truth", one)
        return _Part("(" + f" {word} ".join(part.sql for part in parts) + ")", "truth")

    def _not(self, node: exp.Expression) -> _Part:
        part = self.part(node.this)
        _expect(part, "truth", node.this)
        return _Part(f"(NOT {part.sql})", "truth")

    def _comparison(self, node: exp.Expression) -> _Part:
        left, right = self._alike(node.this, node.expression)
        return _Part(f"({left.sql} {COMPARISONS[type(node)]} {right.sql})", "truth")

    def _in(self, node: exp.Expression) -> _Part:
        if not node.expressions or any(node.args.get(k) for k in ("query", "unnest", "field")):
            raise _bad(f"{_shown(node)}: IN needs a list.", "Write: country IN ('DE', 'AT').")
        pairs = [self._alike(node.this, one) for one in node.expressions]
        listed = ", ".join(right.sql for _, right in pairs)
        return _Part(f"({pairs[0][0].sql} IN ({listed}))", "truth")

    def _between(self, node: exp.Expression) -> _Part:
        low, high = node.args["low"], node.args["high"]
        if node.args.get("symmetric"):
            raise _bad(f"{_shown(node)}: SYMMETRIC is not part of a rule.", "Leave it out.")
        left, first = self._alike(node.this, low)
        _, last = self._alike(node.this, high)
        return _Part(f"({left.sql} BETWEEN {first.sql} AND {last.sql})", "truth")

    def _like(self, node: exp.Expression) -> _Part:
        if not isinstance(node.expression, exp.Literal):
            raise _bad(f"{_shown(node)}: LIKE needs a text.", "Write: name LIKE '%pump%'.")
        return _Part(
            f"({self._text(node.this).sql} LIKE {self._text(node.expression).sql})", "truth"
        )

    def _text_test(self, node: exp.Expression) -> _Part:
        sides = self._text(node.this).sql, self._text(node.expression).sql
        return _Part(f"{TEXT_TESTS[type(node)]}({', '.join(sides)})", "truth")

    def _left(self, node: exp.Expression) -> _Part:
        letters = self.part(node.expression)
        _expect(letters, "number", node.expression)
        return _Part(f"left({self._text(node.this).sql}, CAST({letters.sql} AS INTEGER))", "text")

    def _arithmetic(self, node: exp.Expression) -> _Part:
        sign = ARITHMETIC[type(node)]
        return self._number(f"({{}} {sign} {{}})", node.this, node.expression)

    def _number(self, form: str, *nodes: exp.Expression) -> _Part:
        parts = [self.part(node) for node in nodes]
        for node, part in zip(nodes, parts, strict=True):
            _expect(part, "number", node)
        return _Part(form.format(*(part.sql for part in parts)), "number")

    def _text(self, node: exp.Expression) -> _Part:
        part = self.part(node)
        _expect(part, "text", node)
        return _Part(_folded(part), "text")

    def _alike(self, left: exp.Expression, right: exp.Expression) -> tuple[_Part, _Part]:
        """Both sides of a comparison; texts folded, and of one kind."""
        one, other = self.part(left), self.part(right)
        _expect(other, one.kind, right)
        if one.kind == "text":
            return _Part(_folded(one), "text"), _Part(_folded(other), "text")
        return one, other

    def _literal(self, node: exp.Expression) -> _Part:
        if node.is_string:
            return _Part(literal(node.name), "text")
        try:
            float(node.name)
        except ValueError:
            raise _bad(f"{node.name} is not a number.", "Write digits only: 50000.") from None
        return _Part(f"CAST({literal(node.name)} AS DOUBLE)", "number")

    def _field(self, node: exp.Expression) -> _Part:
        parts = [part.name.lower() for part in node.parts]
        name = ".".join(parts)
        field = self.known.get(name)
        if field is None and name in SITE_FIELDS:
            field = self.known.get(name.removeprefix("site."))
        if field is None:
            raise unknown_field(name, self.known, quoted=bool(node.this.args.get("quoted")))
        self.fields.add(field.name)
        return _Part(quoted(field.column), field.kind)


def _folded(part: _Part) -> str:
    return part.sql if part.sql.startswith("lower(") else f"lower({part.sql})"


def _expect(part: _Part, kind: Kind, node: exp.Expression) -> None:
    if part.kind == kind:
        return
    words = {"text": "a text", "number": "a number", "truth": "a yes or no"}
    remedy = {
        "text": "Put texts in single quotes, such as industry = 'Chemicals'.",
        "number": "Write numbers without quotes, such as employees >= 50.",
        "truth": "Compare it with something, such as employees >= 50.",
    }
    raise _bad(
        f"{_shown(node)} is {words[part.kind]}, and {words[kind]} is needed here.", remedy[kind]
    )


def unknown_field(
    name: str, known: Mapping[str, RuleField], *, quoted: bool = False
) -> TielineError:
    """The error of a field that there is not, with the one that was meant."""
    if re.search(CURLY, name):
        return _bad(f"{name} is neither a field nor a text.", STRAIGHT)
    if quoted:
        said = f'"{name}" in double quotes is the name of a field, and there is no such field.'
        return _bad(said, f"Put texts in single quotes: '{name}'.")
    hint = did_you_mean(name, known, cutoff=0.5)
    return TielineError(
        "unknown_field",
        f"There is no field {name!r}.{hint}",
        next_step=f"The fields are: {', '.join(known)}.",
    )


def _unreadable(text: str, problem: Exception) -> TielineError:
    for pattern, hint in _HINTS:
        if re.search(pattern, text, re.IGNORECASE):
            return _bad("It cannot be read.", hint)
    if isinstance(problem, RecursionError):
        return _bad("It is nested too deeply.", "Use IN (...) for a list of values.")
    if text.count("'") % 2:
        return _bad("A text begins with ' and does not end.", "Close it: 'text'.")
    found = re.search(r"Col: (\d+)", str(problem))
    where = f" near letter {found[1]}" if found else ""
    return _bad(
        f"It cannot be read{where}.", "Write for example: country = 'DE' AND employees >= 50."
    )


def _bad(message: str, next_step: str) -> TielineError:
    return TielineError("bad_rule", message, next_step=next_step)


def _shown(node: exp.Expression) -> str:
    text = " ".join(node.sql(dialect="duckdb", comments=False).split())
    return text if len(text) <= 60 else text[:57] + "..."

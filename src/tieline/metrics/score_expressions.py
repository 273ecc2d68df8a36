"""A criterion of a scorecard as SQL: its points, the value seen, whether there is an answer."""

from __future__ import annotations

from tieline.data.sql_text import literal
from tieline.engine.tables import quoted
from tieline.metrics.lead_fields import BY_NAME
from tieline.metrics.scorecard import CASES, Criterion
from tieline.metrics.segment_rule import read_rule

PLACES = 2
"""Points are rounded to so many places, so that the parts of a score add up to it exactly."""


def number(value: float) -> str:
    """A number as SQL."""
    return f"CAST({literal(repr(float(value)))} AS DOUBLE)"


def weight(day: str, at: str, half_life_days: str) -> str:
    """What one response of a day counts at another: half after each half-life, 0 for never less.

    One without a day counts as one half-life old.
    """
    return (
        f"CASE WHEN {half_life_days} = 0.0 THEN 1.0 WHEN {day} IS NULL THEN 0.5 "
        f"ELSE pow(2.0, -CAST({at} - {day} AS DOUBLE) / nullif({half_life_days}, 0.0)) END"
    )


def activity_points(criterion: Criterion, counted: str) -> str:
    """The points of what somebody did, by an expression of as how many responses it counts.

    Reckoned in decimals: what lies in the middle between two points goes away from nothing on every
    engine, and a score told once more is the same to the last place.
    """
    each = f"CAST({literal(repr(float(criterion.points)))} AS DECIMAL(12, 6))"
    return f"CAST(round({each} * CAST({counted} AS DECIMAL(18, 6)), {PLACES}) AS DOUBLE)"


def column(field: str) -> str:
    """The column that holds a field, of `lead_facts` or of a table of cases."""
    return field.removeprefix(CASES) if field.startswith(CASES) else BY_NAME[field].column


def fields_of(criterion: Criterion) -> tuple[str, ...]:
    """The fields a criterion reads; none for what somebody did."""
    if criterion.field:
        return (criterion.field,)
    return read_rule(criterion.when, BY_NAME).fields if criterion.when else ()


def points(criterion: Criterion) -> str:
    """The points of one row by its columns; not of what somebody did."""
    unknown, otherwise = number(criterion.unknown), number(criterion.otherwise)
    if criterion.when:
        rule = read_rule(criterion.when, BY_NAME).sql
        return (
            f"CASE WHEN {rule} THEN {number(criterion.points)} "
            f"WHEN ({rule}) IS NULL THEN {unknown} ELSE {otherwise} END"
        )
    held = quoted(column(criterion.field))
    arms = [f"WHEN {held} IS NULL THEN {unknown}"]
    for text, given in criterion.values:
        arms.append(
            f"WHEN lower(trim({held})) = {literal(text.strip().lower())} THEN {number(given)}"
        )
    for band in criterion.bands:
        ends = [f"{held} >= {number(band.at_least)}"] if band.at_least is not None else []
        ends += [f"{held} < {number(band.below)}"] if band.below is not None else []
        arms.append(f"WHEN {' AND '.join(ends) or 'true'} THEN {number(band.points)}")
    return f"CASE {' '.join(arms)} ELSE {otherwise} END"


def seen(criterion: Criterion) -> str:
    """The value seen in words; empty where there is none."""
    if criterion.field:
        return _text(criterion.field)
    told = [
        f"CASE WHEN {quoted(column(name))} IS NOT NULL "
        f"THEN {literal(name + ' ')} || {_text(name)} END"
        for name in fields_of(criterion)
    ]
    return f"nullif(concat_ws(', ', {', '.join(told)}), '')"


def is_answered(criterion: Criterion) -> str:
    """Whether the row tells what the criterion asks; not of what somebody did."""
    if criterion.when:
        return f"(({read_rule(criterion.when, BY_NAME).sql}) IS NOT NULL)"
    return f"({quoted(column(criterion.field))} IS NOT NULL)"


def _text(field: str) -> str:
    """A value as it is read: whole numbers without a decimal point."""
    said = f"CAST({quoted(column(field))} AS VARCHAR)"
    is_text = field in BY_NAME and BY_NAME[field].kind == "text"
    return said if is_text else f"regexp_replace({said}, '\\.0$', '', 'g')"

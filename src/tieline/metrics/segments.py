"""How large each segment is, and what is not known about it."""

from __future__ import annotations

from collections.abc import Sequence

from tieline.data.sql_text import literal
from tieline.engine.tables import Table, quoted
from tieline.metrics.segment import Segment, by_priority
from tieline.metrics.segment_fields import BY_NAME
from tieline.metrics.segment_rule import Rule, read_rule


def segments(target_sites: Table, segment_members: Table, *, segments: Sequence[Segment]) -> str:
    """How large each segment is, and what is not known about it.

    question: How large are our segments, who addresses them, and where can we not tell?
    row: One segment of the settings.
    key: segment
    owner: marketer
    columns:
      segment: The segment.
      priority: 1 comes first.
      owner: Who addresses it; empty where sales is not set up to.
      product: What is sold to it.
      rule: The rule, as it is written.
      sites: Sites of which the rule says yes, known to us or not.
      known_sites: How many of these are sites of ours.
      own_sites: How many of these no segment before it takes.
      shared_sites: How many of these are in another segment, too.
      unknown_sites: Sites of which the rule says neither yes nor no, as a field is empty.
      unknown_because: The empty fields, each with how many sites of unknown_sites lack it.
      unfilled_fields: Fields of the rule that no site has.
    """
    ordered = by_priority(segments)
    rules = [read_rule(one.rule) for one in ordered]
    selects = [_select(one, rule) for one, rule in zip(ordered, rules, strict=True)]
    if not selects:
        return f"{_select(Segment('', 'true', 1), read_rule('true'), target_sites)} HAVING false"
    return f"""
    WITH member_segments AS (
      SELECT member, count(*) AS segments, arg_min(segment, (priority, segment)) AS first_segment
      FROM {segment_members} GROUP BY member
    ),
    placed AS (
      SELECT t.*, m.segments, m.first_segment
      FROM {target_sites} t LEFT JOIN member_segments m USING (member)
    )
    {" UNION ALL ".join(selects)}
    """


def _select(segment: Segment, rule: Rule, table: Table | None = None) -> str:
    unknown = f"({rule.sql}) IS NULL"
    lacks = []
    for name in rule.fields:
        lacking = f"count(*) FILTER (WHERE {unknown} AND {_column(name)} IS NULL)"
        lacks.append(f"CASE WHEN {lacking} > 0 THEN {literal(name + ': ')} || {lacking} END")
    empty = [
        f"CASE WHEN count(*) > 0 AND count({_column(name)}) = 0 THEN {literal(name)} END"
        for name in rule.fields
    ]
    name = literal(segment.name)
    placed = (
        "placed"
        if table is None
        else (f"(SELECT *, 1 AS segments, '' AS first_segment FROM {table})")
    )
    return f"""
    SELECT {name} AS segment, {segment.priority}::BIGINT AS priority,
      {literal(segment.owner)} AS owner, {literal(segment.product)} AS product,
      {literal(segment.rule)} AS rule, count(*) FILTER (WHERE {rule.sql}) AS sites,
      count(*) FILTER (WHERE {rule.sql} AND known) AS known_sites,
      count(*) FILTER (WHERE first_segment = {name}) AS own_sites,
      count(*) FILTER (WHERE {rule.sql} AND segments > 1) AS shared_sites,
      count(*) FILTER (WHERE {unknown}) AS unknown_sites,
      nullif(concat_ws(', ', {", ".join(lacks) or "''"}), '') AS unknown_because,
      nullif(concat_ws(', ', {", ".join(empty) or "''"}), '') AS unfilled_fields
    FROM {placed}
    """


def _column(field: str) -> str:
    return quoted(BY_NAME[field].column)

"""What the kinds of response mean for the stage of a site."""

from __future__ import annotations

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics.response_rules import NONE, StageLimits, folded_sql, number_sql

_SCHEMA = pa.schema(
    [
        ("said", pa.string()),
        ("phase", pa.string()),
        ("rule", pa.int64()),
        ("means", pa.string()),
        ("responses", pa.int64()),
        ("topics", pa.int64()),
        ("example_topic", pa.string()),
    ]
)
UNKNOWN = "unknown"
"""The phase of responses that no rule takes; they do not count."""


def said_sql(row: str) -> str:
    """The SQL expression of what a response is called, by its kind or else source and medium."""
    source = f"regexp_replace({row}.source, '^events:', '')"
    return f"coalesce(nullif({row}.kind, ''), concat_ws(' ', {source}, {row}.medium))"


def wordings_sql(responses: str, stages: StageLimits) -> str:
    """A SELECT of each wording once: `said`, `topic` ('' for none), `number`, `phase`.

    `number` is that of the rule in `stages`, NULL where none fits; `phase` early, mid, late, none
    or unknown.
    """
    phases = " ".join(f"WHEN {n} THEN {literal(r.phase)}" for n, r in enumerate(stages.rules))
    phase = f"CASE number {phases} ELSE {literal(UNKNOWN)} END" if phases else literal(UNKNOWN)
    return f"""
    SELECT said, topic, number, {phase} AS phase FROM (
      SELECT said, topic, {number_sql(stages.rules, "kind_words", "topic_words")} AS number
      FROM ({folded_wordings_sql(responses)})
    )
    """


def folded_wordings_sql(responses: str) -> str:
    """A SELECT of each wording once, as rules compare it: `said`, `topic` ('' for none).

    `kind_words` and `topic_words` are the same folded.
    """
    topic = folded_sql("topic")
    return f"""
    SELECT said, topic, {folded_sql("said")} AS kind_words,
      -- The path "/" is that of the home page.
      CASE WHEN topic = '' THEN '' WHEN {topic} = '  ' THEN ' home ' ELSE {topic} END
        AS topic_words
    FROM (
      SELECT {said_sql("r")} AS said, coalesce(r.topic, '') AS topic FROM {responses} r
      GROUP BY ALL
    )
    """


def response_kinds(responses: Table, *, stages: StageLimits) -> pa.Table | str:
    """What the kinds of response mean for the stage of a site.

    question: Which of the responses in our memory are dialogue, and how far does it reach?
    row: "One kind of response, as the source calls it (or the source, where it tells no kind), in
      one phase by one rule."
    key: said, phase, rule
    owner: marketer
    columns:
      said: The kind of response; where a row tells none, source and medium.
      phase: "early, mid, late, none (no dialogue) or unknown (no rule takes it, so it does not
        count)."
      rule: Number of the rule, yours first (tieline stages --rules); -1 for none.
      means: What the rule says of them.
      responses: How many responses there are.
      topics: How many different topics they have.
      example_topic: One of the topics.
    """
    if not responses.rows():
        # Every workspace has the table, and few words are quicker than a SELECT of hundreds.
        return _SCHEMA.empty_table()
    means = " ".join(f"WHEN {n} THEN {literal(r.says)}" for n, r in enumerate(stages.rules))
    return f"""
    WITH wordings AS MATERIALIZED ({wordings_sql(str(responses), stages)}),
    amounts AS (
      SELECT {said_sql("r")} AS said, coalesce(r.topic, '') AS topic, count(*) AS responses
      FROM {responses} r GROUP BY ALL
    )
    SELECT w.said, w.phase, CAST(coalesce(w.number, -1) AS BIGINT) AS rule,
      CASE w.number {means} ELSE 'no rule takes it' END AS means,
      CAST(sum(a.responses) AS BIGINT) AS responses, count(nullif(w.topic, '')) AS topics,
      max(nullif(w.topic, '')) AS example_topic
    FROM wordings w JOIN amounts a ON a.said = w.said AND a.topic = w.topic
    GROUP BY w.said, w.phase, w.number
    """


def is_dialogue(phase: str) -> str:
    """The SQL condition that a phase counts."""
    return f"{phase} NOT IN ({literal(NONE)}, {literal(UNKNOWN)})"

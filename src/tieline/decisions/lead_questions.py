"""The questions worth asking each lead: what, whom, by whom, by which channel, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.decisions.lead_question_words import question_sql
from tieline.engine.tables import Table, quoted
from tieline.metrics import score_expressions as sql
from tieline.metrics.scorecard import INQUIRY, THRESHOLDS, Criterion, Scorecard

MOST = 3
"""So many questions are told of each lead: more than a short talk or form has room for."""
CHANNELS = {
    "marketing": ("email", "form"),
    "inside_sales": ("phone",),
    "field_sales": ("visit",),
}
"""By which channels each collector asks; of those that reach a person, the cheapest first."""
COSTS = ("email", "form", "phone", "visit")
"""The channels, the cheapest first: it breaks ties of reliability."""
_MAY = {"email": "by_email", "form": "by_form", "phone": "by_phone", "visit": "by_visit"}
_FROM = (INQUIRY, *THRESHOLDS[:-1])
"""The stages that have a next one."""

_SCHEMA = pa.schema(
    [
        ("product", pa.string()),
        ("contact_id", pa.string()),
        ("rank", pa.int64()),
        ("site_id", pa.string()),
        ("criterion", pa.string()),
        ("question", pa.string()),
        ("asked_by", pa.string()),
        ("channel", pa.string()),
        ("reliability", pa.float64()),
        ("is_required", pa.bool_()),
        ("chance", pa.float64()),
        ("expected_points", pa.float64()),
        ("answers_known", pa.int64()),
        ("score", pa.float64()),
        ("next_stage", pa.string()),
        ("points_missing", pa.float64()),
        ("version", pa.string()),
    ]
)


def lead_questions(
    lead_facts: Table,
    lead_scores: Table,
    contact_media: Table,
    *,
    scorecards: Sequence[Scorecard],
) -> pa.Table | str:
    """The questions worth asking each lead, best first, three at most.

    A lead is somebody who responded, and is neither won, lost nor sales-qualified. Asked is what
    the scorecard asks, nobody knows of them, and is no activity: what somebody does is not asked.
    Answers are expected as they are known of the other people; where nobody's answer is known,
    each answer that the scorecard names is as likely as the others. First comes what is required
    for the next stage, then the greater chance, then the more points expected. What is not
    required, and of which no points are expected, is not asked.

    question: What should we ask this lead next, who asks, how, and what would the answer bring?
    row: One question for one lead of one product.
    key: product, contact_id, rank
    owner: seller
    columns:
      product: The product.
      contact_id: The lead, who is asked.
      rank: 1 for what to ask first, up to 3.
      site_id: The site where they work now, for who visits.
      criterion: The criterion of the scorecard that the answer fills.
      question: The question in words.
      asked_by: marketing, inside_sales or field_sales; of those whom `collected_by` names and who
        may reach the lead, the most reliable. Empty where none of them may.
      channel: "email, form, phone or visit; marketing asks by e-mail or, of who was on our pages
        within a year, by a form there. A visit needs a site, and somebody who did not object to
        every medium."
      reliability: How reliable an answer is that comes so, 0 to 1; 0 where nobody may ask.
      is_required: Whether the next stage needs an answer, whatever the points.
      chance: "The chance that the answer alone brings the next stage, 0 to 1: the share of
        known answers with which the points reach its threshold, times the reliability; 0 while
        something else is required for it and missing."
      expected_points: What the answer adds on average to today's points, times the reliability.
      answers_known: Of how many people the answer is known.
      score: Today's points.
      next_stage: The stage after today's.
      points_missing: How many points it still needs; 0 where only answers are missing.
      version: The version of the scorecard.
    """
    asked = [(card, n, one) for card in scorecards for n, one in _asked(card)]
    if not asked:
        return _SCHEMA.empty_table()
    names = sorted({sql.column(name) for _, _, one in asked for name in sql.fields_of(one)})
    held = "".join(f", f.{quoted(name)}" for name in names)
    return f"""
    WITH may AS (
      SELECT contact_id,
        max(CASE WHEN medium = 'email' AND refused IS NULL THEN 1 ELSE 0 END) = 1 AS by_email,
        max(CASE WHEN medium = 'web' AND refused IS NULL THEN 1 ELSE 0 END) = 1 AS by_form,
        max(CASE WHEN medium = 'phone' AND refused IS NULL THEN 1 ELSE 0 END) = 1 AS by_phone,
        max(CASE WHEN consent <> 'withdrawn' AND site_id IS NOT NULL THEN 1 ELSE 0 END) = 1
          AS by_visit
      FROM {contact_media} GROUP BY contact_id
    ),
    leads AS (
      SELECT l.product, l.contact_id, l.site_id, l.score, l.stage, l.missing_required, l.version,
        m.by_email, m.by_form, m.by_phone, m.by_visit{held}
      FROM {lead_scores} l
      JOIN {lead_facts} f ON f.contact_id = l.contact_id
      LEFT JOIN may m ON m.contact_id = l.contact_id
      WHERE l.stage IN ({", ".join(literal(stage) for stage in _FROM)})
    ),
    known AS ({" UNION ALL ".join(_known(card, n, one, lead_facts) for card, n, one in asked)}),
    answers AS (
      SELECT product, place, points, people, people AS told FROM known
      UNION ALL
      SELECT product, place, points, 1, 0 FROM (VALUES {_named(asked)}) n(product, place, points)
      WHERE NOT EXISTS (
        SELECT 1 FROM known k WHERE k.product = n.product AND k.place = n.place
      )
    ),
    usual AS (
      SELECT product, place, sum(people) AS people, sum(told) AS told,
        round(sum(points * people), 6) / nullif(sum(people), 0) AS mean
      FROM answers GROUP BY product, place
    ),
    open AS ({" UNION ALL ".join(_open(card, n, one) for card, n, one in asked)}),
    reaching AS (
      -- Many leads need the same points, so the answers are counted once for each need.
      SELECT n.product, n.place, n.needed,
        sum(CASE WHEN a.points >= n.needed THEN a.people ELSE 0 END) AS people
      FROM (SELECT DISTINCT product, place, needed FROM open) n
      JOIN answers a ON a.product = n.product AND a.place = n.place
      GROUP BY n.product, n.place, n.needed
    ),
    weighed AS (
      SELECT o.*, CAST(u.told AS BIGINT) AS answers_known,
        round(CASE WHEN o.is_alone THEN o.reliability * r.people / nullif(u.people, 0)
          ELSE 0.0 END, 4) AS chance,
        round(o.reliability * (u.mean - o.unknown), {sql.PLACES}) AS expected_points
      FROM open o
      JOIN usual u ON u.product = o.product AND u.place = o.place
      JOIN reaching r ON r.product = o.product AND r.place = o.place AND r.needed = o.needed
    ),
    ranked AS (
      SELECT *, row_number() OVER (
        PARTITION BY product, contact_id
        ORDER BY CASE WHEN is_required THEN 0 ELSE 1 END, CASE WHEN reliability > 0 THEN 0 ELSE 1
          END, chance DESC, expected_points DESC, place
      ) AS rank
      FROM weighed WHERE is_required OR chance > 0 OR expected_points > 0
    )
    SELECT product, contact_id, CAST(rank AS BIGINT) AS rank, site_id, criterion, question,
      asked_by, channel, reliability, is_required, chance, expected_points, answers_known, score,
      next_stage, points_missing, version
    FROM ranked WHERE rank <= {MOST}
    """


def _asked(card: Scorecard) -> Iterator[tuple[int, Criterion]]:
    """What can be asked, with its place in the scorecard."""
    if card.of_contacts:
        yield from ((n, one) for n, one in enumerate(card.criteria) if not one.is_activity)


def _known(card: Scorecard, place: int, criterion: Criterion, facts: Table) -> str:
    """How many people's answers give how many points."""
    return f"""
    SELECT product, place, points, count(*) AS people FROM (
      SELECT {literal(card.product)} AS product, {place} AS place,
        round({sql.points(criterion)}, {sql.PLACES}) AS points
      FROM {facts} WHERE {sql.is_answered(criterion)}
    ) GROUP BY product, place, points
    """


def _named(asked: Sequence[tuple[Scorecard, int, Criterion]]) -> str:
    """The answers that the scorecards name, as rows of product, place and points."""
    return ", ".join(
        f"({literal(card.product)}, {place}, {sql.number(points)})"
        for card, place, one in asked
        for points in _told(one)
    )


def _told(criterion: Criterion) -> list[float]:
    if criterion.when:
        return [criterion.points, criterion.otherwise]
    told = [points for _, points in criterion.values] or [band.points for band in criterion.bands]
    return [*told, criterion.otherwise] if criterion.values else told


def _open(card: Scorecard, place: int, criterion: Criterion) -> str:
    """Leads of which a criterion is not known, with the points that the answer must bring."""
    points = dict(card.thresholds)
    following = list(zip(_FROM, THRESHOLDS, strict=True))
    stage = " ".join(f"WHEN {literal(at)} THEN {literal(to)}" for at, to in following)
    needs = " ".join(f"WHEN {literal(at)} THEN {sql.number(points[to])}" for at, to in following)
    wanted = f"CASE stage {needs} END"
    required = "FALSE"
    if criterion.required_for:
        least = THRESHOLDS.index(criterion.required_for)
        held = ", ".join(literal(at) for at in _FROM[least:])
        required = f"stage IN ({held})"
    told = ("reliability", "asked_by", "channel")
    ways = {name: _way(criterion, name) for name in told}
    return f"""
    SELECT product, contact_id, site_id, score, version, {literal(criterion.name)} AS criterion,
      {question_sql(criterion)} AS question, {place} AS place,
      {sql.number(criterion.unknown)} AS unknown, {required} AS is_required,
      coalesce(missing_required, {literal(criterion.name)}) = {literal(criterion.name)} AS is_alone,
      round({wanted} - score + {sql.number(criterion.unknown)}, {sql.PLACES}) AS needed,
      round(greatest({wanted} - score, 0.0), {sql.PLACES}) AS points_missing,
      CASE stage {stage} END AS next_stage,
      {", ".join(f"{way} AS {name}" for name, way in ways.items())}
    FROM leads
    WHERE product = {literal(card.product)} AND NOT {sql.is_answered(criterion)}
    """


def _way(criterion: Criterion, told: str) -> str:
    """Who asks by which channel and how reliably: the most reliable that may, else the cheapest."""
    found = [
        (share, who, channel)
        for who, share in criterion.collected_by
        for channel in CHANNELS[who]
        if share > 0
    ]
    found.sort(key=lambda one: (-one[0], COSTS.index(one[2])))
    arms = []
    for share, who, channel in found:
        value = {"reliability": sql.number(share), "asked_by": literal(who)}.get(
            told, literal(channel)
        )
        arms.append(f"WHEN {_MAY[channel]} THEN {value}")
    none = sql.number(0.0) if told == "reliability" else "CAST(NULL AS VARCHAR)"
    return f"CASE {' '.join(arms)} ELSE {none} END" if arms else none

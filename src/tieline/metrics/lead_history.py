"""How the score of each person moved, day by day of what they did."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics import score_expressions as sql
from tieline.metrics.score_stages import reached_sql, stage_sql
from tieline.metrics.scorecard import Scorecard

BEFORE, AFTER = "before", "after"
"""Without what was done on the day, and with it."""
_SCHEMA = pa.schema(
    [
        ("product", pa.string()),
        ("contact_id", pa.string()),
        ("on_day", pa.date32()),
        ("responses", pa.int64()),
        ("score_before", pa.float64()),
        ("score", pa.float64()),
        ("stage_before", pa.string()),
        ("stage", pa.string()),
        ("version", pa.string()),
    ]
)


def lead_history(
    lead_facts: Table, lead_done: Table, *, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """How the score of each person moved: the days on which they did something that counts.

    Told by the version that was in force that day; days before the first by the first. What
    somebody did counts as of that day; who they are and what their company is, as it is known now.

    question: When did each person become a lead, and by what?
    row: One day on which a person did something that a criterion of the product counts.
    key: product, contact_id, on_day
    owner: seller
    columns:
      product: The product.
      contact_id: The contact.
      on_day: The day.
      responses: How many responses of that day count; one that counts for two criteria, twice.
      score_before: The score on that day without them.
      score: The score with them.
      stage_before: The stage on that day without them; none for who had not responded before.
      stage: The stage with them. Won and lost are told of today only, in lead_scores.
      version: The version of the scorecard that tells of the day.
    """
    selects = [
        _select(version, first, last, lead_facts, lead_done)
        for card in scorecards
        if card.of_contacts
        for version, first, last in _terms(card)
        if any(one.is_activity for one in version.criteria)
    ]
    return " UNION ALL ".join(selects) or _SCHEMA.empty_table()


def _terms(card: Scorecard) -> list[tuple[Scorecard, str, str]]:
    """Each version with the first day it tells of and the first it no longer does; '' for none."""
    days = ["", *(one.in_force_since[:10] for one in card.versions[1:]), ""]
    return [
        (one, first, last)
        for one, (first, last) in zip(card.versions, pairwise(days), strict=True)
        if not first or first != last
    ]


def _select(card: Scorecard, first: str, last: str, facts: Table, done: Table) -> str:
    acts = {one.name for one in card.criteria if one.is_activity}
    held = "".join(
        f" + round({sql.points(one)}, {sql.PLACES})"
        for one in card.criteria
        if one.name not in acts
    )
    required = [one for one in card.criteria if one.required_for]
    has = {
        time: {
            one.name: f"(did_{n}_{time} IS NOT NULL)" if one.name in acts else sql.is_answered(one)
            for n, one in enumerate(required)
        }
        for time in (BEFORE, AFTER)
    }
    responded = {BEFORE: "coalesce(first_response_on < on_day, true)", AFTER: "true"}
    scores = {time: f"round(points_{time}{held}, {sql.PLACES})" for time in (BEFORE, AFTER)}
    reached = {
        time: reached_sql(card, f"score_{time}", responded[time], has[time])
        for time in (BEFORE, AFTER)
    }
    return f"""
    SELECT {literal(card.product)} AS product, contact_id, on_day, counted AS responses,
      score_{BEFORE} AS score_before, score_{AFTER} AS score,
      {stage_sql(f"({reached[BEFORE]})")} AS stage_before,
      {stage_sql(f"({reached[AFTER]})")} AS stage, {literal(card.version)} AS version
    FROM (
      SELECT f.*, s.* EXCLUDE (contact_id), {scores[BEFORE]} AS score_{BEFORE},
        {scores[AFTER]} AS score_{AFTER}
      FROM ({_summed(card, first, last, done)}) s
      JOIN {facts} f ON f.contact_id = s.contact_id
    )
    """


def _summed(card: Scorecard, first: str, last: str, done: Table) -> str:
    """By contact and day, what activity gives without and with that day, and what was done."""
    acts = [one for one in card.criteria if one.is_activity]
    of_version = f"product = {literal(card.product)} AND version = {literal(card.version)}"
    within = f" AND day >= DATE '{first}'" if first else ""
    within += f" AND day < DATE '{last}'" if last else ""
    half = " ".join(
        f"WHEN {literal(one.name)} THEN {sql.number(one.half_life_days)}" for one in acts
    )
    told = []
    for time in (BEFORE, AFTER):
        points = " ".join(
            f"WHEN {literal(one.name)} THEN "
            + sql.activity_points(one, f"least({time}, {sql.number(one.most)})")
            for one in acts
        )
        told.append(f"round(sum(CASE criterion {points} END), {sql.PLACES}) AS points_{time}")
        told += [
            f"max(CASE WHEN criterion = {literal(one.name)} AND {time} > 0.0 THEN 1 END) "
            f"AS did_{n}_{time}"
            for n, one in enumerate(one for one in card.criteria if one.required_for)
            if one.is_activity
        ]
    weight = sql.weight("h.day", "d.day", f"(CASE h.criterion {half} END)")
    return f"""
    SELECT contact_id, day AS on_day, max(counted) AS counted, {", ".join(told)}
    FROM (
      SELECT d.contact_id, d.day, d.counted, h.criterion,
        round(sum(h.responses * {weight}), 6) AS {AFTER},
        round(sum(CASE WHEN h.day = d.day THEN 0.0 ELSE h.responses * {weight} END), 6)
          AS {BEFORE}
      FROM (
        SELECT contact_id, day, CAST(sum(responses) AS BIGINT) AS counted FROM {done}
        WHERE {of_version} AND day IS NOT NULL{within} GROUP BY contact_id, day
      ) d
      JOIN (SELECT * FROM {done} WHERE {of_version}) h
        ON h.contact_id = d.contact_id AND (h.day IS NULL OR h.day <= d.day)
      GROUP BY d.contact_id, d.day, d.counted, h.criterion
    )
    GROUP BY contact_id, day
    """

"""The rules of the outlook, in their order: the first that holds decides.

Each compares figures of `account_signals` with figures of the settings. Their source is the first
essay this product restates: the mix of contacts, its change, the stage and the memory tell whether
a relationship can grow, is at risk, is none, or serves another purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

from tieline.insight.outlook_limits import OutlookLimits

OUTLOOKS = ("grow", "stable", "at_risk", "no_relationship", "other_purpose")

_DEALS = "(won > 0 OR open > 0)"
_RELATED = "(won > 0 OR furthest_rank >= 3)"
"""There is, or was, a relationship that can be lost: a customer, or a dialogue."""


@dataclass(frozen=True)
class Rule:
    """One rule: when it holds, what it says, why in words, and what would alter it.

    `when` is an SQL condition over `account_signals` and `as_of`; `because` and `unless` are SQL
    texts made of the figures seen.
    """

    name: str
    outlook: str
    when: str
    because: str
    unless: str


def _counted(figure: str, one: str) -> str:
    """The SQL text of a number with what is counted: "1 response", "2 responses"."""
    return f"{figure} || CASE WHEN {figure} = 1 THEN ' {one}' ELSE ' {one}s' END"


def rules(limits: OutlookLimits) -> tuple[Rule, ...]:
    """The rules, the first that decides first."""
    return (*_without_relationship(limits), *_at_risk(limits), *_growing(limits), *_rest())


def _without_relationship(limits: OutlookLimits) -> tuple[Rule, ...]:
    return (
        Rule(
            "nobody_known",
            "no_relationship",
            f"contacts = 0 AND NOT {_DEALS}",
            "'nobody is known there who may be used, and there was no deal'",
            "'a usable contact'",
        ),
        Rule(
            "other_people",
            "other_purpose",
            f"other_contacts / nullif(mixed_contacts, 0) >= {limits.other_share} "
            f"AND NOT {_DEALS} AND stage_rank < 3.2",
            "round(other_contacts, 1) || ' of ' || CAST(round(mixed_contacts) AS BIGINT) || "
            "' contacts are there for another purpose, most of them as ' || "
            "replace(other_category, '_', ' ')",
            f"'people who decide, buy or use: more than {1 - limits.other_share:.0%} of them'",
        ),
    )


def _at_risk(limits: OutlookLimits) -> tuple[Rule, ...]:
    days = limits.silence_days
    # Somebody answered or bought within that time, if it was not the key player.
    quiet = (
        f"open = 0 AND coalesce(answered_on < as_of - INTERVAL {days} DAY, TRUE) "
        f"AND coalesce(won_on < as_of - INTERVAL {days} DAY, TRUE)"
    )
    return (
        Rule(
            "last_key_player_gone",
            "at_risk",
            f"{_RELATED} AND (thread IN ('left', 'bounced', 'not_usable') "
            f"OR (thread = 'silent' AND {quiet}))",
            "thread_because",
            "'another key player at the account, or an answer of this one'",
        ),
        Rule(
            "lost_after_winning",
            "at_risk",
            "won > 0 AND open = 0 AND lost_on > won_on",
            "'the newest deal was lost (' || lost_on || '), after one won on ' || won_on",
            "'a new deal'",
        ),
        Rule(
            "fell_silent",
            "at_risk",
            f"{_RELATED} AND answered_on IS NOT NULL AND {quiet}",
            f"'no response since ' || answered_on || ', for more than {days} days'",
            "'a response'",
        ),
        Rule(
            "responses_fell",
            "at_risk",
            f"{_RELATED} AND open = 0 AND responses_before >= {limits.least_responses} "
            f"AND responses_last < {limits.fall} * responses_before",
            f"{_counted('responses_last', 'response')} || ' in the last {limits.period_days} days, "
            "after ' || responses_before || ' in as many days before'",
            f"CAST(ceil({limits.fall} * responses_before) AS BIGINT) || "
            f"' responses within {limits.period_days} days'",
        ),
        Rule(
            "stage_fell",
            "at_risk",
            f"{_RELATED} AND open = 0 AND earlier_rank >= 3 AND stage_rank < 3 "
            f"AND coalesce(won_on < as_of - INTERVAL {days} DAY, TRUE)",
            f"'its sites are no longer in a dialogue, as one was {limits.period_days} days ago'",
            "'a dialogue response of a key player'",
        ),
    )


def _growing(limits: OutlookLimits) -> tuple[Rule, ...]:
    days = limits.period_days
    return (
        Rule(
            "open_deal",
            "grow",
            "open > 0",
            "open || CASE WHEN open = 1 THEN ' deal is open' ELSE ' deals are open' END",
            "'the deals are lost'",
        ),
        Rule(
            "stage_rose",
            "grow",
            "stage_rank >= 3 AND stage_rank > coalesce(earlier_rank, 0)",
            "'it went on to ' || replace(stage, '_', ' ') || "
            f"CASE WHEN earlier_rank >= 3 THEN ' further' ELSE '' END || ' in {days} days'",
            f"'no further step for {days} days'",
        ),
        Rule(
            "responses_rose",
            "grow",
            f"key_players > 0 AND responses_last >= {limits.least_responses} "
            f"AND responses_last >= {limits.rise} * responses_before",
            f"{_counted('responses_last', 'response')} || ' in the last {days} days, after ' || "
            "responses_before || ' in as many days before'",
            f"'fewer than ' || CAST(ceil(greatest({limits.least_responses}, {limits.rise} "
            f"* responses_before)) AS BIGINT) || ' responses within {days} days'",
        ),
    )


def _rest() -> tuple[Rule, ...]:
    return (
        Rule(
            "customer",
            "stable",
            "won > 0",
            f"{_counted('won', 'deal')} || ' won, the newest on ' || "
            "coalesce(CAST(won_on AS VARCHAR), 'an unknown day')",
            "'silence, or a deal lost'",
        ),
        Rule(
            "in_dialogue",
            "stable",
            "stage_rank >= 3 OR responses_last > 0",
            "CASE WHEN stage_rank >= 3 THEN 'a site is in a dialogue' ELSE 'there are responses, "
            "but no dialogue with a key player' END || coalesce(' (last response ' || "
            "answered_on || ')', '')",
            "'further responses of key players, or none any more'",
        ),
        Rule(
            "only_names",
            "no_relationship",
            "TRUE",
            f"{_counted('contacts', 'usable contact')} || ' on our lists, ' || "
            "CASE WHEN answered_on IS NULL THEN 'none ever answered' "
            "ELSE 'the last answer is of ' || answered_on END",
            "'a dialogue response of a key player'",
        ),
    )

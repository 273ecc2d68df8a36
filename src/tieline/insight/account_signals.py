"""The figures of each account that its outlook is read from."""

from __future__ import annotations

from tieline.engine.tables import Table
from tieline.insight.outlook_limits import OutlookLimits
from tieline.metrics.category import AT_WORK, CATEGORIES
from tieline.metrics.stage_words import STAGES

OTHER_PURPOSES = CATEGORIES[len(AT_WORK) :]
"""Categories of contacts (SPEC M1) whose company is there for another purpose than buying."""
_ORDER = tuple(dict.fromkeys(one.stage for one in STAGES))
_PHASES = tuple(one.phase for one in STAGES if one.phase)


def rank(stage: str = "stage", phase: str = "phase") -> str:
    """The SQL expression of how far a stage is: 0 to 4, the phases of a dialogue 3.1 to 3.3."""
    stages = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(_ORDER))
    phases = " ".join(f"WHEN '{name}' THEN {place / 10}" for place, name in enumerate(_PHASES, 1))
    return f"CASE {stage} {stages} END + CASE {phase} {phases} ELSE 0 END"


def account_signals(
    accounts: Table,
    contacts: Table,
    record_entities: Table,
    contact_mix: Table,
    site_stages: Table,
    site_stage_periods: Table,
    single_threads: Table,
    responses: Table,
    opportunities: Table,
    as_of: Table,
    *,
    outlook: OutlookLimits,
) -> str:
    """What the outlook of an account is read from, as of the day of the snapshot.

    question: What do we know of each relationship that tells where it goes?
    row: One account that is not set aside.
    key: account_id
    owner: analyst
    columns:
      account_id: The account.
      contacts: Usable contacts who work there now.
      stage: The furthest stage of its sites.
      stage_rank: "How far that is: 0 (no_relationship) to 4 (sales), 3.1 to 3.3 in a dialogue."
      earlier_rank: The same one period ago; empty where it was not known then.
      furthest_rank: The furthest there ever was.
      key_players: Sites' key players, the largest number at one site.
      responses_last: Responses within the last period.
      responses_before: Responses within the period before that.
      answered_on: The day of the newest response.
      won: Deals won.
      lost: Deals lost.
      open: Deals that are open.
      won_on: The day of the newest deal won.
      lost_on: The day of the newest deal lost.
      decision_makers: Expected number of decision makers among the contacts.
      buyers: Expected number of people in procurement.
      other_contacts: Expected number of contacts who are there for another purpose.
      mixed_contacts: Contacts that the mix counts.
      other_category: The most frequent category of these.
      thread: The worst alarm of single_threads; empty for none.
      thread_because: The same in words.
    """
    others = ", ".join(f"'{name}'" for name in OTHER_PURPOSES)
    days = outlook.period_days
    return f"""
    WITH today AS (SELECT as_of AS day FROM {as_of}),
    usable AS (
      SELECT c.account_id, count(DISTINCT c.contact_id) AS contacts
      FROM {contacts} c JOIN {record_entities} e USING (contact_id)
      WHERE e.status = 'usable' GROUP BY c.account_id
    ),
    stood AS (
      SELECT account_id, arg_max(stage, ({rank()}, site_id)) AS stage,
        max({rank()}) AS stage_rank, max(key_players) AS key_players
      FROM {site_stages} GROUP BY account_id
    ),
    ranked AS (
      SELECT account_id, entered_on, left_on, {rank()} AS rank FROM {site_stage_periods}
    ),
    earlier AS (
      SELECT account_id, max(rank) AS furthest_rank,
        max(rank) FILTER (WHERE entered_on <= (SELECT day FROM today) - INTERVAL {days} DAY
          AND coalesce(left_on > (SELECT day FROM today) - INTERVAL {days} DAY, TRUE))
          AS earlier_rank
      FROM ranked GROUP BY account_id
    ),
    answered AS (
      SELECT account_id, max(CAST(occurred_at AS DATE)) AS answered_on,
        count(*) FILTER (WHERE occurred_at > (SELECT day FROM today) - INTERVAL {days} DAY)
          AS responses_last,
        count(*) FILTER (WHERE occurred_at <= (SELECT day FROM today) - INTERVAL {days} DAY
          AND occurred_at > (SELECT day FROM today) - INTERVAL {2 * days} DAY) AS responses_before
      FROM {responses}
      WHERE account_id IS NOT NULL AND CAST(occurred_at AS DATE) <= (SELECT day FROM today)
      GROUP BY account_id
    ),
    deals AS (
      SELECT account_id, count(*) FILTER (WHERE outcome = 'won') AS won,
        count(*) FILTER (WHERE outcome = 'lost') AS lost,
        count(*) FILTER (WHERE outcome = 'open') AS open,
        max(CAST(coalesce(closed_at, created_at) AS DATE)) FILTER (WHERE outcome = 'won') AS won_on,
        max(CAST(coalesce(closed_at, created_at) AS DATE)) FILTER (WHERE outcome = 'lost')
          AS lost_on
      FROM {opportunities} WHERE account_id IS NOT NULL GROUP BY account_id
    ),
    mixed AS (
      SELECT member AS account_id, round(sum(contacts), 6) AS mixed_contacts,
        round(sum(contacts) FILTER (WHERE category = 'decision_maker'), 6) AS decision_makers,
        round(sum(contacts) FILTER (WHERE category = 'procurement'), 6) AS buyers,
        round(sum(contacts) FILTER (WHERE category IN ({others})), 6) AS other_contacts,
        arg_max(category, (contacts, category)) FILTER (WHERE category IN ({others}))
          AS other_category
      FROM {contact_mix} WHERE level = 'account' GROUP BY member
    ),
    threads AS (
      SELECT account_id, arg_min(alarm, (alarm = 'only_one', product)) AS thread,
        arg_min(because, (alarm = 'only_one', product)) AS thread_because
      FROM {single_threads} GROUP BY account_id
    )
    SELECT a.account_id, coalesce(u.contacts, 0) AS contacts,
      coalesce(s.stage, 'no_relationship') AS stage,
      CAST(coalesce(s.stage_rank, 0) AS DOUBLE) AS stage_rank,
      CAST(e.earlier_rank AS DOUBLE) AS earlier_rank,
      CAST(coalesce(e.furthest_rank, 0) AS DOUBLE) AS furthest_rank,
      coalesce(s.key_players, 0) AS key_players,
      coalesce(r.responses_last, 0) AS responses_last,
      coalesce(r.responses_before, 0) AS responses_before, r.answered_on,
      coalesce(d.won, 0) AS won, coalesce(d.lost, 0) AS lost, coalesce(d.open, 0) AS open,
      d.won_on, d.lost_on,
      coalesce(m.decision_makers, 0) AS decision_makers, coalesce(m.buyers, 0) AS buyers,
      coalesce(m.other_contacts, 0) AS other_contacts,
      coalesce(m.mixed_contacts, 0) AS mixed_contacts,
      m.other_category, t.thread, t.thread_because
    FROM {accounts} a
    LEFT JOIN usable u USING (account_id)
    LEFT JOIN stood s USING (account_id)
    LEFT JOIN earlier e USING (account_id)
    LEFT JOIN answered r USING (account_id)
    LEFT JOIN deals d USING (account_id)
    LEFT JOIN mixed m USING (account_id)
    LEFT JOIN threads t USING (account_id)
    WHERE a.set_aside IS NULL
    """

"""The next action of each site: step, contact, medium and message."""

from __future__ import annotations

from tieline.data.sql_text import literal
from tieline.decisions.approach import LEAVE_ALONE, MESSAGES, STEPS
from tieline.engine.tables import Table


def next_actions(
    action_alternatives: Table, site_stages: Table, outlooks: Table, contacts: Table
) -> str:
    """The next action of each site: step, contact, medium and message.

    question: What should be done next at each site, with whom, by which medium?
    row: One site of an account that is not set aside.
    key: site_id
    owner: seller
    columns:
      site_id: The site.
      account_id: Its account.
      stage: Where the relationship stands.
      phase: Phase of its dialogue.
      outlook: Outlook of the account.
      step: What the stage calls for; leave_alone where nothing should be done.
      does: The same in words.
      contact_id: With whom; "" for the site itself.
      full_name: Name of the contact.
      medium: By email, mail, phone or web; none.
      message: "Family of the message: identification, dialogue, solution or product, as
        `tieline campaign-check` has them; conversation; win_back (at risk); none."
      value: What it is worth after its cost, in the currency of the plan.
      cost: What it costs.
      because: Why this.
      not_others: "The best other ways and why not, in words; empty for none."
    """
    does = " ".join(f"WHEN {literal(one.name)} THEN {literal(one.does)}" for one in STEPS)
    said = " ".join(f"WHEN {literal(one.name)} THEN {literal(one.message)}" for one in STEPS)
    by_outlook = " ".join(
        f"WHEN {literal(name)} THEN {literal(message)}" for name, message in MESSAGES.items()
    )
    return f"""
    WITH others AS (
      SELECT site_id, string_agg(medium || ': ' || because, '; ' ORDER BY place) AS not_others
      FROM (
        -- Of each medium the best way that was not taken.
        SELECT a.site_id, a.medium, a.because, a.place, row_number() OVER (
          PARTITION BY a.site_id, a.medium ORDER BY a.place) AS number
        FROM {action_alternatives} a WHERE a.verdict <> 'chosen' AND a.step <> '{LEAVE_ALONE}'
      ) WHERE number = 1 GROUP BY site_id
    )
    SELECT a.site_id, a.account_id, s.stage, s.phase, o.outlook, a.step,
      CASE a.step {does} ELSE 'leave it alone' END AS does, a.contact_id, c.full_name, a.medium,
      CASE WHEN a.step = '{LEAVE_ALONE}' THEN 'none' ELSE
        CASE o.outlook {by_outlook} ELSE CASE a.step {said} END END END AS message,
      a.value, a.cost, a.because, t.not_others
    FROM {action_alternatives} a
    JOIN {site_stages} s ON s.site_id = a.site_id
    LEFT JOIN {outlooks} o ON o.account_id = a.account_id
    LEFT JOIN {contacts} c ON c.contact_id = a.contact_id
    LEFT JOIN others t ON t.site_id = a.site_id
    WHERE a.verdict = 'chosen'
    """

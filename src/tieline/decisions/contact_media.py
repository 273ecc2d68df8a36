"""By which medium each contact may and can be reached."""

from __future__ import annotations

from tieline.data.sql_text import literal
from tieline.decisions.approach import CHANNELS, Approach
from tieline.engine.tables import Table

REACH_OF_ADDRESS = {
    **{"ok": 0.95, "corrected": 0.9, "unknown_place": 0.6},
    **{"incomplete": 0.4, "mismatch": 0.2},
}
"""How likely a letter arrives, by the verdict on the address; ours, as no list tells it."""
REACH_OF_EMAIL, REACH_OF_PHONE, REACH_OF_WEB = 0.95, 0.9, 0.5
"""How likely an e-mail that never bounced, a call, and a page for who visited within a year do."""
PURPOSE = "marketing"
"""The purpose of consent that allows or forbids what a marketer sends."""


def contact_media(
    contacts: Table,
    sites: Table,
    record_entities: Table,
    consents: Table,
    responses: Table,
    touch_answers: Table,
    as_of: Table,
    *,
    approach: Approach,
) -> str:
    """By which medium each contact may and can be reached.

    question: May we reach this person by e-mail, post, telephone, our pages, and would it arrive?
    row: One usable contact and medium.
    key: contact_id, medium
    owner: marketer
    columns:
      contact_id: The contact.
      site_id: The site.
      medium: email, mail, phone or web.
      reach: How likely it reaches the contact, 0 to 1.
      consent: "granted, withdrawn or none (nothing was said); for marketing, by this channel
        or any."
      consent_since: The day of that.
      bounced_on: The day of the newest bounce, with no answer by e-mail since.
      touches: Touches of the contact by it.
      answered: How many of them were answered.
      recent_touches: Touches of the contact within `[actions] period_days`, by whatever medium.
      refused: Why it may not or cannot be used, in words; empty if it may.
    """
    media = " UNION ALL ".join(
        f"SELECT {literal(one.name)} AS medium, {literal(CHANNELS[one.name] or 'any')} AS channel, "
        f"{'TRUE' if CHANNELS[one.name] in approach.consent_needed else 'FALSE'} AS needs_consent"
        for one in approach.media
    )
    reach = " ".join(f"WHEN {literal(v)} THEN {share}" for v, share in REACH_OF_ADDRESS.items())
    return f"""
    WITH media AS ({media}),
    today AS (SELECT as_of AS day FROM {as_of}),
    people AS (
      SELECT c.contact_id, c.site_id, c.email, coalesce(c.phone, c.mobile) AS phone,
        CASE WHEN c.own_address IS NOT NULL THEN 'ok' ELSE s.address_verdict END AS address_verdict
      FROM {contacts} c
      SEMI JOIN (SELECT contact_id FROM {record_entities} WHERE status = 'usable') u
        ON u.contact_id = c.contact_id
      LEFT JOIN {sites} s ON s.site_id = c.site_id
    ),
    said AS (
      -- Of the channel's own word and that for any channel a withdrawal counts.
      SELECT n.contact_id, m.medium, max(n.state) AS consent, arg_max(n.since, n.state) AS since
      FROM {consents} n JOIN media m ON n.channel IN (m.channel, 'any')
      WHERE n.purpose = {literal(PURPOSE)} GROUP BY n.contact_id, m.medium
    ),
    touched AS (
      SELECT contact_id, medium, count(*) FILTER (WHERE NOT is_bounce) AS touches,
        count(answered_by) AS answered, max(touched_on) FILTER (WHERE is_bounce) AS bounced_on
      FROM {touch_answers} WHERE medium IS NOT NULL GROUP BY contact_id, medium
    ),
    recent AS (
      SELECT contact_id, count(*) AS touches FROM {touch_answers}
      WHERE NOT is_bounce
        AND touched_on > (SELECT day FROM today) - INTERVAL {approach.period_days} DAY
      GROUP BY contact_id
    ),
    answered AS (
      SELECT contact_id, max(CAST(occurred_at AS DATE)) FILTER (WHERE medium = 'web') AS visited_on,
        max(CAST(occurred_at AS DATE)) FILTER (WHERE medium = 'email') AS wrote_on
      FROM {responses} WHERE contact_id IS NOT NULL GROUP BY contact_id
    ),
    seen AS (
      SELECT p.contact_id, p.site_id, m.medium, m.needs_consent, p.email, p.phone,
        p.address_verdict, coalesce(s.consent, 'none') AS consent, s.since AS consent_since,
        CASE WHEN m.medium = 'email' AND coalesce(t.bounced_on > a.wrote_on, TRUE)
          THEN t.bounced_on END AS bounced_on,
        coalesce(t.touches, 0) AS touches, coalesce(t.answered, 0) AS answered,
        coalesce(r.touches, 0) AS recent_touches,
        coalesce(a.visited_on > d.day - INTERVAL 365 DAY, FALSE) AS visits
      FROM people p CROSS JOIN media m CROSS JOIN today d
      LEFT JOIN said s ON s.contact_id = p.contact_id AND s.medium = m.medium
      LEFT JOIN touched t ON t.contact_id = p.contact_id AND t.medium = m.medium
      LEFT JOIN recent r ON r.contact_id = p.contact_id
      LEFT JOIN answered a ON a.contact_id = p.contact_id
    )
    SELECT contact_id, site_id, medium,
      CAST(CASE medium
        WHEN 'email' THEN CASE WHEN email IS NULL OR bounced_on IS NOT NULL THEN 0
          ELSE {REACH_OF_EMAIL} END
        WHEN 'phone' THEN CASE WHEN phone IS NULL THEN 0 ELSE {REACH_OF_PHONE} END
        WHEN 'mail' THEN CASE address_verdict {reach} ELSE 0 END
        ELSE CASE WHEN visits THEN {REACH_OF_WEB} ELSE 0 END END AS DOUBLE) AS reach,
      consent, consent_since, bounced_on, touches, answered, recent_touches,
      CASE WHEN consent = 'withdrawn' THEN 'asked not to be approached so'
          || coalesce(' on ' || CAST(consent_since AS VARCHAR), '')
        WHEN medium = 'email' AND email IS NULL THEN 'no e-mail address'
        WHEN bounced_on IS NOT NULL THEN 'e-mail bounced on ' || CAST(bounced_on AS VARCHAR)
        WHEN medium = 'phone' AND phone IS NULL THEN 'no telephone number'
        WHEN medium = 'mail' AND address_verdict IS NULL THEN 'no postal address'
        WHEN medium = 'web' AND NOT visits THEN 'not seen on our pages within a year'
        WHEN needs_consent AND consent <> 'granted' THEN 'no opt-in'
        WHEN recent_touches >= {approach.per_person}
          THEN recent_touches || ' touches in the last {approach.period_days} days already'
      END AS refused
    FROM seen
    """

"""What the lists are made of: one row per account, site and contact with all that may be a column.

They are joined once when a snapshot is read, so that a page is one look at one table.
"""

from __future__ import annotations

from dataclasses import dataclass

from tieline.metrics.stage_words import place_sql


@dataclass(frozen=True)
class Wide:
    """A table in memory: the SELECT it is, and the tables of the snapshot that it reads."""

    select: str
    tables: tuple[str, ...]


_SEARCH = "lower(strip_accents(concat_ws(' ', {})))"
"""What is searched: without accents and in small letters, as the question is."""

# CHEMICALS and Chemicals are one industry to who filters: spelled as most accounts do, the spelling
# in capitals last.
_ACCOUNTS = f"""
SELECT a.account_id, a.name, a.domain, i.industry, a.employees, a.revenue, a.country, a.sites,
  a.contacts, a.records, a.sources, a.set_aside, s.stage, s.phase, {place_sql("s")} AS stage_place,
  s.entered_on AS stage_since, s.key_players, o.outlook, o.reasons, p.score,
  p.stage AS lead_stage, n.step AS next_step, n.value AS next_value,
  CASE WHEN h.account_id IS NOT NULL THEN 'yes' END AS thread,
  {_SEARCH.format("a.name, a.domain")} AS search_text
FROM accounts a
LEFT JOIN (SELECT lower(industry) AS folded,
    arg_max(industry, (industry <> upper(industry), accounts, industry)) AS industry
  FROM (SELECT industry, count(*) AS accounts FROM accounts WHERE industry IS NOT NULL
    GROUP BY industry) GROUP BY folded) i ON i.folded = lower(a.industry)
LEFT JOIN account_stages s USING (account_id)
LEFT JOIN outlooks o USING (account_id)
LEFT JOIN (SELECT account_id, max(score) AS score, arg_max(stage, score) AS stage
  FROM account_scores GROUP BY account_id) p USING (account_id)
LEFT JOIN (SELECT account_id, arg_max(step, value) AS step, max(value) AS value
  FROM next_actions GROUP BY account_id) n USING (account_id)
LEFT JOIN (SELECT DISTINCT account_id FROM single_threads WHERE alarm IS NOT NULL) h
  USING (account_id)
"""

_SITES = f"""
SELECT t.site_id, t.account_id, a.name AS account, t.address, t.city, t.region, t.country,
  t.contacts, t.records, s.stage, s.phase, {place_sql("s")} AS stage_place,
  s.entered_on AS stage_since, s.days_in_stage, s.key_players, s.segment, n.step AS next_step,
  n.medium AS next_medium, n.value AS next_value, t.address_verdict, a.set_aside,
  {_SEARCH.format("a.name, t.address, t.city")} AS search_text
FROM sites t
LEFT JOIN accounts a USING (account_id)
LEFT JOIN site_stages s ON s.site_id = t.site_id
LEFT JOIN next_actions n ON n.site_id = t.site_id
"""

_CONTACTS = f"""
SELECT c.contact_id, c.full_name, c.title, c.function, c.level, c.buying_role, c.email, c.phone,
  c.account_id, a.name AS account, c.site_id, t.city, t.country, k.category,
  k.probability AS category_sure, k.responses, p.score, p.stage AS lead_stage,
  y.site_id IS NOT NULL AS key_player, e.usable, c.records, c.sources, c.first_seen_at,
  c.last_seen_at, {_SEARCH.format("c.full_name, c.email, a.name")} AS search_text
FROM contacts c
LEFT JOIN accounts a USING (account_id)
LEFT JOIN sites t ON t.site_id = c.site_id
LEFT JOIN contact_categories k ON k.contact_id = c.contact_id
LEFT JOIN (SELECT contact_id, max(score) AS score, arg_max(stage, score) AS stage
  FROM lead_scores GROUP BY contact_id) p ON p.contact_id = c.contact_id
LEFT JOIN (SELECT contact_id, min(site_id) AS site_id FROM site_players GROUP BY contact_id) y
  ON y.contact_id = c.contact_id
LEFT JOIN (SELECT contact_id, bool_or(status = 'usable') AS usable FROM record_entities
  WHERE contact_id IS NOT NULL GROUP BY contact_id) e ON e.contact_id = c.contact_id
"""

WIDE = {
    "account_rows": Wide(
        _ACCOUNTS,
        ("accounts", "account_stages", "outlooks", "account_scores", "next_actions",
         "single_threads"),
    ),
    "site_rows": Wide(_SITES, ("sites", "accounts", "site_stages", "next_actions")),
    "contact_rows": Wide(
        _CONTACTS,
        ("contacts", "accounts", "sites", "contact_categories", "lead_scores", "site_players",
         "record_entities"),
    ),
}  # fmt: skip
"""The tables in memory by name."""

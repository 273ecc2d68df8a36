"""What may be missing at a site of the universe, and how that is asked."""

from __future__ import annotations

GAPS = {
    "unknown": "NOT u.known",
    "no_contact": "u.known AND u.contacts = 0",
    "no_usable_contact": "u.known AND u.usable_contacts = 0",
    "no_key_player": "u.known AND u.segment IN (SELECT segment FROM segments WHERE product IN "
    "(SELECT product FROM key_players)) AND NOT EXISTS (SELECT 1 FROM universe_players p "
    "JOIN segments s USING (product) WHERE p.member = u.member AND s.segment = u.segment)",
}
"""Each gap by name, as a condition on `universe u`."""

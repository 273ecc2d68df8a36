"""The file that the pages read: the tables of a snapshot with indexes, and those of the lists.

It is made once for a snapshot, by the job that built it or else by the first page that needs it,
and read by all processes. It lies in the scratch folder: no backup holds it, and forgetting a
person deletes it. `python -m tieline.web.page_file WORKSPACE` makes it.
"""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path

from tieline.engine.lookups import write_lookups
from tieline.engine.snapshot import Snapshot, reading
from tieline.web.wide_tables import WIDE

INDEXES = {
    "account_links": ("left_node", "right_node"),
    "account_rows": ("account_id",),
    "account_scores": ("account_id",),
    "account_stages": ("account_id", "site_id"),
    "accounts": ("account_id",),
    "action_alternatives": ("contact_id", "site_id"),
    "address_history": ("entity_id",),
    "category_evidence": ("contact_id",),
    "category_history": ("contact_id",),
    "category_shares": ("contact_id",),
    "consents": ("contact_id",),
    "contact_categories": ("contact_id",),
    "contact_links": ("left_node", "right_node"),
    "contact_media": ("contact_id",),
    "contact_mix": ("member",),
    "contact_positions": ("contact_id", "account_id", "site_id"),
    "contact_rows": ("contact_id", "site_id", "account_id"),
    "contacts": ("contact_id",),
    "families": ("account_id", "parent_id"),
    "golden_values": ("entity_id",),
    "identifier_contacts": ("contact_id", "value"),
    "lead_history": ("contact_id",),
    "lead_questions": ("contact_id",),
    "lead_queue": ("contact_id",),
    "lead_scores": ("contact_id",),
    "mix_gaps": ("member",),
    "next_actions": ("account_id", "site_id"),
    "opportunities": ("contact_id", "account_id", "site_id"),
    "outlook_chances": ("account_id",),
    "outlooks": ("account_id",),
    "record_accounts": ("node", "record_id"),
    "record_consents": ("record_id",),
    "record_contacts": ("node", "record_id"),
    "record_entities": ("record_id", "contact_id", "site_id", "account_id"),
    "record_identifiers": ("record_id",),
    "records": ("record_id",),
    "redirects": ("old_id",),
    "registry_candidates": ("account_id",),
    "registry_entries": ("registry_id",),
    "responses": ("contact_id", "account_id", "site_id", "response_id"),
    "score_parts": ("contact_id",),
    "single_threads": ("account_id",),
    "site_players": ("site_id", "contact_id"),
    "site_rows": ("site_id", "account_id"),
    "site_scores": ("site_id",),
    "site_stage_periods": ("site_id",),
    "site_stages": ("site_id", "account_id"),
    "sites": ("site_id", "account_id"),
    "standard_records": ("record_id",),
    "touches": ("contact_id", "account_id", "site_id"),
    "universe": ("account_id", "member"),
    "universe_players": ("member",),
}
"""Columns by which the page of one entity finds its few rows."""
LEFT = frozenset({
    "company_profiles", "list_sample_rows", "person_profiles", "record_sites", "site_profiles",
    "site_registry_matches", "registry_hierarchy", "family_links", "site_links",
})  # fmt: skip
"""Long tables that no page looks into; the catalogue and the API read their Parquet."""


def place(home: Path, name: str) -> Path:
    """Where the file of the snapshot of that name lies, once it is made."""
    return home / "scratch" / f"pages-{name}.duckdb"


def make(home: Path, snapshot: Snapshot) -> Path:
    """Make the file of a snapshot, which the caller holds, unless it is there; older ones go.

    Processes that want the same one wait for the first of them. Who reads an older one keeps it.
    """
    file = place(home, snapshot.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    with (file.parent / "pages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if file.exists():
            return file
        tables = {n: snapshot.table(n) for n in snapshot.tables if n not in LEFT}
        write_lookups(
            file,
            tables,
            {n: wide.select for n, wide in WIDE.items() if set(wide.tables) <= tables.keys()},
            INDEXES,
            scratch=home / "scratch",
        )
        for other in file.parent.glob("pages-*"):
            if other != file:
                other.unlink(missing_ok=True)
    return file


if __name__ == "__main__":
    hidden = Path(sys.argv[1]) / ".tieline"
    with reading(hidden) as held:
        make(hidden, held)

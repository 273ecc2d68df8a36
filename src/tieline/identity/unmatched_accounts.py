"""Accounts that no register knows, where the settings ask that one does."""

from __future__ import annotations

from tieline.engine.tables import Table


def unmatched_accounts(
    record_fates: Table,
    registry_matches: Table,
    registry_entries: Table,
    *,
    registry_required: bool,
) -> str:
    """Accounts that no register knows, where the settings ask that one does.

    Without `required` in the section [registry], or without a register, there are none.

    question: Which companies are no valid ones, because no register knows them?
    row: One account without a match at the chosen confidence.
    key: account_id
    owner: analyst
    better: down
    columns:
      account_id: The account.
    """
    if not registry_required:
        return f"SELECT account_id FROM {record_fates} WHERE false"
    return f"""
    SELECT DISTINCT account_id FROM {record_fates}
    WHERE account_id IS NOT NULL AND EXISTS (SELECT 1 FROM {registry_entries})
      AND account_id NOT IN (SELECT account_id FROM {registry_matches})
    """

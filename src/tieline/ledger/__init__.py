"""The append-only facts that people and events add; no rule lives here."""

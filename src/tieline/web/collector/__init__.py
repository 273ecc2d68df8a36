"""The collector: events as Segment's libraries send them, kept in the ledger before the answer."""

"""The REST API: programs read the snapshot and write judgements and events, each with a key."""

"""People working with it in a browser: pages over the current snapshot, writes through actions."""

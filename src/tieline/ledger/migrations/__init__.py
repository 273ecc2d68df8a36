"""How the ledger's tables came to be, step by step; applied when a ledger is opened."""

"""What people do to the database: one file per verb; what is done is a row in the ledger first."""

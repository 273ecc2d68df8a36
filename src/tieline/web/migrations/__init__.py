"""The schema of the tables the pages keep for themselves."""

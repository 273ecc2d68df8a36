"""What is: one file per table."""

"""What we were told: sources, mapping, standard values, checks."""

"""Capture and recapture: how many there are that no list has. Knows numbers only, no table."""

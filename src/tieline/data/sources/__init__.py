"""One file per format that records come in."""

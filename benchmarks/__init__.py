"""Measuring Tieline beside its peers: right (one evaluator) and fast (whole processes)."""

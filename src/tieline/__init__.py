"""Tieline: data, identity, metrics, insight, decisions."""

"""Failures that users of other tools published, played through here."""

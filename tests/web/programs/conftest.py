"""What the tests of API, collector and webhooks share: see served_programs.py."""

from served_programs import built, moving, server

__all__ = ["built", "moving", "server"]

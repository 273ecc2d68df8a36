"""The one Chromium of the tests: see served_market.py."""

from served_market import browser

__all__ = ["browser"]

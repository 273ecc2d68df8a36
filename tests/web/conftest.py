"""What the tests of the pages share: see served_market.py."""

from served_market import browser, market, one, open_as, site

__all__ = ["browser", "market", "one", "open_as", "site"]

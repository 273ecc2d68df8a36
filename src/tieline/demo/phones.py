"""Phone numbers as people write them in each country."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from tieline.demo.cards import Cards
from tieline.demo.columns import Text, choose, glue, take, where
from tieline.demo.draws import Ints
from tieline.demo.markets import Markets

E164, SPACED, NATIONAL, DOUBLE_ZERO, BRACKET_ZERO, DIGITS, DASHED = range(7)


def _grouped(digits: Text, pattern: str, replacement: str) -> Text:
    return pc.replace_substring_regex(digits, pattern=pattern, replacement=replacement)


def written(markets: Markets, market: Ints, area: Text, local: Text, style: Ints) -> Text:
    """Return each row's number in its market's style; empty where area or local part is."""
    code = np.array(markets.codes)[market]
    dial, trunk = (take(markets.text(name), market) for name in ("dial", "trunk"))
    american = np.isin(code, ("US", "CA", "CQ"))
    prefix = pc.fill_null(trunk, "")
    digits = glue(area, local)
    spaced = glue("+", dial, " ", area, " ", local)
    pairs = r"^(\d)(\d\d)(\d\d)(\d\d)(\d\d)$"
    french = np.isin(code, ("FR",))
    spaced = where(french, glue("+33 ", _grouped(digits, pairs, r"\1 \2 \3 \4 \5")), spaced)
    american_spaced = glue("+1 ", area, " ", _grouped(local, r"^(\d{3})", r"\1 "))
    national = glue(glue(prefix, area), where(np.isin(code, ("DE", "AT")), "/", " "), local)
    national = where(french, glue("0", _grouped(digits, pairs, r"\1 \2 \3 \4 \5")), national)
    brackets = glue("(", area, ") ", _grouped(local, r"^(\d{3})", r"\1-"))
    dashed = glue(area, "-", _grouped(local, r"^(\d{3})", r"\1-"))
    plain = glue(prefix, digits)
    no_zero = np.asarray(trunk.is_null())
    return choose(
        style,
        [
            glue("+", dial, digits),
            where(american, american_spaced, spaced),
            where(american, brackets, national),
            where(american, glue("1-", dashed), glue("00", dial, " ", area, " ", local)),
            where(
                american | no_zero,
                where(american, brackets, spaced),
                glue("+", dial, " (0)", area, " ", local),
            ),
            plain,
            where(american, dashed, glue(glue(prefix, area), "-", local)),
        ],
    )


def landline(markets: Markets, cards: Cards, style: Ints) -> Text:
    """Return the office number, by direct dial or switchboard."""
    cells = cards.cells
    code = np.array(markets.codes)[cards.market]
    pbx = np.isin(code, ("DE", "AT")) & np.isin(style, (NATIONAL, BRACKET_ZERO, SPACED))
    central = np.asarray(pc.fill_null(pc.equal(cells["extension"], "000"), False))
    tail = where(pbx, glue("-", where(central, "0", cells["extension"])), cells["extension"])
    return written(markets, cards.market, cells["area"], glue(cells["exchange"], tail), style)


def mobile(markets: Markets, cards: Cards, style: Ints) -> Text:
    """Return the mobile number; empty for most, and where a country has no mobile prefixes."""
    cells = cards.cells
    home = cards.mobile_market
    return written(markets, home, cells["mobile_prefix"], cells["mobile_rest"], style)

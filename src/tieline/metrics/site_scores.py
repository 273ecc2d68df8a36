"""How far each site has come as one buyer, for each product that has a scorecard."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.engine.tables import Table
from tieline.metrics.group_scores import group_scores
from tieline.metrics.scorecard import Scorecard


def site_scores(
    lead_scores: Table, group_parts: Table, *, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """How far the people at the site have come as one buyer.

    Each criterion counts once, with the most points anybody there has by it; points are taken off
    only where they are taken off everybody.

    question: How far has the buying group of each site come, and who of it is furthest?
    row: One site with a usable contact, for one product that has a scorecard.
    key: product, site_id
    owner: seller
    better: up
    columns:
      site_id: The site.
      account_id: Its account.
      product: The product.
      score: The sum of each criterion's most points.
      stage: "The stage of those points: none (nobody there responded), inquiry,
        marketing_qualified, sales_accepted or sales_qualified. What is required of a person is not
        asked of a group."
      people: Usable contacts there.
      inquirers: How many of them responded.
      leads: How many of them are at marketing_qualified or further.
      best_contact_id: Who of them has the most points.
      best_score: How many.
      version: The version of the scorecard.
      state: Whether that is draft, proposed or in_force.
    """
    return group_scores("site", lead_scores, group_parts, scorecards)

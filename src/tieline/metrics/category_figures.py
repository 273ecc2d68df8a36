"""The numbers of the settings that the tables of categories need."""

from __future__ import annotations

import pyarrow as pa

from tieline.metrics.category import TEMPERATURE, CategoryRules


def category_figures(*, categories: CategoryRules) -> pa.Table:
    """The numbers of the settings that the tables of categories need, in one row.

    question: By which numbers are categories and mixes made?
    row: The only one.
    key: half_life_days
    owner: analyst
    columns:
      half_life_days: A response this old counts half.
      half_lives_per_day: One divided by it.
      repetition: How much two responses of one person say the same, 0 to 1.
      temperature: Bits of evidence are divided by it.
      usual_accounts: How many accounts that bought a usual mix needs.
    """
    return pa.table(
        {
            "half_life_days": [float(categories.half_life_days)],
            "half_lives_per_day": [1.0 / categories.half_life_days],
            "repetition": [float(categories.repetition)],
            "temperature": [TEMPERATURE],
            "usual_accounts": pa.array([categories.usual_accounts], pa.int64()),
        }
    )

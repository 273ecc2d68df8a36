"""What is wrong with files of scorecards, as a warning of the build."""

from __future__ import annotations

from tieline.cli.screen import warn
from tieline.engine.tables import Engine


def tell_problems(engine: Engine) -> None:
    """Warn of each scorecard whose file is wrong, and say what counts instead."""
    for row in engine.arrow(
        "SELECT scorecard, state, version, problem FROM scorecards WHERE problem IS NOT NULL "
        "ORDER BY scorecard"
    ).to_pylist():
        counts = (
            "nobody is scored by it"
            if row["state"] == "unusable"
            else f"version {row['version']}, which both signed, counts meanwhile"
        )
        warn(f"The scorecard {row['scorecard']} is wrong, and {counts}. {row['problem']}")

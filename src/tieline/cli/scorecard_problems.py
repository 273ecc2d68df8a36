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
            "Nobody is scored by it."
            if row["state"] == "unusable"
            else f"Version {row['version']}, which both signed, counts meanwhile."
        )
        warn(f"{row['problem']} {counts}")

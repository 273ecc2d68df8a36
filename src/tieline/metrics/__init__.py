"""What is: one file per table."""

from __future__ import annotations

from pathlib import Path

from tieline.engine.model import Model, sql_model

_HERE = Path(__file__).parent


def models() -> tuple[Model, ...]:
    """The tables of this layer, in reading order."""
    return (
        sql_model(_HERE / "funnel.sql"),
        sql_model(_HERE / "set_aside.sql"),
    )

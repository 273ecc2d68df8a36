"""Where a table comes from and who reads it, as a picture."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

LINE = 24
"""Height of one name, in the units of the picture."""
WIDTH = 900
SIDE = 300
MIDDLE = (WIDTH - 240) // 2


def lineage(
    name: str, inputs: Sequence[str], read_by: Sequence[str], known: Collection[str]
) -> dict[str, Any]:
    """The names with their places, and the lines between them; `known` have a page of their own.

    Inputs stand at the left, readers at the right, each a line high, both in the middle of the
    picture's height.
    """
    height = LINE * (max(len(inputs), len(read_by), 1) + 1)
    centre = height / 2

    def places(names: Sequence[str]) -> list[tuple[str, float]]:
        first = centre - LINE * (len(names) - 1) / 2
        return [(one, first + LINE * number) for number, one in enumerate(names)]

    left, right = places(inputs), places(read_by)
    lines = [_line(SIDE, y, MIDDLE, centre) for _, y in left]
    lines += [_line(WIDTH - MIDDLE, centre, WIDTH - SIDE, y) for _, y in right]
    return {
        "name": name,
        "width": WIDTH,
        "height": round(height),
        "centre": round(centre, 1),
        "box": {"x": MIDDLE, "y": round(centre - LINE / 2, 1), "width": WIDTH - 2 * MIDDLE},
        "line": LINE,
        "left": [_name(one, SIDE - 8, y, known) for one, y in left],
        "right": [_name(one, WIDTH - SIDE + 8, y, known) for one, y in right],
        "lines": lines,
    }


def _name(one: str, x: float, y: float, known: Collection[str]) -> dict[str, Any]:
    return {"name": one, "x": x, "y": round(y, 1), "known": one in known}


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    half = (x1 + x2) / 2
    return f"M{x1:g} {y1:.1f} C{half:g} {y1:.1f} {half:g} {y2:.1f} {x2:g} {y2:.1f}"

"""Columns of a change of address: the old address beside the new one.

`New address` in a list of contacts is their address. Beside another address, or the day of a move,
it is where somebody moved to, and the other is where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tieline.data.kinds.fields import MOVE_FIELDS
from tieline.data.mapping.scoring import Candidate

TOLD_FROM = 0.75
"""So much a header must say by itself to tell what the file is."""
_PLACES = ("address_line", "house_number", "city", "region", "postcode", "country", "full_address")
_NEW = tuple(f"new_{place}" for place in _PLACES)
_TOLD_ONLY_OF_MOVES = ("moved_on", "move_type")
_OUR_ID = re.compile(r"[CSAcsa][0-9a-f]{14}")
_SURELY = 0.95


def settle_moves(candidates: Sequence[Candidate]) -> None:
    """Keep what only a change of address says where the file is one, and drop it elsewhere."""
    new = [c for c in candidates if any(c.name_score(target) >= TOLD_FROM for target in _NEW)]
    told = [c for c in candidates if any(c.name_score(t) >= TOLD_FROM for t in _TOLD_ONLY_OF_MOVES)]
    old = [c for c in candidates if c not in new and _is_place(c)]
    if new and (told or old):
        for candidate in candidates:
            _our_id(candidate)
        return
    for candidate in candidates:
        for target in ("our_id", "new_address_line", *MOVE_FIELDS):
            score = candidate.scores.pop(target, 0.0)
            place = target.removeprefix("new_")
            if score and place in _PLACES:
                candidate.scores[place] = max(candidate.scores.get(place, 0.0), score)


def _is_place(candidate: Candidate) -> bool:
    return any(candidate.scores.get(place, 0.0) >= TOLD_FROM for place in _PLACES)


def _our_id(candidate: Candidate) -> None:
    """A column with our own ids names who moved, whatever it is called."""
    values = candidate.profile.values
    if values and sum(bool(_OUR_ID.fullmatch(value)) for value in values) > len(values) / 2:
        candidate.scores = {"our_id": _SURELY}
        candidate.doubts.append("the values are our own ids")

"""The stages in their order, and what each means to a marketer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage and phase: what it is called, what it means, and the step that it calls for.

    The steps are those of the essay on one-to-one marketing: "knowledge of the distribution ...
    indicates the next appropriate marketing action".
    """

    stage: str
    phase: str
    label: str
    means: str
    next_step: str


STAGES = (
    Stage(
        "no_relationship", "", "no relationship", "nobody usable is known there",
        "verify the address and find somebody there",
    ),
    Stage(
        "no_key_player", "", "no key player", "contacts, but none who plays a role in buying",
        "find out who plays a role in buying",
    ),
    Stage(
        "key_player", "", "key player", "a key player is known, no dialogue yet or no more",
        "begin a dialogue: ask for interest and project, gain an opt-in",
    ),
    Stage(
        "dialogue", "early", "early dialogue", "gives interest or project, or opted in",
        "offer what helps to look into solutions",
    ),
    Stage(
        "dialogue", "mid", "mid dialogue", "looks into solutions",
        "offer the product that fits, and a talk with sales",
    ),
    Stage(
        "dialogue", "late", "late dialogue", "wants a product or a talk with sales",
        "hand over to sales",
    ),
    Stage("sales", "", "sales", "handed over to sales", "leave it to sales"),
)  # fmt: skip
"""By place, 0 to 6, as SPEC M3 has them."""

_BY_NAME = {(one.stage, one.phase): place for place, one in enumerate(STAGES)}


def place_of(stage: str, phase: str | None) -> int:
    """The place of a stage and phase in their order, 0 to 6."""
    return _BY_NAME[stage, phase or ""]


def label_of(stage: str | None, phase: str | None) -> str:
    """What a stage and phase are called; '' for none."""
    return STAGES[place_of(stage, phase)].label if stage else ""


def place_sql(row: str) -> str:
    """The SQL expression of the place of a row with the columns stage and phase."""
    cases = " ".join(
        f"WHEN {row}.stage = '{one.stage}' AND coalesce({row}.phase, '') = '{one.phase}' "
        f"THEN {place}"
        for place, one in enumerate(STAGES)
    )
    return f"CASE {cases} END"

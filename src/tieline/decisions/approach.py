"""What can be done next at a site: steps, the media they take, and what limits them.

A step is what the stage calls for (SPEC M3, X1): stages are taken one after the other, none is
skipped. The strengths of media restate the fifth principle of the essay on one-to-one marketing: a
small step across a broad segment is for the post, a critical one such as an opt-in for the
telephone; that "the right media" differ by step is its claim, the figures are our reading of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tieline.metrics.stage_words import STAGES

MEDIA = ("email", "mail", "phone", "web")
LEAVE_ALONE = "leave_alone"
CHANNELS = {
    "email": "email", "phone": "phone", "sms": "sms", "mail": "mail", "fax": "fax",
    "chat": "messenger", "web": None, "event": None, "ad": None, "social": None, "meeting": None,
}  # fmt: skip
"""The consent channel of each medium; None where nobody is written to by name."""


def medium_sql(touch: str) -> str:
    """The SQL expression of a touch's medium.

    What a log of touches does not say, the address says by which it knows whom they went to.
    """
    known = f"CASE WHEN {touch}.attached_by IN ('email', 'phone') THEN {touch}.attached_by END"
    return f"coalesce({touch}.medium, {known})"


@dataclass(frozen=True)
class Step:
    """One step: what it does, the family of its message, its worth, and how well each medium can.

    `worth` is in the currency of the plan, for one that succeeds. `strengths` are 0 to 1.
    """

    name: str
    does: str
    message: str
    worth: float
    strengths: Mapping[str, float]


STEPS = (
    Step(
        "find_contact",
        STAGES[0].next_step,
        "identification",
        150.0,
        {"mail": 0.5},
    ),
    Step(
        "find_key_player",
        STAGES[1].next_step,
        "identification",
        200.0,
        {"email": 0.4, "mail": 0.4, "phone": 0.9},
    ),
    Step(
        "start_dialogue",
        STAGES[2].next_step,
        "dialogue",
        300.0,
        {"email": 0.4, "mail": 0.4, "phone": 0.9, "web": 0.1},
    ),
    Step(
        "offer_solution",
        STAGES[3].next_step,
        "solution",
        500.0,
        {"email": 0.8, "mail": 0.3, "phone": 0.5, "web": 0.7},
    ),
    Step(
        "offer_product",
        STAGES[4].next_step,
        "product",
        1000.0,
        {"email": 0.6, "mail": 0.2, "phone": 0.8, "web": 0.5},
    ),
    Step(
        "hand_over",
        STAGES[5].next_step,
        "conversation",
        2000.0,
        {"email": 0.4, "phone": 1.0},
    ),
)
"""The steps in their order. Their default worths are ours, to be set (`[actions.worth]`): so large
that a call that is answered one time in ten pays at each step, and doubling from phase to phase."""

STEP_OF = {
    (stage.stage, stage.phase or None): step.name
    for stage, step in zip(STAGES, STEPS, strict=False)
}
"""The step that a stage and phase call for; in `sales` it is sales who acts."""

MESSAGES = {
    "at_risk": "win_back",
    "other_purpose": "none",
}
"""The message family where the outlook, not the step, decides it (SPEC X6)."""


@dataclass(frozen=True)
class Medium:
    """One medium: what a touch costs, how often it is answered, how many there can be.

    `response_rate` is what is believed before the memory tells, worth `PRIOR_TOUCHES` touches.
    `capacity` touches of a period at most, 0 for no limit.
    """

    name: str
    cost: float
    response_rate: float
    capacity: int = 0


DEFAULT_MEDIA = (
    Medium("email", 0.05, 0.02),
    Medium("mail", 1.5, 0.03),
    Medium("phone", 12.0, 0.1, 400),
    Medium("web", 0.01, 0.01),
)
"""Believed before anything is known, of the order that trade reports give; write your own into
`[media.NAME]`."""

PRIOR_TOUCHES = 50
"""So many touches is a believed response rate worth beside those of the memory."""
OWN_TOUCHES = 10
"""So many touches is the rate of everybody worth beside those of one contact."""


@dataclass(frozen=True)
class Approach:
    """The settings of `[actions]` and `[media.*]`, and what `[campaigns]` says for both."""

    period_days: int = 30
    per_person: int = 2
    per_site: int = 4
    response_days: int = 30
    consent_needed: tuple[str, ...] = ("email",)
    media: tuple[Medium, ...] = DEFAULT_MEDIA
    worth: Mapping[str, float] = field(default_factory=dict)

    def worth_of(self, step: Step) -> float:
        """What one success of the step is worth."""
        return self.worth.get(step.name, step.worth)

"""Job titles: cleaned, with the function and the level they stand for, and what follows of them.

`function`: executive (runs the whole), sales, marketing, communications, product, finance,
procurement, legal, hr, it (information technology and software), engineering, research, quality,
operations (production, facilities, projects, crafts), logistics, support (customer service),
consulting (advice, analysis), administration, other (professions outside a business: teacher,
nurse). `level`: owner, c_level, vp, director, manager (also team leads), senior, staff, assistant.

The words are rows in `job_title_*.tsv`, in English, German, French, Spanish and Italian; the first
row that fits decides. Where no row fits, the linear model of `job_title_model` does, if it is sure
enough; else both are NULL. What a title says was given up (`ex-CEO`) counts for nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tieline.data.values.job_title_dictionary import Decision, function_of, level_of
from tieline.data.values.job_title_model import Floats, model, probabilities
from tieline.data.values.job_title_words import Words, read_words
from tieline.data.values.output_table import output_table, text_column

VERSION = 5
INPUTS = ("title",)
LIBRARIES = ("anyascii", "numpy")
OUTPUT = pa.schema(
    [
        *((name, pa.string()) for name in ("title", "title_key", "function", "level")),
        ("power", pa.int64()),
        ("buying_role", pa.string()),
        ("function_confidence", pa.float64()),
        ("level_confidence", pa.float64()),
        ("title_because", pa.string()),
    ]
)
ISSUES: dict[str, str] = {}

FUNCTIONS = (
    *("executive", "sales", "marketing", "communications", "product", "finance", "procurement"),
    *("legal", "hr", "it", "engineering", "research", "quality", "operations", "logistics"),
    *("support", "consulting", "administration", "other"),
)
LEVELS = ("owner", "c_level", "vp", "director", "manager", "senior", "staff", "assistant")

POWER = dict(zip(LEVELS, (5, 5, 4, 3, 2, 1, 1, 0), strict=True))
"""What a level may decide: 5 for the company, 4 for an area of it, 3 for a department, 2 for a
team, 1 about their own work, 0 nothing. A deputy has one less."""
BUYING_ROLES = ("decider", "buyer", "influencer", "user", "gatekeeper")
"""The roles of a buying centre (Webster and Wind, Organizational Buying Behavior, 1972)."""
LEAST_CONFIDENCE = 0.5
"""Below it the model abstains: its answer would be wrong more often than right."""

Row = tuple[str | float | None, ...]


class Guess(NamedTuple):
    """A value, how sure it is (0 to 1) and the words it rests on."""

    value: str
    confidence: float
    because: str


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    read = [read_words(raw) for raw in text_column(distinct, "title")]
    functions, levels = probabilities([" ".join(one.words) for one in read])
    rows = (
        _row(one, by_function, by_level)
        for one, by_function, by_level in zip(read, functions, levels, strict=True)
    )
    return output_table(rows, OUTPUT)


def power(level: str | None, notes: tuple[str, ...] = ()) -> int | None:
    """What somebody of this level may decide: see `POWER`."""
    if level is None:
        return None
    return max(POWER[level] - ("deputy" in notes), 0)


def buying_role(function: str | None, level: str | None) -> str | None:
    """The part that a title plays in most purchases; None where nothing is known of it.

    Who buys for a living is the buyer; else owners to directors decide, managers and experts
    influence, other staff use what is bought, and assistants open the door or do not.
    """
    if function == "procurement" and level != "assistant":
        return "buyer"
    if level is None:
        return None
    if level == "assistant" or (function == "administration" and level == "staff"):
        return "gatekeeper"
    return {5: "decider", 4: "decider", 3: "decider", 2: "influencer"}.get(
        POWER[level], "influencer" if level == "senior" else "user"
    )


def _row(read: Words, by_function: Floats, by_level: Floats) -> Row:
    if not read.words:
        because = "all of it is over" if "former" in read.notes else None
        return read.title, read.key, None, None, None, None, None, None, because
    function = _function(read.words, by_function)
    level = _level(read.words, by_level, function)
    because = [f"{name}: {one.because}" for name, one in (("function", function), ("level", level)) if one]
    because += read.notes
    what = function.value if function else None
    rank = level.value if level else None
    return (
        read.title,
        read.key,
        what,
        rank,
        power(rank, read.notes),
        buying_role(what, rank),
        function.confidence if function else None,
        level.confidence if level else None,
        "; ".join(because) or None,
    )


def _function(words: list[str], by_model: Floats) -> Guess | None:
    classes = model().function.classes
    decision = function_of(words)
    if decision is not None:
        sure = _confidence("function_list", by_model[classes.index(decision.value)])
        return Guess(decision.value, sure, _quoted(decision))
    return _modelled("function", classes, by_model)


def _level(words: list[str], by_model: Floats, function: Guess | None) -> Guess | None:
    classes = model().level.classes
    decision = level_of(words)
    if decision is not None:
        sure = _confidence("level_list", by_model[classes.index(decision.value)])
        return Guess(decision.value, sure, _quoted(decision))
    guess = _modelled("level", classes, by_model)
    if guess is not None and guess.value != "staff":
        return guess
    if function is None:
        return None
    return Guess(
        "staff",
        _confidence("level_default", by_model[classes.index("staff")]),
        "no word of a higher or lower one",
    )


def _modelled(name: str, classes: tuple[str, ...], by_model: Floats) -> Guess | None:
    best = int(by_model.argmax())
    if not classes[best]:
        return None
    sure = _confidence(f"{name}_model", by_model[best])
    if sure < LEAST_CONFIDENCE:
        return None
    return Guess(classes[best], sure, "like the words of such titles")


def _quoted(decision: Decision) -> str:
    return f'"{decision.words}"'


def _confidence(source: str, probability: float) -> float:
    """How often such an answer was right: logistic in the log-odds of the model, as calibrated."""
    base, slope = model().calibration[source]
    inside = min(max(float(probability), 0.001), 0.999)
    score = base + slope * np.log(inside / (1 - inside))
    return round(float(1 / (1 + np.exp(-score))), 3)

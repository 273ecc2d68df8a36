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

import math
from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa

from tieline.data.values.job_title_dictionary import (
    Decision,
    function_of,
    is_rank,
    level_of,
)
from tieline.data.values.job_title_model import Floats, model, probabilities
from tieline.data.values.job_title_words import LITTLE_WORDS, Words, read_words
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
LEAST_CHANCE_OF_LEVEL = 0.9
"""A level that no word of the lists tells must be this likely: it is there for slips of the pen."""

# Beginnings of words that tell neither a function nor a rank.
_SAYS_NOTHING = (
    *("independ", "indipend", "unabhang", "freelanc", "freiberuf", "selb", "self", "libero"),
    *("interim", "acting", "deputy", "stellvert", "adjoint", "vice", "assoc", "kommiss"),
    *("global", "intern", "nation", "region", "group", "grupp", "corporate", "area", "country"),
    *("general", "europ", "world", "north", "south", "west", "east", "emea", "dach", "apac"),
)

Row = tuple[str | float | None, ...]


SOURCES = (
    *("function_list", "function_general", "function_vague", "function_rest", "function_model"),
    *("level_list", "level_model", "level_default"),
)
"""Where an answer may come from: a word list; a general word with nothing beside it, or with words
beside it that the model cannot read; the model, by those words or by the whole title; no word of a
rank at all."""


LEAST_CHANCE_OF_LIST = 0.3
"""A list is believed where the model has not seen its words: see `Answer.confidence`."""


class Answer(NamedTuple):
    """A value, where it comes from, the model's probability of it, and the words it rests on."""

    value: str
    source: str
    chance: float
    because: str

    @property
    def confidence(self) -> float:
        """How often such answers were right: logistic in the model's log-odds, as calibrated."""
        base, slope = model().calibration[self.source]
        inside = min(max(self.chance, 0.001), 0.999)
        return round(1 / (1 + math.exp(-base - slope * math.log(inside / (1 - inside)))), 3)


Answers = tuple["Answer | None", "Answer | None"]
"""What function, and what level."""


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    read = [read_words(raw) for raw in text_column(distinct, "title")]
    return output_table((_row(*one) for one in zip(read, _answers(read), strict=True)), OUTPUT)


def answers(titles: Sequence[str]) -> list[Answers]:
    """Function and level of each title with where they come from; None where it abstains."""
    return _answers([read_words(title) for title in titles])


def _answers(read: Sequence[Words]) -> list[Answers]:
    by_function, by_level = probabilities([" ".join(one.words) for one in read])
    said = [function_of(one.words) for one in read]
    rests = {
        row: _rest(one.words, decision)
        for row, (one, decision) in enumerate(zip(read, said, strict=True))
        if decision is not None and decision.general
    }
    rests = {row: rest for row, rest in rests.items() if rest}
    by_rest = dict(zip(rests, probabilities(list(rests.values()))[0], strict=True))
    found: list[Answers] = []
    for row, one in enumerate(read):
        if not one.words:
            found.append((None, None))
            continue
        function = _function(said[row], by_function[row], by_rest.get(row))
        found.append((function, _level(one.words, by_level[row], function)))
    return found


def _rest(words: list[str], decision: Decision) -> str:
    """The words beside those that decided and beside ranks; '' where they are too little."""
    rest = [
        word
        for word in (*words[: decision.start], *words[decision.end :])
        if len(word) > 2
        and word not in LITTLE_WORDS
        and not word.startswith(_SAYS_NOTHING)
        and not is_rank(word)
    ]
    return " ".join(rest) if sum(map(len, rest)) > 3 else ""


def power(level: str | None, notes: tuple[str, ...] = ()) -> int | None:
    """What somebody of this level may decide: see `POWER`."""
    if level is None:
        return None
    return max(POWER[level] - ("deputy" in notes), 0)


def buying_role(function: str | None, level: str | None) -> str | None:
    """The part that a title plays in most purchases; None where nothing is known of it.

    Who buys for a living is the buyer; else owners to directors decide, managers and experts
    influence, other staff use what is bought, and the office opens the door or does not.
    """
    if function == "procurement":
        return "buyer"
    if level is None:
        return None
    if function == "administration" and level in ("assistant", "staff"):
        return "gatekeeper"
    if POWER[level] >= POWER["director"]:
        return "decider"
    return "influencer" if level in ("manager", "senior") else "user"


def _row(read: Words, found: Answers) -> Row:
    function, level = found
    named = (("function", function), ("level", level))
    because = [f"{name}: {one.because}" for name, one in named if one] + list(read.notes)
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


def _function(decision: Decision | None, by_model: Floats, by_rest: Floats | None) -> Answer | None:
    classes = model().functions
    if decision is None:
        return _sure(_modelled("function_model", classes, by_model))
    chance = float(by_model[classes.index(decision.value)])
    words = f'"{decision.words}"'
    if not decision.general:
        return Answer(decision.value, "function_list", max(chance, LEAST_CHANCE_OF_LIST), words)
    if by_rest is None:
        # The model never saw such a word with nothing beside it.
        return Answer(decision.value, "function_general", max(chance, 0.5), words)
    rest = _sure(_modelled("function_rest", classes, by_rest))
    return rest or _sure(Answer(decision.value, "function_vague", chance, words))


def _level(words: list[str], by_model: Floats, function: Answer | None) -> Answer | None:
    classes = model().levels
    decision = level_of(words)
    if decision is not None:
        chance = max(float(by_model[classes.index(decision.value)]), LEAST_CHANCE_OF_LIST)
        return Answer(decision.value, "level_list", chance, f'"{decision.words}"')
    answer = _modelled("level_model", classes, by_model)
    if answer and answer.value != "staff" and answer.chance >= LEAST_CHANCE_OF_LEVEL:
        return answer
    if function is None:
        return None
    chance = float(by_model[classes.index("staff")])
    return Answer("staff", "level_default", chance, "no word of a higher or lower one")


def _modelled(source: str, classes: tuple[str, ...], by_model: Floats) -> Answer | None:
    """What the model holds most likely; None where that is a title of no kind it knows."""
    best = int(by_model.argmax())
    if not classes[best]:
        return None
    return Answer(classes[best], source, float(by_model[best]), "like the words of such titles")


def _sure(answer: Answer | None) -> Answer | None:
    return answer if answer is not None and answer.confidence >= LEAST_CONFIDENCE else None

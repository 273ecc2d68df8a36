"""Draft a scorecard: from a starter for a kind of product, or from past leads."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from tieline.actions.lead_cases import read_cases
from tieline.errors import Place, TielineError, did_you_mean
from tieline.insight.lead_cases import Floats
from tieline.insight.lead_leaks import Leak, leaks
from tieline.insight.scorecard_bins import Bins, telling
from tieline.insight.scorecard_learning import Proposal, proposed, too_few
from tieline.metrics.scorecard import THRESHOLDS
from tieline.workspace import Workspace
from tieline.workspace.scorecards import path_of

STARTERS = ("software", "equipment", "services")
"""Kinds of products that a first draft is there for."""
SHARES = (0.5, 0.7, 0.85)
"""The thresholds of a proposal are passed by all but these shares of the past leads."""
_GROUPS = (
    ("activity", r"visit|page|time|activity|download|mail|event|click|source|origin|channel|scope"),
    ("buying_status", r"budg|need|authority|timeline|rfi|rfp|tend|decision"),
    ("demographics", r"size|industry|country|city|region|title|occupation|special|seller|growth"),
)


@dataclass(frozen=True)
class Drafted:
    """The file that was written, what it is from, and the columns left out since they leak."""

    path: Path
    criteria: int
    cases: int = 0
    left_out: tuple[Leak, ...] = ()


def from_starter(workspace: Workspace, name: str, like: str, product: str = "") -> Drafted:
    """Write the first draft for a kind of product into the workspace."""
    if like not in STARTERS:
        hint = did_you_mean(like, STARTERS, cutoff=0.4)
        raise TielineError(
            "unknown_starter",
            f"There is no first draft for {like!r}.{hint}",
            next_step=f"There are: {', '.join(STARTERS)}.",
        )
    path = _fresh(workspace, name)
    text = files("tieline.workspace").joinpath("starters", f"{like}.toml").read_text("utf-8")
    text = text.replace("{name}", name).replace('"{product}"', json.dumps(product or name))
    _write(path, text)
    return Drafted(path, text.count("\n[criteria."))


def from_cases(
    workspace: Workspace,
    name: str,
    file: Path,
    outcome: str,
    *,
    won: str = "1",
    order: str = "",
    product: str = "",
) -> Drafted:
    """Write points that past leads propose; columns that leak the outcome are left out.

    TielineError `too_few_cases` below the stated minimum.
    """
    path = _fresh(workspace, name)
    cases = read_cases(file, outcome, won, order)
    few = too_few(cases)
    if few:
        raise TielineError(
            "too_few_cases",
            f"{few}.",
            place=Place(str(file)),
            next_step="Begin with a starter: tieline lead draft NAME --like software",
        )
    leaking = leaks(cases)
    columns = telling(cases.columns, [leak.column for leak in leaking])
    found = proposed(columns, cases.won)
    if not found.bins:
        raise TielineError(
            "nothing_told",
            "No column of these past leads tells anything of the outcome.",
            place=Place(str(file)),
            next_step="Begin with a starter: tieline lead draft NAME --like software",
        )
    score = found.scores(columns)
    told = {"file": str(file.resolve()), "outcome": outcome, "won": won, "order": order}
    filled = {column.name: float(column.is_filled.mean()) for column in columns}
    _write(path, _text(product or name, told, found, score, filled))
    return Drafted(path, len(found.bins), len(cases.won), tuple(leaking))


def _fresh(workspace: Workspace, name: str) -> Path:
    path = path_of(workspace, name)
    if path.exists():
        raise TielineError(
            "scorecard_exists",
            f"There is a scorecard {name} already.",
            place=Place(str(path)),
            next_step="Change it, or draft under another name.",
        )
    path.parent.mkdir(exist_ok=True)
    return path


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _text(
    product: str, cases: dict[str, str], found: Proposal, score: Floats, filled: dict[str, float]
) -> str:
    lines = [
        "# Points proposed by past leads: weight of evidence, ridge logistic regression.",
        "# 10 points more are twice the odds. A proposal: agree on it, change it, then sign it.",
        f"# What a score means: chance = 1 / (1 + 2 ^ -((score {_base(found)}) / 10))",
        "",
        f"product = {json.dumps(product)}",
        "",
        "[owners]",
        'marketing = ""',
        'sales = ""',
        "",
        "[thresholds]",
        *(
            f"{stage} = {points:g}"
            for stage, points in zip(THRESHOLDS, _levels(score), strict=True)
        ),
        "",
        "[cases]",
        *(
            f"{key} = {json.dumps(value, ensure_ascii=False)}"
            for key, value in cases.items()
            if value
        ),
    ]
    for number, one in enumerate(found.bins):
        lines += ["", *_criterion(found, number, one, filled[one.name])]
    return "\n".join(lines) + "\n"


def _base(found: Proposal) -> str:
    return f"{found.base * 10 / float(np.log(2)):+.1f}"


def _levels(score: Floats) -> list[float]:
    told: list[float] = []
    for share in SHARES:
        points = float(np.round(np.quantile(score, share)))
        told.append(max(points, told[-1] + 1) if told else points)
    return told


def _criterion(found: Proposal, number: int, one: Bins, filled: float) -> list[str]:
    lines = [
        f"[criteria.{one.name if one.name[0].isalpha() else 'c_' + one.name}]",
        f'group = "{_group(one.name)}"',
        f'field = "cases.{one.name}"',
    ]
    if one.of_bands:
        lines += ["bands = [", *_bands(found, number, one), "]"]
    else:
        told = {text: found.points(number, weight) for text, weight in one.of_values.items()}
        ordered = sorted(told.items(), key=lambda pair: (-pair[1], pair[0]))
        lines += [
            "values = { "
            + ", ".join(
                f"{json.dumps(text, ensure_ascii=False)} = {points:g}" for text, points in ordered
            )
            + " }"
        ]
    for word, weight in (("otherwise", one.otherwise), ("unknown", one.unknown)):
        points = found.points(number, weight)
        if points and not (word == "unknown" and filled == 1.0):
            lines.append(f"{word} = {points:g}")
    lines.append(f"collected_by = {{ marketing = {max(round(filled, 1), 0.1):g} }}")
    return lines


def _bands(found: Proposal, number: int, one: Bins) -> list[str]:
    """The bands as lines; neighbours of the same points are one."""
    points = [found.points(number, weight) for weight in one.of_bands]
    ends: Sequence[float | None] = (None, *one.edges, None)
    lines, low = [], ends[0]
    for n, given in enumerate(points):
        if n + 1 < len(points) and points[n + 1] == given:
            continue
        told = [f"at_least = {low:g}"] if low is not None else []
        high = ends[n + 1]
        told += [f"below = {high:g}"] if high is not None else []
        lines.append(f"  {{ {', '.join([*told, f'points = {given:g}'])} }},")
        low = high
    return lines


def _group(name: str) -> str:
    return next((group for group, words in _GROUPS if re.search(words, name)), "attributes")

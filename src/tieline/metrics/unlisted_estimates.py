"""How many sites are on no list at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.metrics.capture.assumptions import (
    OURS,
    REGISTRIES,
    Groups,
    choose,
    copied,
    doubts_of_two,
    ours_and_registries,
)
from tieline.metrics.capture.estimate import Estimate
from tieline.metrics.capture.histories import Histories
from tieline.metrics.capture.many_lists import LogLinear, chao_bound, log_linear
from tieline.metrics.capture.two_lists import FEWEST_TWICE, chapman
from tieline.metrics.segment import ALL

WORST_FIT = 0.001
"""A log-linear model with a deviance less probable than this does not describe the lists."""

_SCHEMA = pa.schema(
    [
        ("segment", pa.string()),
        ("method", pa.string()),
        ("lists", pa.string()),
        ("listed", pa.int64()),
        *((name, pa.float64()) for name in ("estimate", "low", "high")),
        *((name, pa.float64()) for name in ("unlisted", "unlisted_low", "unlisted_high")),
        ("is_lower_bound", pa.bool_()),
        ("usable", pa.bool_()),
        ("is_best", pa.bool_()),
        ("reason", pa.string()),
    ]
)


@dataclass(frozen=True)
class _Answer:
    """What one method says; `doubt` is why it is not to be used, "" if it is."""

    method: str
    lists: tuple[str, ...]
    estimate: Estimate | None
    doubt: str
    says: str = ""
    lower_bound: bool = False


def unlisted_estimates(
    universe: Table, site_lists: Table, registry_entries: Table, *, engine: Engine
) -> pa.Table:
    """How many sites are on no list at all, by how much the lists overlap.

    Two lists that are made independently of each other share few sites if there are many that
    neither has. With two lists Chapman's estimate is given, with three and more a log-linear model,
    Chao's lower bound and, where there is a registry, Chapman's estimate from all our lists joined
    and all registries joined. `metrics/capture/` has the formulas and their sources. Lists that
    are too small or do not reach everywhere are joined or left out. An estimate whose assumptions
    fail is given as unusable, with the reason.

    question: How many sites are there that neither we nor any registry has?
    row: One method for one segment, or for all segments together (segment "all").
    key: segment, method
    owner: analyst
    columns:
      segment: The segment, or "all".
      method: "chapman (two lists), chao (at least so many), log_linear (three lists and more) or
        none."
      lists: The lists that were laid beside each other.
      listed: Sites of the universe, on any list.
      estimate: Sites there are in all, on lists or not.
      low: Lower end of the 95 % interval of the estimate.
      high: Upper end of the interval.
      unlisted: Sites on no list, estimate - listed, at least 0.
      unlisted_low: Lower end of the interval of unlisted.
      unlisted_high: Upper end of the interval.
      is_lower_bound: Whether there are at least so many, and may be more.
      usable: Whether the assumptions of the method hold as far as the lists show.
      is_best: Whether it is the answer to show for the segment.
      reason: Why it cannot be used, or what was found of the lists.
    """
    found = engine.arrow(
        "WITH listed AS (SELECT member, list_sort(list(list)) AS lists "
        f"FROM {site_lists} GROUP BY member) "
        "SELECT u.segment, coalesce(u.country, '') AS country, l.lists, count(*) AS sites "
        f"FROM {universe} u LEFT JOIN listed l USING (member) WHERE u.segment IS NOT NULL "
        "GROUP BY ALL ORDER BY u.segment, country, l.lists"
    ).to_pylist()
    groups: dict[str, dict[tuple[frozenset[str], str], int]] = defaultdict(dict)
    for row in found:
        key = frozenset(row["lists"] or ()), str(row["country"])
        for segment in (row["segment"], ALL):
            groups[segment][key] = groups[segment].get(key, 0) + row["sites"]
    registries = frozenset(
        engine.arrow(f"SELECT DISTINCT registry FROM {registry_entries}")["registry"].to_pylist()
        if groups
        else ()
    )
    rows = [
        row for segment in sorted(groups) for row in _rows(segment, groups[segment], registries)
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _rows(segment: str, groups: Groups, registries: frozenset[str]) -> Iterator[dict[str, object]]:
    listed = sum(groups.values())
    groups = {key: many for key, many in groups.items() if key[0]}
    choice = choose(groups)
    answers = list(_answers(choice.histories, groups, registries))
    best = next((one for one in answers if not one.doubt), answers[0])
    for one in answers:
        notes = choice.notes if one.lists == choice.histories.lists else ()
        told = [one.doubt or one.says, *(f"({note[:1].upper()}{note[1:]}.)" for note in notes)]
        yield {
            "segment": segment,
            "method": one.method,
            "lists": ", ".join(one.lists),
            "listed": listed,
            **_numbers(one.estimate, listed),
            "is_lower_bound": one.lower_bound,
            "usable": not one.doubt,
            "is_best": one is best,
            "reason": " ".join(told),
        }


def _numbers(estimate: Estimate | None, listed: int) -> dict[str, float | None]:
    ends = (estimate.total, estimate.low, estimate.high) if estimate else (None, None, None)
    names = ("", "_low", "_high")
    told: dict[str, float | None] = {}
    for name, end in zip(names, ends, strict=True):
        # Nobody is less than listed; a tenth of a site is more than the estimate knows.
        whole = None if end is None else round(max(end, float(listed)), 1)
        told[name.removeprefix("_") or "estimate"] = whole
        told[f"unlisted{name}"] = None if whole is None else round(whole - listed, 1)
    return told


def _answers(histories: Histories, groups: Groups, registries: frozenset[str]) -> Iterator[_Answer]:
    """What the methods say; the first usable one is the best."""
    lists = histories.lists
    if len(lists) < 2:
        named = lists[0] if lists else "none"
        yield _Answer("none", lists, None, f"It takes two lists at least; there is {named} alone.")
        return
    if len(lists) == 2:
        yield _of_two(histories, groups)
        return
    thin = ""
    if histories.twice < FEWEST_TWICE:
        thin = (
            f"Too little overlap: {histories.twice} sites are on two lists or more, and fewer than "
            f"{FEWEST_TWICE} say nothing."
        )
    model = log_linear(histories)
    yield _Answer(
        "log_linear",
        lists,
        model.estimate if model else None,
        thin or _doubt_of_model(model),
        _dependences(model, histories) if model else "",
    )
    joined = ours_and_registries(groups, registries)
    pair = Histories.of((OURS, REGISTRIES), _unplaced(joined))
    if pair.size(0) and pair.size(1):
        yield _of_two(pair, joined, _depends_on(registries, model, histories))
    bound = chao_bound(histories)
    copies = ", ".join(f"{a} and {b} (odds ratio {odds:,.0f})" for a, b, odds in copied(histories))
    doubt = thin or (f"Lists look copied from each other: {copies}." if copies else "")
    if bound is None:
        doubt = doubt or "The overlaps of the lists fit no number."
    says = "At least so many: where some sites are listed more easily than others, there are more."
    yield _Answer("chao", lists, bound, doubt, says, lower_bound=True)


def _of_two(histories: Histories, groups: Groups, doubt: str = "") -> _Answer:
    doubt = doubts_of_two(histories, groups) or doubt
    says = "Two lists cannot show whether they depend on each other; taken as independent."
    return _Answer("chapman", histories.lists, chapman(histories), doubt, says)


def _unplaced(groups: Groups) -> dict[frozenset[str], int]:
    found: dict[frozenset[str], int] = defaultdict(int)
    for (lists, _), many in groups.items():
        found[lists] += many
    return found


def _depends_on(registries: frozenset[str], model: LogLinear | None, histories: Histories) -> str:
    """Whether a list of ours is seen to depend on a registry, in words."""
    for (one, other), odds in sorted(model.dependence.items()) if model else ():
        names = histories.lists[one], histories.lists[other]
        if len(registries.intersection(names)) == 1:
            return (
                f"{names[0]} and {names[1]} depend on each other (odds ratio {odds:,.1f}), so that "
                "our lists and the registries are not independent."
            )
    return ""


def _doubt_of_model(model: LogLinear | None) -> str:
    if model is None:
        return "The overlaps of the lists fit no number."
    if model.uneven:
        return (
            "All lists share more sites than chance has it: some sites are listed more easily than "
            "others, and the estimate is too low."
        )
    if model.fits is not None and model.fits < WORST_FIT:
        return "No pattern of pairs of lists that depend on each other describes the overlaps."
    return ""


def _dependences(model: LogLinear, histories: Histories) -> str:
    if not model.dependence:
        return "The lists do not depend on each other."
    said = ", ".join(
        f"{histories.lists[one]} and {histories.lists[other]} (odds ratio {odds:,.1f})"
        for (one, other), odds in sorted(model.dependence.items())
    )
    return f"Lists depend on each other, which is taken into account: {said}."

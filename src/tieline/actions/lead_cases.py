"""Past leads from a file: its columns by name, and how each case ended."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from anyascii import anyascii

from tieline.data.sources.landing import land_table
from tieline.engine.duck import DuckEngine
from tieline.errors import Place, TielineError, did_you_mean
from tieline.insight.lead_cases import Cases, Column, Floats, Scored
from tieline.metrics import score_expressions as sql
from tieline.metrics.lead_fields import LeadField
from tieline.metrics.scorecard import CASES, Scorecard
from tieline.metrics.segment_rule import unknown_field
from tieline.workspace import Workspace

PLACEHOLDERS = frozenset(("select", "please select", "choose", "bitte wählen", "--", "-", "n/a"))
"""What a form stores where nothing was chosen: no answer."""
NUMBERS = 0.95
"""A column is one of numbers where this share of its values are."""


def column_name(header: str) -> str:
    """The name a rule calls a column by."""
    return re.sub(r"[^a-z0-9]+", "_", anyascii(header).lower()).strip("_") or "column"


def read_cases(file: Path, outcome: str, won: str = "1", order: str = "") -> Cases:
    """Past leads in the order of the column `order`, or of the file.

    `outcome` and `order` are headers, or names as rules call them; `won` is what stands for a good
    end. TielineError `unknown_column`, `no_outcome` (nothing was won, or nothing lost).
    """
    with tempfile.TemporaryDirectory() as folder:
        landed = land_table(file, Path(folder))
        table = pq.read_table(landed.rows_path)
        headers = list(landed.columns)
    told = {name: table[header].to_pylist() for name, header in _names(headers).items()}
    ended = told[_column(outcome, told, file)]
    held = {name: [_answer(text) for text in texts] for name, texts in told.items()}
    place = np.arange(len(ended))
    if order:
        place = np.argsort(_numbers(held[_column(order, told, file)], must=True), kind="stable")
    kept = [int(n) for n in place if _answer(ended[n]) is not None]
    good = np.array([(ended[n] or "").strip().lower() == won.strip().lower() for n in kept], float)
    if not 0 < good.sum() < len(good):
        seen = sorted({str(ended[n]) for n in kept})[:5]
        raise TielineError(
            "no_outcome",
            f"Of {len(good):,} cases {int(good.sum()):,} have {won!r} in {outcome}: nothing to "
            "tell apart.",
            place=Place(str(file)),
            next_step=f"Say what stands for a good end; there is: {', '.join(seen)}.",
        )
    columns = {
        name: Column(name, [texts[n] for n in kept], _all_numbers([texts[n] for n in kept]))
        for name, texts in held.items()
        if name != _column(outcome, told, file)
    }
    same = ["\x1f".join(str(texts[n]) for texts in told.values()) for n in kept]
    came = [str(told[_column(order, told, file)][n] or "") for n in kept] if order else []
    return Cases(columns, good, same, came)


def cases_of(workspace: Workspace, card: Scorecard) -> Cases:
    """The cases that a scorecard is about."""
    return read_cases(workspace.path / card.cases, card.outcome, card.won, card.order)


def score_cases(card: Scorecard, cases: Cases) -> Scored:
    """What a scorecard makes of its cases; TielineError `unknown_field` with what was meant."""
    known = {
        CASES + name: LeadField(CASES + name, "text" if one.numbers is None else "number", "", "")
        for name, one in cases.columns.items()
    }
    for one in card.criteria:
        place = Place(f"scorecards/{card.name}.toml, [criteria.{one.name}]")
        if one.field not in known:
            problem = unknown_field(one.field, known)
            raise TielineError(
                problem.code, problem.message, place=place, next_step=problem.next_step
            )
        if one.bands and known[one.field].kind == "text":
            raise TielineError(
                "bad_setting",
                f"{one.field} holds texts: give its points in values.",
                place=place,
                next_step="Or correct the file, so that the column holds numbers only.",
            )
    asked = dict.fromkeys(sql.column(one.field) for one in card.criteria)
    arrays = {
        name: pa.array(cases.columns[name].texts, pa.string())
        if cases.columns[name].numbers is None or _by_values(card, name)
        else pa.array(cases.columns[name].numbers, pa.float64(), from_pandas=True)
        for name in asked
    }
    told = ", ".join(
        f"round({sql.points(one)}, {sql.PLACES}) AS p{n}, {sql.is_answered(one)} AS a{n}"
        for n, one in enumerate(card.criteria)
    )
    with DuckEngine(threads=1) as engine:
        rows = pa.table({"row_number": pa.array(range(len(cases.won)), pa.int64()), **arrays})
        engine.load("cases", rows)
        found = engine.arrow(f"SELECT row_number, {told} FROM cases ORDER BY row_number")
    return Scored(
        card,
        {one.name: found[f"p{n}"].to_numpy() for n, one in enumerate(card.criteria)},
        {one.name: found[f"a{n}"].to_numpy() for n, one in enumerate(card.criteria)},
        cases.won,
    )


def _by_values(card: Scorecard, name: str) -> bool:
    return any(one.values and sql.column(one.field) == name for one in card.criteria)


def _names(headers: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in headers:
        name, number = column_name(header), 2
        while name in found:
            name, number = f"{column_name(header)}_{number}", number + 1
        found[name] = header
    return found


def _column(asked: str, told: dict[str, list[str | None]], file: Path) -> str:
    name = column_name(asked)
    if name not in told:
        hint = did_you_mean(name, told, cutoff=0.5)
        raise TielineError(
            "unknown_column",
            f"There is no column {asked!r}.{hint}",
            place=Place(str(file)),
            next_step=f"The columns are: {', '.join(told)}.",
        )
    return name


def _answer(text: str | None) -> str | None:
    said = (text or "").strip()
    return said if said and said.lower() not in PLACEHOLDERS else None


def _all_numbers(
    texts: Sequence[str | None],
) -> Floats | None:
    found = _numbers(texts)
    filled = sum(text is not None for text in texts)
    read = int((~np.isnan(found)).sum())
    return found if filled and read >= NUMBERS * filled else None


def _numbers(texts: Sequence[str | None], *, must: bool = False) -> Floats:
    told = np.full(len(texts), np.nan)
    for number, text in enumerate(texts):
        try:
            told[number] = float(text) if text is not None else np.nan
        except ValueError:
            # An order may be of dates: those of ISO 8601 stand in the order of their texts.
            told[number] = np.nan
    if must and np.isnan(told).all():
        rank = {text: float(n) for n, text in enumerate(sorted({t or "" for t in texts}))}
        told = np.array([rank[text or ""] for text in texts])
    return told

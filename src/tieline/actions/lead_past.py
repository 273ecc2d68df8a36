"""The past leads of a scorecard: cases of a file, or the contacts of closed deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tieline.actions.entities import open_tables
from tieline.actions.lead_cases import cases_of, column_name, score_cases
from tieline.actions.lead_closed import closed, column_of
from tieline.data.sql_text import literal
from tieline.errors import Place, TielineError
from tieline.insight.lead_cases import Cases, Scored
from tieline.insight.lead_leaks import Leak, leaks
from tieline.insight.lead_parts import segments
from tieline.insight.scorecard_learning import too_few
from tieline.metrics.lead_fields import BY_NAME, LeadField
from tieline.metrics.scorecard import CASES, Scorecard
from tieline.metrics.segment_rule import unknown_field
from tieline.workspace import Workspace
from tieline.workspace.scorecards import read_scorecard, text_of

SEGMENT = "segment"
"""What `--by` calls the segments of the settings."""


@dataclass(frozen=True)
class Past:
    """Past leads, their points, and which columns each criterion reads.

    `card` has the criteria that are tested; `not_tested` names the others, which a won deal itself
    changes. `deals` is of how many contacts a deal was closed, None for a file of cases. `names`
    says which case it is: a contact, or the row of the file.
    """

    card: Scorecard
    cases: Cases
    scored: Scored
    columns_of: Mapping[str, Sequence[str]]
    leaking: tuple[Leak, ...]
    names: Sequence[str]
    not_tested: tuple[str, ...] = ()
    deals: int | None = None
    sites: Sequence[str | None] = ()

    @property
    def leave_out(self) -> list[str]:
        """The columns that nothing is learned from."""
        return [leak.column for leak in self.leaking]


def past(workspace: Workspace, name: str, by: str = "") -> Past:
    """The past leads of the scorecard of a file; `by` names a column they are to have beside.

    TielineError `too_few_cases` below the minimum, `not_built` where contacts are not yet known.
    """
    card = read_scorecard(name, text_of(workspace, name))
    found = _of_contacts(workspace, card, by) if card.of_contacts else _of_cases(workspace, card)
    few = too_few(found.cases)
    if few:
        of = f" Of {found.deals:,} contacts a deal was closed, and {len(found.cases.won):,} of " \
            "them responded before." if found.deals is not None else ""  # fmt: skip
        raise TielineError(
            "too_few_cases",
            f"{few}.{of}",
            place=Place(f"scorecards/{name}.toml"),
            next_step="Go by what both departments agree on, and come back with more outcomes.",
        )
    return found


def parts_by(workspace: Workspace, found: Past, by: str) -> list[tuple[str, npt.NDArray[np.int64]]]:
    """The past leads by a column of theirs, or by the segments of the settings.

    TielineError `unknown_field` with the one that was meant, `no_segment` where none is set.
    """
    if by == SEGMENT and found.card.of_contacts:
        return _by_segment(workspace, found)
    columns = found.cases.columns
    name = by if by in columns else column_name(by.removeprefix(CASES))
    if name not in columns:
        known = {each: LeadField(each, "text", "", "") for each in columns}
        if found.card.of_contacts:
            known |= {**BY_NAME, SEGMENT: LeadField(SEGMENT, "text", "", "")}
        raise unknown_field(by, known)
    return segments(columns[name])


def _of_cases(workspace: Workspace, card: Scorecard) -> Past:
    cases = cases_of(workspace, card)
    scored = score_cases(card, cases)
    columns = {one.name: (one.field.removeprefix(CASES),) for one in card.criteria}
    names = _names(cases)
    return Past(card, cases, scored, columns, tuple(leaks(cases)), names)


def _names(cases: Cases) -> list[str]:
    """What to call each case: by the first column that is another one in each, else its place."""
    for name, column in cases.columns.items():
        if len(set(column.texts)) == len(column.texts) and None not in column.texts:
            return [f"{name} {text}" for text in column.texts]
    return [f"case {n + 1}" for n in range(len(cases.won))]


def _of_contacts(workspace: Workspace, card: Scorecard, by: str) -> Past:
    found = closed(workspace, card, by if by in BY_NAME else "")
    tested = found.scored.scorecard
    columns = {one.name: column_of(one) for one in tested.criteria}
    return Past(
        tested,
        found.cases,
        found.scored,
        columns,
        (),
        found.contacts,
        found.left_out,
        found.deals,
        found.sites,
    )


def _by_segment(workspace: Workspace, found: Past) -> list[tuple[str, npt.NDArray[np.int64]]]:
    with open_tables(workspace, "segment_members") as (_, engine):
        rows = engine.arrow(
            "SELECT DISTINCT segment, site_id FROM segment_members WHERE site_id IS NOT NULL "
            f"AND site_id <> {literal('')} ORDER BY segment, site_id"
        ).to_pylist()
    sites: dict[str, set[str]] = {}
    for row in rows:
        sites.setdefault(row["segment"], set()).add(row["site_id"])
    if not sites:
        raise TielineError(
            "no_segment",
            "The settings have no segment with a site of ours.",
            next_step="Write [segments.NAME] into tieline.toml, or name a field after --by.",
        )
    told = [
        (name, np.flatnonzero([site in held for site in found.sites]).astype(np.int64))
        for name, held in sites.items()
    ]
    return [(name, at) for name, at in told if len(at)]

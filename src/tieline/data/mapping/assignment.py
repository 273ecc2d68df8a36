"""Which column gets which field: one to one, best in all, families filled in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import numpy as np

from tieline.data.kinds import FIELD_BY_NAME, IGNORED, SCHEMES, families, is_field
from tieline.data.mapping import context, header_words
from tieline.data.mapping.columns import ColumnMapping, MappedColumn
from tieline.data.mapping.consent_columns import with_consent
from tieline.data.mapping.content import FEW, Profile, looked_at
from tieline.data.mapping.explanation import alternatives, because
from tieline.data.mapping.header import read_header, words_of
from tieline.data.mapping.registry_layouts import registry_columns
from tieline.data.mapping.scoring import TARGETS, UNIQUE_FROM, Candidate, score
from tieline.errors import Place, TielineError

ACCEPTED_FROM = 0.5
"""A lower score leaves the column unknown."""
OTHER_NAME = 0.7
"""How well a second column with names of companies fits `company_2`."""
_COMPLEMENTED = ("company", "full_name")
"""Fields that files with rows of different sorts may spread over several columns."""
NAMESAKE = 0.06
"""Advantage of a column that is called as the field itself over others that fit as well."""
UNTOLD_FROM = 1_000
"""In a file with so many columns, those whose header says nothing are left alone."""
WIDEST = 400
"""Per field only so many best columns are weighed against each other in very wide files."""


def map_columns(
    columns: Sequence[str],
    samples: Mapping[str, Sequence[str]],
    corrections: Mapping[str, str] | None = None,
    remembered: Mapping[str, MappedColumn] | None = None,
) -> ColumnMapping:
    """Map the columns of a source to standard fields by their headers and their values.

    `samples` has some values of each column (a few hundred are plenty; a column without a sample
    is decided by its header). `corrections` are the user's own column -> field, '' for a column
    that is not to be used; they win. `remembered` are columns as they were mapped before, which
    they keep. The rest is decided around both. Raises TielineError `unknown_field` for a
    correction to a field that is none.
    """
    settled = registry_columns(columns) | dict(remembered or {})
    for column, name in (corrections or {}).items():
        check_field(name, column=column)
        settled[column] = MappedColumn(column, name, 1.0, "set by you")
    mapped = {column: settled[column] for column in columns if column in settled}
    taken = frozenset(column.field for column in mapped.values() if column.field)
    limit = looked_at(len(columns))
    candidates = [
        Candidate(column, position, read_header(column), Profile.of(samples.get(column, ()), limit))
        for position, column in enumerate(columns)
        if column not in mapped
    ]
    for candidate in candidates:
        if len(columns) < UNTOLD_FROM or candidate.reading.evidence:
            score(candidate)
    context.settle(candidates)
    fields = _assign(candidates, taken)
    fields |= _complements(candidates, fields, samples)
    for candidate in candidates:
        found = _mapped(candidate, fields.get(candidate.column))
        mapped[candidate.column] = with_consent(found, candidate, ACCEPTED_FROM)
    return ColumnMapping(tuple(mapped[column] for column in columns))


def check_field(name: str, *, column: str) -> None:
    """Raise TielineError `unknown_field` with the nearest names unless `name` is a field."""
    if is_field(name):
        return
    known = [*FIELD_BY_NAME, *(f"identifier:{scheme}" for scheme in SCHEMES)]
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise TielineError(
        "unknown_field",
        f"there is no standard field {name!r}.{hint}",
        place=Place(column=column),
        next_step='Name a standard field, identifier:<scheme>, or "" to leave the column out.',
    )


def _assign(candidates: Sequence[Candidate], taken: frozenset[str]) -> dict[str, str]:
    """Field by column: the assignment of greatest total score above the threshold."""
    slots = [
        (member.name, _target(member.name), member.place)
        for members in families().values()
        for member in members
        if member.name not in taken
    ]
    slots += [(t, t, 1) for t in TARGETS if t.startswith("identifier:") and t not in taken]
    rows = _contenders(candidates)
    if not rows:
        return {}
    gain = np.zeros((len(rows), len(slots)))
    for row, candidate in enumerate(rows):
        tie = 1e-4 * candidate.position / max(len(candidates), 1)
        for slot, (name, target, place) in enumerate(slots):
            value = _slot_score(candidate, name, target) - ACCEPTED_FROM
            if value > 0:
                named = NAMESAKE if words_of(candidate.column) == tuple(name.split("_")) else 0.0
                gain[row, slot] = value + named + 0.01 - 0.002 * place - tie
    chosen: dict[str, Candidate] = {}
    # A fifth of a second of every start, so only where columns are mapped.
    from scipy.optimize import linear_sum_assignment

    for row, slot in zip(*linear_sum_assignment(-gain), strict=True):
        if gain[row, slot] > 0:
            chosen[slots[slot][0]] = rows[row]
    return {candidate.column: name for name, candidate in _in_order(chosen, taken).items()}


def _target(field: str) -> str:
    """What a column is scored for to get the field."""
    return field if field in TARGETS else FIELD_BY_NAME[field].family


def _complements(
    candidates: Sequence[Candidate],
    fields: Mapping[str, str],
    samples: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    """Left-over columns that say the same as a mapped one, but never in the same row.

    A file of persons and organisations has `employer` for the ones and `organisation` for the
    others: both are the company. Whoever reads the field takes the first filled column.
    """
    holder = {name: column for column, name in fields.items()}
    shared: dict[str, str] = {}
    for candidate in candidates:
        for name in _COMPLEMENTED:
            if candidate.name_score(name) < 0.8 or name not in holder:
                continue
            held = fields.get(candidate.column)
            if held and (held != "company_2" or candidate.name_score("company_2") > 0):
                continue
            pairs = zip(
                samples.get(candidate.column, ()), samples.get(holder[name], ()), strict=False
            )
            filled = [(bool(one.strip()), bool(other.strip())) for one, other in pairs]
            mine, theirs = sum(one for one, _ in filled), sum(other for _, other in filled)
            if min(mine, theirs) >= FEW and not any(one and other for one, other in filled):
                shared[candidate.column] = name
                candidate.doubts.append(f"it is filled where {holder[name]!r} is empty")
    return shared


def _contenders(candidates: Sequence[Candidate]) -> list[Candidate]:
    kept: set[int] = set()
    for target in TARGETS:
        able = [c for c in candidates if c.scores.get(target, 0.0) >= ACCEPTED_FROM]
        able.sort(key=lambda c: (-c.scores[target], c.position))
        kept.update(candidate.position for candidate in able[:WIDEST])
    return [candidate for candidate in candidates if candidate.position in kept]


def _slot_score(candidate: Candidate, name: str, target: str) -> float:
    value = candidate.scores.get(target, 0.0)
    if name == "company_2":
        as_company = candidate.scores.get("company", 0.0)
        ranked = candidate.reading.place >= 2
        own = candidate.name_score("company_2") > 0
        if not own:
            return as_company * (1.0 if ranked else OTHER_NAME)
        return max(value, as_company * OTHER_NAME)
    return value


def _in_order(chosen: dict[str, Candidate], taken: frozenset[str]) -> dict[str, Candidate]:
    """Within a family the columns follow the rank they state, then their order in the file."""
    ordered: dict[str, Candidate] = dict(chosen)
    for family in ("email", "phone", "address_line", "new_address_line"):
        names = [f.name for f in families()[family] if f.name not in taken]
        members = [chosen[name] for name in names if name in chosen]
        members.sort(key=lambda c: (_rank(c, family), c.position))
        for name in names:
            ordered.pop(name, None)
        ordered.update(zip(names, members, strict=False))
    return ordered


def _rank(candidate: Candidate, family: str) -> float:
    words = set(words_of(candidate.column))
    if family == "phone" and words & header_words.MOBILE:
        return max(1.5, candidate.reading.place)
    if family.endswith("address_line") and words & header_words.SECOND_LINE:
        return max(1.5, candidate.reading.place)
    return candidate.reading.place or 1


def _mapped(candidate: Candidate, field: str | None) -> MappedColumn:
    others = alternatives(candidate, field)
    if field is not None:
        target = _target(field)
        value = _slot_score(candidate, field, target)
        return MappedColumn(
            candidate.column, field, round(min(value, 0.99), 2),
            because(candidate, field, target, others), others,
        )  # fmt: skip
    if candidate.is_unused_header:
        evidence = candidate.reading.evidence[IGNORED]
        why = f"header {candidate.column!r} is known ({evidence.alias}) and not used"
        return MappedColumn(candidate.column, IGNORED, round(evidence.score, 2), why, others)
    if candidate.is_id_header and 0 < candidate.profile.unique_share < UNIQUE_FROM:
        why = "the header names an id, but its values repeat: it is not the id of a row"
    elif others and others[0][1] >= ACCEPTED_FROM:
        why = f"could be {others[0][0]}, but other columns fit that better"
    elif not candidate.profile.values:
        why = "the header is not known and the column is empty"
    else:
        why = "neither the header nor the values are known"
    return MappedColumn(candidate.column, None, 0.0, why, others)

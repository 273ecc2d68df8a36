"""What a mapping of columns to standard fields is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class MappedColumn:
    """One column of a source and the standard field it holds.

    `field` is a standard field, `identifier:<scheme>`, '' for a column that is known and not used,
    or None for one nobody recognised. `confidence` is 0..1 that `field` is right. `why` is a
    sentence for the user. `alternatives` are the next best fields with their scores, best first.
    """

    column: str
    field: str | None
    confidence: float
    why: str
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ColumnMapping:
    """All columns of one source in their order.

    Two columns may share a field when they are never filled in the same row (or when the user says
    so): the value of the field is the first filled one, in the order of the columns.
    """

    columns: tuple[MappedColumn, ...]

    def __iter__(self) -> Iterator[MappedColumn]:
        return iter(self.columns)

    def __getitem__(self, column: str) -> MappedColumn:
        for mapped in self.columns:
            if mapped.column == column:
                return mapped
        raise KeyError(column)

    def by_field(self) -> dict[str, MappedColumn]:
        """The first used column by standard field; ignored and unknown columns are left out."""
        return {mapped.field: mapped for mapped in reversed(self.columns) if mapped.field}

    def columns_of(self, field: str) -> tuple[str, ...]:
        """The columns that hold a field; where there are several, the first filled one counts."""
        return tuple(mapped.column for mapped in self.columns if mapped.field == field)

    def used(self) -> dict[str, str]:
        """Standard field by source column, for the columns that are used."""
        return {mapped.column: mapped.field for mapped in self.columns if mapped.field}

    def unknown(self) -> tuple[str, ...]:
        """The columns that nobody recognised."""
        return tuple(mapped.column for mapped in self.columns if mapped.field is None)

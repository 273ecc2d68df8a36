"""Names for the columns of a landed table: never empty, never twice."""

from __future__ import annotations

from collections.abc import Iterable

#: The landed Parquet has a column of its own with this name.
RESERVED = "row_number"


def column_names(header: Iterable[str | None]) -> tuple[tuple[str, ...], list[str]]:
    """Turn the cells of a header into column names, and say in notes what had to change.

    White space is trimmed and collapsed; an empty name becomes `column_<position>`, a repeated
    one gets `_2`, `_3`, .... Two names that differ only in case count as the same, because SQL
    engines compare names that way.
    """
    names: list[str] = []
    taken = {RESERVED}
    missing: list[int] = []
    repeated: list[str] = []
    cells = [" ".join((cell or "").replace("\ufeff", "").split()) for cell in header]
    given = {cell.casefold() for cell in cells if cell}
    for position, cell in enumerate(cells, start=1):
        wanted = cell
        if not cell:
            missing.append(position)
            wanted = f"column_{position}"
        name, copy = wanted, 1
        while name.casefold() in taken or (copy > 1 and name.casefold() in given):
            copy += 1
            name = f"{wanted}_{copy}"
        if cell and name != wanted:
            repeated.append(f"{wanted!r} -> {name!r}")
        taken.add(name.casefold())
        names.append(name)
    notes = []
    if missing:
        notes.append(f"{len(missing)} columns had no name and were named column_<position>.")
    if repeated:
        notes.append(f"Column names were made unique: {', '.join(repeated[:10])}.")
    return tuple(names), notes

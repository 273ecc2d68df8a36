"""Excel and OpenDocument workbooks: every filled sheet is a table, every cell the text it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from tieline.data.sources.archive import refuse_bomb
from tieline.data.sources.careful_rows import CarefulRows, Record
from tieline.data.sources.cell_text import cell_text
from tieline.data.sources.column_names import column_names
from tieline.data.sources.excel_zeros import padded_cells
from tieline.data.sources.header import find_header
from tieline.data.sources.landed import Piece, Reading, piece_of_rows
from tieline.data.sources.quoting import Dialect
from tieline.errors import Place, TielineError

#: Rows of one piece.
BATCH = 20_000

#: Numbers from here on have more digits than a workbook keeps (15).
INEXACT = 1e15


def read(path: Path) -> list[Reading]:
    """One table for every sheet with any cell in it."""
    refuse_bomb(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            zeros = padded_cells(path)
            readings = [
                _sheet(workbook.get_sheet_by_name(name), zeros.get(name, {}))
                for name in workbook.sheet_names
            ]
    except PasswordError as error:
        raise TielineError(
            "protected_workbook",
            "The workbook is protected by a password.",
            place=Place(str(path)),
            next_step="Save it without a password and add that file.",
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise TielineError(
            "broken_workbook",
            f"The workbook cannot be opened ({error}).",
            place=Place(str(path)),
            next_step="Open it in Excel or LibreOffice, save it again and add that file.",
        ) from error
    return [reading for reading in readings if reading is not None]


def _sheet(sheet: CalamineSheet, zeros: dict[tuple[int, int], int]) -> Reading | None:
    values = sheet.to_python(skip_empty_area=False)
    rows = [(number, row) for number, row in enumerate(values, start=1) if any(map(_filled, row))]
    if not rows:
        return None
    used = [i for i in range(len(values[0])) if any(_filled(row[i]) for _, row in rows)]
    inexact = sum(
        1 for _, row in rows for i in used if isinstance(row[i], float) and abs(row[i]) >= INEXACT
    )
    records = [
        Record(number - 1, "", [_text(row[i], zeros.get((number, i + 1))) for i in used])
        for number, row in rows
    ]
    return _table(sheet.name, records, inexact)


def _table(name: str, records: list[Record], inexact: int) -> Reading:
    cells = [record.cells for record in records]
    header = find_header(_trimmed(cells[:200]))
    names = header.cells if header.position is not None else []
    width = len(cells[0])
    columns, notes = column_names([*names, *[""] * (width - len(names))])
    if header.position is None:
        notes = ["The sheet has no header; its columns were named column_<position>."]
    above = header.first if header.position is None else header.position
    if above:
        shown = " / ".join(" ".join(filter(None, row)) for row in cells[:above])[:300]
        notes.append(f"{above} rows above the list were skipped: {shown}")
    if inexact:
        notes.append(
            f"{inexact} numbers have more than 15 digits; workbooks keep only the first 15."
        )
    padded_header = [*names, *[""] * (width - len(names))] if names else []
    careful = CarefulRows(Dialect(), width, padded_header)
    pieces = _pieces(careful, columns, records[header.first :], notes)
    header_row = records[header.position].line + 1 if header.position is not None else None
    return Reading("excel", columns, pieces, table=name, header_row=header_row, notes=notes)


def _pieces(
    careful: CarefulRows, columns: tuple[str, ...], records: list[Record], notes: list[str]
) -> Iterator[Piece]:
    row = 1
    for start in range(0, len(records), BATCH):
        some = records[start : start + BATCH]
        found = careful.sort_out(some, 1, row, footers=start + BATCH >= len(records))
        row += len(found.rows) + len(found.unreadable)
        yield piece_of_rows(columns, found.row_numbers, found.rows, tuple(found.unreadable))
    if repeated := careful.rescues["repeated_header"]:
        notes.append(f"{repeated} rows repeat the header and were skipped.")
    if row == 1:
        yield piece_of_rows(columns, [], [])
        notes.append("The sheet has no rows.")


def _filled(value: Any) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _text(value: Any, digits: int | None) -> str:
    text = cell_text(value) or ""
    return text.zfill(digits) if digits and text.isdigit() else text


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Rows without their empty cells at the end, as a text file would have a title line."""
    trimmed = []
    for row in rows:
        last = max((i for i, cell in enumerate(row) if cell.strip()), default=0)
        trimmed.append(row if last else row[:1])
    return trimmed

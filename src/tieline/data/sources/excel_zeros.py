"""Cells of a workbook that are numbers shown with leading zeros (a postcode as `00000`)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? s="(\d+)"')
_ZEROS = re.compile(r'(0{2,})(?:;.*|_\W.*)?|"?(0{2,})"?')

#: Largest part of a workbook looked into, in bytes unpacked.
PART_LIMIT = 1 << 30


def padded_cells(path: Path) -> dict[str, dict[tuple[int, int], int]]:
    """Per sheet: (row, column), both 1-based, of such cells and the digits they show.

    Only .xlsx says so in a way that can be read; other workbooks give none. Never raises on odd
    workbooks: then numbers are shown as they are stored.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            digits = _styles(archive)
            if not digits:
                return {}
            return {name: _cells(archive, part, digits) for name, part in _sheets(archive)}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, NotImplementedError):
        return {}


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > PART_LIMIT:
        raise ValueError(name)
    return archive.read(name)


def _styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """Cell style number -> digits shown."""
    root = ElementTree.fromstring(_part(archive, "xl/styles.xml"))
    formats: dict[str, int] = {}
    for form in root.iter(f"{_MAIN}numFmt"):
        found = _ZEROS.fullmatch(form.get("formatCode", ""))
        if found is not None:
            formats[form.get("numFmtId", "")] = len(found.group(1) or found.group(2))
    styles = root.find(f"{_MAIN}cellXfs")
    if styles is None or not formats:
        return {}
    return {
        number: formats[style.get("numFmtId", "")]
        for number, style in enumerate(styles)
        if style.get("numFmtId", "") in formats
    }


def _sheets(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name of each sheet and of its part in the archive."""
    relations = ElementTree.fromstring(_part(archive, "xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    book = ElementTree.fromstring(_part(archive, "xl/workbook.xml"))
    sheets = []
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        sheets.append((sheet.get("name", ""), part))
    return sheets


def _cells(
    archive: zipfile.ZipFile, part: str, digits: dict[int, int]
) -> dict[tuple[int, int], int]:
    cells: dict[tuple[int, int], int] = {}
    for found in _CELL.finditer(_part(archive, part)):
        shown = digits.get(int(found.group(3)))
        if shown is not None:
            column = 0
            for letter in found.group(1):
                column = column * 26 + letter - 64
            cells[int(found.group(2)), column] = shown
    return cells

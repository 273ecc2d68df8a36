"""Files as such programs write them, byte for byte the same for the same columns."""

from __future__ import annotations

import html
import random
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.demo.columns import Text, change, constant, glue, join, text, where
from tieline.demo.draws import Flags

Column = tuple[str, Text]
GARBAGE = [
    "-- page break --",
    "#ERR 0x80004005",
    "\ufffd\ufffd\ufffd",
    "EOF",
    "Fortsetzung nächste Seite",
]


def quoted(cells: Text, delimiter: str, always: bool = False) -> Text:
    """Return CSV cells, quoted where the delimiter, quotes or line breaks ask for it."""
    cells = pc.fill_null(cells, "")
    if always:
        return glue('"', pc.replace_substring(cells, '"', '""'), '"')
    needs = np.asarray(pc.match_substring_regex(cells, pattern=f'[{re.escape(delimiter)}"\\r\\n]'))
    return change(cells, needs, lambda values: ['"' + v.replace('"', '""') + '"' for v in values])


def delimited(
    columns: Sequence[Column], delimiter: str, always: bool = False, raw: bool = False
) -> list[str]:
    """Return the data rows as text; `raw` writes cells without quoting, as careless dumps do."""
    cells = [pc.fill_null(c, "") if raw else quoted(c, delimiter, always) for _, c in columns]
    return list(pc.binary_join_element_wise(*cells, delimiter).to_pylist())


def break_lines(lines: list[str], broken: Flags, delimiter: str, rng: np.random.Generator) -> None:
    """Spoil the chosen lines: cut off within the row, glued with other fields, or garbage."""
    chance = random.Random(int(rng.integers(2**32)))
    for row in np.flatnonzero(broken).tolist():
        line, kind = lines[row].replace("\n", " ").replace('"', ""), chance.random()
        if kind < 0.4:
            fields = line.split(delimiter)
            kept = delimiter.join(fields[: max(2, len(fields) // 3)])
            lines[row] = kept[: max(3, len(kept) - 1 - int(chance.random() * 4))]
        elif kind < 0.8:
            lines[row] = line + delimiter + delimiter.join(line.split(delimiter)[2:7])
        else:
            lines[row] = GARBAGE[int(chance.random() * len(GARBAGE))]


def write_lines(path: Path, lines: list[str], encoding: str, newline: str = "\r\n") -> None:
    """Write text lines; letters the encoding lacks become question marks, as old programs do."""
    body = newline.join(lines) + newline
    path.write_bytes(body.encode(encoding, "replace"))


def header(columns: Sequence[Column], delimiter: str, always: bool = False) -> str:
    """Return the header line."""
    names = [quoted(text([name]), delimiter, always)[0].as_py() for name, _ in columns]
    return delimiter.join(names)


def write_parquet(path: Path, columns: Sequence[Column]) -> None:
    """Write one Parquet file."""
    table = pa.table(dict(columns))
    pq.write_table(table, path, compression="zstd")


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_MAIN = f'xmlns="{_SCHEMAS}/spreadsheetml/2006/main"'
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = f"{_SCHEMAS}/officeDocument/2006/relationships"
_CELL = 't="inlineStr"><is><t xml:space="preserve">'


def _relationships(kind: str, target: str) -> str:
    return (
        f'{_XML_HEAD}<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def _parts(sheet: str, rows: str) -> dict[str, str]:
    """Return the files of a workbook with one sheet (ECMA-376, the least that readers accept)."""
    types = (
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KINDS}.worksheet+xml"/>'
    )
    return {
        "[Content_Types].xml": f'{_XML_HEAD}<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
        f"{types}</Types>",
        "_rels/.rels": _relationships("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relationships("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'{_XML_HEAD}<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"{_XML_HEAD}<worksheet {_MAIN}><sheetData>{rows}"
        "</sheetData></worksheet>",
    }


def _letters(number: int) -> str:
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)


def _xml(cells: Text) -> Text:
    special = pc.match_substring_regex(cells, pattern=r"[&<>\x00-\x08\x0b\x0c\x0e-\x1f]")
    return change(
        cells,
        np.asarray(pc.fill_null(special, False)),
        lambda values: [html.escape(_CONTROL.sub("", v), quote=False) for v in values],
    )


def write_excel(
    path: Path,
    sheet: str,
    preamble: Sequence[Sequence[str]],
    columns: Sequence[Column],
    numeric: Sequence[str] = (),
) -> None:
    """Write one worksheet; columns named in `numeric` hold numbers, so leading zeros are gone."""
    rows: list[str] = []
    for line in [*preamble, [name for name, _ in columns]]:
        number = len(rows) + 1
        cells = "".join(
            f'<c r="{_letters(i)}{number}" {_CELL}{_xml(text([value]))[0]}</t></is></c>'
            for i, value in enumerate(line)
            if value
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    rows += _sheet_rows(columns, numeric, len(rows) + 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _parts(sheet, "".join(rows)).items():
            entry = zipfile.ZipInfo(name, date_time=(2026, 6, 30, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.encode())


def _sheet_rows(columns: Sequence[Column], numeric: Sequence[str], first: int) -> list[str]:
    count = len(columns[0][1])
    numbers = pc.cast(pa.array(np.arange(count) + first), pa.string())
    parts: list[Any] = [constant('<row r="', count), numbers, constant('">', count)]
    for position, (name, cells) in enumerate(columns):
        start = glue(f'<c r="{_letters(position)}', numbers, '" ')
        written = glue(start, _CELL, _xml(cells), "</t></is></c>")
        if name in numeric:
            digits = pc.match_substring_regex(cells, pattern=r"^\d{1,15}$")
            value = pc.replace_substring_regex(cells, pattern=r"^0+(\d)", replacement=r"\1")
            number = glue(start, "><v>", value, "</v></c>")
            written = where(np.asarray(pc.fill_null(digits, False)), number, written)
        parts.append(pc.fill_null(written, ""))
    parts.append(constant("</row>", count))
    return list(pc.binary_join_element_wise(*parts, "").to_pylist())


def json_object(pairs: Sequence[tuple[str, Text]]) -> Text:
    """Return JSON objects of these members (JSON already); empty members are left out."""
    members = [glue(f'"{name}": ', value) for name, value in pairs]
    return glue("{", pc.fill_null(join(*members, sep=", "), ""), "}")


def json_text(cells: Text) -> Text:
    """Return cells as JSON strings."""
    for old, new in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        cells = pc.replace_substring(cells, old, new)
    return glue('"', cells, '"')

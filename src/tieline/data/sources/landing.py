"""Landing: any file or database becomes verbatim, content-addressed Parquet.

Every reader hands over text; what cannot be read is set aside with its line, reason and text, and
counted. Landing the same content again changes nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tieline.data.sources import csv, json_lines, parquet
from tieline.data.sources.content import recognise
from tieline.data.sources.landed import (
    UNREADABLE_SCHEMA,
    Landed,
    Piece,
    Progress,
    Reading,
    read_landed,
    rows_schema,
)
from tieline.errors import Place, TielineError

#: The reader of every format told by `content.recognise`.
READERS: dict[str, Callable[[Path], list[Reading]]] = {
    "parquet": parquet.read,
    "json": json_lines.read,
    "text": csv.read,
}

#: Rows gathered before a row group is written.
ROW_GROUP = 122_880

#: Bytes gathered before a row group is written, whatever its rows.
ROW_GROUP_BYTES = 64 << 20


def land(
    location: str,
    landed_dir: Path,
    name: str | None = None,
    progress: Progress | None = None,
) -> list[Landed]:
    """Read a file or database and leave its rows in `landed_dir`; one result per table in it.

    Raises TielineError when nothing can be read at all (no such file, no permission, not a table).
    """
    landed_dir.mkdir(parents=True, exist_ok=True)
    path = Path(location)
    with _file_errors(path):
        return _land_file(path, location, landed_dir, name or path.stem, progress)


def _land_file(
    path: Path, location: str, landed_dir: Path, name: str, progress: Progress | None
) -> list[Landed]:
    if path.is_dir():
        raise TielineError(
            "is_a_folder",
            "This is a folder, not a file.",
            place=Place(location),
            next_step="Name the files in it, for example: tieline add FOLDER/*.csv",
        )
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
    sha256 = digest.hexdigest()
    known = _already_landed(landed_dir, sha256, name, location)
    if known is not None:
        return [known]
    landed = []
    for reading in READERS[recognise(path)](path):
        landed.append(_write(reading, landed_dir, sha256, name, location, progress))
    return landed


def _already_landed(landed_dir: Path, sha256: str, name: str, location: str) -> Landed | None:
    facts = landed_dir / f"{sha256}.json"
    if not facts.exists():
        return None
    landed = read_landed(facts)
    if not (landed.rows_path.exists() and landed.unreadable_path.exists()):
        return None
    return replace(landed, name=name, location=location)


def _write(
    reading: Reading,
    landed_dir: Path,
    sha256: str,
    name: str,
    location: str,
    progress: Progress | None,
) -> Landed:
    partial = landed_dir / f".partial-{os.getpid()}-{sha256}"
    rows_part, bad_part = partial.with_suffix(".rows"), partial.with_suffix(".bad")
    try:
        readable, unreadable = _write_parquet(reading, rows_part, bad_part, name, progress)
        landed = Landed(
            sha256=sha256,
            name=name,
            location=location,
            format=reading.format,
            encoding=reading.encoding,
            delimiter=reading.delimiter,
            header_row=reading.header_row,
            columns=reading.columns,
            rows_read=readable + unreadable,
            rows_readable=readable,
            rows_unreadable=unreadable,
            notes=tuple(reading.notes),
            landed_dir=landed_dir,
        )
        facts_part = partial.with_suffix(".facts")
        facts_part.write_text(landed.to_json(), encoding="utf-8")
        rows_part.replace(landed.rows_path)
        bad_part.replace(landed.unreadable_path)
        # The side file comes last: where it stands, the landing is complete.
        facts_part.replace(landed.facts_path)
    finally:
        for suffix in (".rows", ".bad", ".facts"):
            partial.with_suffix(suffix).unlink(missing_ok=True)
    return landed


def _write_parquet(
    reading: Reading, rows_part: Path, bad_part: Path, name: str, progress: Progress | None
) -> tuple[int, int]:
    readable = unreadable = 0
    schema = rows_schema(reading.columns)
    with (
        pq.ParquetWriter(rows_part, schema, compression="zstd", compression_level=1) as rows_out,
        pq.ParquetWriter(bad_part, UNREADABLE_SCHEMA) as bad_out,
    ):
        for rows, bad in _row_groups(reading.pieces, schema):
            if rows.num_rows:
                rows_out.write_table(rows)
            if bad.num_rows:
                bad_out.write_table(bad)
            readable += rows.num_rows
            unreadable += bad.num_rows
            if progress is not None:
                progress(name, readable + unreadable)
    return readable, unreadable


def _row_groups(pieces: Iterator[Piece], schema: pa.Schema) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Pieces gathered into row groups: the readable and the unreadable rows of each."""
    tables: list[pa.Table] = []
    bad: list[dict[str, object]] = []
    rows = size = 0
    for piece in pieces:
        tables.append(piece.rows)
        bad += [vars(row) for row in piece.unreadable]
        rows += piece.rows.num_rows + len(piece.unreadable)
        size += piece.rows.nbytes
        if rows >= ROW_GROUP or size >= ROW_GROUP_BYTES:
            yield pa.concat_tables(tables), pa.Table.from_pylist(bad, schema=UNREADABLE_SCHEMA)
            tables, bad, rows, size = [], [], 0, 0
    if tables:
        yield pa.concat_tables(tables), pa.Table.from_pylist(bad, schema=UNREADABLE_SCHEMA)


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    """Errors of the file system, in words for the person who can repair them."""
    place = Place(str(path))
    try:
        yield
    except FileNotFoundError as error:
        link = path.is_symlink()
        message = "The link points to a file that is gone." if link else "There is no such file."
        raise TielineError(
            "no_such_file", message, place=place, next_step="Check the path and add it again."
        ) from error
    except PermissionError as error:
        raise TielineError(
            "no_permission",
            "The file may not be read by this user.",
            place=place,
            next_step="Close it in other programs, or give yourself read permission (chmod u+r).",
        ) from error
    except OSError as error:
        raise TielineError(
            "cannot_read",
            f"The file cannot be read ({error.strerror or error}).",
            place=place,
            next_step="Check the disk or network share, then try again.",
        ) from error

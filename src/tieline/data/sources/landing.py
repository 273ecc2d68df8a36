"""Landing: any file or database becomes verbatim, content-addressed Parquet.

Every reader hands over text; what cannot be read is set aside with its line, reason and text, and
counted. Landing the same content again changes nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq

from tieline.data.sources import (
    archive,
    csv,
    excel,
    json_lines,
    parquet,
    vcard,
)
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
    "vcard": vcard.read,
}

#: Readers of files that may hold several tables; the second argument names the one wanted.
CONTAINERS: dict[str, Callable[[Path, str | None], list[Reading]]] = {
    "excel": lambda path, _: excel.read(path),
    "sqlite": lambda path, table: _databases().read_sqlite(path, table),
}

#: Suffixes that are no part of a source's name.
_SUFFIXES = re.compile(
    r"\.(csv|tsv|txt|tab|dat|xls[xmb]?|ods|parquet|pq|json|jsonl|ndjson|vcf|vcard|db|sqlite3?"
    r"|gz|bz2|xz|zip)$",
    re.IGNORECASE,
)

#: `dialect://...` and `dialect+driver://...`, as against a path.
_DATABASE_URL = re.compile(r"[a-z][a-z0-9]*(\+[a-z0-9_]+)?://")

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
    _sweep(landed_dir)
    if _DATABASE_URL.match(location):
        sql_database = _databases()
        shown = sql_database.shown_location(location)
        name = name or sql_database.database_name(location)
        table = location.partition("#")[2] or None
        source = _Source(shown, landed_dir, name, table, progress)
        path = sql_database.sqlite_path(location)
        if path is None:
            return _land_container(source, sql_database.read(location), None)
    else:
        path = Path(location)
        source = _Source(location, landed_dir, name or plain_name(path), None, progress)
    with _file_errors(Path(source.location)):
        return _land_file(source, path)


def _databases() -> ModuleType:
    # A quarter of a second of every start, so only where a database is read.
    from tieline.data.sources import sql_database

    return sql_database


def _sweep(landed_dir: Path) -> None:
    """Remove what a landing that was killed left behind; those still running keep theirs."""
    for leftover in sorted(landed_dir.glob(".partial-*")):
        process = leftover.name.split("-")[1]
        if leftover.is_file() and not (process.isdecimal() and _runs(int(process))):
            leftover.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if process == os.getpid() or os.name != "posix":
        return True  # elsewhere signal 0 would end the process
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@dataclass(frozen=True)
class _Source:
    """What is being landed: its place as it may be shown, where to, under which name."""

    location: str
    landed_dir: Path
    name: str
    table: str | None
    progress: Progress | None


def plain_name(path: Path) -> str:
    """What a list is called after its file, without suffixes: `leads.csv.gz` is `leads`."""
    name = path.name
    while (shorter := _SUFFIXES.sub("", name)) not in ("", name):
        name = shorter
    return name


def land_table(file: Path, folder: Path) -> Landed:
    """Land a file that must hold one table; TielineError `several_tables` else."""
    found = land(str(file), folder)
    if len(found) != 1:
        raise TielineError(
            "several_tables",
            f"{file.name} holds {len(found)} tables.",
            place=Place(str(file)),
            next_step="Give a file with one table.",
        )
    return found[0]


def _land_file(source: _Source, path: Path) -> list[Landed]:
    if not path.is_file() and path.exists():
        raise TielineError(
            "is_a_folder" if path.is_dir() else "not_a_file",
            "This is a folder, not a file." if path.is_dir() else "This is no ordinary file.",
            place=Place(source.location),
            next_step="Name the files themselves, for example: tieline add FOLDER/*.csv",
        )
    before = path.stat()
    kind = recognise(path)
    if kind in archive.KINDS:
        with archive.unpacked(path, kind, source.landed_dir) as inner:
            return _land_file(source, inner)
    sha256 = _fingerprint(path)
    if kind in CONTAINERS:
        return _land_container(source, CONTAINERS[kind](path, source.table), sha256)
    known = _already_landed(source, sha256, source.name)
    if known is not None:
        return [known]
    landed = _write(source, READERS[kind](path)[0], sha256, source.name)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        landed.facts_path.unlink()
        raise TielineError(
            "changed_while_reading",
            "The file changed while it was read.",
            place=Place(source.location),
            next_step="Wait until it is written completely, then try again.",
        )
    return [landed]


def _land_container(source: _Source, readings: list[Reading], sha256: str | None) -> list[Landed]:
    """The tables of a workbook or database; `sha256` is of the container, None for a server."""
    if not readings:
        raise TielineError(
            "nothing_inside",
            "It holds no table with any content.",
            place=Place(source.location),
            next_step="Check that this is the file or database you mean.",
        )
    landed = []
    for reading in readings:
        name = source.name if len(readings) == 1 else f"{source.name}_{reading.table}"
        key = None
        if sha256 is not None:
            key = hashlib.sha256(bytes.fromhex(sha256) + (reading.table or "").encode()).hexdigest()
        known = _already_landed(source, key, name) if key is not None else None
        landed.append(known or _write(source, reading, key, name))
    return landed


def _fingerprint(path: Path) -> str:
    """SHA-256 of a file, and of the log of a SQLite database that belongs to it."""
    digest = hashlib.sha256()
    for part in (path, path.with_name(path.name + "-wal")):
        if part == path or part.exists():
            with part.open("rb") as file:
                while block := file.read(1 << 22):
                    digest.update(block)
    return digest.hexdigest()


def _already_landed(source: _Source, sha256: str, name: str) -> Landed | None:
    facts = source.landed_dir / f"{sha256}.json"
    if not facts.exists():
        return None
    landed = read_landed(facts)
    if not (landed.rows_path.exists() and landed.unreadable_path.exists()):
        return None
    return replace(landed, name=name, location=source.location)


def _write(source: _Source, reading: Reading, sha256: str | None, name: str) -> Landed:
    """Write one table under its content's name; without `sha256` that is taken from its rows."""
    partial = source.landed_dir / f".partial-{os.getpid()}-{sha256 or 'rows'}"
    rows_part, bad_part = partial.with_suffix(".rows"), partial.with_suffix(".bad")
    facts_part = partial.with_suffix(".facts")
    digest = hashlib.sha256(repr(reading.columns).encode())
    try:
        report = _report(source.progress, name)
        readable, unreadable = _write_parquet(
            reading, rows_part, bad_part, report, None if sha256 else digest
        )
        landed = Landed(
            sha256=sha256 or digest.hexdigest(),
            name=name,
            location=source.location,
            format=reading.format,
            encoding=reading.encoding,
            delimiter=reading.delimiter,
            header_row=reading.header_row,
            columns=reading.columns,
            rows_read=readable + unreadable,
            rows_readable=readable,
            rows_unreadable=unreadable,
            notes=tuple(reading.notes),
            landed_dir=source.landed_dir,
        )
        facts_part.write_text(landed.to_json(), encoding="utf-8")
        rows_part.replace(landed.rows_path)
        bad_part.replace(landed.unreadable_path)
        # The side file comes last: where it stands, the landing is complete.
        facts_part.replace(landed.facts_path)
    finally:
        for part in (rows_part, bad_part, facts_part):
            part.unlink(missing_ok=True)
    return landed


def _write_parquet(
    reading: Reading,
    rows_part: Path,
    bad_part: Path,
    report: Callable[[int], None],
    digest: hashlib._Hash | None,
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
            if digest is not None:
                for column in rows.itercolumns():
                    digest.update(repr(column.to_pylist()).encode())
            report(readable + unreadable)
    return readable, unreadable


def _report(progress: Progress | None, name: str) -> Callable[[int], None]:
    return lambda rows: progress(name, rows) if progress is not None else None


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

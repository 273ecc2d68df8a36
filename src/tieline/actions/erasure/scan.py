"""The scan: every byte of a workspace is read for the values of a person who was forgotten."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.actions.erasure.values import Pattern, Values, rows_with
from tieline.ledger import Ledger
from tieline.workspace import Workspace

_BLOCK = 1 << 24
_OVERLAP = 1 << 10
"""A value cut in two by the end of a block is met in the next: none is longer."""


@dataclass(frozen=True)
class Trace:
    """Where a value of the person stands: in which file, where in it, what, how often."""

    file: str
    where: str
    kind: str
    times: int

    def __str__(self) -> str:
        where = f", {self.where}" if self.where else ""
        return f"{self.file}{where}: {self.kind}, {self.times} times"


@dataclass(frozen=True)
class Scan:
    """What was read and what was found.

    `traces` stand in what Tieline keeps, and there are none where the person is gone. `yours` stand
    in other files of the folder, such as the lists that were added: the user clears them.
    """

    files: int
    bytes: int
    looked_for: int
    traces: tuple[Trace, ...]
    yours: tuple[Trace, ...]


def scan(
    workspace: Workspace, ledger: Ledger, values: Values, *, besides: Sequence[Path] = ()
) -> Scan:
    """Look for the values in every file of a workspace and every fact of its ledger.

    Parquet is read column by column and, like every other file, byte by byte as well. `besides` are
    folders that are left out.
    """
    patterns = values.patterns()
    files = [path for path in _files(workspace.path) if not _within(path, besides)]
    kept: list[Trace] = []
    yours: list[Trace] = []
    places = (
        workspace.hidden_dir, workspace.sources_dir, workspace.models_dir, workspace.settings_path,
    )  # fmt: skip
    size = 0
    for path in files if patterns else ():
        size += path.stat().st_size
        found = kept if _within(path, places) else yours
        found += _in_file(path, str(path.relative_to(workspace.path)), patterns)
    names = [str(path.relative_to(workspace.path)) for path in files]
    if patterns and _holds(pa.array(names, pa.large_string()), patterns):
        for path, name in zip(files, names, strict=True):
            found = kept if _within(path, places) else yours
            found += [Trace(name, "its name", *hit) for hit in _in_text(name, patterns)]
    if patterns:
        kept += _in_ledger(ledger, patterns)
    return Scan(
        len(files), size, len(patterns), tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(yours))
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _within(path: Path, folders: Sequence[Path]) -> bool:
    return any(folder == path or folder in path.parents for folder in folders)


def _in_file(path: Path, shown: str, patterns: Sequence[Pattern]) -> Iterator[Trace]:
    if path.suffix == ".parquet":
        yield from _in_parquet(path, shown, patterns)
    yield from (Trace(shown, "its bytes", *hit) for hit in _in_bytes(path, patterns))


def _holds(texts: pa.Array, patterns: Sequence[Pattern]) -> bool:
    """Whether any text holds any value. To ask for all at once is what makes the scan quick."""
    return bool(pc.any(rows_with(pa.chunked_array([texts]), patterns)).as_py())


def _in_parquet(path: Path, shown: str, patterns: Sequence[Pattern]) -> Iterator[Trace]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError):
        return  # its bytes are read all the same
    found: Counter[tuple[str, str]] = Counter()
    for batch in file.iter_batches(batch_size=50_000):
        columns = [(name, pc.unique(column)) for name, column in _texts(pa.table(batch))]
        every = pa.concat_arrays([pa.array([], pa.large_string()), *(c for _, c in columns)])
        for name, distinct in columns if _holds(every, patterns) else ():
            hits = distinct.filter(rows_with(pa.chunked_array([distinct]), patterns))
            for kind, times in _in_text("\n".join(hits.to_pylist()), patterns):
                found[name, kind] += times
        for kind, times in _names_in_cells(pa.table(batch), patterns):
            found["a row", kind] += times
    for (name, kind), times in sorted(found.items()):
        yield Trace(shown, f"column {name}", kind, times)


def _texts(table: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Every column as text, lists and structures taken apart."""
    waiting = list(zip(table.column_names, table.columns, strict=True))
    while waiting:
        name, column = waiting.pop()
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if pa.types.is_list(whole.type) or pa.types.is_large_list(whole.type):
            waiting.append((name, pc.list_flatten(whole)))
        elif pa.types.is_struct(whole.type):
            waiting += [(f"{name}.{f.name}", pc.struct_field(whole, f.name)) for f in whole.type]
        elif pa.types.is_dictionary(whole.type):
            waiting.append((name, whole.dictionary))
        elif pa.types.is_binary(whole.type) or pa.types.is_large_binary(whole.type):
            texts = [value.decode("utf-8", "replace") for value in whole.drop_null().to_pylist()]
            yield name, pa.array(texts, pa.large_string())
        elif pa.types.is_string(whole.type) or pa.types.is_large_string(whole.type):
            yield name, whole.cast(pa.large_string()).drop_null()


def _names_in_cells(table: pa.Table, patterns: Sequence[Pattern]) -> Iterator[tuple[str, int]]:
    """Names whose parts stand in two columns of one row."""
    names = [pattern for pattern in patterns if pattern[0] == "name"]
    texts = [
        pc.fill_null(column.cast(pa.large_string()), "")
        for column in table.columns
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    ]
    if not names or len(texts) < 2:
        return
    # As in a row of JSON: a cell is its text between quotation marks.
    mark, comma, nothing = (pa.scalar(sign, pa.large_string()) for sign in ('"', ",", ""))
    quoted = [pc.binary_join_element_wise(mark, text, mark, nothing) for text in texts]
    rows = pc.binary_join_element_wise(*quoted, comma)
    hits = rows.filter(rows_with(rows, names))
    if len(hits):
        yield "name", len(hits)


def _in_bytes(path: Path, patterns: Sequence[Pattern]) -> Iterator[tuple[str, int]]:
    """Every block of a file, as text in UTF-8 and as JSON would escape it."""
    found: Counter[str] = Counter()
    with path.open("rb") as file:
        before = b""
        while block := file.read(_BLOCK):
            text = (before + block).decode("utf-8", "replace")
            for kind, times in _in_text(text, patterns):
                found[kind] += times
            if "\\u" in text:
                for kind, times in _in_text(_unescaped(text), patterns):
                    found[kind] += times
            before = block[-_OVERLAP:]
    yield from sorted(found.items())


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _in_text(text: str, patterns: Sequence[Pattern]) -> list[tuple[str, int]]:
    column = pa.array([text], pa.large_string())
    if not text or not _holds(column, patterns):
        return []
    found: Counter[str] = Counter()
    for kind, pattern in patterns:
        found[kind] += int(_holds(column, [(kind, pattern)]))
    return sorted((kind, times) for kind, times in found.items() if times)


def _in_ledger(ledger: Ledger, patterns: Sequence[Pattern]) -> Iterator[Trace]:
    """Every fact, wherever the database lies."""
    facts: dict[str, Sequence[Any]] = {
        "judgements": ledger.judgements(active=False),
        "labels": ledger.labels(active=False),
        "certificates": ledger.certificates(),
    }
    for name, found in facts.items():
        text = "\n".join(json.dumps(asdict(one), ensure_ascii=False, default=str) for one in found)
        yield from (Trace("ledger", name, *hit) for hit in _in_text(text, patterns))
    for batch in ledger.event_batches():
        for column, texts in _texts(pa.table(batch)):
            hits = texts.filter(rows_with(pa.chunked_array([texts]), patterns))
            for kind, times in _in_text("\n".join(hits.to_pylist()), patterns):
                yield Trace("ledger", f"events, {column}", kind, times)

"""A hashed sample of an offered list: how it is written for the other side, and how it is read."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from tieline.decisions.agreed_hash import COMPANY, DOMAIN, EMAIL, PERSON, agreement, hashed, key_of
from tieline.errors import Place, TielineError

AGREEMENT = "agreement"
HASHES = ("email_hash", "person_hash", "domain_hash", "company_hash")
"""Of the e-mail address, of name and domain, of the domain, of the company's number."""
TOLD = ("function", "level", "country")
COLUMNS = (AGREEMENT, *HASHES, *TOLD)
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Sample:
    """The rows of a sample by column, the salt's key, and what the file was.

    `columns` are the columns of the file that have any value: a sample may tell e-mails only, or
    companies only.
    """

    rows: tuple[dict[str, str | None], ...]
    columns: frozenset[str]
    key: bytes = field(repr=False)
    content: str = ""

    def fingerprint(self) -> str:
        """Equal for equal files; the key stays secret."""
        return self.content

    def table(self, offer: str) -> pa.Table:
        """The rows with the offer's name and their 1-based number."""
        names = (*HASHES, *TOLD)
        return pa.table(
            {
                "offer": pa.array([offer] * len(self.rows), pa.string()),
                "row_number": pa.array(range(1, len(self.rows) + 1), pa.int64()),
                **{n: pa.array([row.get(n) for row in self.rows], pa.string()) for n in names},
            }
        )


def read_sample(path: Path, salt: str) -> Sample:
    """The sample in a file that was hashed with the salt.

    Raises TielineError: `no_sample` (no file, or no row), `not_as_agreed` (no hash, another salt).
    """
    place = Place(path.name)
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise TielineError(
            "no_sample",
            "The sample cannot be read.",
            place=Place(str(path)),
            next_step="Correct `sample` in the offer, or take the line out.",
        ) from None
    rows = list(csv.DictReader(text.splitlines()))
    if not rows:
        raise TielineError(
            "no_sample", "The sample has no row.", place=place, next_step="Ask for another one."
        )
    key = key_of(salt)
    told = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in rows]
    for number, row in enumerate(told, 1):
        _check(row, agreement(key), number, place)
    columns = frozenset(name for name in COLUMNS if any(row[name] for row in told))
    if not columns & set(HASHES):
        raise _not_as_agreed(f"It has none of the columns {', '.join(HASHES)}.", place)
    kept = tuple({name: text or None for name, text in row.items()} for row in told)
    return Sample(kept, columns, key, hashlib.sha256(content + key).hexdigest())


def _check(row: dict[str, str], agreed: str, number: int, place: Place) -> None:
    for name in HASHES:
        text = row[name]
        if "@" in text:
            message = f"Row {number} holds an e-mail address as it is; only hashes may be given."
            raise _not_as_agreed(message, place)
        if text and (len(text) != 32 or not _HEX.issuperset(text)):
            raise _not_as_agreed(f"Row {number} holds no hash of ours in {name}.", place)
    if not row[AGREEMENT]:
        raise _not_as_agreed(f"Row {number} does not say how it was hashed.", place)
    if row[AGREEMENT] != agreed:
        raise _not_as_agreed("It was hashed with another salt, or in another way.", place)


def _not_as_agreed(message: str, place: Place) -> TielineError:
    return TielineError(
        "not_as_agreed",
        f"The sample is not hashed as agreed. {message}",
        place=place,
        next_step="Both sides use the same salt: tieline offer hash FILE --salt-file SALT",
    )


def write_sample(path: Path, salt: str, rows: Sequence[dict[str, str | None]]) -> int:
    """Write rows (email, person, domain, company; function, level, country) hashed; how many.

    Rows are sorted by their hash, so that the order of the list is not told. Rows that have neither
    e-mail, domain nor company id are left out.
    """
    key = key_of(salt)
    columns: dict[str, list[str | None]] = {AGREEMENT: [agreement(key)] * len(rows)}
    for kind, name in zip((EMAIL, PERSON, DOMAIN, COMPANY), HASHES, strict=True):
        columns[name] = hashed(key, kind, [row.get(kind) for row in rows])
    for name in TOLD:
        columns[name] = [row.get(name) for row in rows]
    written = [
        row
        for row in zip(*(columns[name] for name in COLUMNS), strict=True)
        if any(row[1 : 1 + len(HASHES)])
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(sorted(written, key=lambda row: [text or "" for text in row]))
    return len(written)

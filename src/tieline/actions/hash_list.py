"""Hash a list for the other side of an offer: a sample that gives away nobody."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tieline.data.kinds import IDENTIFIER_PREFIX, scheme_of
from tieline.data.mapping import map_columns
from tieline.data.mapping.samples import sample_columns
from tieline.data.sources.landing import land_table
from tieline.data.values import country, domain, email, job_title, person_name
from tieline.decisions.agreed_hash import COMPANY, DOMAIN, EMAIL, PERSON, person_text, read_salt
from tieline.decisions.offer_sample import write_sample
from tieline.errors import Place, TielineError


@dataclass(frozen=True)
class HashedList:
    """What was written: `rows` of `read`, and from which columns of the list."""

    output: Path
    read: int
    rows: int
    columns: dict[str, str]


def hash_list(
    file: Path, salt_file: Path, output: Path, *, rows: int = 0, seed: int = 1
) -> HashedList:
    """Write the hashed rows of a list; with `rows` so many of them, drawn by lot.

    E-mail address, name at a domain, web domain (or that of the address, where it is a company's
    own) and company ids are hashed; job function, level and country are told, so that the other
    side sees whom it would get. Titles, telephone numbers and addresses are left out.
    """
    salt = read_salt(salt_file)
    with tempfile.TemporaryDirectory() as folder:
        landed = land_table(file, Path(folder))
        table = pq.read_table(landed.rows_path)
        mapping = map_columns(landed.columns, sample_columns(landed.rows_path))
    used = mapping.used()
    by_field = {field: column for column, field in used.items()}
    if rows and rows < table.num_rows:
        table = table.take(sorted(random.Random(seed).sample(range(table.num_rows), rows)))
    told = _told(table, by_field)
    if not any(
        told[kind].count(None) < table.num_rows for kind in (EMAIL, PERSON, DOMAIN, COMPANY)
    ):
        raise TielineError(
            "nothing_to_hash",
            "No column holds e-mail addresses, web domains or company ids.",
            place=Place(str(file)),
            next_step="Name the columns as: Email, Website, DUNS, Job Title, Country.",
        )
    listed = [dict(zip(told, row, strict=True)) for row in zip(*told.values(), strict=True)]
    written = write_sample(output, salt, listed)
    wanted = {"email", "website", "title", "country", *person_name.INPUTS}
    kept = {c: f for c, f in used.items() if f in wanted or f == _company_id(by_field)}
    return HashedList(output, table.num_rows, written, kept)


def _company_id(by_field: dict[str, str]) -> str:
    """The first identifier of companies among the fields; '' for none."""
    for field in sorted(by_field):
        scheme = scheme_of(field) if field.startswith(IDENTIFIER_PREFIX) else None
        if scheme is not None and scheme.owner == "company":
            return field
    return ""


def _told(table: pa.Table, by_field: dict[str, str]) -> dict[str, list[str | None]]:
    nothing: list[str | None] = [None] * table.num_rows

    def texts(field: str) -> list[str | None]:
        return table[by_field[field]].to_pylist() if field in by_field else nothing

    emails = email.standardise(pa.table({"email": pa.array(texts("email"), pa.string())}))
    sites = domain.standardise(pa.table({"website": pa.array(texts("website"), pa.string())}))
    titles = job_title.standardise(pa.table({"title": pa.array(texts("title"), pa.string())}))
    own = [
        found or (None if is_free or throw_away else behind)
        for found, behind, is_free, throw_away in zip(
            sites["domain"].to_pylist(),
            emails["email_domain"].to_pylist(),
            emails["is_free_mail"].to_pylist(),
            emails["is_disposable"].to_pylist(),
            strict=True,
        )
    ]
    names = person_name.standardise(
        pa.table({name: pa.array(texts(name), pa.string()) for name in person_name.INPUTS})
    )
    people = [
        person_text(given, family, behind)
        for given, family, behind in zip(
            names["given_root"].to_pylist(), names["family_key"].to_pylist(), own, strict=True
        )
    ]
    ids = [_plain(text) for text in texts(_company_id(by_field))]
    return {
        EMAIL: emails["email"].to_pylist(),
        PERSON: people,
        DOMAIN: own,
        COMPANY: ids,
        "function": titles["function"].to_pylist(),
        "level": titles["level"].to_pylist(),
        "country": [country.country_code(text or "") for text in texts("country")],
    }


def _plain(text: str | None) -> str | None:
    kept = "".join(c for c in text or "" if c.isalnum())
    return kept.lower() or None

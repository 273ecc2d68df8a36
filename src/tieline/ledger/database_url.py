"""DATABASE_URL: where a team's ledger lies, `postgres://user:password@host:port/database`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from tieline.errors import Place, TielineError

SCHEMES = ("postgres", "postgresql")
SHAPE = "postgres://user:password@host:5432/database"
# What PostgreSQL takes for a name without quotes; 63 bytes is its own limit.
_SCHEMA = re.compile(r"^[a-z_][a-z0-9_]{0,62}$")


@dataclass(frozen=True)
class PostgresAddress:
    """One PostgreSQL database, or one schema in it (`?schema=NAME`), that holds one ledger."""

    host: str
    port: str
    database: str
    user: str
    password: str = field(repr=False)
    schema: str | None
    options: dict[str, str] = field(repr=False)

    def __str__(self) -> str:
        """The address for people to read: never with its password."""
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        schema = f"?schema={self.schema}" if self.schema else ""
        return f"postgres://{user}{self.host}{port}/{self.database}{schema}"


def parse_database_url(url: str) -> PostgresAddress:
    """The parts of a DATABASE_URL; a wrong one is a TielineError that does not repeat it."""
    try:
        parts = urlsplit(url.strip())
        port = str(parts.port or "")
    except ValueError:
        raise _wrong(
            "it cannot be read (is a character in the password not percent-encoded?)"
        ) from None
    if parts.scheme not in SCHEMES:
        raise _wrong("it does not begin with postgres://")
    database = unquote(parts.path.lstrip("/"))
    if not database or "/" in database:
        raise _wrong("it does not end with the name of one database")
    options = dict(parse_qsl(parts.query))
    schema = options.pop("schema", None)
    if schema is not None and not _SCHEMA.match(schema):
        raise _wrong(f"{schema!r} is no name of a schema (a-z, 0-9 and _)")
    return PostgresAddress(
        host=unquote(parts.hostname or "") or options.pop("host", ""),
        port=port,
        database=database,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        schema=schema,
        options=options,
    )


def _wrong(reason: str) -> TielineError:
    return TielineError(
        "unusable_database_url",
        f"DATABASE_URL is not usable: {reason}.",
        place=Place("DATABASE_URL"),
        next_step=f"Write it as {SHAPE}, or unset it to keep the ledger in the workspace.",
    )

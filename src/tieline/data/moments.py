"""When the rows of logs happened: plain moments are read where they are, the others by Python."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tieline.data.source import Source
from tieline.data.values import date, moment
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import standardise_all
from tieline.engine.tables import Engine

_DAY_IN_NUMBERS = "^[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}"
_FORMATS = {
    "mdy": (
        "%m/%d/%Y %H:%M:%S",
        "%m/%d/%Y %H:%M",
        "%m/%d/%Y %I:%M:%S %p",
        "%m/%d/%Y %I:%M %p",
        "%m/%d/%Y",
    ),
    "dmy": (
        "%d.%m.%Y %H:%M:%S",
        "%d.%m.%Y %H:%M",
        "%d.%m.%Y",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%d/%m/%Y",
        "%d-%m-%Y %H:%M:%S",
        "%d-%m-%Y %H:%M",
    ),
}
FIRST, LAST = "TIMESTAMP '1902-01-01'", "TIMESTAMP '2199-12-31'"
"""Outside of these a plain moment may be a placeholder, which `date.py` knows."""


def style_of(engine: Engine, source: Source, table: str, text: str) -> str | None:
    """The order in which a column of a source writes day, month and year, if that can be told.

    `table` holds its rows, `text` is the SQL expression of the cell in alias `l`.
    """
    if source.date_style is not None:
        return source.date_style
    days = engine.arrow(
        f"SELECT DISTINCT regexp_extract({text}, '{_DAY_IN_NUMBERS}') AS day FROM {table} l "
        f"WHERE {text} IS NOT NULL ORDER BY day"
    )
    return date.infer_style(days["day"].to_pylist())


def plain_moment(text: str, style: str) -> str:
    """The SQL expression of a moment in UTC that needs no words read; NULL for the others.

    For the texts it answers it agrees with `values/moment.py`, a hundred times faster: a log of
    millions of rows has nearly as many moments.
    """
    iso = f"substr({text}, 5, 1) = '-' AND substr({text}, 8, 1) = '-'"
    # The cast reads over an offset.
    behind = f"substr({text}, 17)"
    offset = (
        f"CASE WHEN regexp_matches({behind}, '[+-][0-9]{{2}}:?[0-9]{{2}}$') THEN "
        f"to_minutes((CASE WHEN contains({behind}, '+') THEN 1 ELSE -1 END * (60 * "
        f"regexp_extract({behind}, '[+-]([0-9]{{2}}):?[0-9]{{2}}$', 1)::INTEGER + "
        f"right({behind}, 2)::INTEGER))) ELSE INTERVAL 0 MINUTE END"
    )
    formats = _FORMATS.get(style)
    local = f"try_strptime({text}, {list(formats)})" if formats else "NULL"
    seconds = f"regexp_matches({text}, '^[0-9]{{10}}$')"
    milliseconds = f"regexp_matches({text}, '^[0-9]{{13}}$')"
    return (
        # Whatever ends in Z, or has no place for an offset, is in UTC or says nothing of a zone.
        f"CASE WHEN {iso} AND (length({text}) <= 19 OR right({text}, 1) = 'Z') "
        f"THEN try_cast({text} AS TIMESTAMP) "
        f"WHEN {iso} THEN try_cast({text} AS TIMESTAMP) - {offset} "
        f"WHEN {seconds} THEN make_timestamp(1000000 * try_cast({text} AS BIGINT)) "
        f"WHEN {milliseconds} THEN make_timestamp(1000 * try_cast({text} AS BIGINT)) "
        # Two digits of a year are no year.
        f"WHEN regexp_matches({text}, '[0-9]{{4}}') THEN {local} END"
    )


def sure(moment: str) -> str:
    """The SQL expression of a plain moment, NULL where it may be a placeholder."""
    return f"CASE WHEN {moment} BETWEEN {FIRST} AND {LAST} THEN {moment} END"


def load_other_moments(engine: Engine, name: str, texts: str, cache: Path | None) -> None:
    """Keep as table `name` the moments of a SELECT of distinct `value` and `style`."""
    distinct = engine.arrow(texts)
    with SecondProcess() as second:
        read: list[pa.Table] = standardise_all([(moment, distinct)], cache, second)
    engine.load(name, read[0])

"""DuckDB's text distances for engines that lack them or count letters where DuckDB counts bytes."""

from typing import Any

import pandas as pd
from pyspark.sql.functions import pandas_udf
from rapidfuzz.distance import JaroWinkler, Levenshtein


def _similarity(a: pd.Series, b: pd.Series) -> pd.Series:
    found = [
        None if x is None or y is None else _of_bytes(x.encode(), y.encode())
        for x, y in zip(a, b, strict=True)
    ]
    return pd.Series(found, dtype="float64")


def _of_bytes(a: bytes, b: bytes) -> float:
    # DuckDB says 0 of two empty texts, rapidfuzz 1.
    return JaroWinkler.similarity(a, b) if a or b else 0.0


def _distance(a: pd.Series, b: pd.Series) -> pd.Series:
    found = [
        None if x is None or y is None else Levenshtein.distance(x.encode(), y.encode())
        for x, y in zip(a, b, strict=True)
    ]
    return pd.Series(found, dtype="Int64")


def register(session: Any) -> None:
    """Give a Spark session `byte_jaro_winkler(a, b)` (0 to 1) and `byte_levenshtein(a, b)`."""
    session.udf.register("byte_jaro_winkler", pandas_udf(_similarity, "double"))
    session.udf.register("byte_levenshtein", pandas_udf(_distance, "bigint"))

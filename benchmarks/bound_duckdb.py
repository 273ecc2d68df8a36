"""Lower bound: DuckDB reads a CSV as text, cleans every cell, removes equal rows, writes Parquet.

Whatever resolves records must do at least this much. Runs in our own environment, as a process.
`python bound_duckdb.py INPUT.csv OUT.parquet`
"""

from __future__ import annotations

import sys

import duckdb


def main(source: str, target: str) -> None:
    """Read, clean, distinct, write."""
    con = duckdb.connect()
    con.sql(f"create view raw as select * from read_csv('{source}', all_varchar=true, header=true)")
    cleaned = r"nullif(trim(regexp_replace(lower(columns(*)), '\s+', ' ', 'g')), '')"
    con.sql(f"copy (select distinct {cleaned} from raw) to '{target}' (format parquet)")
    con.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

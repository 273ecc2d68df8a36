"""Peer: GoldenMatch without configuration, as its user starts it (in the peers' environment).

`python peer_goldenmatch.py INPUT.csv OUT.parquet [--link]` writes one row per input row: row
(0-based) and found_id. The input holds all lists below one another, named in its column `list`.

Its strongest form without configuration is taken: lists in one table (given as files, lists with
different columns end in a type error in 3.22.0), without the column `list` (which misleads it),
and with `--link`, for two lists without duplicates of their own, `match_df`, as it recommends.
"""

from __future__ import annotations

import sys

import goldenmatch
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq


def read(source: str) -> pa.Table:
    """All text: type guessing would turn postcodes and phones into numbers, to the peer's harm."""
    with open(source, encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    return pyarrow.csv.read_csv(
        source,
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=True
        ),
    )


def dedupe(table: pa.Table) -> list[int]:
    """The cluster of each row; negative numbers stand alone."""
    found = list(range(-table.num_rows, 0))
    # From 100,000 rows on it may call its own configuration degenerate and refuse; it is to answer.
    result = goldenmatch.dedupe_df(table, confidence_required=False, allow_red_config=True)
    for cluster, info in result.clusters.items():
        for row in info["members"]:
            found[row] = cluster
    return found


def link(table: pa.Table, lists: pa.ChunkedArray) -> list[int]:
    """The same for two lists: a row of the first takes the number of its match in the second."""
    first = pc.equal(lists, lists[0])
    target, reference = table.filter(first), table.filter(pc.invert(first))
    matched = goldenmatch.match_df(
        target, reference, confidence_required=False, allow_red_config=True
    ).matched
    found = list(range(table.num_rows))
    for row, other in zip(
        matched["__target_row_id__"].to_pylist(), matched["__ref_row_id__"].to_pylist(), strict=True
    ):
        found[row] = other
    return found


def main(source: str, target: str, *flags: str) -> None:
    """Read, match, write the cluster of each row."""
    table = read(source)
    fields = table.drop_columns(["list"])
    found = link(fields, table["list"]) if "--link" in flags else dedupe(fields)
    rows = pa.array(range(table.num_rows), pa.int64())
    pq.write_table(pa.table({"row": rows, "found_id": pa.array(found, pa.int64())}), target)


if __name__ == "__main__":
    main(*sys.argv[1:])

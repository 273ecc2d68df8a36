"""Start the peers, each in its own process and environment, and read the partition it found."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.datasets import PROJECT, Prepared
from benchmarks.evaluation import aligned, labels, score
from benchmarks.process import Run, run

HERE = Path(__file__).resolve().parent
# Match weights tried for Splink; one that suits the truth best is taken (no user could know it).
WEIGHTS = tuple(range(-8, 41))


def python() -> Path:
    """The peers' interpreter: `TIELINE_PEERS_PYTHON`, else `.venv-peers` made by `make bench`."""
    chosen = os.environ.get("TIELINE_PEERS_PYTHON")
    path = Path(chosen) if chosen else PROJECT / ".venv-peers" / "bin" / "python"
    if not path.exists():
        raise SystemExit(
            f"The peers' environment is missing ({path}). "
            "Make it with `make bench`, or run with --no-peers."
        )
    return path


def versions() -> dict[str, str]:
    """Versions of the peers and what they stand on, asked of their own environment."""
    code = (
        "from importlib.metadata import version as v;"
        "print(*[f'{n}={v(n)}' for n in ('goldenmatch','splink','duckdb','sqlglot')])"
    )
    told = subprocess.run([python(), "-c", code], capture_output=True, text=True, check=True)
    return dict(pair.split("=") for pair in told.stdout.split())


def goldenmatch(prepared: Prepared) -> tuple[Run, pa.Table]:
    """GoldenMatch without configuration on the combined lists."""
    out = prepared.folder / "goldenmatch.parquet"
    flags = ["--link"] if prepared.set.across_lists else []
    command: list[str | Path] = [
        python(),
        HERE / "peer_goldenmatch.py",
        prepared.combined,
        out,
        *flags,
    ]
    taken = run(command, log=prepared.folder / "goldenmatch.log")
    return taken, _placed(prepared, pq.read_table(out))


def splink(prepared: Prepared, entity: str) -> tuple[Run, pa.Table, int]:
    """Splink with its hand-written model; the third value is the match weight picked on the truth.

    Two runs: one untimed for all scored pairs, to pick the weight; one timed at that weight.
    """
    script, log = HERE / "peer_splink.py", prepared.folder / "splink.log"
    edges, out = prepared.folder / "splink_edges.parquet", prepared.folder / "splink.parquet"
    start: list[str | Path] = [python(), script, prepared.set.name, prepared.combined]
    run([*start, edges, "edges"], log=log)
    weight = best_weight(prepared, entity, pq.read_table(edges))
    taken = run([*start, out, str(weight)], log=log)
    return taken, _placed(prepared, pq.read_table(out)), weight


def best_weight(prepared: Prepared, entity: str, edges: pa.Table) -> int:
    """The match weight whose clusters agree best (F1) with the truth."""
    place = pq.read_table(prepared.rows, columns=["source", "row_number"])
    numbered = place.append_column("found_id", pa.array(np.arange(place.num_rows)))
    table = aligned(prepared.truth(entity), numbered)
    truth, rows = labels(table["truth_id"]), table["found_id"].to_numpy()
    lists = labels(table["source"]) if prepared.set.across_lists else None
    left, right = edges["row_l"].to_numpy(), edges["row_r"].to_numpy()
    weights = edges["match_weight"].to_numpy()

    def f1(weight: int) -> float:
        kept = weights >= weight
        ones = np.ones(int(kept.sum()), dtype=np.int8)
        graph = coo_array((ones, (left[kept], right[kept])), shape=(place.num_rows,) * 2)
        clusters = connected_components(graph, directed=False)[1].astype(np.int64)
        return score(truth, clusters[rows], lists).f1

    return max(WEIGHTS, key=f1)


def _placed(prepared: Prepared, found: pa.Table) -> pa.Table:
    """Give the peer's rows back their source and row number."""
    place = pq.read_table(prepared.rows, columns=["source", "row_number"])
    if found.num_rows != place.num_rows:
        raise SystemExit(f"A peer gave {found.num_rows} rows for {place.num_rows}: not comparable.")
    return place.append_column("found_id", found.sort_by("row")["found_id"])

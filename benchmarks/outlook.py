"""What past deals teach of the outlook: `python -m benchmarks.outlook [--records 30000]`.

An invented market in which deals are won with a chance that the market knows: so much by size and
industry, so much by the mix of people (`tieline demo --interactions`). Told are AUC and Brier score
of each kind of knowledge, on accounts and on later deals that the model never saw, beside the
firmographics alone and beside the true chances, which nobody can beat.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks import machine
from tieline.cli.demo import run as demo
from tieline.insight import outlook_learning as learning
from tieline.pipeline import build
from tieline.workspace import Workspace

RESULTS = Path(__file__).parent / "results" / "outlook.json"


def measured(folder: Path, records: int, seed: int) -> dict[str, Any]:
    """The figures of one market."""
    demo(folder, records=records, sources=12, interactions=3 * records, seed=seed)
    found = build(Workspace.open(folder))
    models = pq.read_table(found.table("outlook_models")).to_pylist()
    truth = pq.read_table(folder / "truth" / "outcomes.parquet").to_pylist()
    won = np.array([float(row["outcome"] == "grew") for row in truth])
    chances = np.array([row["probability"] for row in truth])
    return {
        "seed": seed,
        "records": records,
        "deals": len(truth),
        "models": models,
        "true_chances": {
            "auc": round(learning.auc(chances, won, won * 0 + 1), 4),
            "brier": round(learning.brier(chances, won, won * 0 + 1), 4),
        },
    }


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outlook-") as folder:
        figures = measured(Path(folder) / "market", asked.records, asked.seed)
    figures["machine"] = machine.describe()
    RESULTS.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    sys.stdout.write(json.dumps(figures, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()

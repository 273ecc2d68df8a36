"""How good a readable scorecard is: `python -m benchmarks.leads [--million] [--no-sets]`.

On real past leads: points proposed from data, plain logistic regression and gradient boosting (in
the peers' environment), by the same columns and the same folds, five folds drawn anew several
times. Columns written after the outcome are left out; the linter finds them by itself. Told are
AUC, lift of the best fifth and calibration error, means of the repetitions. `--million` adds the
time to score a million contacts on five products.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import machine, peers
from benchmarks.datasets import DATA
from benchmarks.process import Failed, run
from tieline.actions.lead_cases import read_cases
from tieline.insight import scorecard_learning as learning
from tieline.insight.lead_cases import Cases
from tieline.insight.lead_leaks import leaks
from tieline.insight.outlook_learning import Learned, brier
from tieline.insight.scorecard_bins import telling

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "leads.json"
WITHIN = 0.02
"""The readable scorecard is to be so near, in AUC, to the best of them."""
SECONDS = 30.0
"""A million contacts on five products are to be scored in so many."""


@dataclass(frozen=True)
class LeadSet:
    """A file of past leads, what its outcome is, and how often it is dealt into folds."""

    name: str
    file: str
    outcome: str
    won: str
    repeats: int


SETS = (
    LeadSet("x_education_leads", "x_education_leads/Leads.csv", "Converted", "1", 3),
    LeadSet(
        "salvirt_b2b_sales", "salvirt_b2b_sales/Salvirt_B2B_ML_dataset.csv", "Status", "Won", 10
    ),
)


def measured(chosen: LeadSet, *, with_peers: bool) -> dict[str, Any]:
    """The figures of one set."""
    cases = read_cases(DATA / chosen.file, chosen.outcome, chosen.won)
    leaking = [leak.column for leak in leaks(cases)]
    dealt = [learning.folds(cases.same, seed) for seed in range(chosen.repeats)]
    ways: dict[str, list[Learned]] = {}
    for fold in dealt:
        for name, found in learning.tested_in(fold, cases, leaking).items():
            ways.setdefault(name, []).append(found)
    if with_peers:
        for name, found in boosted(cases, leaking, dealt).items():
            ways[name] = found
    figures = {name: figures_of(found) for name, found in ways.items()}
    best = max(one["auc"] for one in figures.values())
    behind = round(best - figures["proposed points"]["auc"], 4)
    return {
        "cases": len(cases.won),
        "won": int(cases.won.sum()),
        "repetitions": chosen.repeats,
        "columns": [column.name for column in telling(cases.columns, leaking)],
        "left_out_as_leaks": leaking,
        "ways": figures,
        "behind_the_best": behind,
        "is_within_target": behind <= WITHIN,
    }


def figures_of(found: list[Learned]) -> dict[str, float]:
    """The means over the repetitions, and how far the AUC spreads over them."""
    once = np.ones(len(found[0].won))
    aucs = [one.auc(once) for one in found]
    return {
        "auc": _mean(aucs),
        "auc_spread": round(float(np.std(aucs)), 4),
        "lift_at_20": _mean([learning.lift(f.chances, f.won, once) for f in found]),
        "brier": _mean([brier(f.chances, f.won, once) for f in found]),
        "calibration_error": _mean([learning.calibration_error(f.chances, f.won) for f in found]),
    }


def boosted(cases: Cases, leaking: list[str], dealt: list[Any]) -> dict[str, list[Learned]]:
    """Gradient boosting by the same columns and folds, in the peers' environment."""
    columns = telling(cases.columns, leaking)
    held: Mapping[str, Any] = {
        one.name: pa.array(one.texts, pa.string())
        if one.numbers is None
        else pa.array(one.numbers, pa.float64())
        for one in columns
    }
    folds = {f"__fold_{n}": pa.array(fold) for n, fold in enumerate(dealt)}
    with tempfile.TemporaryDirectory(prefix="leads-") as folder:
        given, out = Path(folder) / "cases.parquet", Path(folder) / "chances.parquet"
        pq.write_table(pa.table({**held, **folds, "__won": cases.won}), given)
        run([peers.python(), HERE / "peer_boosting.py", given, out])
        told = pq.read_table(out)
    named = {"usual": "gradient boosting", "tuned": "gradient boosting, tuned"}
    return {
        name: [
            Learned(told[f"{way}_{n}"].to_numpy(), cases.won, cases.same, fold)
            for n, fold in enumerate(dealt)
        ]
        for way, name in named.items()
    }


def _mean(values: list[float]) -> float:
    return round(float(np.mean(values)), 4)


def measure(*, with_peers: bool, with_million: bool, with_sets: bool = True) -> dict[str, Any]:
    """Every set whose data is there; what is not measured now is kept from the last time."""
    before = kept() or {}
    result: dict[str, Any] = {
        "measured_on": date.today().isoformat(),
        "machine": machine.describe(),
        "sets": dict(before.get("sets", {})),
        "million": before.get("million"),
    }
    for chosen in SETS if with_sets else ():
        if not (DATA / chosen.file).is_file():
            print(f"  {chosen.name} skipped: {DATA / chosen.file} is not here", flush=True)
            continue
        try:
            result["sets"][chosen.name] = measured(chosen, with_peers=with_peers)
        except Failed as problem:
            print(f"  {chosen.name} failed: {problem}", flush=True)
            continue
        tell(chosen.name, result["sets"][chosen.name])
    if with_million:
        from benchmarks.lead_speed import million

        result["million"] = million()
        print(f"  {json.dumps(result['million'])}", flush=True)
    return result


def tell(name: str, figures: dict[str, Any]) -> None:
    """One set on the screen."""
    print(f"  {name}: {figures['cases']:,} leads, {figures['won']:,} won")
    for way, one in figures["ways"].items():
        print(
            f"    {way:26} AUC {one['auc']:.4f} (± {one['auc_spread']:.4f})  lift "
            f"{one['lift_at_20']:.2f}  calibration error {one['calibration_error']:.3f}"
        )
    said = "within" if figures["is_within_target"] else "MISSES"
    print(f"    behind the best by {figures['behind_the_best']:.4f}: {said} {WITHIN}", flush=True)


def run_and_keep(
    *, with_peers: bool, with_million: bool, with_sets: bool = True, local: bool = False
) -> list[str]:
    """Measure and keep the figures; the targets missed, in words."""
    result = measure(with_peers=with_peers, with_million=with_million, with_sets=with_sets)
    path = RESULTS.with_name("leads.local.json") if local else RESULTS
    path.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", "utf-8")
    return missed(result)


def missed(result: Mapping[str, Any]) -> list[str]:
    """Which targets are missed, in words."""
    told = [
        f"{name}: {one['behind_the_best']:.4f} of AUC behind the best, {WITHIN} are allowed"
        for name, one in result["sets"].items()
        if not one["is_within_target"]
    ]
    million = result.get("million")
    if million and million["seconds"] > SECONDS:
        told.append(f"a million contacts took {million['seconds']} s, {SECONDS:g} are allowed")
    if million and million["scores_that_do_not_add_up"]:
        told.append(f"{million['scores_that_do_not_add_up']:,} receipts do not add up")
    return told


def kept() -> dict[str, Any] | None:
    """The figures in git; None where nothing was measured."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else None


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.leads", description=__doc__)
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--sets", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--million", action="store_true")
    asked = parser.parse_args()
    told = run_and_keep(with_peers=asked.peers, with_million=asked.million, with_sets=asked.sets)
    for sentence in told:
        print(f"  target missed: {sentence}")


if __name__ == "__main__":
    main()

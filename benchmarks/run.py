"""Measure Tieline beside its peers: `python -m benchmarks.run [--sets ...] [--no-peers]`.

One program at a time, each as a whole process; the sets and their seed are fixed. Prints a table
per set and keeps `results/<set>.json`; says what changed against the kept one and what misses its
target. `--records 1000000` adds the demo world in another size (ours only).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa

from benchmarks import (
    api_pages,
    collector,
    demo_world,
    leads,
    machine,
    pages,
    peers,
    product,
    results,
)
from benchmarks.datasets import SEED, SETS, MissingData, Prepared, named, prepare
from benchmarks.evaluation import evaluate
from benchmarks.process import Failed, run
from benchmarks.tables import result_table
from benchmarks.targets import in_words


def ours(prepared: Prepared) -> results.Result:
    """Tieline: new, add, build; then every entity judged."""
    built = product.build(prepared.workspace, prepared.files, prepared.settings)
    known = set(product.found(built.workspace, "contact")["source"].to_pylist())
    unknown = set(prepared.truth(prepared.set.entities[0])["source"].to_pylist()) - known
    if unknown:
        raise Failed(f"the build knows nothing of {sorted(unknown)}, only of {sorted(known)}")
    return {
        "seconds": round(built.total, 2),
        "commands": built.seconds,
        "stages": built.stages,
        "peak_gb": round(built.peak_gb, 2),
        "entities": {
            entity: evaluate(
                prepared.truth(entity),
                product.found(built.workspace, entity),
                across_lists=prepared.set.across_lists,
            ).to_json()
            for entity in prepared.set.entities
        },
    }


def goldenmatch(prepared: Prepared) -> results.Result:
    """GoldenMatch judged on the set's first entity."""
    taken, found = peers.goldenmatch(prepared)
    return _peer(prepared, taken.seconds, taken.peak_gb, found)


def splink(prepared: Prepared) -> results.Result:
    """Splink judged on the set's first entity, at the match weight that suits the truth best."""
    taken, found, weight = peers.splink(prepared, prepared.set.entities[0])
    measured = _peer(prepared, taken.seconds, taken.peak_gb, found)
    return {**measured, "match_weight_picked_on_truth": weight}


def bound(prepared: Prepared) -> results.Result:
    """DuckDB's bare read, clean, distinct, write of the same rows."""
    out = prepared.folder / "bound.parquet"
    taken = run(
        [sys.executable, Path(__file__).with_name("bound_duckdb.py"), prepared.combined, out]
    )
    return {"seconds": round(taken.seconds, 2), "peak_gb": round(taken.peak_gb, 2)}


def _peer(prepared: Prepared, seconds: float, peak_gb: float, found: pa.Table) -> results.Result:
    entity = prepared.set.entities[0]
    judged = evaluate(prepared.truth(entity), found, across_lists=prepared.set.across_lists)
    return {
        "seconds": round(seconds, 2),
        "peak_gb": round(peak_gb, 2),
        "entities": {entity: judged.to_json()},
    }


def measure(prepared: Prepared, *, with_ours: bool, with_peers: bool) -> results.Result:
    """Run every system on one set; one that fails is reported as failed and the rest goes on."""
    result: results.Result = {
        "set": prepared.set.name,
        "title": prepared.set.title,
        "seed": SEED,
        "measured_on": date.today().isoformat(),
        "machine": machine.describe(),
        "load_before": machine.load(),
        "systems": {},
    }
    systems: list[tuple[str, Callable[[Prepared], results.Result]]] = []
    if with_ours:
        systems.append(("tieline", ours))
    if with_peers:
        result["peer_packages"] = peers.versions()
        systems += [("goldenmatch", goldenmatch), ("splink", splink)]
    systems.append(("duckdb_bound", bound))
    for name, start in systems:
        print(f"  {name} ...", end=" ", flush=True)
        try:
            result["systems"][name] = start(prepared)
            print(f"{result['systems'][name]['seconds']} s", flush=True)
        except (Failed, FileNotFoundError) as problem:
            result["systems"][name] = {"failed": str(problem)[-1500:]}
            print(f"failed: {problem}", flush=True)
        if name == "tieline" and prepared.set.load is None:
            demo_world.lay_out_for_peers(prepared)
    return result


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--sets", nargs="*", default=[each.name for each in SETS])
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--ours", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--records", type=int, nargs="+", default=[], help="further demo sizes")
    parser.add_argument(
        "--programs", action=argparse.BooleanOptionalAction, default=True,
        help="the pages, the API and the collector",
    )  # fmt: skip
    parser.add_argument("--local", action="store_true", help="keep results apart from those in git")
    parser.add_argument("--leads", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


def finish(result: results.Result, *, local: bool) -> bool:
    """Compare with the kept result, keep this one, print; True if something got worse."""
    before = results.read(result["set"])
    results.keep_missing(result, before)
    told = results.changes(result, before)
    path = results.write(result, local=local)
    print(result_table(result))
    print(f"  target: {in_words(result['set'])}")
    for sentence in told:
        print(f"  {sentence}")
    for sentence in results.missed_targets(result):
        print(f"  target missed: {sentence}")
    print(f"  kept in {path.name}\n", flush=True)
    return any(sentence.startswith("WORSE: tieline") for sentence in told)


def main() -> int:
    """Run what was asked for; 1 if Tieline got worse than in the kept results."""
    asked = arguments()
    told = machine.describe()
    print(f"{told['cores']} cores, {told['memory_gb']} GB, {told['system']}, {told['python']}")
    print(", ".join(f"{name} {version}" for name, version in told["packages"].items()))
    if machine.load() > 0.5:
        print(f"Mind: the machine is busy (load {machine.load()}): times are too high.")
    worse = False
    for chosen in [named(name) for name in asked.sets]:
        print(f"{chosen.title}", flush=True)
        try:
            demo = chosen.load is None
            prepared = demo_world.generate(demo_world.DEMO_RECORDS) if demo else prepare(chosen)
        except (MissingData, Failed) as problem:
            print(f"  skipped: {problem}\n")
            continue
        result = measure(prepared, with_ours=asked.ours, with_peers=asked.peers)
        worse |= finish(result, local=asked.local)
    for records in asked.records:
        prepared = demo_world.generate(records)
        print(f"{prepared.set.title}", flush=True)
        result = measure(prepared, with_ours=True, with_peers=False)
        worse |= finish(result, local=asked.local)
    if asked.leads:
        print("Past leads: a readable scorecard beside its peers", flush=True)
        missed = leads.run_and_keep(with_peers=asked.peers, with_million=True, local=asked.local)
        worse |= bool(missed)
        for sentence in missed:
            print(f"  target missed: {sentence}")
    if asked.programs:
        words = ["--local"] if asked.local else []
        for each in (collector, api_pages, pages):
            print(f"{each.__doc__.splitlines()[0]}", flush=True)
            worse |= bool(each.main(words))
    return int(worse)


if __name__ == "__main__":
    sys.exit(main())

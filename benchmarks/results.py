"""Result files: one JSON per set, kept in git as the latest; the next run is compared with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.targets import GOLDENMATCH_RATIO, MILLION_RATIO, target

FOLDER = Path(__file__).resolve().parent / "results"
# Smaller changes are noise: F1 and precision are seeded, times on a shared machine swing by half.
QUALITY_STEP = 0.0005
TIME_FACTOR = 1.25
MEMORY_FACTOR = 1.15
# Seconds and GB below which a difference says nothing.
SMALL = {"seconds": 2.0, "peak_gb": 0.3}

Result = dict[str, Any]


def read(name: str) -> Result | None:
    """The kept result of a set, or None."""
    path = FOLDER / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def write(result: Result, *, local: bool) -> Path:
    """Keep a result; a local one lies beside and is not meant for git."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{result['set']}{'.local' if local else ''}.json"
    path.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def keep_missing(result: Result, before: Result | None) -> None:
    """Carry systems that were not run now over from the kept result, marked as of another run."""
    for name, system in (before or {}).get("systems", {}).items():
        if name not in result["systems"]:
            result["systems"][name] = {**system, "same_run": False}


def changes(now: Result, before: Result | None) -> list[str]:
    """Sentences on what changed against the kept result; bad ones start with WORSE."""
    told = []
    for name, system in now["systems"].items():
        old = (before or {}).get("systems", {}).get(name)
        if not old or not system.get("same_run", True) or "failed" in old or "failed" in system:
            continue
        for entity, figures in system.get("entities", {}).items():
            earlier = old.get("entities", {}).get(entity)
            for measure in ("precision", "recall", "f1") if earlier else ():
                step = figures[measure] - earlier[measure]
                if abs(step) > QUALITY_STEP:
                    word = "better" if step > 0 else "WORSE"
                    told.append(
                        f"{word}: {name} {entity} {measure} "
                        f"{earlier[measure]:.4f} -> {figures[measure]:.4f}"
                    )
        for measure, factor in (("seconds", TIME_FACTOR), ("peak_gb", MEMORY_FACTOR)):
            was, is_now = old[measure], system[measure]
            if (
                max(was, is_now) > SMALL[measure]
                and not 1 / factor <= is_now / max(was, 0.01) <= factor
            ):
                word = "WORSE" if is_now > was else "better"
                told.append(f"{word}: {name} {measure} {was} -> {is_now}")
    return told


def missed_targets(result: Result) -> list[str]:
    """Sentences on each target this result does not reach."""
    ours = result["systems"].get("tieline")
    if not ours or "failed" in ours:
        return ["tieline was not measured"]
    limits, told = target(result["set"]), []
    if limits.seconds and ours["seconds"] > limits.seconds:
        told.append(f"{ours['seconds']} s, target {limits.seconds} s")
    if limits.peak_gb and ours["peak_gb"] > limits.peak_gb:
        told.append(f"{ours['peak_gb']} GB, target {limits.peak_gb} GB")
    for entity, figures in ours["entities"].items():
        wanted = (limits.f1 or {}).get(entity)
        if wanted and figures["f1"] < wanted:
            told.append(f"{entity} F1 {figures['f1']:.4f}, target {wanted}")
        if limits.precision and figures["precision"] < limits.precision:
            told.append(f"{entity} precision {figures['precision']:.4f}, target {limits.precision}")
    return told + _against_peers(result) + _against_smaller(result)


def _against_peers(result: Result) -> list[str]:
    told, ours = [], result["systems"]["tieline"]
    for name, peer in result["systems"].items():
        if name == "tieline" or not peer.get("entities") or not target(result["set"]).above_peers:
            continue
        for entity, theirs in peer["entities"].items():
            mine = ours["entities"][entity]["f1"]
            if mine <= theirs["f1"] < 1:
                told.append(f"{entity} F1 {mine:.4f} is not above {name}'s {theirs['f1']:.4f}")
        slow = ours["seconds"] > GOLDENMATCH_RATIO * peer["seconds"]
        if result["set"] == "demo" and name == "goldenmatch" and slow:
            told.append(f"{ours['seconds']} s is over twice GoldenMatch's {peer['seconds']} s")
    return told


def _against_smaller(result: Result) -> list[str]:
    smaller = read("demo") if result["set"] == "demo_1000000" else None
    base = (smaller or {}).get("systems", {}).get("tieline", {}).get("seconds")
    ratio = result["systems"]["tieline"]["seconds"] / base if base else 0
    if ratio > MILLION_RATIO:
        return [f"{ratio:.1f} times the 150,000 build, target {MILLION_RATIO}"]
    return []

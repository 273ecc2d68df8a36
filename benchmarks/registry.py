"""Matching to company registers: real strings and names with known answers, and baselines beside.

`python -m benchmarks.registry ror sec demo size` runs these parts (all without a name) and writes
what they found to results/registry.json. Half of the ROR strings and of the SEC names is measured;
about half of those were among the rows that the weights were fitted on (another random half, see
`identity.registry_evidence`). The invented markets are others than those of the fit.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from rapidfuzz import fuzz, process

from benchmarks.registry_demo import demo
from benchmarks.registry_matching import described, matched
from benchmarks.registry_size import size
from tieline.data.source import Source
from tieline.data.sources.landing import land
from tieline.data.values.folding import fold_words
from tieline.pipeline import _source
from tieline.workspace import Workspace

DATA = Path(__file__).parents[2] / "shared" / "data"
RESULTS = Path(__file__).parent / "results" / "registry.json"
FUZZY_STRINGS = 300
"""The fuzzy baseline compares every name with every string: only so many of them are tried."""
FUZZY_FROM = 90.0
TRAIN = "20230628_Crossref_publisher_asserted_affiliation_string_ROR_IDs_train.csv"

Answer = tuple[str | None, float]
"""The id that is answered, if any, and how sure that is."""


def measured(truth: Sequence[str | None], answers: Sequence[Answer]) -> dict[str, Any]:
    """Shares right, and of ten bands of confidence the mean confidence beside the share right.

    `top1` is of answerable ones whatever the confidence, `precision` and `recall` of answers with a
    confidence of at least 0.9, `false_matches` their share among those not in the register.
    `calibration_error` is the mean distance of both, weighted by the answers in the band.
    """
    best = np.array([confidence for _, confidence in answers])
    right = np.array([t is not None and t == a for t, (a, _) in zip(truth, answers, strict=True)])
    known = np.array([t is not None for t in truth])
    given = best >= 0.9
    bands = np.clip(np.floor(best * 10), 0, 9)
    table = [
        (int((bands == b).sum()), float(best[bands == b].mean()), float(right[bands == b].mean()))
        for b in range(10)
        if (bands == b).any()
    ]
    return {
        "strings": len(truth),
        "answerable": int(known.sum()),
        "top1": round(float(right.sum() / known.sum()), 4),
        "answers": int(given.sum()),
        "precision": round(float(right[given].mean()), 4) if given.any() else None,
        "recall": round(float((right & given).sum() / known.sum()), 4),
        "false_matches": round(float(given[~known].mean()), 4) if (~known).any() else None,
        "calibration_error": round(sum(n * abs(c - r) for n, c, r in table) / len(truth), 4),
        "reliability": [(n, round(c, 3), round(r, 3)) for n, c, r in table],
    }


def some_half(count: int) -> list[int]:
    """Half of so many rows, the same in every run."""
    chance = random.Random(count)
    return [n for n in range(count) if chance.random() < 0.5]


def landed(file: Path, folder: Path) -> Source:
    """A register's file as `tieline add` has it."""
    workspace = Workspace.create(folder)
    for one in land(str(file), workspace.landed_dir):
        workspace.remember(one)
    return next(_source(source) for source in workspace.sources())


def answers_of(names: Sequence[str], registry: Source) -> list[Answer]:
    """What the product answers for each name."""
    found, _ = matched(described(names, {}), registry)
    told = {row["account_id"]: row for row in found.to_pylist()}
    rows = [told.get(f"A{n:08d}") for n in range(len(names))]
    return [(row["registry_id"], row["confidence"]) if row else (None, 0.0) for row in rows]


def contained(strings: Sequence[str], names: dict[str, set[str]]) -> list[Answer]:
    """Baseline: the longest registered name that stands in the string, if it is one id's alone."""
    longest = max(name.count(" ") + 1 for name in names)
    found: list[Answer] = []
    for string in strings:
        words = fold_words(string).split()
        spans = [
            " ".join(words[start : start + length])
            for length in range(min(longest, len(words)), 0, -1)
            for start in range(len(words) - length + 1)
        ]
        ids = next((names[span] for span in spans if span in names and len(span) > 3), set())
        found.append((next(iter(ids)), 1.0) if len(ids) == 1 else (None, 0.0))
    return found


def fuzzy(strings: Sequence[str], names: dict[str, set[str]]) -> list[Answer]:
    """Baseline: the registered name with the best token-set ratio of rapidfuzz, from 90 on."""
    listed = list(names)
    found: list[Answer] = []
    for string in strings:
        best = process.extractOne(fold_words(string), listed, scorer=fuzz.token_sort_ratio)
        ids = names[best[0]] if best else set()
        sure = bool(best) and best[1] >= FUZZY_FROM and len(ids) == 1
        found.append((min(ids), 1.0) if sure else (min(ids, default=None), 0.0))
    return found


def compared(
    names: Sequence[str],
    truth: Sequence[str | None],
    registry: Source,
    registered: dict[str, set[str]],
) -> dict[str, Any]:
    """The product and both baselines on the same strings; the fuzzy one on some of them."""
    some = random.Random(7).sample(range(len(names)), min(FUZZY_STRINGS, len(names)))
    return {
        "tieline": measured(truth, answers_of(names, registry)),
        "containment": measured(truth, contained(names, registered)),
        "best_fuzzy": measured(
            [truth[n] for n in some], fuzzy([names[n] for n in some], registered)
        ),
    }


def ror(folder: Path) -> dict[str, Any]:
    """Strings of affiliations against ROR."""
    file = DATA / "ror_registry" / "ror_orgs.csv.gz"
    registered: dict[str, set[str]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            own = row["ror_id"].rsplit("/", 1)[-1]
            for name in (row["name"], *row["other_names"].split("|")):
                registered.setdefault(fold_words(name), set()).add(own)
    registered.pop("", None)
    known = set().union(*registered.values())
    with (DATA / "ror_affiliation_matching" / TRAIN).open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    rows = [rows[n] for n in some_half(len(rows))]
    ids = [(row["ror_id"] or "").rsplit("/", 1)[-1] for row in rows]
    truth = [one if one in known else None for one in ids]
    return compared([row["affiliation"] for row in rows], truth, landed(file, folder), registered)


def sec(folder: Path) -> dict[str, Any]:
    """Names of one list of SEC registrants against another, told apart by their CIK."""
    file = DATA / "sec_company_registry" / "company_tickers.parquet"
    registered: dict[str, set[str]] = {}
    for row in pq.read_table(file).to_pylist():
        registered.setdefault(fold_words(row["name"]), set()).add(row["cik"])
    known = set().union(*registered.values())
    listed = DATA / "sec_company_registry" / "subtrack_companies.csv.gz"
    with gzip.open(listed, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    rows = [rows[n] for n in some_half(len(rows))]
    truth = [row["cik"] if row["cik"] in known else None for row in rows]
    return compared([row["company_name"] for row in rows], truth, landed(file, folder), registered)


PARTS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "ror": ror,
    "sec": sec,
    "demo": demo,
    "size": size,
}


def main(names: Sequence[str]) -> None:
    """Run the named parts, print them and keep them beside the others' last results."""
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for name in names or PARTS:
        with tempfile.TemporaryDirectory(prefix="registry-") as folder:
            kept[name] = PARTS[name](Path(folder) / name)
        sys.stdout.write(f"{name}\n{json.dumps(kept[name], indent=1)}\n")
        RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""What titles reach on labels of others: `python -m benchmarks.titles`; keeps results/titles.json.

Sets (none of their rows is learned from; see `scripts/job_titles/train.py`):

- rootstrap: 1,000 titles with a level and 1,000 with an area. No licence is stated: it is measured
  with, and nothing of it is shipped. Half of the rows (`develop`, by a hash of the title) were
  looked at while the word lists grew, `held out` was not by whoever wrote this benchmark.
- sample: the half `measure` of `job_title_sample.tsv`, 35 titles of each of five languages.
- AdventureWorks: 20 types of contacts by the number of contacts, and 290 employees by department.

Beside Tieline stand the word lists without the model, the most frequent class, and TF-IDF with a
linear classifier that learns from the very set by five-fold cross-validation (where scikit-learn is
installed). An area is no function: what function and level mean for it is learned by the same five
folds, for the word lists and for Tieline alike.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks import machine
from benchmarks.datasets import DATA
from tieline.data.values import job_title
from tieline.data.values.job_title_dictionary import function_of, level_of
from tieline.data.values.job_title_words import read_words

HERE = Path(__file__).parent

RESULT = HERE / "results/titles.json"
SEED = 7
FOLDS = 5
LEVELS = {
    "owner": "C-Suite",
    "c_level": "C-Suite",
    "vp": "VP",
    "director": "Director",
    "manager": "Manager",
}
# What the start lines of the research reached, for the table: see docs/explanation/job-titles.md.
START_LINES = {"dictionary": 0.860, "TF-IDF in five folds": 0.885}
CONTACT_TYPES = {
    "Accounting Manager": ("finance", "manager"),
    "Assistant Sales Agent": ("sales", "assistant"),
    "Assistant Sales Representative": ("sales", "assistant"),
    "Coordinator Foreign Markets": ("marketing", "staff"),
    "Export Administrator": ("sales", "staff"),
    "International Marketing Manager": ("marketing", "manager"),
    "Marketing Assistant": ("marketing", "assistant"),
    "Marketing Manager": ("marketing", "manager"),
    "Marketing Representative": ("marketing", "staff"),
    "Order Administrator": ("administration", "staff"),
    "Owner": ("executive", "owner"),
    "Owner/Marketing Assistant": ("marketing", "owner"),
    "Product Manager": ("product", "manager"),
    "Purchasing Agent": ("procurement", "staff"),
    "Purchasing Manager": ("procurement", "manager"),
    "Regional Account Representative": ("sales", "staff"),
    "Sales Agent": ("sales", "staff"),
    "Sales Associate": ("sales", "staff"),
    "Sales Manager": ("sales", "manager"),
    "Sales Representative": ("sales", "staff"),
}
DEPARTMENTS = {
    "Document Control": "quality",
    "Engineering": "engineering",
    "Executive": "executive",
    "Facilities and Maintenance": "operations",
    "Finance": "finance",
    "Human Resources": "hr",
    "Information Services": "it",
    "Marketing": "marketing",
    "Production": "operations",
    "Production Control": "operations",
    "Purchasing": "procurement",
    "Quality Assurance": "quality",
    "Research and Development": "research",
    "Sales": "sales",
    "Shipping and Receiving": "logistics",
    "Tool Design": "engineering",
}
Read = dict[str, Any]
Figures = dict[str, float]


def tieline(titles: Sequence[str]) -> list[Read]:
    """Function, level and confidences as a build has them."""
    found: list[Read] = job_title.standardise(pa.table({"title": list(titles)})).to_pylist()
    return found


def lists_alone(titles: Sequence[str]) -> list[Read]:
    """The same by the word lists, without the model: staff where no word tells a rank."""
    found = []
    for title in titles:
        words = read_words(title).words
        what, rank = function_of(words), level_of(words)
        level = rank.value if rank else ("staff" if what else None)
        found.append({"function": what.value if what else None, "level": level})
    return found


def figures(truth: Sequence[str], found: Sequence[str | None]) -> Figures:
    """Accuracy (an abstention is wrong), macro-F1, share answered, accuracy of the answered."""
    right = [a == b for a, b in zip(truth, found, strict=True)]
    answered = [one is not None for one in found]
    scores = []
    for label in sorted(set(truth)):
        hits = sum(a == b == label for a, b in zip(truth, found, strict=True))
        said, there = sum(b == label for b in found), sum(a == label for a in truth)
        scores.append(2 * hits / (said + there))
    return {
        "titles": len(truth),
        "accuracy": round(sum(right) / len(right), 4),
        "macro_f1": round(float(np.mean(scores)), 4),
        "coverage": round(sum(answered) / len(answered), 4),
        "accuracy_of_answered": round(sum(right) / max(sum(answered), 1), 4),
    }


def calibration(confidence: Sequence[float], right: Sequence[bool]) -> list[dict[str, float]]:
    """A reliability table: how often answers of a stated confidence were right."""
    table = []
    edges = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
    for low, high in itertools.pairwise(edges):
        rows = [(c, r) for c, r in zip(confidence, right, strict=True) if low <= c < high]
        if rows:
            stated, seen = np.mean([c for c, _ in rows]), np.mean([r for _, r in rows])
            table.append(
                {
                    "from": low,
                    "answers": len(rows),
                    "stated": round(float(stated), 3),
                    "right": round(float(seen), 3),
                }
            )
    return table


def develop(title: str) -> bool:
    """Whether a row of rootstrap was looked at while the word lists grew."""
    return hashlib.sha256(title.lower().strip().encode()).digest()[0] % 2 == 0


def folds(count: int) -> list[Any]:
    """The rows of each fold."""
    return np.array_split(np.random.default_rng(SEED).permutation(count), FOLDS)


def tfidf(titles: Sequence[str], truth: Sequence[str]) -> list[str] | None:
    """What a linear classifier says of each title after learning from the other folds."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import SGDClassifier
        from sklearn.pipeline import make_pipeline, make_union
    except ImportError:
        return None
    found = [""] * len(titles)
    for rows in folds(len(titles)):
        rest = np.setdiff1d(np.arange(len(titles)), rows)
        union = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        )
        learned = make_pipeline(union, SGDClassifier(random_state=SEED))
        learned.fit([titles[i] for i in rest], [truth[i] for i in rest])
        for row, label in zip(rows, learned.predict([titles[i] for i in rows]), strict=True):
            found[row] = str(label)
    return found


def by_function_and_level(read: Sequence[Read], truth: Sequence[str]) -> list[str]:
    """The most frequent label of a function and level in the other folds; of a level; of all."""
    found = [""] * len(truth)
    for rows in folds(len(truth)):
        counts: dict[Any, Counter[str]] = defaultdict(Counter)
        for row in np.setdiff1d(np.arange(len(truth)), rows):
            one = read[row]
            for key in ((one["function"], one["level"]), one["level"], "all"):
                counts[key][truth[row]] += 1
        for row in rows:
            one = read[row]
            keys = ((one["function"], one["level"]), one["level"], "all")
            seen = next(counts[key] for key in keys if sum(counts[key].values()) >= 3)
            found[row] = min(seen, key=lambda label: (-seen[label], label))
    return found


def rootstrap_level(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Level of 1,000 titles. The set has no word for an abstention: it counts as its `Other`."""
    titles = [row["Position"] for row in rows]
    truth = [row["Classification"] for row in rows]
    usual = Counter(truth).most_common(1)[0][0]
    ours = tieline(titles)
    levels = [LEVELS.get(one["level"] or "", "Other") for one in ours]
    # The set calls a managing director a Director; we hold them for the head of a company.
    as_meant = [
        "Director" if '"managing director"' in (one["title_because"] or "") else level
        for one, level in zip(ours, levels, strict=True)
    ]
    plain = [LEVELS.get(one["level"] or "", "Other") for one in lists_alone(titles)]
    learned = tfidf(titles, truth)
    systems: dict[str, Sequence[str] | None] = {
        "most frequent class": [usual] * len(truth),
        "TF-IDF in five folds": learned,
        "word lists alone": plain,
        "Tieline": levels,
        "Tieline, managing director as the set means it": as_meant,
    }
    found: dict[str, Any] = {}
    for name, said in systems.items():
        if said is not None:
            found[name] = figures(truth, said)
            for part, wanted in (("develop", True), ("held_out", False)):
                kept = [i for i, title in enumerate(titles) if develop(title) is wanted]
                hits = sum(said[i] == truth[i] for i in kept)
                found[name][f"accuracy_{part}"] = round(hits / len(kept), 4)
    found["calibration"] = calibration(
        [one["level_confidence"] or 0.5 for one in ours],
        [a == b for a, b in zip(truth, levels, strict=True)],
    )
    return found


def rootstrap_area(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Area of 1,000 titles: Business, Technical, Sales-Marketing, Other."""
    titles = [row["Position"] for row in rows]
    truth = [row["Classification"] for row in rows]
    usual = Counter(truth).most_common(1)[0][0]
    learned = tfidf(titles, truth)
    found: dict[str, Any] = {"most frequent class": figures(truth, [usual] * len(truth))}
    if learned is not None:
        found["TF-IDF in five folds"] = figures(truth, learned)
    for name, read in (("word lists alone", lists_alone(titles)), ("Tieline", tieline(titles))):
        found[name] = figures(truth, by_function_and_level(read, truth))
    return found


def sample(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Function and level of the titles of five languages that were only measured."""
    rows = [row for row in rows if row["half"] == "measure"]
    titles = [row["title"] for row in rows]
    found: dict[str, Any] = {}
    for name, read in (("word lists alone", lists_alone(titles)), ("Tieline", tieline(titles))):
        for field in ("function", "level"):
            told = [
                (row, one)
                for row, one in zip(rows, read, strict=True)
                if row[f"{field}s"] != "-" or one[field] is not None
            ]
            # One of the accepted answers is the truth; where none is given, the first of them.
            truth = [
                one[field] if one[field] in (all_ := row[f"{field}s"].split("/")) else all_[0]
                for row, one in told
            ]
            said = [one[field] for _, one in told]
            found[f"{name}, {field}"] = figures(truth, said)
            for language in ("en", "de", "fr", "es", "it"):
                part = [i for i, (row, _) in enumerate(told) if row["language"] == language]
                right = sum(truth[i] == said[i] for i in part)
                found[f"{name}, {field}"][language] = round(right / len(part), 3)
            if name == "Tieline":
                sure = [one[f"{field}_confidence"] for _, one in told if one[field] is not None]
                right_ones = [a == b for a, b in zip(truth, said, strict=True) if b is not None]
                found[f"calibration, {field}"] = calibration(sure, right_ones)
    return found


def adventureworks(folder: Path) -> dict[str, Any]:
    """Types of contacts by how many contacts have them, and departments of employees."""
    types = [row["contact_type"] for row in _table(folder / "org_contacts.csv", ",")]
    employees = _table(folder / "employee_titles.csv", ",")
    found: dict[str, Any] = {"of 20 types wrong": {}}
    for name, read in (("word lists alone", lists_alone), ("Tieline", tieline)):
        kinds = list(CONTACT_TYPES)
        by_type = dict(zip(kinds, read(kinds), strict=True))
        for place, field in enumerate(("function", "level")):
            truth = [CONTACT_TYPES[one][place] for one in types]
            said = [by_type[one][field] for one in types]
            found[f"{name}, contacts, {field}"] = figures(truth, said)
            found["of 20 types wrong"][f"{name}, {field}"] = [
                one for one in kinds if by_type[one][field] != CONTACT_TYPES[one][place]
            ]
        truth = [DEPARTMENTS[row["department"]] for row in employees]
        said = [one["function"] for one in read([row["job_title"] for row in employees])]
        found[f"{name}, employees, function"] = figures(truth, said)
    return found


def speed(titles: Sequence[str], wanted: int = 100_000) -> dict[str, float]:
    """Distinct titles a second, in one process; titles of the set with a word of another."""
    choose = np.random.default_rng(SEED)
    words = sorted({word for title in titles for word in title.split()})
    made: dict[str, None] = {}
    while len(made) < wanted:
        made[f"{titles[choose.integers(len(titles))]} {words[choose.integers(len(words))]}"] = None
    table = pa.table({"title": list(made)})
    job_title.standardise(table.slice(0, 100))
    started, used = time.perf_counter(), time.process_time()
    for start in range(0, wanted, 4_000):  # as a build hands them over
        job_title.standardise(table.slice(start, 4_000))
    seconds, used = time.perf_counter() - started, time.process_time() - used
    return {
        "titles": wanted,
        "wall_seconds": round(seconds, 2),
        "cpu_seconds": round(used, 2),
        "titles_per_cpu_second": round(wanted / used),
    }


def _table(path: Path, delimiter: str = "\t") -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line[:1] != "#"]
    quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    return list(csv.DictReader(kept, delimiter=delimiter, quoting=quoting))


def main() -> None:
    """Measure what data there is, print it and keep it."""
    result: dict[str, Any] = {"machine": machine.describe(), "start_lines_level": START_LINES}
    rootstrap = DATA / "rootstrap_titles"
    level = rootstrap / "level_classified_titles.tsv"
    sets: list[tuple[str, Path, Callable[[], Any]]] = [
        ("rootstrap_level", level, lambda: rootstrap_level(_table(level))),
        (
            "rootstrap_area",
            rootstrap / "area_classified_titles.tsv",
            lambda: rootstrap_area(_table(rootstrap / "area_classified_titles.tsv")),
        ),
        (
            "sample",
            HERE / "job_title_sample.tsv",
            lambda: sample(_table(HERE / "job_title_sample.tsv")),
        ),
        (
            "adventureworks",
            DATA / "adventureworks_b2b/clean/org_contacts.csv",
            lambda: adventureworks(DATA / "adventureworks_b2b/clean"),
        ),
        ("speed", level, lambda: speed([row["Position"] for row in _table(level)])),
    ]
    for name, path, measure in sets:
        if not path.exists():
            print(f"{name}: {path} is not here")
            continue
        result[name] = measure()
        print(f"\n{name}")
        for what, told in result[name].items():
            print(f"  {what}: {json.dumps(told)}")
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""What contact categories reach on an invented market: `python -m benchmarks.categories`.

Keeps results/categories.json. The market has a true category for everybody (`tieline demo
--interactions`): by function, level, company and chance, with changes and second roles. Measured
are the contacts with at least one response whose person the truth knows, on markets that nothing
was fitted on; `--fit` finds the temperature on the market of seed 11 instead. The weights were
written before the market was, but for two; these and the words were changed after a look at it.

Beside Tieline stand the most frequent category, what the last response alone says, and the title
alone: the most frequent category of its function and level among the other four fifths of the very
people, so that it knows what this market makes of titles, which Tieline does not.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from benchmarks import machine
from benchmarks.datasets import DATA, SCRATCH
from tieline.data.sources.landing import land
from tieline.data.values.folding import fold_umlauts, fold_words
from tieline.data.values.phrase_list import PhraseList
from tieline.demo.world import generate
from tieline.metrics.category import PRIORS, TEMPERATURE, UNKNOWN, phrases, weights
from tieline.pipeline import build
from tieline.workspace import Workspace

RESULT = Path(__file__).parent / "results/categories.json"
FIT_SEED, SEEDS = 11, (31, 32)
RECORDS, ROWS = 3_000, 8_000
FOLDS = 5
CONTACT_TYPES = {"Owner": "decision_maker", "Purchasing": "procurement", "Sales": "vendor"}
"""What AdventureWorks' types of contacts are to us, by their beginning."""
Person = dict[str, Any]
Figures = dict[str, Any]

PEOPLE = """
WITH named AS (
  SELECT e.contact_id, t.person_id,
    row_number() OVER (PARTITION BY e.contact_id ORDER BY count(*) DESC, t.person_id) AS place
  FROM record_entities e JOIN true_records t USING (source, row_number)
  WHERE e.contact_id IS NOT NULL AND t.person_id IS NOT NULL
  GROUP BY e.contact_id, t.person_id
), today AS (
  SELECT person_id, max_by(category, since) AS category, count(*) > 1 AS changed
  FROM true_categories GROUP BY ALL
), last AS (
  SELECT contact_id, max_by([kind, topic, source], (occurred_at, response_id)) AS said
  FROM responses WHERE contact_id IS NOT NULL GROUP BY ALL
)
SELECT c.contact_id, t.category AS truth, t.changed, c.category, c.probability, c.responses,
  p.function, p.level, l.said AS last
FROM contact_categories c
JOIN named n ON n.contact_id = c.contact_id AND n.place = 1
JOIN today t ON t.person_id = n.person_id
JOIN contacts p ON p.contact_id = c.contact_id
JOIN last l ON l.contact_id = c.contact_id
WHERE c.responses > 0 ORDER BY c.contact_id
"""


def market(seed: int, settings: str = "") -> list[Person]:
    """Build the market of a seed: its contacts with a response, what they are and what is said."""
    folder = SCRATCH / f"categories_{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    workspace = Workspace.create(folder)
    world = generate(folder, records=RECORDS, seed=seed, interactions=ROWS)
    told = "".join(
        f"\n[{section}]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in keys.items())
        for section, keys in world.config.items()
    )
    workspace.settings_path.write_text(told + settings, "utf-8")
    workspace = Workspace.open(folder)
    for file in world.lists:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)
    snapshot = build(workspace)
    with duckdb.connect() as tables:
        for name in snapshot.tables:
            path = snapshot.table(name)
            file = f"{path}/*.parquet" if path.is_dir() else str(path)
            tables.execute(f"CREATE VIEW {name} AS SELECT * FROM '{file}'")
        for path in world.truth.glob("*.parquet"):
            tables.execute(f"CREATE VIEW true_{path.stem} AS SELECT * FROM '{path}'")
        return _people(tables)


def _people(tables: duckdb.DuckDBPyConnection) -> list[Person]:
    found = tables.execute(PEOPLE)
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    bits: dict[str, dict[str, float]] = defaultdict(dict)
    summed = "SELECT contact_id, category, sum(bits) FROM category_evidence GROUP BY ALL"
    for contact, category, amount in tables.execute(summed).fetchall():
        bits[contact][category] = amount
    for row in rows:
        row["bits"] = bits.get(row["contact_id"], {})
    return rows


def figures(truth: Sequence[str], said: Sequence[str | None]) -> Figures:
    """Accuracy and macro-F1 (an abstention is wrong), and of those answered share and accuracy."""
    right = [a == b for a, b in zip(truth, said, strict=True)]
    answered = [one not in (None, UNKNOWN) for one in said]
    scores = {}
    for label in sorted(set(truth)):
        hits = sum(a == b == label for a, b in zip(truth, said, strict=True))
        counted = sum(b == label for b in said) + sum(a == label for a in truth)
        scores[label] = round(2 * hits / counted, 3)
    return {
        "contacts": len(truth),
        "macro_f1": round(float(np.mean(list(scores.values()))), 4),
        "accuracy": round(sum(right) / len(right), 4),
        "answered": round(sum(answered) / len(answered), 4),
        "accuracy_of_answered": round(sum(right) / max(sum(answered), 1), 4),
        "f1": scores,
    }


def chances(bits: dict[str, float], temperature: float = TEMPERATURE) -> dict[str, float]:
    """The shares of a contact, as the table category_shares has them."""
    raised = {c: PRIORS[c] * 2 ** (b / temperature) for c, b in bits.items()}
    raised[UNKNOWN] = PRIORS[UNKNOWN]
    whole = sum(raised.values())
    return {category: part / whole for category, part in raised.items()}


def likeliest(found: dict[str, float], *, forced: bool = False) -> str:
    """The category that wins; `forced` leaves unknown out."""
    if forced and len(found) > 1:
        found = {category: share for category, share in found.items() if category != UNKNOWN}
    return max(found, key=lambda category: (found[category], category))


def reliability(stated: Sequence[float], right: Sequence[bool]) -> tuple[float, list[Figures]]:
    """Expected calibration error over ten bands, and the table of them."""
    table, error = [], 0.0
    for band in range(10):
        low = band / 10
        rows = [(p, r) for p, r in zip(stated, right, strict=True) if min(int(p * 10), 9) == band]
        if rows:
            said, seen = np.mean([p for p, _ in rows]), np.mean([r for _, r in rows])
            error += len(rows) / len(stated) * abs(float(said - seen))
            told = {"from": low, "contacts": len(rows)}
            table.append(told | {"stated": round(float(said), 3), "right": round(float(seen), 3)})
    return round(error, 4), table


def calibration(rows: Sequence[Person], temperature: float) -> tuple[float, list[Figures]]:
    """How often categories that are named come true; a competitor or employee by rule is none."""
    stated, right = [], []
    for row in rows:
        found = chances(row["bits"], temperature)
        named = likeliest(found)
        if named != UNKNOWN and max(row["bits"].values()) < 20:
            stated.append(found[named])
            right.append(named == row["truth"])
    return reliability(stated, right)


def title_alone(rows: Sequence[Person]) -> list[str]:
    """The most frequent category of function and level in the other folds; of the level; of all."""
    found = [""] * len(rows)
    for fold in np.array_split(np.random.default_rng(7).permutation(len(rows)), FOLDS):
        counts: dict[Any, Counter[str]] = defaultdict(Counter)
        for place in np.setdiff1d(np.arange(len(rows)), fold):
            row = rows[place]
            for key in ((row["function"], row["level"]), row["level"], "all"):
                counts[key][row["truth"]] += 1
        for place in fold:
            row = rows[place]
            keys = ((row["function"], row["level"]), row["level"], "all")
            seen = next(counts[key] for key in keys if sum(counts[key].values()) >= 3)
            found[place] = min(seen, key=lambda label: (-seen[label], label))
    return found


def last_response(rows: Sequence[Person]) -> list[str]:
    """What the last response alone speaks for, by the same lists; user where it says nothing."""
    lists = [PhraseList(phrases(field)) for field in ("kind", "topic", "kind")]
    told = {one.said: one for one in weights() if one.basis == "interaction"}
    found = []
    for row in rows:
        best = None
        for words, text in zip(lists, row["last"], strict=True):
            read = words.found(fold_umlauts(fold_words(text or "")).split())
            one = told[read.value] if read else None
            if one and (best is None or one.telling > best.telling):
                best = one
        found.append(max(best.speaks_for, key=lambda pair: pair[1])[0] if best else "user")
    return found


def measure(rows: Sequence[Person]) -> Figures:
    """All figures of one market."""
    truth = [row["truth"] for row in rows]
    usual = Counter(truth).most_common(1)[0][0]
    systems: dict[str, Sequence[str]] = {
        "most frequent category": [usual] * len(truth),
        "title alone, learned in five folds": title_alone(rows),
        "last response alone": last_response(rows),
        "Tieline": [row["category"] for row in rows],
        "Tieline, unknown not allowed": [likeliest(chances(r["bits"]), forced=True) for r in rows],
    }
    found: Figures = {name: figures(truth, said) for name, said in systems.items()}
    changed = [n for n, row in enumerate(rows) if row["changed"]]
    found["of those who changed"] = {
        name: round(sum(said[n] == truth[n] for n in changed) / max(len(changed), 1), 3)
        for name, said in systems.items()
    } | {"contacts": len(changed)}
    several = [n for n, row in enumerate(rows) if row["responses"] >= 5]
    found["with five responses or more"] = {
        name: round(sum(said[n] == truth[n] for n in several) / max(len(several), 1), 3)
        for name, said in systems.items()
    } | {"contacts": len(several)}
    error, table = calibration(rows, TEMPERATURE)
    found["calibration error"], found["reliability"] = error, table
    return found


def fit(rows: Sequence[Person]) -> dict[float, float]:
    """The calibration error of each temperature."""
    return {round(t, 2): calibration(rows, float(t))[0] for t in np.arange(0.6, 2.61, 0.1)}


def adventureworks(folder: Path, settings: str = "") -> Figures:
    """Contacts of AdventureWorks, of whom nothing but the type is told.

    The column contact_type holds job titles and is recognised as such; `settings` may map it to
    what its header says. The words for types were chosen with this set in sight.
    """
    home = SCRATCH / "categories_adventureworks"
    shutil.rmtree(home, ignore_errors=True)
    workspace = Workspace.create(home)
    workspace.settings_path.write_text(settings, "utf-8")
    workspace = Workspace.open(home)
    for landed in land(str(folder / "org_contacts.csv"), workspace.landed_dir):
        workspace.remember(landed)
    snapshot = build(workspace)
    with duckdb.connect() as tables:
        found = tables.execute(
            f"""
            SELECT c.contact_id, min(json_extract_string(r.verbatim, '$.contact_type')),
              min(c.category)
            FROM '{snapshot.table("contact_categories")}' c
            JOIN '{snapshot.table("record_entities")}' e USING (contact_id)
            JOIN '{snapshot.table("records")}' r USING (record_id) GROUP BY ALL
            """
        ).fetchall()
    truth, said = [], []
    for _, kind, category in found:
        wanted = next((t for start, t in CONTACT_TYPES.items() if kind.startswith(start)), None)
        if wanted:
            truth.append(wanted)
            said.append(category)
    return figures(truth, said)


def main() -> None:
    """Measure, print and keep; with `--fit`, only look for the temperature."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--fit", action="store_true", help="find the temperature")
    if asked.parse_args().fit:
        rows = market(FIT_SEED)
        for temperature, error in fit(rows).items():
            print(temperature, error)
        print(json.dumps(measure(rows), indent=1))
        return
    result: Figures = {"machine": machine.describe(), "records": RECORDS, "responses": ROWS}
    steps: dict[str, Callable[[], Figures]] = {
        f"market of seed {seed}": lambda seed=seed: measure(market(seed))  # type: ignore[misc]
        for seed in SEEDS
    }
    clean = DATA / "adventureworks_b2b/clean"
    if clean.exists():
        typed = '[sources.org_contacts.columns]\n"contact_type" = "contact_type"\n'
        steps["AdventureWorks, types recognised as titles"] = lambda: adventureworks(clean)
        steps["AdventureWorks, types as types"] = lambda: adventureworks(clean, typed)
    for name, step in steps.items():
        result[name] = step()
        print(f"\n{name}\n{json.dumps(result[name], indent=1)}")
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

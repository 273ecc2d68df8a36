"""Look at wrong pairs one by one: `python -m benchmarks.errors SET [--false-merges | --misses]`.

Works on what the last `benchmarks.run` left of a set (or `--build` builds now), for Tieline or a
peer (`--system`). First the score, by cluster size; then the cases, costliest first or
`--shuffle`d; with `--patterns` instead which fields agree and differ in all of them, so that the
most frequent cause stands first, and `--pattern "family_name= email≠"` to see only such cases.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import demo_world, link_evidence, product
from benchmarks.datasets import Prepared, named, prepare
from benchmarks.disagreements import Case, Disagreements, Pair, Record
from benchmarks.evaluation import evaluate
from benchmarks.tables import band_rows

WIDTH = 46
# Cases looked at for `--patterns` and `--pattern`; more would not change the order.
PATTERN_CASES = 5000


def reopened(name: str) -> Prepared:
    """The set as an earlier run laid it out; public sets are laid out anew (the same, seeded)."""
    base, _, size = name.partition("_")
    if base == "demo":
        return demo_world.reopen(demo_world.sized(int(size or demo_world.DEMO_RECORDS)))
    return prepare(named(name))


def partition(prepared: Prepared, system: str, entity: str) -> pa.Table:
    """What a system found: from Tieline's workspace, or from the peer's last output."""
    if system == "tieline":
        try:
            return product.found(prepared.workspace, entity)
        except FileNotFoundError as problem:
            sys.exit(f"No build of {prepared.set.name} to look at (use --build):\n{problem}")
    place = pq.read_table(prepared.rows, columns=["source", "row_number"])
    got = pq.read_table(prepared.folder / f"{system}.parquet").sort_by("row")
    return place.append_column("found_id", got["found_id"])


def show_score(prepared: Prepared, truth: pa.Table, found: pa.Table, entity: str) -> None:
    """Pairs, B-cubed and sizes."""
    got = evaluate(truth, found, across_lists=prepared.set.across_lists).to_json()
    print(f"{prepared.set.title}, {entity}: {got['records']:,} records with a truth id")
    print(
        f"  P {got['precision']:.4f}  R {got['recall']:.4f}  F1 {got['f1']:.4f}   "
        f"false pairs {got['false_pairs']:,}, missed {got['missed_pairs']:,}   "
        f"B-cubed {got['b_cubed_precision']:.4f} / {got['b_cubed_recall']:.4f}"
    )
    print(
        f"  clusters: {got['true_clusters']:,} true, {got['found_clusters']:,} found; "
        f"{got['unresolved']:,} records without an id"
    )
    print("  size    found  precision     true    recall")
    for size, found_clusters, precision, true_clusters, recall in band_rows(got):
        print(f"  {size:5} {found_clusters:>7} {precision:>10} {true_clusters:>8} {recall:>9}")


def show_case(number: int, case: Case, kind: str, evidence: link_evidence.Evidence) -> None:
    """One wrong cluster and its border pairs side by side."""
    sizes = "+".join(str(size) for size in case.sizes)
    what = "true ones glued" if kind == "false-merges" else "found ones of one"
    print(f"\n#{number}  {case.cluster}: {len(case.sizes)} {what} ({sizes} records), "
          f"{case.wrong_pairs:,} wrong pairs")  # fmt: skip
    for pair in case.pairs:
        show_pair(pair)
        for line in evidence.of(pair.left, pair.right):
            print(f"      {line}")


def show_records(records: list[Record], fields: list[str]) -> None:
    """Every record of a cluster on a line, with its truth and found id."""
    for record in records:
        values = " | ".join(str(record[name]) for name in fields if record[name])
        print(
            f"    {record['source']} {record['row_number']}  truth {record['truth_id']}  "
            f"found {record['found_id']}  {values}"
        )


def show_pair(pair: Pair) -> None:
    """Two records side by side; fields empty on both sides are left out."""
    heads = [f"{record['source']} {record['row_number']}" for record in (pair.left, pair.right)]
    print(f"    {'':22} {_cut(heads[0])} {_cut(heads[1])}".rstrip())
    for name, sign in pair.agreement.items():
        left, right = _cut(pair.left[name]), _cut(pair.right[name])
        print(f"    {sign} {name[:20]:20} {left} {right}".rstrip())
    if pair.left["found_id"] != pair.right["found_id"]:
        found = f"{_cut(pair.left['found_id'])} {_cut(pair.right['found_id'])}"
        print(f"      {'found as':20} {found}".rstrip())


def _cut(value: object) -> str:
    text = " ".join(str(value if value is not None else "–").split())
    return (text if len(text) <= WIDTH else text[: WIDTH - 1] + "…").ljust(WIDTH)


def show_patterns(cases: Iterator[Case], limit: int) -> None:
    """How often each pattern of agreement stands at the border, with the pairs it costs."""
    times: Counter[str] = Counter()
    costs: Counter[str] = Counter()
    example: dict[str, str] = {}
    for case in cases:
        for pair in case.pairs[:1]:
            times[pair.pattern] += 1
            costs[pair.pattern] += case.wrong_pairs
            example.setdefault(pair.pattern, case.cluster)
    print("\n  = same, ~ alike, ≠ other, · one empty; [an example]")
    print(f"  {'pairs':>8} {'cases':>6}  pattern at the border")
    for pattern, pairs in costs.most_common(limit):
        print(f"  {pairs:>8,} {times[pattern]:>6,}  {pattern}   [{example[pattern]}]")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.errors",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("set")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--false-merges", action="store_const", dest="kind", const="false-merges")
    kind.add_argument("--misses", action="store_const", dest="kind", const="misses")
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--entity", help="contact, site, account; default: the set's first")
    parser.add_argument("--system", default="tieline", choices=["tieline", "goldenmatch", "splink"])
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="a random sample of cases")
    parser.add_argument("--patterns", action="store_true", help="count patterns, show no cases")
    parser.add_argument("--pattern", help="only cases whose border pair shows all of these")
    parser.add_argument("--fields", help="look at these columns only: given_name,email")
    parser.add_argument("--cluster", help="only this cluster (an id shown before), all its records")
    parser.add_argument("--build", action="store_true", help="build the set with Tieline first")
    return parser.parse_args()


def chosen_cases(asked: argparse.Namespace, kind: str, wrong: Disagreements) -> Iterator[Case]:
    """The cases the command line asks for."""
    clusters = wrong.clusters(kind, asked.shuffle)
    if asked.cluster:
        clusters = [one for one in clusters if one[0] == asked.cluster]
    cases = wrong.cases(kind, clusters[:PATTERN_CASES])
    wanted = set((asked.pattern or "").split())
    for case in cases:
        if not wanted or any(wanted <= set(pair.pattern.split()) for pair in case.pairs):
            yield case


def main() -> int:
    """Print the score, then the wrong cases."""
    asked = arguments()
    prepared = reopened(asked.set)
    entity = asked.entity or prepared.set.entities[0]
    if asked.build:
        built = product.build(prepared.workspace, prepared.files, prepared.settings)
        print(f"built in {built.total:.1f} s, {built.peak_gb:.2f} GB")
    if prepared.set.load is None and asked.system == "tieline":
        demo_world.lay_out_for_peers(prepared)
    truth, found = prepared.truth(entity), partition(prepared, asked.system, entity)
    show_score(prepared, truth, found, entity)
    across = prepared.set.across_lists
    wrong = Disagreements(truth, found, prepared.rows, across=across, fields=asked.fields)
    evidence = link_evidence.load(prepared.workspace if asked.system == "tieline" else None, entity)
    for kind in [asked.kind] if asked.kind else ["false-merges", "misses"]:
        print(f"\n=== {kind} ===")
        cases = chosen_cases(asked, kind, wrong)
        if asked.patterns:
            show_patterns(cases, asked.limit)
            continue
        for number, case in enumerate(cases, start=1):
            show_case(number, case, kind, evidence)
            if asked.cluster:
                show_records(wrong.members(case.cluster, kind), wrong.fields)
            if number == asked.limit:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Write docs/explanation/benchmarks.md from the kept results: `python -m benchmarks.page`."""

from __future__ import annotations

import sys

from benchmarks import leads
from benchmarks.datasets import PROJECT, SETS
from benchmarks.results import Result, missed_targets, read
from benchmarks.tables import HEADER, band_rows, markdown, rows
from benchmarks.targets import in_words

PAGE = PROJECT / "docs" / "explanation" / "benchmarks.md"
SIZES = (1_000_000,)

INTRODUCTION = """\
# Benchmarks

This page is written by `python -m benchmarks.page` from `benchmarks/results/`, which `make bench`
measures. One evaluator judges every system by pairs of records: precision is the share of the pairs
it put together that belong together, recall the share of the pairs that belong together that it
put together. All records with a known truth count, also those a system set aside. Files are the
same for all; what tells the truth is left out and rows are shuffled with a fixed seed.

Times are those of the whole process, from start to written result, one program at a time; memory is
the peak of all its processes together. Tieline reads the raw lists, standardises, checks addresses,
resolves accounts, sites and contacts, forms golden values and writes all tables; a peer only
matches one table of people that was mapped for it. GoldenMatch runs without configuration, as
Tieline does. Splink has a model written by hand for each set and the threshold that suits the truth
best, which nobody could know in practice. On Fodors–Zagats only pairs across the two lists count.
"""

BANDS = ["cluster size", "found clusters", "precision", "true clusters", "recall"]


def section(result: Result) -> str:
    """One set: the table, targets missed, Tieline by cluster size."""
    parts = [f"## {result['title']}", markdown(HEADER, rows(result))]
    parts.append(f"Target: {in_words(result['set'])}.")
    ours = result["systems"].get("tieline")
    missed = missed_targets(result)
    if missed:
        parts.append("Not reached: " + "; ".join(missed) + ".")
    if ours and "failed" not in ours:
        for entity, figures in ours["entities"].items():
            parts.append(f"Tieline by cluster size, {entity}:")
            parts.append(markdown(BANDS, band_rows(figures)))
        if ours.get("stages"):
            stages = ([name, f"{seconds:.1f}"] for name, seconds in ours["stages"].items())
            parts.append(markdown(["stage", "s"], stages))
    return "\n\n".join(parts)


PAGES = """## Pages in a browser

`python -m benchmarks.pages`: people who ask without a pause, one alone and eight at once, for all
pages in turn; of accounts, sites and contacts half are the largest. The market is a small one whose
rows were written many times under other ids, or one that was built whole. Targets: p99 100 ms for
one, 300 ms for eight.
"""
LEADS = """\
## Past leads: a readable scorecard beside its peers

Points proposed from past leads (weight of evidence, ridge logistic regression, whole points), plain
logistic regression and scikit-learn's gradient boosting, by the same columns and the same folds:
five folds, drawn anew several times. Columns written after the outcome are left out for all; the
linter finds them by itself. *Tuned* picks from a small grid inside the folds it learns from.
Target: the readable scorecard within 0.02 of AUC of the best, and a million contacts scored on five
products within 30 s."""


def lead_section() -> list[str]:
    """How good the points proposed from past leads are, and how long a million contacts take."""
    told = leads.kept()
    if told is None:
        return []
    parts = [LEADS]
    for name, one in told["sets"].items():
        parts.append(
            f"{name}: {one['cases']:,} leads, {one['won']:,} won, {one['repetitions']} repetitions;"
            f" left out as leaks: {', '.join(one['left_out_as_leaks']) or 'none'}."
        )
        rows = [
            [
                way,
                f"{f['auc']:.3f}",
                f"{f['lift_at_20']:.2f}",
                f"{f['calibration_error']:.3f}",
                f"{f['brier']:.3f}",
            ]
            for way, f in one["ways"].items()
        ]
        heads = ["told by", "AUC", "lift of the best fifth", "calibration error", "Brier"]
        parts.append(markdown(heads, rows))
    million = told.get("million")
    if million:
        parts.append(
            f"{million['contacts']:,} contacts on {million['products']} products: "
            f"{million['seconds']:.1f} s for {million['scores']:,} scores and {million['parts']:,} "
            "parts of receipts, with those of sites and accounts; "
            f"{million['scores_that_do_not_add_up']} scores differ from the sum of their parts."
        )
    missed = leads.missed(told)
    if missed:
        parts.append("Not reached: " + "; ".join(missed) + ".")
    return parts


def pages_section() -> list[str]:
    """How long the pages take for one person and for eight, and what a process of them holds."""
    parts = []
    for told in [kept for name in ("pages", "pages_million") if (kept := read(name))]:
        parts += [] if parts else [PAGES]
        rows, bound = told["rows"], told["bound"]
        held = max(process["rss_mb"] for process in told["memory"])
        parts.append(
            f"{rows['accounts']:,} accounts, {rows['sites']:,} sites, {rows['contacts']:,} "
            f"contacts; {told['workers']} processes on {told['machine']['cores']} processors, "
            f"which others used too (load {told['load_before']:g} before, "
            f"{told['load_after']:g} after). An answer without a question took "
            f"{bound['health']['p50_ms']:g} ms (p99 {bound['health']['p99_ms']:g}), a bare look "
            f"{bound['lookup_p50_ms']:g} ms. A process held {held} MB."
        )
        one, eight = told["users_1"], told["users_8"]
        parts.append(
            markdown(
                ["page", "one: p50 ms", "p99 ms", "eight: p50 ms", "p99 ms"],
                [
                    [
                        name,
                        *(f"{one[name][of]:.0f}" for of in ("p50_ms", "p99_ms")),
                        *(f"{eight[name][of]:.0f}" for of in ("p50_ms", "p99_ms")),
                    ]
                    for name in one
                    if name in eight
                ],
            )
        )
        if told["event_to_stage_seconds"]:
            parts.append(
                "From an event at the collector to another stage on the page of the site, on the "
                f"small market before it was written over: {told['event_to_stage_seconds']:.0f} s, "
                "of which 2 s are waiting for more events and the rest is the build."
            )
    return parts


def page() -> str:
    """The whole page; sets without a kept result are left out."""
    names = [each.name for each in SETS] + [f"demo_{size}" for size in SIZES]
    kept = [result for name in names if (result := read(name))]
    parts = [INTRODUCTION.rstrip()]
    for told in kept[-1:]:
        packages = {**told["machine"]["packages"], **told.get("peer_packages", {})}
        versions = ", ".join(f"{name} {version}" for name, version in packages.items())
        parts.append(
            f"Machine: {told['machine']['cores']} cores, {told['machine']['memory_gb']} GB, "
            f"{told['machine']['system']}, Python {told['machine']['python']}; {versions}."
        )
    sets = [section(result) for result in kept]
    return "\n\n".join([*parts, *sets, *lead_section(), *pages_section()]) + "\n"


def main() -> int:
    """Write the page; with `--check` only say whether it is up to date."""
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        print("up to date" if current else "out of date: run python -m benchmarks.page")
        return int(not current)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(PROJECT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

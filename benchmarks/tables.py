"""Results as tables: plain text for the terminal, Markdown for the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.results import Result

NAMES = {
    "tieline": "Tieline (whole build)",
    "goldenmatch": "GoldenMatch, zero config",
    "splink": "Splink 5, model by hand, threshold picked on the truth",
    "duckdb_bound": "DuckDB read-clean-distinct-write (bound)",
}
HEADER = ["system", "entity", "precision", "recall", "F1", "s", "GB", "ours / theirs, s"]


def rows(result: Result) -> Iterator[list[str]]:
    """The cells of a result, one row per system and entity."""
    own = result["systems"].get("tieline", {}).get("seconds")
    for key in NAMES:
        system = result["systems"].get(key)
        if system is None:
            continue
        name = NAMES[key] + ("" if system.get("same_run", True) else " (earlier run)")
        if "failed" in system:
            yield [name, "failed", *[""] * 6]
            continue
        same = system.get("same_run", True) and key != "tieline" and own
        ratio = f"{own / system['seconds']:.1f}" if same else ""
        spent = [f"{system['seconds']:.1f}", f"{system['peak_gb']:.2f}", ratio]
        for entity, figures in (system.get("entities") or {"": None}).items():
            yield [name, entity, *_quality(figures), *spent]
            name, spent = "", ["", "", ""]


def _quality(figures: dict[str, Any] | None) -> list[str]:
    if figures is None:
        return ["", "", ""]
    return [f"{figures[measure]:.4f}" for measure in ("precision", "recall", "f1")]


def result_table(result: Result) -> str:
    """A table with aligned columns for the terminal."""
    lines = [HEADER, *rows(result)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADER))]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )


def markdown(header: list[str], lines: Iterator[list[str]]) -> str:
    """A Markdown table."""
    written = [header, ["---"] * len(header), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in written)


def band_rows(figures: dict[str, Any]) -> Iterator[list[str]]:
    """Precision and recall by cluster size, one row per size band."""
    for band in figures["bands"]:
        yield [
            band["size"],
            f"{band['found_clusters']:,}",
            f"{band['precision']:.4f}" if band["found_pairs"] else "",
            f"{band['true_clusters']:,}",
            f"{band['recall']:.4f}" if band["true_pairs"] else "",
        ]

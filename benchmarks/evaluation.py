"""One evaluator for every system: how well a found partition of records agrees with the truth.

A pair of records is *true* when both bear the same truth id and *found* when both bear the same
found id. Precision = true and found / found, recall = true and found / true, F1 = their harmonic
mean (Menestrina, Whang, Garcia-Molina, "Evaluating entity resolution results", 2010).

Which records count: every record with a truth id, also those the system set aside or never saw.
A record without a found id stands alone: it makes no false pair and misses all its true ones.
Records without a truth id (junk that stands for nobody) count nowhere.

Pairs are counted, never listed: with n_ij the records of truth cluster i in found cluster j, the
pairs that are true and found are the sum of n_ij (n_ij - 1) / 2. So a million rows take a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Labels = npt.NDArray[np.int64]

# Sizes at which clusters behave differently: pairs are easy, chains show from ten on.
BANDS: tuple[tuple[int, int | None], ...] = ((2, 2), (3, 4), (5, 9), (10, 19), (20, None))


@dataclass(frozen=True)
class Score:
    """Agreement of a found partition with the truth, as counts of pairs."""

    true_pairs: int
    found_pairs: int
    common_pairs: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are true; 1 when nothing was found."""
        return self.common_pairs / self.found_pairs if self.found_pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found; 1 when there is nothing to find."""
        return self.common_pairs / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.true_pairs + self.found_pairs
        return 2 * self.common_pairs / total if total else 1.0


@dataclass(frozen=True)
class Band:
    """Agreement among clusters of one size: precision by found size, recall by true size."""

    smallest: int
    largest: int | None
    found_clusters: int
    found_pairs: int
    precision: float
    true_clusters: int
    true_pairs: int
    recall: float

    @property
    def name(self) -> str:
        """The band as text: '2', '3-4', '20+'."""
        if self.largest is None:
            return f"{self.smallest}+"
        if self.largest == self.smallest:
            return str(self.smallest)
        return f"{self.smallest}-{self.largest}"


@dataclass(frozen=True)
class Evaluation:
    """Everything one comparison of a found partition with the truth tells."""

    records: int
    unresolved: int
    true_clusters: int
    found_clusters: int
    pairs: Score
    b_cubed_precision: float
    b_cubed_recall: float
    bands: tuple[Band, ...]

    def to_json(self) -> dict[str, object]:
        """Rounded figures for the results file."""
        return {
            "records": self.records,
            "unresolved": self.unresolved,
            "true_clusters": self.true_clusters,
            "found_clusters": self.found_clusters,
            "precision": round(self.pairs.precision, 5),
            "recall": round(self.pairs.recall, 5),
            "f1": round(self.pairs.f1, 5),
            "false_pairs": self.pairs.found_pairs - self.pairs.common_pairs,
            "missed_pairs": self.pairs.true_pairs - self.pairs.common_pairs,
            "b_cubed_precision": round(self.b_cubed_precision, 5),
            "b_cubed_recall": round(self.b_cubed_recall, 5),
            "bands": [
                {
                    "size": band.name,
                    "found_clusters": band.found_clusters,
                    "found_pairs": band.found_pairs,
                    "precision": round(band.precision, 5),
                    "true_clusters": band.true_clusters,
                    "true_pairs": band.true_pairs,
                    "recall": round(band.recall, 5),
                }
                for band in self.bands
            ],
        }


def labels(column: pa.ChunkedArray | pa.Array) -> Labels:
    """Number the values of a column; every NULL becomes a cluster of its own."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    codes = column.dictionary_encode().indices
    missing = np.asarray(pc.is_null(codes))
    numbers: Labels = np.asarray(pc.fill_null(codes, -1)).astype(np.int64)
    numbers[missing] = numbers.max(initial=-1) + 1 + np.arange(int(missing.sum()))
    return numbers


def crossed(left: Labels, right: Labels) -> Labels:
    """Number the combinations of two labellings: the cells of their contingency table."""
    width = int(right.max(initial=0)) + 1
    cells: Labels = np.unique(left * width + right, return_inverse=True)[1].astype(np.int64)
    return cells


def count_pairs(clusters: Labels, lists: Labels | None = None) -> int:
    """Pairs of records within a cluster; with `lists`, only pairs from two different lists."""
    sizes = np.bincount(clusters)
    pairs = int((sizes * (sizes - 1) // 2).sum())
    return pairs if lists is None else pairs - count_pairs(crossed(clusters, lists))


def score(truth: Labels, found: Labels, lists: Labels | None = None) -> Score:
    """Compare two partitions of the same records; `lists` restricts to pairs across lists."""
    return Score(
        true_pairs=count_pairs(truth, lists),
        found_pairs=count_pairs(found, lists),
        common_pairs=count_pairs(crossed(truth, found), lists),
    )


def b_cubed(truth: Labels, found: Labels) -> tuple[float, float]:
    """Mean over records of the share of their cluster that is theirs (Bagga, Baldwin 1998)."""
    if not len(truth):
        return 1.0, 1.0
    cells = crossed(truth, found)
    together = np.bincount(cells)[cells]
    precision = together / np.bincount(found)[found]
    recall = together / np.bincount(truth)[truth]
    return float(precision.mean()), float(recall.mean())


def by_size(truth: Labels, found: Labels, lists: Labels | None = None) -> tuple[Band, ...]:
    """Precision of the found clusters of each size, recall of the true clusters of each size."""
    found_size, true_size = np.bincount(found)[found], np.bincount(truth)[truth]
    rows = []
    for smallest, largest in BANDS:
        top = np.iinfo(np.int64).max if largest is None else largest
        in_found = (found_size >= smallest) & (found_size <= top)
        in_truth = (true_size >= smallest) & (true_size <= top)
        found_part = score(truth[in_found], found[in_found], _only(lists, in_found))
        true_part = score(truth[in_truth], found[in_truth], _only(lists, in_truth))
        rows.append(
            Band(
                smallest=smallest,
                largest=largest,
                found_clusters=len(np.unique(found[in_found])),
                found_pairs=found_part.found_pairs,
                precision=found_part.precision,
                true_clusters=len(np.unique(truth[in_truth])),
                true_pairs=true_part.true_pairs,
                recall=true_part.recall,
            )
        )
    return tuple(rows)


def _only(lists: Labels | None, chosen: npt.NDArray[np.bool_]) -> Labels | None:
    return None if lists is None else lists[chosen]


def aligned(truth: pa.Table, found: pa.Table) -> pa.Table:
    """Put the found id beside each record that has a truth id.

    `truth` has source, row_number, truth_id; `found` has source, row_number, found_id. One row of
    the result is one record that counts, with both ids; found_id NULL = unresolved.
    """
    keys = ["source", "row_number"]
    _refuse_doubles(found, keys)
    counted = truth.filter(pc.is_valid(truth["truth_id"]))
    _refuse_doubles(counted, keys)
    joined = counted.join(found.select([*keys, "found_id"]), keys, join_type="left outer")
    return joined.sort_by([(key, "ascending") for key in keys])


def _refuse_doubles(table: pa.Table, keys: list[str]) -> None:
    groups = table.group_by(keys).aggregate([]).num_rows
    if groups != table.num_rows:
        raise ValueError(f"{table.num_rows - groups} records stand twice in one partition")


def evaluate(truth: pa.Table, found: pa.Table, *, across_lists: bool = False) -> Evaluation:
    """Judge a system's ids against the truth; see the head of this file for what counts.

    With `across_lists` only pairs from two different sources count (linking lists that hold no
    duplicates by themselves, or whose duplicates the truth does not tell).
    """
    table = aligned(truth, found)
    true_labels, found_labels = labels(table["truth_id"]), labels(table["found_id"])
    lists = labels(table["source"]) if across_lists else None
    precision, recall = b_cubed(true_labels, found_labels)
    return Evaluation(
        records=table.num_rows,
        unresolved=table["found_id"].null_count,
        true_clusters=len(np.unique(true_labels)),
        found_clusters=len(np.unique(found_labels)),
        pairs=score(true_labels, found_labels, lists),
        b_cubed_precision=precision,
        b_cubed_recall=recall,
        bands=by_size(true_labels, found_labels, lists),
    )

"""Gradient boosting on past leads, in the peers' environment: `peer_boosting.py CASES OUT`.

`CASES` is Parquet: numbers as they are, texts as words, `__won`, and a column `__fold_N` for each
repetition. `OUT` is Parquet with the chances of every repetition by two ways: `usual_N` by
scikit-learn's own settings, `tuned_N` by those of a small grid that do best inside the folds it
learns from. Each chance is of a case that its model never saw.
"""

from __future__ import annotations

import itertools
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GridSearchCV

GRID = {
    "learning_rate": [0.03, 0.1],
    "max_leaf_nodes": [4, 15],
    "l2_regularization": [1.0],
    "max_iter": [150],
}
MOST_TEXTS = 200
"""It takes no more than 255 texts of a column."""


def features(table: pa.Table) -> tuple[np.ndarray, list[bool]]:
    """The columns as numbers, texts by their places in the order of how frequent they are."""
    columns, is_text = [], []
    for name in table.column_names:
        if name.startswith("__"):
            continue
        column = table[name]
        if pa.types.is_floating(column.type):
            columns.append(column.to_numpy())
        else:
            values = column.to_pylist()
            counted = {value: values.count(value) for value in set(values) - {None}}
            places = {v: n for n, v in enumerate(sorted(counted, key=lambda v: -counted[v]))}
            columns.append(
                np.array(
                    [np.nan if v is None else min(places[v], MOST_TEXTS) for v in values], float
                )
            )
        is_text.append(not pa.types.is_floating(column.type))
    return np.column_stack(columns), is_text


def main() -> None:
    """Learn and write."""
    table = pq.read_table(sys.argv[1])
    lines, is_text = features(table)
    won = table["__won"].to_numpy()
    told = {}
    for number in itertools.count():
        if f"__fold_{number}" not in table.column_names:
            break
        fold = table[f"__fold_{number}"].to_numpy()
        usual, tuned = np.zeros(len(won)), np.zeros(len(won))
        for asked in np.unique(fold):
            known = fold != asked
            made = {"categorical_features": is_text, "random_state": 0, "early_stopping": False}
            plain = HistGradientBoostingClassifier(**made).fit(lines[known], won[known])
            usual[~known] = plain.predict_proba(lines[~known])[:, 1]
            search = GridSearchCV(
                HistGradientBoostingClassifier(**made), GRID, scoring="roc_auc", cv=3
            ).fit(lines[known], won[known])
            tuned[~known] = search.predict_proba(lines[~known])[:, 1]
        told |= {f"usual_{number}": usual, f"tuned_{number}": tuned}
    pq.write_table(pa.table(told), sys.argv[2])


if __name__ == "__main__":
    main()

"""Peer: Splink 5 on DuckDB with a hand-written model. Runs in the peers' environment.

`python peer_splink.py SET INPUT.csv OUT.parquet WEIGHT` writes one row per input row: row (0-based)
and found_id, clustered at that match weight. With WEIGHT `edges` it writes the scored pairs instead
(row_l, row_r, match_weight), from which the weight that suits the truth best is chosen.
"""

from __future__ import annotations

import logging
import sys

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator

from splink_models import MODELS, Model

SEED = 1
# Below this no threshold worth choosing lies; it keeps the scored pairs few.
LOWEST_WEIGHT = -8


def main(name: str, source: str, target: str, weight: str) -> None:
    """Read, train, score, cluster, write."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    model: Model = MODELS[name]()
    con = duckdb.connect()
    con.sql(
        f"""create table raw as select row_number() over () - 1 as unique_id, *
        from read_csv('{source}', all_varchar=true, header=true)"""
    )
    con.sql(f"create table cleaned as {model.clean}")
    linker = trained(model, DuckDBAPI(connection=con))
    lowest = LOWEST_WEIGHT if weight == "edges" else float(weight)
    pairs = linker.inference.predict(threshold_match_weight=lowest)
    if weight == "edges":
        wanted = f"""select unique_id_l as row_l, unique_id_r as row_r, match_weight
            from {pairs.physical_name}"""
    else:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_weight=lowest
        )
        wanted = f"select unique_id as row, cluster_id as found_id from {clusters.physical_name}"
    con.sql(f"copy ({wanted}) to '{target}' (format parquet)")
    con.close()


def trained(model: Model, api: DuckDBAPI) -> Linker:
    """A linker whose parameters are estimated without labels, as Splink's guides do."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=model.comparisons,
        blocking_rules_to_generate_predictions=model.blocking,
        retain_matching_columns=False,
    )
    linker = Linker(api.register("cleaned"), settings)
    linker.training.estimate_probability_two_random_records_match(
        model.certain, recall=model.certain_recall
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    for rule in model.training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return linker


if __name__ == "__main__":
    main(*sys.argv[1:])

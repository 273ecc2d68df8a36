"""What an earlier result says still: only pairs that a change can touch are looked at again.

The result is the same, to the last bit, as that of looking at everything. A pair's weight depends
on its two rows; whether it is looked at depends on how many rows share a key, so a key that comes
to be shared by too many, or no longer is, changes that for pairs of unchanged rows too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tieline.identity.linkage.candidates import keys_of
from tieline.identity.linkage.closing import closed
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.linkage.scoring import PAIR, Job
from tieline.identity.linkage.workbench import Workbench


@dataclass(frozen=True)
class Earlier:
    """Tables of an earlier result by the same model, parameters and probability.

    `links` is what `score` made of `rows`, without facts about pairs. Rows are the same if they
    have the same node and the same values in every column that the model reads.
    """

    rows: str
    links: str


@dataclass(frozen=True)
class _Changes:
    """Tables: nodes new or changed, nodes gone or changed, pairs to look at, pairs dropped."""

    fresh: str
    gone: str
    pairs: str
    dropped: str


def updated(
    job: Job,
    bench: Workbench,
    earlier: Earlier,
    parameters: Parameters,
    *,
    connecting: float,
) -> tuple[str, int]:
    """The SELECT of all links (as of `closing.closed`), and how many pairs were looked at."""
    changes = _changes(job, bench, earlier)
    compared, found = bench.named("compared"), bench.named("found")
    job.near(bench, changes.pairs).compare(changes.pairs, compared)
    looked_at = job.judge(compared, found, parameters)
    carried = bench.create(
        "carried",
        f"SELECT * FROM {earlier.links} "
        f"WHERE left_node NOT IN (SELECT node FROM {changes.gone}) "
        f"AND right_node NOT IN (SELECT node FROM {changes.gone})",
    )
    # Pairs looked at again are not carried, nor are those that no key proposes any more.
    again = bench.create(
        "again",
        f"SELECT {PAIR} FROM {carried} SEMI JOIN {changes.pairs} USING ({PAIR}) "
        f"UNION ALL SELECT {PAIR} FROM {changes.dropped}",
    )
    touched = " UNION ".join(
        [f"SELECT node FROM {changes.fresh} UNION SELECT node FROM {changes.gone}"]
        + [f"SELECT {side}_node FROM {t}" for t in (found, again) for side in ("left", "right")]
    )
    touched = bench.create("touched", touched)
    torn = bench.create(
        "torn",
        f"SELECT DISTINCT component FROM {earlier.links} WHERE component IS NOT NULL "
        f"AND (left_node IN (FROM {touched}) OR right_node IN (FROM {touched}))",
    )
    members = " UNION ".join(
        f"SELECT {side}_node AS node FROM {earlier.links} WHERE component IN (FROM {torn})"
        for side in ("left", "right")
    )
    moving = bench.create("moving", f"SELECT node FROM {touched} UNION {members}")
    is_open = (
        f"(component IN (FROM {torn}) OR (component IS NULL "
        f"AND left_node IN (FROM {moving}) AND right_node IN (FROM {moving})))"
    )
    split = bench.create(
        "split",
        f"SELECT *, coalesce({is_open}, false) AS is_open FROM {carried} "
        f"ANTI JOIN {again} USING ({PAIR})",
    )
    proposed = bench.create(
        "proposed",
        f"SELECT {PAIR}, pattern, weight FROM {split} WHERE is_open AND proposed "
        f"UNION ALL SELECT {PAIR}, pattern, weight FROM {found}",
    )
    known = bench.create(
        "known", f"SELECT {PAIR}, pattern, weight FROM {split} WHERE is_open AND NOT proposed"
    )
    opened = closed(job, bench, proposed, parameters, connecting=connecting, known=known)
    return (
        f"SELECT * EXCLUDE (is_open) FROM {split} WHERE NOT is_open UNION ALL {opened}",
        looked_at,
    )


def _changes(job: Job, bench: Workbench, earlier: Earlier) -> _Changes:
    empty = bench.create(
        "no_pairs", "SELECT 0::BIGINT AS left_node, 0::BIGINT AS right_node LIMIT 0"
    )
    fresh, gone = _changed_rows(job, bench, earlier)
    pairs, dropped = empty, empty
    if bench.rows(fresh) or bench.rows(gone):
        keys, counts = _changed_keys(job, bench, earlier, fresh, gone)
        pairs = _pairs_to_look_at(bench, keys, counts, fresh)
        dropped = _dropped_pairs(job, bench, earlier, keys, counts)
    if job.features:
        told = f"SELECT {PAIR} FROM {pairs} UNION SELECT {PAIR} FROM {job.features}"
        pairs = bench.create("all_pairs", told)
    return _Changes(fresh, gone, pairs, dropped)


def _changed_rows(job: Job, bench: Workbench, earlier: Earlier) -> tuple[str, str]:
    """The nodes that are new or changed, and those that are gone or changed."""
    if earlier.rows == job.rows:
        nobody = "SELECT 0::BIGINT AS node LIMIT 0"
        return bench.create("fresh", nobody), bench.create("gone", nobody)
    words = set(re.findall(r"\w+", " ".join(job.model.expressions())))
    read = {n: kind for n, kind in job.engine.columns(job.rows).items() if n in words}
    # DuckDB's hash does not see where one list ends and the next begins.
    lengths = [f"len({name})" for name, kind in read.items() if kind.endswith("[]")]
    told = f"SELECT node, hash({', '.join([*read, *lengths])}) >> 1 AS told FROM"
    now, before = (
        bench.create("now", f"{told} {job.rows}"),
        bench.create("before", f"{told} {earlier.rows}"),
    )
    return (
        bench.create("fresh", f"SELECT node FROM {now} ANTI JOIN {before} USING (node, told)"),
        bench.create("gone", f"SELECT node FROM {before} ANTI JOIN {now} USING (node, told)"),
    )


def _changed_keys(
    job: Job, bench: Workbench, earlier: Earlier, fresh: str, gone: str
) -> tuple[str, str]:
    """The keys of changed rows: a table of who has them, and one of how many have and had them."""
    blocks = job.model.blocks
    came_rows = bench.create("came_rows", f"SELECT * FROM {job.rows} WHERE node IN (FROM {fresh})")
    went_rows = bench.create(
        "went_rows", f"SELECT * FROM {earlier.rows} WHERE node IN (FROM {gone})"
    )
    came = bench.create("came", keys_of(came_rows, blocks))
    went = bench.create("went", keys_of(went_rows, blocks))
    wanted = bench.create(
        "wanted", f"SELECT block, k FROM {came} UNION SELECT block, k FROM {went}"
    )
    keys = bench.create("keys", keys_of(job.rows, blocks, wanted=wanted))
    counts = bench.create(
        "counts",
        "SELECT block, k, most, sum(now)::BIGINT AS now, sum(now - came + went)::BIGINT AS before "
        f"FROM (SELECT block, k, most, 1 AS now, 0 AS came, 0 AS went FROM {keys} "
        f"UNION ALL SELECT block, k, most, 0, 1, 0 FROM {came} "
        f"UNION ALL SELECT block, k, most, 0, 0, 1 FROM {went}) GROUP BY block, k, most",
    )
    return keys, counts


def _pairs_to_look_at(bench: Workbench, keys: str, counts: str, fresh: str) -> str:
    """Pairs with a fresh row, and pairs of keys that were shared by too many rows."""
    used = bench.create(
        "used",
        f"SELECT k.block, k.k, k.node, c.before > c.most OR f.node IS NOT NULL AS leads "
        f"FROM {keys} k JOIN {counts} c USING (block, k) LEFT JOIN {fresh} f ON f.node = k.node "
        "WHERE c.now BETWEEN 2 AND c.most",
    )
    return bench.create(
        "pairs",
        "SELECT least(a.node, b.node) AS left_node, greatest(a.node, b.node) AS right_node "
        f"FROM (SELECT * FROM {used} WHERE leads) a "
        f"JOIN {used} b ON a.block = b.block AND a.k = b.k AND a.node <> b.node GROUP BY ALL",
    )


def _dropped_pairs(job: Job, bench: Workbench, earlier: Earlier, keys: str, counts: str) -> str:
    """Pairs of unchanged rows that only keys proposed that too many rows share by now."""
    filled = bench.create(
        "filled",
        f"SELECT k.block, k.k, k.node FROM {keys} k JOIN {counts} c USING (block, k) "
        "WHERE c.before BETWEEN 2 AND c.most AND c.now > c.most",
    )
    doubtful = bench.create(
        "doubtful",
        f"SELECT {PAIR} FROM {earlier.links} SEMI JOIN ("
        f"SELECT a.node AS left_node, b.node AS right_node FROM {filled} a "
        f"JOIN {filled} b ON a.block = b.block AND a.k = b.k AND a.node < b.node) "
        f"USING ({PAIR}) WHERE proposed",
    )
    if not bench.rows(doubtful):
        return doubtful
    blocks = job.model.blocks
    near = job.near(bench, doubtful).rows
    theirs = bench.create("theirs", keys_of(near, blocks))
    shared = bench.create(
        "shared",
        f"SELECT {PAIR}, a.block, a.k FROM {doubtful} p JOIN {theirs} a ON a.node = p.left_node "
        f"JOIN {theirs} b ON b.node = p.right_node AND b.block = a.block AND b.k = a.k",
    )
    numbers = job.engine.arrow(f"SELECT DISTINCT block FROM {shared}")["block"].to_pylist()
    useful = (
        f"SELECT block, k FROM ({keys_of(job.rows, blocks, wanted=shared, numbers=numbers)}) "
        "GROUP BY block, k, most HAVING count(*) <= most"
    )
    return bench.create(
        "dropped",
        f"SELECT {PAIR} FROM {doubtful} ANTI JOIN "
        f"(SELECT {PAIR} FROM {shared} SEMI JOIN ({useful}) USING (block, k)) USING ({PAIR})",
    )

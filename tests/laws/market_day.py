"""A small graph of tables to build again and again: stalls of a market, and what they sell.

Each table tests one way of telling which rows a change touches. No table knows an order of rows.
"""

from pathlib import Path

import pyarrow as pa

from tieline.engine.duck import DuckEngine
from tieline.engine.model import python_model, sql_model
from tieline.engine.run import run
from tieline.engine.snapshot import building, publish
from tieline.engine.table_files import Limits

TEXT, NUMBER = pa.string(), pa.int64()
PUBLISHED = (
    "sales",
    "stall_sales",
    "district_sales",
    "moves_per_stall",
    "labels",
    "best",
    "shares",
)

# Tiny, so that small tables lie in buckets and most changes are patched.
SMALL = Limits(single_file_rows=4, buckets=4, patch_share=1e9)


def _header(key, columns, increment=""):
    told = "".join(f"\n      {name}: It." for name in columns)
    return f"question: What?\nrow: One.\nkey: {key}\nowner: analyst\n{increment}columns:{told}\n"


def sales(*, told) -> pa.Table:
    """
    question: What was sold?
    row: One sale.
    key: sale
    owner: analyst
    columns: {sale: Its number., stall: Where., amount: How much., weight: How heavy.}
    """
    return _table(
        {"sale": NUMBER, "stall": TEXT, "amount": NUMBER, "weight": pa.float64()}, told["sales"]
    )


def stalls(*, told) -> pa.Table:
    """
    question: Where do the stalls stand?
    row: One stall.
    key: stall
    owner: analyst
    columns: {stall: Its name., district: Where., keeper: Whose.}
    """
    return _table({"stall": TEXT, "district": TEXT, "keeper": TEXT}, told["stalls"])


def moves(*, told) -> pa.Table:
    """
    question: Which stalls took over from which?
    row: One take-over.
    key: source, target
    owner: analyst
    columns: {source: A stall., target: A stall.}
    """
    return _table({"source": TEXT, "target": TEXT}, told["moves"])


def labels(stall_sales, stalls, *, engine, word) -> pa.Table:
    """
    question: What does a stall's sign say?
    row: One stall that has sales.
    key: stall
    owner: analyst
    increment:
      key: stall
      from:
        stall_sales: stall
        stalls: stall
    columns: {stall: Its name., sign: The words., helpers: Names.}
    """
    engine.create("kept_here", f"SELECT * FROM {stalls} WHERE keeper IS NOT NULL")
    rows = engine.arrow(
        f"SELECT s.stall, s.amount, list_sort(list(k.keeper)) AS helpers FROM {stall_sales} s "
        "LEFT JOIN kept_here k USING (stall) GROUP BY 1, 2"
    ).to_pylist()
    return pa.table(
        {
            "stall": pa.array([row["stall"] for row in rows], TEXT),
            "sign": pa.array([f"{word} {row['amount']}" for row in rows], TEXT),
            "helpers": pa.array([row["helpers"] for row in rows], pa.list_(TEXT)),
        }
    )


SELECTS = {
    "stall_sales": (
        "stall", ["stall", "amount", "sales"],
        "increment: {key: stall, from: {sales: stall}}\n",
        "SELECT stall, CAST(sum(amount) AS BIGINT) AS amount, count(*) AS sales "
        "FROM sales GROUP BY stall",
    ),
    # Published after a table that is not, and only some of which changes.
    "stall_keepers": (
        "stall", ["stall", "keeper", "amount"],
        "increment: {key: stall, nulls: none, from: {stalls: stall, stall_sales: stall}}\n",
        "SELECT s.stall, min(s.keeper) AS keeper, max(t.amount) AS amount FROM stalls s "
        "LEFT JOIN stall_sales t ON t.stall = s.stall WHERE s.stall IS NOT NULL GROUP BY s.stall",
    ),
    "district_sales": (
        "district, keeper", ["district", "keeper", "amount"],
        "increment:\n  key: district\n  from:\n    stalls: district\n    sales: stalls.stall\n"
        "    stall_keepers: [stall = stalls.stall, stall = sales.stall]\n",
        "SELECT s.district, k.keeper, CAST(sum(x.amount) AS BIGINT) AS amount FROM stalls s "
        "JOIN sales x ON x.stall = s.stall LEFT JOIN stall_keepers k ON k.stall = s.stall "
        "GROUP BY s.district, k.keeper",
    ),
    "moves_per_stall": (
        "stall", ["stall", "went", "came"],
        "increment: {key: stall, from: {moves: [source, target]}}\n",
        "SELECT stall, CAST(sum(went) AS BIGINT) AS went, CAST(sum(came) AS BIGINT) AS came FROM ("
        "SELECT source AS stall, 1 AS went, 0 AS came FROM moves "
        "UNION ALL SELECT target, 0, 1 FROM moves) GROUP BY stall",
    ),
    # Not to be told by key; an early end where the amounts stay the same.
    "best": (
        "amount", ["amount"], "", "SELECT max(amount) AS amount FROM stall_sales",
    ),
    # Its total is of all stalls: named nowhere, so a new best computes all.
    "shares": (
        "stall", ["stall", "share"],
        "increment: {key: stall, from: {stall_sales: stall}}\n",
        "SELECT s.stall, s.amount / b.amount AS share FROM stall_sales s, best b",
    ),
}  # fmt: skip


def models(folder: Path, selects=SELECTS):
    """All models; those in SQL are written into `folder` first."""
    found = [python_model(function) for function in (sales, stalls, moves, labels)]
    for name, (key, columns, increment, select) in selects.items():
        file = folder / f"{name}.sql"
        header = _header(key, columns, increment)
        file.write_text(f"/*\n{header}*/\n{select}\n", encoding="utf-8")
        found.append(sql_model(file))
    return found


def build(home: Path, listed, told, *, full=False, limits=SMALL, differences=False, **context):
    """Build and publish; return the snapshot and what became of each table."""
    with building(home) as lock, DuckEngine(threads=1) as engine:
        last = None if full else lock.last()
        made = run(
            listed,
            engine,
            {"told": told, "word": "sold", **context},
            keep=PUBLISHED,
            last=last,
            folder=lock.folder / "made",
            limits=limits,
            differences=differences,
        )
        keys = {model.name: model.header.key for model in listed if model.name in PUBLISHED}
        snapshot = publish(
            lock, engine, keys, inputs="", versions={}, made=made, last=last, limits=limits
        )
    return snapshot, made


def content(snapshot):
    """Every file of a snapshot's tables with its bytes."""
    files = (file for file in snapshot.folder.rglob("*.parquet"))
    return {str(file.relative_to(snapshot.folder)): file.read_bytes() for file in files}


def _table(types, rows):
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    arrays = [pa.array(list(c), t) for c, t in zip(columns, types.values(), strict=True)]
    return pa.table(arrays, names=list(types))

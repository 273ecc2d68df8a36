"""How coverage has moved: from the steps of the change feed to what differs at the end."""

import pyarrow as pa

from tieline.engine.duck import DuckEngine
from tieline.identity.changes import Side, changes
from tieline.metrics import FOLLOWED
from tieline.metrics.coverage_movement import movement


def coverage(engine, folder, *rows):
    """A Parquet file of the table coverage: (segment, sites, known_share)."""
    names = ("segment", "product", "sites", "known_share")
    table = pa.Table.from_pylist(
        [dict(zip(names, (one, "pumps", sites, share), strict=True)) for one, sites, share in rows],
        schema=pa.schema([("segment", pa.string()), ("product", pa.string()),
                          ("sites", pa.int64()), ("known_share", pa.float64())]),
    )  # fmt: skip
    engine.load("coverage", table)
    engine.write_parquet("coverage", folder, ["segment"])
    return Side({"coverage": (folder,)})


def test_what_has_moved_between_two_snapshots(tmp_path):
    with DuckEngine(threads=1) as engine:
        first = coverage(engine, tmp_path / "1.parquet", ("dach", 10, 0.5), ("food", 4, 0.25))
        second = coverage(engine, tmp_path / "2.parquet", ("dach", 20, 0.5), ("metal", 3, 1.0))
        third = coverage(engine, tmp_path / "3.parquet", ("dach", 20, 0.75), ("food", 4, 0.25))
        step, back = (
            changes(engine, first, second, FOLLOWED),
            changes(engine, second, third, FOLLOWED),
        )
    told = [tuple(row.values()) for row in movement(step)]
    assert told == [
        ("dach", "pumps", "sites", 10, 20, 10),
        ("food", "pumps", "sites", 4, None, None),
        ("food", "pumps", "known_share", 0.25, None, None),
        ("metal", "pumps", "sites", None, 3, None),
        ("metal", "pumps", "known_share", None, 1, None),
    ]
    # What went and came back has not moved.
    told = [tuple(row.values()) for row in movement(pa.concat_tables([step, back]))]
    assert told == [
        ("dach", "pumps", "sites", 10, 20, 10),
        ("dach", "pumps", "known_share", 0.5, 0.75, 0.25),
    ]


def test_a_feed_without_figures_has_nothing_to_tell(tmp_path):
    with DuckEngine(threads=1) as engine:
        one = coverage(engine, tmp_path / "1.parquet", ("dach", 10, 0.5))
        assert changes(engine, one, one).num_rows == 0
        assert movement(changes(engine, one, one, FOLLOWED)) == []

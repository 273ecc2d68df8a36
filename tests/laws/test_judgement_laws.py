"""Laws of judgements: each says what it says, the later is stronger, taken back it leaves no trace.

On small random worlds: records in machine groups, links among their profiles, judgements of them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.engine.duck import DuckEngine
from tieline.identity.judged_groups import judged_groups


@dataclass(frozen=True)
class Record:
    id: str
    node: int
    group: int


@dataclass(frozen=True)
class Said:
    """One judgement: its kind and the records of each part."""

    kind: str
    parts: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class World:
    """Records in the order in which they came, and links among profiles of one group."""

    records: tuple[Record, ...]
    links: tuple[tuple[int, int, float], ...]


Groups = dict[str, frozenset[str]]
PART_NAMES = {
    "merge": ("group_1", "group_2"),
    "distinct": ("group_1", "group_2"),
    "pin": ("records",),
    "split": ("apart", "rest"),
}


@pytest.fixture(scope="module")
def engine():
    with DuckEngine() as made:
        yield made


def grouped(engine, world: World, judgements, shuffled: int | None = None, step: int = 1) -> Groups:
    """The group of each record; judgements are numbered 1, 1 + step, ... in their order."""
    ids = [r.id for r in world.records]
    machine = {
        "record_id": ids,
        "node": [r.node for r in world.records],
        "group": [r.group for r in world.records],
    }
    links = {
        name: pa.array([link[place] for link in world.links], kind)
        for place, (name, kind) in enumerate(
            [("left_node", pa.int64()), ("right_node", pa.int64()), ("weight", pa.float64())]
        )
    }
    told = [
        (1 + step * number, said.kind, "contact", name, record)
        for number, said in enumerate(judgements)
        for name, part in zip(PART_NAMES[said.kind], said.parts, strict=True)
        for record in sorted(part)
    ]
    columns = ("number", "kind", "entity", "part", "record_id")
    types = (pa.int64(), pa.string(), pa.string(), pa.string(), pa.string())
    judged = {
        name: pa.array([row[place] for row in told], kind)
        for place, (name, kind) in enumerate(zip(columns, types, strict=True))
    }
    arrivals = {"record_id": ids, "arrival": list(range(100, 100 + len(ids)))}
    for name, table in (
        ("machine", machine),
        ("links", links),
        ("judged_records", judged),
        ("records", arrivals),
    ):
        rows = pa.table(table)
        order = list(range(rows.num_rows))
        if shuffled is not None:
            random.Random(shuffled).shuffle(order)
        engine.load(name, rows.take(pa.array(order, pa.int64())))
    select = judged_groups(
        engine, "SELECT * FROM machine", "links", "judged_records", "records", "contact"
    )
    # Records of groups that nobody spoke of are not told: they stay as they are.
    rows = engine.arrow(
        f"""
        SELECT m.record_id, coalesce(j."group", w.oldest) AS "group"
        FROM machine m LEFT JOIN ({select}) j USING (record_id) JOIN (
          SELECT m."group", min_by(record_id, arrival) AS oldest
          FROM machine m JOIN records USING (record_id) GROUP BY 1
        ) w ON w."group" = m."group"
        """
    ).to_pylist()
    assert sorted(row["record_id"] for row in rows) == sorted(ids), "each record, once"
    members: dict[str, set[str]] = {}
    for row in rows:
        members.setdefault(row["group"], set()).add(row["record_id"])
    for oldest, group in members.items():
        assert oldest == min(group, key=ids.index), "a group is named by its oldest record"
    return {record: frozenset(group) for group in members.values() for record in group}


def machine_groups(world: World) -> Groups:
    return {
        r.id: frozenset(other.id for other in world.records if other.group == r.group)
        for r in world.records
    }


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Up to a dozen records, several of one profile, profiles in groups, links inside groups."""
    nodes = draw(st.integers(1, 8))
    group_of = [draw(st.integers(0, nodes - 1)) for _ in range(nodes)]
    placed = draw(st.lists(st.integers(0, nodes - 1), min_size=1, max_size=12))
    records = tuple(
        Record(f"r{number:02}", node, group_of[node]) for number, node in enumerate(placed)
    )
    inside = [p for p in combinations(range(nodes), 2) if group_of[p[0]] == group_of[p[1]]]
    linked = draw(st.lists(st.sampled_from(inside), unique=True)) if inside else []
    links = tuple((*pair, float(draw(st.integers(-6, 9)))) for pair in sorted(linked))
    return World(records, links)


@st.composite
def judgements(draw: st.DrawFn, world: World, most: int = 5) -> list[Said]:
    """Judgements of any records: what a world is told, wise or not."""
    ids = [r.id for r in world.records]
    said = []
    for _ in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from(["merge", "pin", "split", "distinct"]))
        named = draw(st.lists(st.sampled_from(ids), unique=True, min_size=1, max_size=6))
        cut = draw(st.integers(0, len(named)))
        parts = (
            (frozenset(named),)
            if kind == "pin"
            else (frozenset(named[:cut]), frozenset(named[cut:]))
        )
        said.append(Said(kind, parts))
    return said


@st.composite
def told_worlds(draw: st.DrawFn) -> tuple[World, list[Said]]:
    world = draw(worlds())
    return world, draw(judgements(world))


LAW = settings(max_examples=25, deadline=None)


@LAW
@given(world=worlds())
def test_without_judgements_the_machine_is_right(engine, world):
    assert grouped(engine, world, []) == machine_groups(world)


@LAW
@given(told=told_worlds(), seed=st.integers(0, 9), step=st.integers(2, 9))
def test_neither_the_order_of_rows_nor_the_numbers_matter(engine, told, seed, step):
    assert grouped(engine, *told, shuffled=seed, step=step) == grouped(engine, *told)


@LAW
@given(told=told_worlds(), data=st.data())
def test_one_taken_back_among_others_is_as_if_never_made(engine, told, data):
    world, said = told
    made = data.draw(judgements(world, most=1))
    place = data.draw(st.integers(0, len(said)))
    grouped(engine, world, [*said[:place], *made, *said[place:]])
    assert grouped(engine, world, said) == grouped(engine, world, said, step=7)


@LAW
@given(told=told_worlds(), data=st.data())
def test_a_merge_joins_two_groups_and_moves_nobody_else(engine, told, data):
    world, said = told
    before = grouped(engine, world, said)
    one, other = (data.draw(st.sampled_from(sorted(before))) for _ in range(2))
    merge = Said("merge", (before[one], before[other]))
    after = grouped(engine, world, [*said, merge])
    joined = before[one] | before[other]
    assert after == {**before, **dict.fromkeys(joined, joined)}


@LAW
@given(told=told_worlds(), data=st.data())
def test_a_pin_changes_nothing_while_the_machine_agrees(engine, told, data):
    world, said = told
    before = grouped(engine, world, said)
    chosen = before[data.draw(st.sampled_from(sorted(before)))]
    assert grouped(engine, world, [*said, Said("pin", (chosen,))]) == before


@LAW
@given(told=told_worlds(), data=st.data())
def test_a_split_keeps_both_parts_whole_and_apart(engine, told, data):
    world, said = told
    before = grouped(engine, world, said)
    group = sorted(before[data.draw(st.sampled_from(sorted(before)))])
    cut = data.draw(st.integers(0, len(group) - 1))
    apart, rest = frozenset(group[:cut]), frozenset(group[cut:])
    after = grouped(engine, world, [*said, Said("split", (apart, rest))])
    for part in (apart, rest):
        assert len({after[record] for record in part}) <= 1
    assert not {after[record] for record in apart} & {after[record] for record in rest}


@LAW
@given(told=told_worlds(), data=st.data())
def test_a_split_then_a_merge_of_both_is_as_before_the_split(engine, told, data):
    world, said = told
    before = grouped(engine, world, said)
    group = sorted(before[data.draw(st.sampled_from(sorted(before)))])
    cut = data.draw(st.integers(0, len(group) - 1))
    split = Said("split", (frozenset(group[:cut]), frozenset(group[cut:])))
    divided = grouped(engine, world, [*said, split])
    parts = sorted({divided[record] for record in group}, key=sorted)
    together = frozenset().union(*parts)
    merge = Said("merge", (together, frozenset()))
    after = grouped(engine, world, [*said, split, merge])
    assert {after[record] for record in group} == {together}
    assert grouped(engine, world, [*said, split]) == divided


@LAW
@given(told=told_worlds())
def test_the_last_word_always_holds(engine, told):
    world, said = told
    if not said:
        return
    after = grouped(engine, world, said)
    last = said[-1]
    if last.kind != "distinct":
        wholes = [frozenset().union(*last.parts)] if last.kind == "merge" else last.parts
        assert all(len({after[record] for record in whole}) <= 1 for whole in wholes)
    if last.kind in ("split", "distinct"):
        one, other = ({after[record] for record in part} for part in last.parts)
        assert not one & other


@LAW
@given(told=told_worlds())
def test_whom_nobody_spoke_of_is_never_alone_where_his_group_is_not(engine, told):
    """A record without a judgement stays with others of its machine group, if there are others."""
    world, said = told
    spoken = {record for judgement in said for part in judgement.parts for record in part}
    after = grouped(engine, world, said)
    for record, group in machine_groups(world).items():
        if record not in spoken and len(group) > 1:
            assert after[record] & (group - {record})


@LAW
@given(world=worlds(), data=st.data())
def test_judgements_without_a_no_are_connected_components(engine, world, data):
    said = [
        replace(judgement, kind="merge") if len(judgement.parts) == 2 else judgement
        for judgement in data.draw(judgements(world))
    ]
    groups = [set(group) for group in set(machine_groups(world).values())]
    for judgement in said:
        named = set().union(*judgement.parts)
        touched = [group for group in groups if group & named]
        groups = [group for group in groups if not group & named] + [set().union(*touched)]
    expected = {record: frozenset(group) for group in groups for record in group}
    assert grouped(engine, world, said) == expected


def test_two_records_that_say_the_very_same_can_be_two_people(engine):
    world = World((Record("r00", 0, 0), Record("r01", 0, 0), Record("r02", 0, 0)), ())
    split = Said("split", (frozenset({"r01"}), frozenset({"r00", "r02"})))
    after = grouped(engine, world, [split])
    assert after["r01"] == {"r01"}
    assert after["r00"] == {"r00", "r02"}


def test_a_record_that_came_after_the_split_goes_where_it_is_most_alike(engine):
    records = (Record("r00", 0, 0), Record("r01", 1, 0), Record("r02", 2, 0), Record("r03", 1, 0))
    split = Said("split", (frozenset({"r01"}), frozenset({"r00"})))
    alike = World(records, ((0, 1, 4.0), (0, 2, 3.0), (1, 2, 8.0)))
    after = grouped(engine, alike, [split])
    assert after["r01"] == {"r01", "r02", "r03"}, "by the stronger link, and by equal words"
    nothing_known = World(records, ())
    assert grouped(engine, nothing_known, [split])["r02"] == {"r00", "r02"}, "else with the oldest"


def test_a_merge_brings_the_whole_of_both_groups_with_it(engine):
    world = World((Record("r00", 0, 0), Record("r01", 1, 1), Record("r02", 2, 1)), ())
    merge = Said("merge", (frozenset({"r00"}), frozenset({"r01"})))
    assert grouped(engine, world, [merge])["r02"] == {"r00", "r01", "r02"}


def test_a_split_after_a_merge_holds_and_the_merge_holds_the_others(engine):
    world = World(tuple(Record(f"r{n:02}", n, n) for n in range(3)), ())
    merge = Said("merge", (frozenset({"r00", "r01"}), frozenset({"r02"})))
    split = Said("split", (frozenset({"r02"}), frozenset({"r00", "r01"})))
    assert grouped(engine, world, [merge, split])["r00"] == {"r00", "r01"}
    assert grouped(engine, world, [split, merge])["r00"] == {"r00", "r01", "r02"}


def test_records_that_are_gone_are_passed_over(engine):
    world = World((Record("r00", 0, 0), Record("r01", 1, 1)), ())
    merge = Said("merge", (frozenset({"r00", "gone"}), frozenset({"r01"})))
    assert grouped(engine, world, [merge])["r00"] == {"r00", "r01"}

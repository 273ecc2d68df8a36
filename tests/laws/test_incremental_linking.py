"""What changed is scored anew and the rest carried over: the same links and groups as in full."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.engine.duck import DuckEngine
from tieline.identity.linkage.comparison import Block, Comparison, Level, LinkageModel, otherwise
from tieline.identity.linkage.component_groups import EarlierGroups, component_groups
from tieline.identity.linkage.earlier import Earlier
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.linkage.links import score

PROBABILITY = 0.9
MODEL = LinkageModel(
    "people",
    (
        Comparison(
            "name",
            "l.name IS NOT NULL AND r.name IS NOT NULL",
            (Level("same", "l.name = r.name", m=0.9, u=0.1),),
            otherwise("other", m=0.1, u=0.9),
        ),
        Comparison(
            "mail",
            "len(l.mails) > 0 AND len(r.mails) > 0",
            (
                Level("same", "list_has_any(l.mails, r.mails)", m=0.8, u=0.001),
                Level("same, a shared one", "list_has_any(l.shared, r.shared)", m=0.1, u=0.05),
            ),
            otherwise("other", m=0.2, u=0.999),
        ),
        Comparison(
            "suffix",
            "l.suffix IS NOT NULL AND r.suffix IS NOT NULL",
            (Level("same", "l.suffix = r.suffix", m=0.9, u=0.5),),
            otherwise("other", m=0.1, u=0.5, forbids=True),
        ),
        Comparison(
            "acquaintance",
            "f.known IS NOT NULL",
            (Level("good", "f.known > 1", m=0.9, u=0.001),),
            otherwise("poor", m=0.1, u=0.1),
        ),
    ),
    # Low limits: a key soon is shared by too many, and no longer when somebody goes.
    (
        Block("mail", "mails", 3, many=True),
        Block("shared mail", "shared", 2, many=True),
        Block("name", "name", 3),
        Block("name and town", "name || town", 2),
    ),
)
PARAMETERS = Parameters(
    "people",
    0.05,
    {"name": [0.9, 0.1], "mail": [0.8, 0.1, 0.2], "suffix": [0.9, 0.1], "acquaintance": [0.9, 0.1]},
    {
        "name": [0.1, 0.9],
        "mail": [0.001, 0.05, 0.999],
        "suffix": [0.5, 0.5],
        "acquaintance": [0.001, 0.1],
    },
    9,
)

few = st.sampled_from
person = st.fixed_dictionaries(
    {
        "name": few(["ann", "bob", None]),
        "mails": st.lists(few(["a", "b", "c"]), unique=True, max_size=2).map(sorted),
        "shared": st.lists(few(["s", "t"]), unique=True, max_size=1),
        "suffix": few([None, None, None, "jr", "sr"]),
        "town": few(["york", "rome", None]),
    }
)
nodes = st.integers(0, 13).map(lambda n: n * 1_000_000_007)
world = st.dictionaries(nodes, person, max_size=12)
acquaintances = st.dictionaries(
    st.tuples(nodes, nodes).filter(lambda pair: pair[0] < pair[1]), st.integers(1, 3), max_size=4
)


@st.composite
def two_worlds(draw: st.DrawFn) -> tuple[dict, dict]:
    """A world, and what it became: some came, some went, some changed."""
    before, changes = draw(world), draw(world)
    gone = draw(st.sets(nodes, max_size=3))
    return before, {n: p for n, p in {**before, **changes}.items() if n not in gone}


SCHEMA = pa.schema(
    [
        ("node", pa.int64()),
        ("name", pa.string()),
        ("mails", pa.list_(pa.string())),
        ("shared", pa.list_(pa.string())),
        ("suffix", pa.string()),
        ("town", pa.string()),
    ]
)


def load(engine: DuckEngine, name: str, people: dict) -> None:
    rows = [{"node": node, **told} for node, told in people.items()]
    engine.load(name, pa.Table.from_pylist(rows, schema=SCHEMA))


def introduce(engine: DuckEngine, known: dict, people: dict) -> None:
    rows = [
        {"left_node": a, "right_node": b, "known": n}
        for (a, b), n in known.items()
        if a in people and b in people
    ]
    kinds = [(name, pa.int64()) for name in ("left_node", "right_node", "known")]
    engine.load("known", pa.Table.from_pylist(rows, schema=pa.schema(kinds)))


def linked(engine: DuckEngine, rows: str, into: str, **how: object) -> list[dict]:
    score(engine, rows, MODEL, into, probability=PROBABILITY, parameters=PARAMETERS, **how)
    component_groups(engine, into, f"{into}_groups", probability=PROBABILITY)
    return engine.arrow(f"FROM {into} ORDER BY left_node, right_node").to_pylist()


def grouped(engine: DuckEngine, table: str) -> list[dict]:
    return engine.arrow(f'SELECT node, "group" FROM {table} ORDER BY node').to_pylist()


@settings(max_examples=40, deadline=None)
@given(two_worlds(), acquaintances)
def test_an_increment_gives_what_everything_gives(worlds, known):
    before, after = worlds
    with DuckEngine(threads=1) as engine:
        load(engine, "earlier", before)
        load(engine, "rows", after)
        introduce(engine, {}, before)
        linked(engine, "earlier", "earlier_links", features="known")
        earlier = Earlier("earlier", "earlier_links")
        introduce(engine, known, after)
        whole = linked(engine, "rows", "whole", features="known")
        assert linked(engine, "rows", "part", features="known", earlier=earlier) == whole
        before_groups = EarlierGroups("earlier_links", "earlier_links_groups")
        component_groups(
            engine, "part", "part_groups", probability=PROBABILITY, earlier=before_groups
        )
        assert grouped(engine, "part_groups") == grouped(engine, "whole_groups")


@settings(max_examples=15, deadline=None)
@given(world, st.lists(st.sets(nodes, max_size=5), max_size=4), st.randoms(use_true_random=False))
def test_any_order_and_batching_gives_the_same_links(people, batches, random):
    """People come in any batches, in any order; the last batch brings who is missing."""
    with DuckEngine(threads=1) as engine:
        load(engine, "rows", people)
        introduce(engine, {}, people)
        whole = linked(engine, "rows", "whole", features="known")
        there: dict = {}
        earlier = None
        for number, batch in enumerate([*batches, set(people)]):
            there = {**there, **{node: people[node] for node in people if node in batch}}
            order = list(there)
            random.shuffle(order)
            load(engine, f"rows_{number}", {node: there[node] for node in order})
            found = linked(
                engine, f"rows_{number}", f"links_{number}", features="known", earlier=earlier
            )
            earlier = Earlier(f"rows_{number}", f"links_{number}")
        assert found == whole

"""Retrain: learn the weights anew from the lists and from answers, and say what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tieline.actions.regrouping import Regrouped, regrouped
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current, reading
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.identity.account_evidence import ACCOUNTS
from tieline.identity.contact_evidence import CONTACTS
from tieline.identity.linkage.calibration import FOLDS, Judged, folds, judged, worse_than_chance
from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.linkage.teaching import Lessons, probabilities, teach, untaught, weigh
from tieline.identity.parameters import ParameterStore
from tieline.ledger import Label
from tieline.pipeline import build, plan
from tieline.workspace import Workspace

MODELS: dict[str, LinkageModel] = {"contact": CONTACTS, "account": ACCOUNTS}
"""What learns. Sites keep their stated weights: few accounts have many."""
MOST_CHANGES = 10
EVEN = 0.5
"""From this probability on a pair counts as said to be the same: answers are given about pairs that
the stricter probability of linking leaves apart nearly all of."""


@dataclass(frozen=True)
class Moved:
    """One outcome whose weight in bits changes."""

    entity: str
    field: str
    says: str
    before: float
    after: float


@dataclass(frozen=True)
class OnLabels:
    """How the weights judge the labelled pairs of one kind, before and after.

    `pairs` of the `labels` answers could be judged: their two records say different things, and
    were near enough to be compared. `fresh` says that no pair had taught the weights before, so
    that the comparison is fair; `after` is cross-validated, each pair judged by weights that
    learned from others only. `worse` says that `after` is worse by more than chance.
    """

    entity: str
    labels: int
    pairs: int
    fresh: bool
    before: Judged
    after: Judged
    worse: bool


@dataclass(frozen=True)
class Report:
    """What retraining does: on the labelled pairs, to the groups, to the weights."""

    on_labels: tuple[OnLabels, ...]
    groups: tuple[Regrouped, ...]
    moved: tuple[Moved, ...]
    taught_by: int

    @property
    def worse(self) -> bool:
        """Whether any kind is judged worse by more than chance."""
        return any(one.worse for one in self.on_labels)


@dataclass(frozen=True)
class Retraining:
    """The new weights, not kept yet, and the report on them."""

    parameters: tuple[Parameters, ...]
    report: Report


def retraining(workspace: Workspace, *, said: Callable[[str], None] = lambda _: None) -> Retraining:
    """Learn anew and compare with what is; nothing is kept.

    The lists alone give the first weights, the answers of people move them. TielineError
    `not_built` if there is nothing to compare with.
    """
    if current(workspace.hidden_dir) is None:
        raise TielineError("not_built", "Nothing was built yet.", next_step="Run: tieline build")
    pinned = ParameterStore(workspace.parameters_dir)
    with workspace.ledger() as ledger:
        labels = _latest(ledger.labels())
    with reading(workspace.hidden_dir) as before:
        said("learning from the lists")
        plain = ParameterStore()
        with plan(workspace, parameters=plain) as after:
            lessons = {kind: _lessons(after, kind, labels) for kind in MODELS}
            if not any(len(lesson.lessons) for lesson in lessons.values()):
                return _retraining(pinned, plain, lessons, before, after)
        said("learning from the answers")
        taught = ParameterStore.holding(
            teach(model, _learned(plain, model), lessons[kind].lessons)
            for kind, model in MODELS.items()
        )
        with plan(workspace, parameters=taught) as after:
            return _retraining(pinned, taught, lessons, before, after)


def keep(
    workspace: Workspace,
    made: Retraining,
    *,
    said: Callable[[str], None] = lambda _: None,
) -> Snapshot:
    """Pin the new weights, keep those before for `back`, and build."""
    store = ParameterStore(workspace.parameters_dir)
    store.replace(MODELS.values(), ParameterStore.holding(made.parameters))
    return build(workspace, said=said)


def back(workspace: Workspace, *, said: Callable[[str], None] = lambda _: None) -> Snapshot:
    """Take the weights from before the last retraining, and build; twice changes nothing."""
    if not ParameterStore(workspace.parameters_dir).back():
        raise TielineError(
            "nothing_before",
            "There are no earlier weights: the database was not retrained yet.",
            next_step="See what retraining would change: tieline retrain --dry-run",
        )
    return build(workspace, said=said)


@dataclass(frozen=True)
class _Labelled:
    """The labelled pairs of one kind that can be judged, with their records; `labels` are all."""

    lessons: Lessons
    left: list[str]
    right: list[str]
    labels: int


def _retraining(
    pinned: ParameterStore,
    made: ParameterStore,
    lessons: dict[str, _Labelled],
    before: Snapshot,
    after: Snapshot,
) -> Retraining:
    parameters = tuple(_learned(made, model) for model in MODELS.values())
    on_labels, moved = [], []
    for kind, model in MODELS.items():
        old, new = pinned.read(model), _learned(made, model)
        if len(lessons[kind].lessons):
            on_labels.append(_on_labels(kind, model, lessons[kind], old, new))
        if old is not None:
            moved += _moved(kind, model, old, new)
    moved.sort(key=lambda one: (-abs(one.after - one.before), one.entity, one.field, one.says))
    report = Report(
        tuple(on_labels),
        regrouped(before, after),
        tuple(moved[:MOST_CHANGES]),
        sum(one.labels for one in parameters),
    )
    return Retraining(parameters, report)


def _learned(store: ParameterStore, model: LinkageModel) -> Parameters:
    found = store.latest(model)
    assert found is not None, f"a build learns the weights of {model.entity}"
    return found


def _latest(labels: list[Label]) -> list[Label]:
    """Per pair the last answer, if it was one."""
    last = {
        (one.entity, *sorted((one.left_record, one.right_record))): one
        for one in sorted(labels, key=lambda one: one.number)
    }
    return [one for one in last.values() if one.same is not None]


def _lessons(snapshot: Snapshot, kind: str, labels: list[Label]) -> _Labelled:
    """The labelled pairs of a kind with the pattern of their outcomes in this snapshot."""
    of_kind = [one for one in labels if one.entity == kind]
    by_number = {one.number: one for one in of_kind}
    with DuckEngine() as engine:
        for table in (f"record_{kind}s", f"{kind}_links"):
            engine.read_parquet(table, snapshot.table(table))
        found = _patterns(engine, kind, of_kind)
    chosen = [by_number[number] for number, _ in found]
    return _Labelled(
        Lessons(
            np.array([pattern for _, pattern in found], dtype=np.int64),
            np.array([bool(one.same) for one in chosen], dtype=bool),
            np.array([one.number for one in chosen], dtype=np.int64),
        ),
        [one.left_record for one in chosen],
        [one.right_record for one in chosen],
        len(of_kind),
    )


def _patterns(engine: Engine, kind: str, labels: list[Label]) -> list[tuple[int, int]]:
    """(number of the label, pattern) of the pairs that were compared, by number."""
    import pyarrow as pa

    engine.load(
        "labelled",
        pa.table(
            {
                "number": pa.array([one.number for one in labels], pa.int64()),
                "left_record": pa.array([one.left_record for one in labels], pa.string()),
                "right_record": pa.array([one.right_record for one in labels], pa.string()),
            }
        ),
    )
    rows = engine.arrow(
        f"""
        SELECT p.number, k.pattern FROM (
          SELECT b.number, least(l.node, r.node) AS left_node,
            greatest(l.node, r.node) AS right_node
          FROM labelled b JOIN record_{kind}s l ON l.record_id = b.left_record
          JOIN record_{kind}s r ON r.record_id = b.right_record
        ) p JOIN {kind}_links k USING (left_node, right_node) ORDER BY p.number
        """
    )
    return list(zip(*rows.to_pydict().values(), strict=True))


def _on_labels(
    kind: str,
    model: LinkageModel,
    labelled: _Labelled,
    old: Parameters | None,
    new: Parameters,
) -> OnLabels:
    """Both sets of weights against the answers; those that taught the old ones are left out."""
    plain = untaught(new)
    old = old or plain
    held_out = _cross_validated(model, plain, labelled)
    before = probabilities(weigh(model, old, labelled.lessons))
    chosen = labelled.lessons.numbers > old.last_label
    fresh = bool(chosen.any())
    if not fresh:
        chosen = np.ones(len(labelled.lessons), dtype=bool)
    same = labelled.lessons.same[chosen]
    return OnLabels(
        entity=kind,
        labels=labelled.labels,
        pairs=len(same),
        fresh=fresh or old.last_label == 0,
        before=judged(before[chosen], same, EVEN),
        after=judged(held_out[chosen], same, EVEN),
        worse=worse_than_chance(before[chosen], held_out[chosen], same),
    )


def _cross_validated(
    model: LinkageModel, plain: Parameters, labelled: _Labelled
) -> NDArray[np.float64]:
    """The probability of each pair by weights that the pairs of the other parts taught."""
    parts = folds(labelled.left, labelled.right)
    said = np.zeros(len(labelled.lessons))
    for part in range(FOLDS):
        inside = parts == part
        if inside.any():
            taught = teach(model, plain, labelled.lessons.part(~inside))
            said[inside] = probabilities(weigh(model, taught, labelled.lessons.part(inside)))
    return said


def _moved(kind: str, model: LinkageModel, old: Parameters, new: Parameters) -> list[Moved]:
    moved = [Moved(kind, "prior", "before anything is compared", old.prior, new.prior)]
    for comparison, was, now in zip(
        model.comparisons, old.weights(model), new.weights(model), strict=True
    ):
        moved += [
            Moved(kind, comparison.field, outcome.says, float(was[code]), float(now[code]))
            for code, outcome in enumerate(comparison.outcomes, start=1)
            if not outcome.forbids
        ]
    return [one for one in moved if round(one.before, 2) != round(one.after, 2)]

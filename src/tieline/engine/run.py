"""Run models in the order their inputs ask for, and only where the last build does not tell.

A table is taken over from the last build if nothing its rows depend on has changed: the code, the
values of the context its model asks for, and the content of its inputs. If only inputs have changed
and its header says how their rows tell keys, the rows of the touched keys are computed and the
others kept. A table that comes out as it was leaves what is made of it untouched.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pyarrow as pa

from tieline.engine import fingerprint
from tieline.engine.content import Content, content
from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute, ordered
from tieline.engine.last_build import Kept, LastBuild
from tieline.engine.model import Model
from tieline.engine.table_files import LIMITS, Limits
from tieline.engine.tables import Engine, Table

How: TypeAlias = Literal["computed", "patched", "taken over"]


@dataclass(frozen=True)
class Outcome:
    """What became of one table in a run.

    `changed` says whether its rows are other than in the last build (True if that is not known),
    `files` where they lie if they lie in files, `removed` and `added` which rows went and came, if
    that was asked for. `content`, `asked` and `signature` are what a later build compares.
    """

    how: How
    rows: int
    changed: bool = True
    files: tuple[Path, ...] = ()
    content: Content | None = None
    asked: str = ""
    signature: str = ""
    removed: pa.Table | None = None
    added: pa.Table | None = None

    def kept(self) -> Kept:
        """The table as the next build will find it; only of a run that had a `folder`."""
        assert self.content is not None
        return Kept(self.asked, self.signature, self.content, self.files)


OnStep = Callable[[Model, float, Outcome], None]


def run(
    models: Sequence[Model],
    engine: Engine,
    context: Mapping[str, Any],
    *,
    given: Iterable[str] = (),
    keep: Collection[str] | None = None,
    on_step: OnStep | None = None,
    python_engine: Engine | None = None,
    last: LastBuild | None = None,
    folder: Path | None = None,
    limits: Limits = LIMITS,
) -> dict[str, Outcome]:
    """Bring all tables about on `engine`; return what became of each.

    `given` names tables already loaded. Afterwards the tables in `keep` (all if None) are there: on
    the engine, or if their outcome has files, in those. A table that is neither kept nor read by a
    later model is dropped. `on_step(model, seconds, outcome)` is called after each model.

    Python models are computed on `python_engine` (`engine` if None): what they say in SQL need not
    be portable. A table that is asked for on the other engine is copied there once; what
    `python_engine` is left with, its owner closes it with.

    With `folder`, what a later build can use is kept there and told in the outcomes, for `publish`.
    With `last` (and `folder`), what that build left is used. Where anything but one DuckEngine
    computes, both are ignored.
    """
    running = _Run(ordered(models, given), engine, python_engine or engine, context, limits)
    if folder is not None and isinstance(engine, DuckEngine) and running.beside is engine:
        folder.mkdir(parents=True, exist_ok=True)
        running.duck, running.folder, running.last = engine, folder, last
    for name in given:
        running.is_there(name, engine)
    for model in running.steps:
        started = time.perf_counter()
        outcome = running.step(model, keep is None or model.name in keep)
        if on_step is not None:
            on_step(model, time.perf_counter() - started, outcome)
        if keep is not None:
            running.drop_used(model, keep)
    return running.signed()


class _Run:
    """The tables of one run: where each is, and what became of it."""

    # Set together, where what a later build can use is kept.
    duck: DuckEngine | None = None
    folder: Path | None = None
    last: LastBuild | None = None

    def __init__(
        self,
        steps: Sequence[Model],
        engine: Engine,
        beside: Engine,
        context: Mapping[str, Any],
        limits: Limits,
    ) -> None:
        self.steps, self.engine, self.beside = steps, engine, beside
        self.context, self.limits = context, limits
        self.by_name = {model.name: model for model in steps}
        self.last_reader = {name: step.name for step in steps for name in (step.name, *step.inputs)}
        # Engines that have the table; none yet where it lies in files and nobody read it.
        self.homes: dict[str, list[Engine]] = {}
        self.contents: dict[str, Content] = {}
        self.outcomes: dict[str, Outcome] = {}

    def is_there(self, name: str, engine: Engine) -> None:
        """Note a table that was made by somebody else."""
        self.homes[name] = [engine]
        if self.folder is not None:
            self.contents[name] = content(engine, name)

    def step(self, model: Model, kept: bool) -> Outcome:
        """Bring one table about."""
        outcome = self._taken_over(model) or self._computed(model, kept)
        if outcome.content is not None:
            self.contents[model.name] = outcome.content
        self.outcomes[model.name] = outcome
        return outcome

    def drop_used(self, model: Model, keep: Collection[str]) -> None:
        """Drop what no later model reads."""
        for name in sorted({model.name, *model.inputs} - set(keep)):
            if self.last_reader[name] == model.name:
                for home in self.homes.pop(name):
                    home.drop(name)

    def signed(self) -> dict[str, Outcome]:
        """What became of each table, with the signatures that a later build compares.

        They are of the context as it is now: a value may have learned something during the run, of
        which it will know at the beginning of the next.
        """
        if self.folder is None:
            return self.outcomes
        return {
            name: replace(outcome, asked=self._asked(model), signature=self._signature(model))
            for name, outcome in self.outcomes.items()
            if (model := self.by_name[name])
        }

    def _taken_over(self, model: Model) -> Outcome | None:
        old = self._old(model.name)
        if old is None or not old.files or old.signature != self._signature(model):
            return None
        self.homes[model.name] = []
        return Outcome("taken over", old.content.rows, False, old.files, old.content)

    def _computed(self, model: Model, kept: bool) -> Outcome:
        own = self.engine if model.sql is not None else self.beside
        for name in model.inputs:
            self._bring(name, own)
        compute(model, own, {**self.context, "last": self._rememberer(model)})
        self.homes[model.name] = [own]
        if kept:
            self._bring(model.name, self.engine)
        if self.duck is None or self.folder is None:
            return Outcome("computed", Table(own, model.name).rows())
        old, made = self._old(model.name), content(own, model.name)
        changed = old is None or old.content != made
        files: tuple[Path, ...] = ()
        if old is not None and not changed:
            files = old.files
        elif not kept and self.last_reader[model.name] != model.name:
            files = (self.folder / f"{model.name}.parquet",)
            self.duck.copy_parquet(model.name, files[0])
        return Outcome("computed", made.rows, changed, files, made)

    def _bring(self, name: str, to: Engine) -> None:
        """Have a table on an engine."""
        homes = self.homes[name]
        if any(home is to for home in homes):
            return
        if homes:
            to.load(name, Table(homes[0], name).arrow())
        else:
            self._show(name, self.outcomes[name].kept())
        homes.append(to)

    def _show(self, name: str, kept: Kept) -> Table:
        """Have a table that lies in files on the engine."""
        assert self.duck is not None
        self.duck.read_files(name, kept.files, dict(kept.content.types))
        return Table(self.duck, name)

    def _old(self, name: str) -> Kept | None:
        return self.last.tables.get(name) if self.last is not None else None

    def _asked(self, model: Model) -> str:
        return fingerprint.asked(model, self.context)

    def _signature(self, model: Model) -> str:
        told = [(name, str(self.contents[name])) for name in model.inputs]
        return hashlib.sha256(repr((self._asked(model), told)).encode()).hexdigest()

    def _rememberer(self, model: Model) -> Callable[[str], Table | None]:
        """What gives `model` tables of the last build, if those were made in the same way."""

        def last(name: str) -> Table | None:
            for maker in (model, self.by_name.get(name)):
                old = self._old(maker.name) if maker is not None else None
                if maker is not None and (old is None or old.asked != self._asked(maker)):
                    return None
            old = self._old(name)
            return self._show(f"__last_{name}", old) if old is not None and old.files else None

        return last

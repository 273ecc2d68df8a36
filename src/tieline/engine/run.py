"""Run models in the order their inputs ask for, and only where the last build does not tell.

A table is taken over from the last build if nothing its rows depend on has changed: the code, the
values of the context its model asks for, and the content of its inputs. If only inputs have changed
and its header says how their rows tell keys, the rows of the touched keys are computed and the
others kept. A table that comes out as it was leaves what is made of it untouched.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pyarrow as pa

from tieline.engine import fingerprint, patch
from tieline.engine.content import Content, Difference, compare, content
from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute, ordered
from tieline.engine.last_build import Kept, LastBuild
from tieline.engine.model import Model
from tieline.engine.table_files import LIMITS, Limits, write_table
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
    differences: bool = False,
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
    With `last` (and `folder`), what that build left is used; with `differences` too, the outcomes
    of the tables to keep tell which rows went and came. Where anything but one DuckEngine computes,
    all three are ignored.
    """
    running = _Run(ordered(models, given), engine, python_engine or engine, context, limits)
    if folder is not None and isinstance(engine, DuckEngine) and running.beside is engine:
        folder.mkdir(parents=True, exist_ok=True)
        running.duck, running.folder, running.last = engine, folder, last
    for name in given:
        running.is_there(name, engine)
    kept = {model.name for model in models} if keep is None else set(keep)
    try:
        for model in running.steps:
            started = time.perf_counter()
            outcome = running.step(model, model.name in kept)
            if on_step is not None:
                on_step(model, time.perf_counter() - started, outcome)
            if keep is not None:
                running.drop_used(model, keep)
        if differences:
            running.tell_rows(kept & set(running.outcomes))
        return running.signed()
    finally:
        running.close()


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
        self.differences: dict[str, Difference] = {}
        self.small: DuckEngine | None = None

    def is_there(self, name: str, engine: Engine) -> None:
        """Note a table that was made by somebody else."""
        self.homes[name] = [engine]
        if self.folder is not None:
            self.contents[name] = content(engine, name)

    def step(self, model: Model, kept: bool) -> Outcome:
        """Bring one table about."""
        outcome = self._taken_over(model) or self._patched(model) or self._computed(model, kept)
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
                self._drop_beside(name)

    def close(self) -> None:
        """Free what the run needed beside its tables."""
        for name in self.outcomes:
            self._drop_beside(name)
        if self.small is not None:
            self.small.close()

    def tell_rows(self, names: Collection[str]) -> None:
        """Note in the outcomes which rows of these tables went and came."""
        for name in names:
            outcome = self.outcomes[name]
            if outcome.changed and self._old(name) is not None:
                found = self._difference(name, math.inf)
                if found is not None and self.duck is not None:
                    removed = Table(self.duck, found.removed).arrow()
                    added = Table(self.duck, found.added).arrow()
                    self.outcomes[name] = replace(outcome, removed=removed, added=added)

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
        return self._as_it_was(model.name, old)

    def _as_it_was(self, name: str, old: Kept) -> Outcome:
        self.homes[name] = []
        return Outcome("taken over", old.content.rows, False, old.files, old.content)

    def _patched(self, model: Model) -> Outcome | None:
        """Bring a table up to date key by key, or None where it has to be computed."""
        old, duck, folder = self._old(model.name), self.duck, self.folder
        if model.header.increment is None or old is None or duck is None or folder is None:
            return None
        if old.asked != self._asked(model) or (inputs := self._inputs(model)) is None:
            return None
        keys = patch.touched(model, duck, inputs, self.limits.patch_share * self._rows(model))
        if keys is None:
            return None
        if not keys.any:
            return self._as_it_was(model.name, old)
        self._show(f"__old_{model.name}", old)
        before = self._input(f"__old_{model.name}", model, old)
        small = self._small(duck)
        found = patch.recompute(model, duck, small, inputs, before, keys, self.context)
        if found is None:
            return None
        made, files = old.content.changed(found), old.files
        if made != old.content:
            files = patch.rewrite(model, duck, files, keys, found, made.rows, folder, self.limits)
            self.differences[model.name] = found
        self.homes[model.name] = []
        return Outcome("patched", made.rows, made != old.content, files, made)

    def _inputs(self, model: Model) -> dict[str, patch.Input] | None:
        """What `model` is made from, if it is known in which rows that has changed."""
        assert model.header.increment is not None
        found = {}
        most = self.limits.patch_share * self._rows(model)
        for name in model.inputs:
            old, outcome = self._old(name), self.outcomes.get(name)
            if old is None or outcome is None:
                return None
            known = name in model.header.increment.routes
            found[name] = self._input(name, self.by_name[name], outcome.kept())
            if outcome.changed:
                difference = self._difference(name, most) if known else None
                if difference is None:
                    return None
                found[name] = replace(
                    found[name],
                    old=f"__old_{name}",
                    removed=difference.removed,
                    added=difference.added,
                )
            if known:
                self._bring(name, self.engine)
        return found

    def _input(self, name: str, model: Model, kept: Kept) -> patch.Input:
        order, types = model.header.key[0], dict(kept.content.types)
        return patch.Input(name, name, types, kept.files, order, self.limits.buckets)

    def _rows(self, model: Model) -> int:
        """How many rows there are where most are, in the table as it was or in its inputs."""
        old = self._old(model.name)
        rows = [self.outcomes[name].rows for name in model.inputs if name in self.outcomes]
        return max([*rows, old.content.rows if old is not None else 0])

    def _difference(self, name: str, most: float) -> Difference | None:
        """In which rows a table is other than in the last build, if in no more than `most`."""
        old, outcome = self._old(name), self.outcomes[name]
        if name in self.differences:
            return self.differences[name]
        if old is None or not old.files or outcome.content is None or self.duck is None:
            return None
        if outcome.content.types != old.content.types:
            return None
        self._bring(name, self.duck)
        self._show(f"__old_{name}", old)
        found = compare(self.duck, f"__old_{name}", name, name, most=most)
        if found is not None:
            self.differences[name] = found
        return found

    def _small(self, duck: DuckEngine) -> DuckEngine:
        if self.small is None:
            self.small = duck.apart("small")
        return self.small

    def _drop_beside(self, name: str) -> None:
        if self.duck is not None:
            for beside in ("old", "removed", "added"):
                self.duck.drop(f"__{beside}_{name}")

    def _computed(self, model: Model, kept: bool) -> Outcome:
        own = self.engine if model.sql is not None else self.beside
        for name in model.inputs:
            self._bring(name, own)
        compute(model, own, {**self.context, "last": self._rememberer(model)})
        patch.check_nulls(model, own)
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
            files = self._written(model, self.duck, self.folder)
        return Outcome("computed", made.rows, changed, files, made)

    def _written(self, model: Model, duck: DuckEngine, folder: Path) -> tuple[Path, ...]:
        """Write a table that is not published; in buckets only where those will be replaced."""
        if model.header.increment is not None:
            return write_table(duck, model.name, folder, model.header.key, self.limits)
        file = folder / f"{model.name}.parquet"
        duck.copy_parquet(model.name, file)
        return (file,)

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

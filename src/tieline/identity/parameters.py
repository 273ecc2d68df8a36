"""The learned weights of a workspace: written once, pinned until the user retrains."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.linkage.value_shares import Commonness

BEFORE = "before"
"""The folder of the parameters that were pinned before the last retraining."""


class ParameterStore:
    """Keeps one JSON file per kind of entity in a folder; without a folder nothing is pinned.

    Parameters learned for other comparisons than today's are not used: they would mean nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._used: dict[str, Parameters] = {}
        self._counted: dict[str, dict[str, Commonness]] = {}

    def latest(self, model: LinkageModel) -> Parameters | None:
        """The parameters of this build: those read or pinned last, else what is pinned."""
        return self.read(model)

    def fingerprint(self) -> str:
        """Equal as long as the same weights are pinned.

        What was learned and not pinned is told too: the next build will not have it, and must not
        take tables over that were made with it.
        """
        fleeting = {
            name: asdict(one)
            for name, one in self._used.items()
            if self.folder is None or not _lasting(one)
        }
        return json.dumps([self.texts(), fleeting], sort_keys=True)

    def read(self, model: LinkageModel) -> Parameters | None:
        """The pinned parameters of a model, if there are any that fit it."""
        if model.entity in self._used:
            return self._used[model.entity]
        if self.folder is None or not (path := self._path(model)).exists():
            return None
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if found.pop("fingerprint") != model.fingerprint():
                return None
            shares = {name: Commonness(**one) for name, one in found.pop("shares", {}).items()}
            self._used[model.entity] = Parameters(**found, shares=shares)
        except (ValueError, TypeError, KeyError):
            return None
        return self._used[model.entity]

    def pin(self, model: LinkageModel, parameters: Parameters) -> None:
        """Keep the parameters for all later builds; replaces older ones, whole or not at all.

        What was learned from less than one pair serves this build only.
        """
        if not parameters.shares and model.entity in self._counted:
            parameters = replace(parameters, shares=self._counted[model.entity])
        self._used[model.entity] = parameters
        if self.folder is None or not _lasting(parameters):
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(
            {"fingerprint": model.fingerprint(), **asdict(parameters)}, indent=1, sort_keys=True
        )
        new = self._path(model).with_suffix(".new")
        new.write_text(text + "\n", encoding="utf-8")
        os.replace(new, self._path(model))

    def shares(
        self,
        model: LinkageModel,
        fields: Collection[str],
        count: Callable[[], dict[str, Commonness]],
    ) -> dict[str, Commonness]:
        """How common the values of some fields are: as pinned, else counted now.

        What is counted is pinned with the weights, whether those are there or come to be.
        """
        known = self.read(model)
        if known is not None and set(known.shares) == set(fields):
            return known.shares
        if model.entity not in self._counted:
            self._counted[model.entity] = count()
            if known is not None:
                self.pin(model, replace(known, shares=self._counted[model.entity]))
        return self._counted[model.entity]

    def drop_values(self, model: LinkageModel, values: Mapping[str, Collection[str]]) -> None:
        """Keep of no field how common these values are: those of somebody who is to be forgotten.

        Where no row has them any more, no weight changes by it.
        """
        known = self.read(model)
        if known is None:
            return
        shares = {
            field: replace(
                one, values={v: n for v, n in one.values.items() if v not in values.get(field, ())}
            )
            for field, one in known.shares.items()
        }
        if shares != known.shares:
            self.pin(model, replace(known, shares=shares))

    def texts(self) -> list[str]:
        """What is pinned, as it is kept: part of what a snapshot is a function of."""
        folder = sorted(self.folder.glob("*.json")) if self.folder else []
        return [path.read_text(encoding="utf-8") for path in folder]

    def records(self) -> int:
        """From how many different descriptions the pinned weights were learned; 0 if none are."""
        return max((int(json.loads(text)["rows"]) for text in self.texts()), default=0)

    def forget(self) -> None:
        """Unpin everything; the next build learns anew."""
        self._used.clear()
        self._counted.clear()
        for path in sorted(self.folder.glob("*.json")) if self.folder else []:
            path.unlink()

    @classmethod
    def holding(cls, parameters: Iterable[Parameters]) -> ParameterStore:
        """A store that only this process has, with these parameters."""
        store = cls()
        store._used = {one.entity: one for one in parameters}
        return store

    def replace(self, models: Iterable[LinkageModel], by: ParameterStore) -> None:
        """Pin what another store holds for these models; what was pinned is kept, see `back`."""
        assert self.folder is not None
        before = self.folder / BEFORE
        before.mkdir(parents=True, exist_ok=True)
        for old in before.glob("*.json"):
            old.unlink()
        for path in sorted(self.folder.glob("*.json")):
            shutil.copyfile(path, before / path.name)
        for model in models:
            found = by.latest(model)
            if found is not None:
                self.pin(model, found)

    def back(self) -> bool:
        """Change the pinned parameters for those before them; False if there are none.

        Twice is as if it had not been done.
        """
        assert self.folder is not None
        before = self.folder / BEFORE
        earlier = {path.name: path.read_bytes() for path in sorted(before.glob("*.json"))}
        if not earlier:
            return False
        now = {path.name: path.read_bytes() for path in sorted(self.folder.glob("*.json"))}
        _write_all(before, now)
        _write_all(self.folder, earlier)
        self._used.clear()
        self._counted.clear()
        return True

    def _path(self, model: LinkageModel) -> Path:
        assert self.folder is not None
        return self.folder / f"{model.entity}.json"


def _write_all(folder: Path, files: dict[str, bytes]) -> None:
    for path in sorted(folder.glob("*.json")):
        if path.name not in files:
            path.unlink()
    for name, content in files.items():
        new = folder / f"{name}.new"
        new.write_bytes(content)
        os.replace(new, folder / name)


def _lasting(parameters: Parameters) -> bool:
    """Whether they were learned from pairs at all."""
    return parameters.rows >= 2

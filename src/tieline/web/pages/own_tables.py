"""The user's own tables, `models/*.sql`: what each is, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from tieline.engine.model import Model
from tieline.errors import TielineError
from tieline.pipeline import own_files
from tieline.web.faults import next_step
from tieline.web.reader import Reading
from tieline.web.served import workspace


@dataclass(frozen=True)
class OwnTable:
    """One file of `models/`; `model` is None where it cannot be read, `problem` '' for none."""

    name: str
    file: str
    text: str
    model: Model | None
    problem: str = ""
    remedy: str = ""


def own_tables(found: Reading) -> list[OwnTable]:
    """Every file of `models/` as it is now; a SELECT that is sound is tried on the database."""
    told = []
    for file, model, problem in own_files(workspace()):
        path = workspace().models_dir / file
        if problem is None and model is not None:
            problem = _tried(found, model)
        told.append(
            OwnTable(
                name=path.stem,
                file=f"models/{file}",
                text=path.read_text("utf-8", "replace"),
                model=model,
                problem=problem.message if problem else "",
                remedy=next_step(problem) if problem else "",
            )
        )
    return told


def _tried(found: Reading, model: Model) -> TielineError | None:
    """What the database says against a SELECT; None for nothing.

    One that reads another table of the user's own, not built yet, cannot be tried.
    """
    if not found.has(*model.inputs):
        return None
    try:
        found.rows(f"SELECT * FROM ({model.sql}\n) AS tried LIMIT 0")
    except TielineError as problem:
        return problem
    return None

"""`tieline build`: compute everything and publish it."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tieline.cli import opened
from tieline.cli.scorecard_problems import tell_problems
from tieline.cli.screen import err, say, warn
from tieline.cli.segments import tell_unfilled
from tieline.cli.summary import share_set_aside, show_summary
from tieline.engine.model import Model
from tieline.engine.run import OnStep, Outcome
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.pipeline import build, models, own_models

ENGINES = ("duckdb", "sail", "spark")


def run(
    context: typer.Context,
    engine: Annotated[
        str, typer.Option(metavar="ENGINE", help=f"{', '.join(ENGINES)}.")
    ] = "duckdb",
    full: Annotated[
        bool, typer.Option("--full", help="Compute everything anew, caches included.")
    ] = False,
) -> int:
    """Build the database from all lists and show what was found.

    Until the build is done, and if it is stopped, the last database stays as it was. Exit code 1
    says that more records were set aside than tieline.toml allows.
    """
    workspace = opened.workspace(context)
    _check(engine)
    _ = workspace.settings  # a mistake in tieline.toml is told before anything is done
    if full:
        shutil.rmtree(workspace.cache_dir)
        workspace.cache_dir.mkdir()
    started = time.perf_counter()
    tables = len(models()) + len(own_models(workspace))
    became: Counter[str] = Counter()
    with (
        _progress(tables, became) as (on_step, said),
        _engine(engine, workspace.scratch_dir) as chosen,
    ):
        found = build(workspace, engine=chosen, full=full, on_step=on_step, said=said)
    show_summary(workspace, found, lambda words: opened.command(context, words))
    with opened.reader(found, "segments", "scorecards") as engine_of_tables:
        tell_unfilled(engine_of_tables)
        tell_problems(engine_of_tables)
    say(_told(became))
    say(f"Built snapshot {found.id} in {time.perf_counter() - started:,.1f} s.")
    allowed = workspace.settings.workspace.max_set_aside_share
    share = share_set_aside(found)
    if share > allowed:
        warn(
            f"{share:.1%} of the records were set aside, duplicates not counted; tieline.toml "
            f"allows {allowed:.1%} ([workspace] max_set_aside_share)."
        )
        return 1
    return 0


def _told(became: Counter[str]) -> str:
    """How much of it was work."""
    parts = [f"{became['computed']} tables computed"]
    if became["patched"]:
        parts.append(f"{became['patched']} brought up to date where they changed")
    if became["taken over"]:
        parts.append(f"{became['taken over']} unchanged")
    return ", ".join(parts) + "."


@contextmanager
def _progress(tables: int, became: Counter[str]) -> Iterator[tuple[OnStep, Callable[[str], None]]]:
    """Tell each step: a bar on a terminal, a line in a pipe or log."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=16),
        TextColumn("{task.completed}/{task.total} tables"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as progress:
        task = progress.add_task("data", total=tables)

        def on_step(model: Model, seconds: float, outcome: Outcome) -> None:
            became[outcome.how] += 1
            progress.update(task, advance=1, description=f"{model.layer}: {model.name}")
            if not err.is_terminal:
                line = f"{seconds:7.2f} s  {model.layer}: {model.name}, {outcome.rows:,} rows"
                line += "" if outcome.how == "computed" else f", {outcome.how}"
                err.print(line, markup=False, soft_wrap=True)

        def said(text: str) -> None:
            progress.update(task, description=f"data: {text}")
            if not err.is_terminal:
                err.print(f"           {text}", markup=False, soft_wrap=True)

        yield on_step, said


def _check(engine: str) -> None:
    """Refuse an engine that cannot be had before anything is done."""
    if engine not in ENGINES:
        raise TielineError(
            "unknown_engine",
            f"There is no engine {engine!r}.",
            next_step=f"Known are: {', '.join(ENGINES)}.",
        )
    if engine == "spark":
        raise TielineError(
            "engine_needs_session",
            "The engine spark needs a Spark session of yours.",
            next_step="Use --engine sail, or from Python: tieline.pipeline.build(workspace, "
            "engine=tieline.engine.spark.SparkEngine(session)).",
        )


@contextmanager
def _engine(name: str, scratch: Path) -> Iterator[Engine | None]:
    """The engine for the SELECTs; None for the one that every build has."""
    if name == "duckdb":
        yield None
        return
    from tieline.engine.spark import sail

    with sail(scratch) as engine:
        yield engine

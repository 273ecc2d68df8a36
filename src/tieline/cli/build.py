"""`tieline build`: compute everything and publish it."""

from __future__ import annotations

import time

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tieline.cli import opened
from tieline.cli.screen import err, say, warn
from tieline.cli.summary import show_summary, share_set_aside
from tieline.engine.model import Model
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.pipeline import build, models

ENGINES = ("duckdb", "sail", "spark")


def run(
    context: typer.Context,
    engine: str = typer.Option("duckdb", help="duckdb, sail or spark."),
    full: bool = typer.Option(False, "--full", help="Compute everything anew, caches included."),
) -> int:
    """Build the database from all sources and show what was found."""
    workspace = opened.workspace(context)
    chosen = _engine(engine)
    if full:
        for cached in workspace.cache_dir.glob("*"):
            cached.unlink()
    started = time.perf_counter()
    steps = models()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} tables"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as progress:
        task = progress.add_task("data", total=len(steps))

        def on_step(model: Model, seconds: float, rows: int) -> None:
            progress.update(task, advance=1, description=f"{model.layer}: {model.name}")
            if not err.is_terminal:
                err.print(f"{seconds:7.2f} s  {model.layer}: {model.name}, {rows:,} rows", markup=False)

        def said(text: str) -> None:
            progress.update(task, description=f"data: {text}")
            if not err.is_terminal:
                err.print(f"           {text}", markup=False)

        found = build(workspace, engine=chosen, on_step=on_step, said=said)
    show_summary(workspace, found)
    say(f"Built snapshot {found.id} in {time.perf_counter() - started:,.1f} s.")
    allowed = workspace.settings.workspace.max_set_aside_share
    share = share_set_aside(found)
    if share > allowed:
        warn(f"{share:.0%} of the records were set aside; tieline.toml allows {allowed:.0%}.")
        return 1
    return 0


def _engine(name: str) -> Engine | None:
    if name not in ENGINES:
        raise TielineError(
            "unknown_engine",
            f"There is no engine {name!r}.",
            next_step=f"Known are: {', '.join(ENGINES)}.",
        )
    if name == "duckdb":
        return None
    from tieline.engine import spark

    opener = {"sail": spark.sail}.get(name)
    if opener is None:
        raise TielineError(
            "engine_needs_session",
            "The engine spark needs a running Spark.",
            next_step="Set SPARK_REMOTE to its address, or use --engine sail.",
        )
    return opener()

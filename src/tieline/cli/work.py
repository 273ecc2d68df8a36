"""`tieline work`: the jobs of the pages, in a process of its own."""

from __future__ import annotations

import typer

from tieline.cli import opened
from tieline.cli.needed import packages_of_the_pages
from tieline.cli.screen import say


def run(context: typer.Context) -> None:
    """Do what the pages and their schedules ask for, until Ctrl-C: builds, backups, webhooks.

    tieline serve does this itself; this command does it apart, beside tieline serve --no-jobs. A
    job that is under way when it ends is begun anew by the next one.
    """
    from tieline.web.configuration import Serving

    workspace = opened.workspace(context)
    _ = workspace.settings  # a mistake in tieline.toml is told before anything is done
    with packages_of_the_pages():
        from tieline.web.serving import bring_up_to_date
        from tieline.web.worker import work_alone
    path = workspace.path.resolve()
    bring_up_to_date(Serving(path))
    say(f"Doing the jobs of {workspace.path} (Ctrl-C ends it).")
    work_alone(path)

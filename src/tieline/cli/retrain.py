"""`tieline retrain`: learn the weights of the evidence anew."""

from __future__ import annotations

import typer

from tieline.cli import build, opened
from tieline.cli.screen import say, show_table
from tieline.engine.snapshot import Snapshot, current
from tieline.identity.parameters import ParameterStore

ENTITIES = ("accounts", "sites", "contacts")


def run(context: typer.Context) -> int:
    """Learn from all lists anew how much each agreement weighs, then build.

    The weights are learned by the first build and stay as they are, so that the same lists give the
    same database. After adding many more records, or quite different ones, learn them anew.
    """
    workspace = opened.workspace(context)
    before = current(workspace.hidden_dir)
    ParameterStore(workspace.parameters_dir).forget()
    code = build.run(context)
    after = current(workspace.hidden_dir)
    if before is not None and after is not None:
        say()
        show_table(
            ("", "before", "after"),
            [(name, _rows(before, name), _rows(after, name)) for name in ENTITIES],
            right=("before", "after"),
        )
    return code


def _rows(snapshot: Snapshot, table: str) -> int:
    return int(snapshot.manifest["tables"][table]["rows"])

"""How a scorecard stands, in words."""

from __future__ import annotations

import typer

from tieline.actions.lead_definition import definition
from tieline.actions.lead_words import stands
from tieline.cli import opened
from tieline.cli.judgement_words import signed
from tieline.cli.screen import say
from tieline.ledger import Judgement
from tieline.workspace import Workspace
from tieline.workspace.scorecards import path_of


def say_judged(context: typer.Context, workspace: Workspace, name: str, made: Judgement) -> None:
    """A proposal or a signature, and how the scorecard stands then."""
    say(f"{signed(made)}: {name} {stands(definition(workspace, name))}.")
    say(f"Undo: {opened.command(context, f'undo {made.name}')}")


def say_file(workspace: Workspace, name: str) -> None:
    """Where the file of a scorecard lies."""
    say()
    say(f"The file: {path_of(workspace, name)}")

"""How a scorecard stands, in words."""

from __future__ import annotations

import typer

from tieline.actions.lead_definition import Definition, definition
from tieline.cli import opened
from tieline.cli.judgement_words import signed
from tieline.cli.screen import say
from tieline.ledger import Judgement
from tieline.workspace import Workspace
from tieline.workspace.scorecards import ROLES, SHOWN, path_of


def say_judged(context: typer.Context, workspace: Workspace, name: str, made: Judgement) -> None:
    """A proposal or a signature, and how the scorecard stands then."""
    say(f"{signed(made)}: {name} {stands(definition(workspace, name))}.")
    say(f"Undo: {opened.command(context, f'undo {made.name}')}")


def say_file(workspace: Workspace, name: str) -> None:
    """Where the file of a scorecard lies."""
    say()
    say(f"The file: {path_of(workspace, name)}")


def stands(held: Definition) -> str:
    """What is in force, what waits for whom, and whether the file is a draft."""
    told = []
    if held.in_force:
        since = held.in_force.in_force_since
        told.append(f"version {held.in_force.version[:SHOWN]} is in force since {since} UTC")
    if held.open:
        missing = [role for role in ROLES if role not in held.open.signed_by]
        told.append(
            f"version {held.open.version[:SHOWN]} is proposed and waits for {' and '.join(missing)}"
        )
    known = {one.version for one in (held.in_force, held.open) if one}
    if held.version not in known:
        told.append(f"the file, version {held.version[:SHOWN]}, is a draft")
    return "; ".join(told)

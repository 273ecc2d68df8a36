"""The command `tieline`: one command per file, errors in words, never a traceback."""

from __future__ import annotations

import signal
import sys

import click
import typer

from tieline.cli import add, build, check, demo, explain, export, new, path, show
from tieline.cli.screen import error, warn
from tieline.errors import TielineError

app = typer.Typer(
    name="tieline",
    help="One marketing database out of messy lists: accounts, sites and contacts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _workspace(
    context: typer.Context,
    workspace: str = typer.Option(
        ".", "--workspace", "-w", metavar="DIR", help="The workspace folder."
    ),
) -> None:
    context.obj = workspace


for command in (new, add, check, build, show, export, path, explain, demo):
    app.command(name=command.__name__.rpartition(".")[2])(command.run)


def main() -> None:
    """Run the command line; exit code 0 done, 1 too much set aside, 2 the user must act."""
    # A reader that closes the pipe early (tieline show ... | head) is no error.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except TielineError as problem:
        error(problem)
        sys.exit(2)
    except click.ClickException as problem:
        problem.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        warn("Stopped. Nothing was changed; run the command again to start over.")
        sys.exit(2)

"""The command `tieline`: one command per file, errors in words, never a traceback."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

from tieline.cli.commands import lazy_group
from tieline.cli.fault import storage_problem, tell_fault
from tieline.cli.screen import error, prepare_streams, warn
from tieline.errors import TielineError

COMMANDS = {
    "new": "Make a workspace: a folder for your lists.",
    "add": "Add lists: files, folders or databases.",
    "remember": "Remember events that a program reports.",
    "check": "Show how the columns of your lists were understood.",
    "build": "Build the database from all lists.",
    "retrain": "Learn the weights of the evidence anew, then build.",
    "show": "Show the first rows of a table.",
    "export": "Write a table to a CSV or Parquet file.",
    "path": "Print where the database or a table lies on disk.",
    "segments": "Show what the segments of tieline.toml would take.",
    "coverage": "Show how much of each segment you know, and what is missing.",
    "mix": "Show who your contacts are to you, and who is missing.",
    "stages": "Show where the relationships stand, and how they move.",
    "lead": "Agree on when a person is a lead, sign it, test it.",
    "outlook": "Show which relationships can grow or are at risk, and why.",
    "next": "Show what to do next, with whom, and why.",
    "campaign-check": "Hold a planned campaign against stages and consent.",
    "timeline": "Show what happened with a contact, site or account.",
    "family": "Show whom a company belongs to, today or on a day.",
    "explain": "Tell why a contact, site or account is as it is.",
    "review": "Answer the questions in which the machine is unsure.",
    "merge": "Say that two contacts, sites or accounts are one.",
    "split": "Say that records of one are somebody else.",
    "pin": "Hold a contact, site or account together.",
    "override": "Set a value by hand.",
    "set-aside": "Set a contact, site or account aside.",
    "restore": "Bring back what was set aside.",
    "note": "Write something down about a contact, site or account.",
    "consent": "Show or state what a contact agreed to.",
    "person": "Show everything that is held about a person.",
    "undo": "Take back what was decided.",
    "judgements": "Show who decided what, when and why.",
    "ledger": "Show where decisions and events are kept.",
    "backup": "Write the whole workspace into one file.",
    "changes": "Show what changed since a snapshot.",
    "forget": "Remove a person for good, and keep them out.",
    "list-plan": "Show whether to buy lists, which and how much.",
    "serve": "Serve the pages, for a browser.",
    "work": "Do the jobs of the pages, apart from them.",
    "offer": "Hash a list for an overlap test that gives nobody away.",
    "demo": "Make a workspace with the lists of an invented market.",
}
"""Every command in the order of use; each is `run` in the file of its name."""

USAGE_ERROR: type[Exception] = next(
    known for known in typer.BadParameter.__mro__ if known.__name__ == "ClickException"
)
"""What a wrong option raises; typer brings a click of its own, so click's class would miss it."""

INTERRUPTED = 130
"""What typer makes of Ctrl-C: it swallows the exception and returns the shell's code for it."""


app = typer.Typer(
    name="tieline",
    cls=lazy_group("tieline.cli", COMMANDS),
    help="One marketing database out of messy lists: accounts, sites and contacts.",
    epilog="Start with: tieline new market, then: tieline -w market add FILE...",
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


def main() -> None:
    """Run the command line; exit code 0 done, 1 too much set aside, 2 the user must act."""
    # Our matrices are small: more threads wait for each other longer than they reckon, on a busy
    # machine fifteen times as long. It counts only if it is set before numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    prepare_streams()
    try:
        code = int(app(prog_name="tieline", standalone_mode=False) or 0)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
    except TielineError as problem:
        error(problem)
        code = 2
    except USAGE_ERROR as problem:
        error(_usage(problem))
        code = 2
    except (KeyboardInterrupt, typer.Abort):
        warn("Stopped. What was finished is kept, nothing is half done; run the command again.")
        code = 2
    except OSError as problem:
        known = storage_problem(problem)
        error(known) if known else tell_fault(problem)
        code = 2
    except Exception as problem:
        tell_fault(problem)
        code = 2
    sys.exit(code)


def _usage(problem: Any) -> TielineError:
    """A wrong option or argument, with where to read how the command is called."""
    context = problem.ctx
    if type(problem).__name__ == "NoArgsIsHelpError":
        return TielineError("no_command", context.get_help())
    path = context.command_path if context else "tieline"
    next_step = f"See: {path} --help"
    if getattr(problem, "option_name", None) in ("-w", "--workspace"):
        command = path.rpartition(" ")[2]
        next_step = f"It stands before the command: tieline -w DIR {command} ..."
    return TielineError("usage", f"{path}: {problem.format_message()}", next_step=next_step)


if __name__ == "__main__":
    main()

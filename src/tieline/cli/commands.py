"""Groups of commands that are imported when they are asked for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup

from tieline.errors import TielineError, did_you_mean


def lazy_group(package: str, commands: Mapping[str, str], before: str = "") -> type[TyperGroup]:
    """The class of a group of `commands` (name and help), each in the module of its name.

    A module gives a command as `run`, or a group of its own as `group`. Nothing is imported before
    it is asked for: the libraries of a build take seconds to load. `before` are the words that
    stand before each of them on the command line. TielineError `unknown_command` for any other.
    """

    class Commands(TyperGroup):
        """One group."""

        def list_commands(self, ctx: Any) -> list[str]:
            """Name every command."""
            return list(commands)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """Load one command; TielineError `unknown_command` if there is none of that name."""
            if cmd_name.startswith("-"):
                return None
            if cmd_name not in commands:
                raise TielineError(
                    "unknown_command",
                    f"There is no command {before + cmd_name!r}."
                    + did_you_mean(cmd_name, commands, shown=before),
                    next_step=f"The commands are: {', '.join(before + one for one in commands)}.",
                )
            module = importlib.import_module(f"{package}.{cmd_name.replace('-', '_')}")
            if hasattr(module, "group"):
                return typer.main.get_command(module.group)
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(name=cmd_name, no_args_is_help=False)(module.run)
            return typer.main.get_command(alone)

        def format_commands(self, ctx: Any, formatter: Any) -> None:
            """List the commands without loading them."""
            with formatter.section("Commands"):
                formatter.write_dl(list(commands.items()))

    return Commands

"""`tieline offer hash FILE`: a hashed sample of a list, for whom it is offered to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieline.cli.screen import say
from tieline.errors import TielineError


def run(
    action: Annotated[str, typer.Argument(metavar="hash", help="What to do: hash.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list to hash.")],
    salt_file: Annotated[
        Path, typer.Option(metavar="FILE", help="The secret both sides agreed on, in a file.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the sample.")
    ] = Path("sample.csv"),
    rows: Annotated[
        int, typer.Option(min=0, metavar="N", help="So many rows, drawn by lot; 0 for all.")
    ] = 0,
    seed: Annotated[int, typer.Option(metavar="N", help="The same seed draws the same rows.")] = 1,
) -> None:
    """Hash a list so that the other side sees what they have already, and nobody else.

    Written are hashes of e-mail address, web domain and company id, and in words job function,
    level and country. Whoever has the salt can test whether an address they know is in the sample:
    give a sample, not the whole list.
    """
    from tieline.actions.hash_list import hash_list

    if action != "hash":
        raise TielineError(
            "unknown_action",
            f"There is no {action!r}.",
            next_step="Write: tieline offer hash FILE --salt-file SALT",
        )
    done = hash_list(file, salt_file, output, rows=rows, seed=seed)
    used = ", ".join(f"{column} ({field})" for column, field in done.columns.items())
    say(f"Wrote {done.output}: {done.rows:,} rows of {done.read:,} drawn, from {used}.")
    say("The other side needs the same salt; send it another way than the file.")

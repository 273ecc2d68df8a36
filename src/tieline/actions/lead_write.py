"""Write the text of a scorecard's file: only what can be read, and only what was seen before."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from tieline.errors import Place, TielineError
from tieline.metrics.scorecard import Scorecard
from tieline.workspace import Workspace
from tieline.workspace.scorecards import path_of, read_scorecard, text_of, version_of

LONGEST = 200_000
"""Letters of a text: a hundred times those of the longest starter."""


def write(workspace: Workspace, name: str, text: str, *, seen: str) -> Scorecard:
    """Replace the text of `scorecards/NAME.toml`; what it says then.

    `seen` is the version of the text that was changed. TielineError `bad_name` for a name that is
    no word, `unknown_scorecard`, `changed_meanwhile`, `too_long`, `file_outside`, and with line and
    remedy what `read_scorecard` raises; the file stays as it was then.
    """
    path, before = path_of(workspace, name), text_of(workspace, name)
    place = Place(f"scorecards/{name}.toml")
    if version_of(before) != seen:
        raise TielineError(
            "changed_meanwhile",
            f"Somebody changed {name} since you opened it.",
            place=place,
            next_step="Copy your text, load the page again, and put your changes into the new one.",
        )
    if len(text) > LONGEST:
        raise TielineError(
            "too_long",
            f"The text has {len(text):,} letters, more than {LONGEST:,}.",
            place=place,
            next_step="Ask fewer things: a lead is told by a dozen criteria.",
        )
    told = "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
    card = read_scorecard(name, told)
    _check_cases(workspace, card, before, place)
    replace_text(path, told)
    return card


def _check_cases(workspace: Workspace, card: Scorecard, before: str, place: Place) -> None:
    """Refuse past leads outside the workspace, unless the file named them already.

    A back-test shows what stands in its file, to whoever may look at the pages; which files of the
    machine those may be is for who runs it to say.
    """
    if not card.cases:
        return
    with suppress(TielineError):
        if read_scorecard(card.name, before).cases == card.cases:
            return
    home, file = workspace.path.resolve(), (workspace.path / card.cases).resolve()
    hidden = workspace.hidden_dir.resolve()
    if not file.is_relative_to(home) or file.is_relative_to(hidden):
        raise TielineError(
            "file_outside",
            f"The file of past leads {card.cases!r} is not one of this workspace.",
            place=place,
            next_step="Put it into the folder of the workspace, or let who runs the server name it "
            "in the file.",
        )


def replace_text(path: Path, text: str) -> None:
    """Write beside it and rename, so that a build never reads half a text."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(path.stat().st_mode & 0o777)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise

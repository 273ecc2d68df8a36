"""Write the text of `tieline.toml`: only what can be read, and only what was seen before."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import unified_diff

from tieline.actions.lead_write import replace_text
from tieline.errors import Place, TielineError
from tieline.workspace import Workspace
from tieline.workspace.reading import line_of, read_text, settings_of
from tieline.workspace.scorecards import version_of
from tieline.workspace.settings import Settings

LONGEST = 500_000
"""Letters of a text: some twenty times that of a new workspace with a hundred sources."""
_LOCK = "settings.lock"


def text_of(workspace: Workspace) -> str:
    """The text of the settings as it stands."""
    return read_text(workspace.settings_path)


def tidy(text: str) -> str:
    """The text as it is written: without the ends of lines that browsers and systems differ in."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"


def checked(workspace: Workspace, text: str) -> Settings:
    """What a text would set; TielineError with line and remedy where it is wrong.

    Files that it names have to lie in the workspace, unless the settings name them already: which
    other files of the machine are read is for who runs it to say, not for who may edit settings.
    """
    name = workspace.settings_path.name
    if len(text) > LONGEST:
        raise TielineError(
            "too_long", f"The text has {len(text):,} letters, more than {LONGEST:,}."
        )
    found = settings_of(tidy(text), name)
    known: set[str] = set()
    with suppress(TielineError):
        known = {file for _, file in _files(settings_of(text_of(workspace), name))}
    for key, file in _files(found):
        if file not in known and _is_outside(workspace, file):
            line = line_of(tidy(text), key)
            raise TielineError(
                "file_outside",
                f"{'.'.join(key)}: the file {file!r} is not one of this workspace.",
                place=Place(f"{name} line {line}" if line else name),
                next_step="Put it into the folder of the workspace, or let who runs the server "
                "name it in the file.",
            )
    return found


def write(workspace: Workspace, text: str, *, seen: str) -> str:
    """Replace the text of the settings; the text that it replaced.

    `seen` is the version of the text that was changed. TielineError `changed_meanwhile`, and
    whatever `checked` raises; the file stays as it was then.
    """
    checked(workspace, text)
    with _alone(workspace):
        before = text_of(workspace)
        if version_of(before) != seen:
            raise TielineError(
                "changed_meanwhile",
                "Somebody changed the settings since you opened them.",
                place=Place(workspace.settings_path.name),
                next_step="Copy your text, load the page again, and put your changes into the new "
                "one.",
            )
        replace_text(workspace.settings_path, tidy(text))
    return before


def changes(before: str, after: str) -> list[str]:
    """What another text changes, line by line; empty for nothing."""
    lines = unified_diff(tidy(before).splitlines(), tidy(after).splitlines(), n=2, lineterm="")
    return list(lines)[2:]


def _files(settings: Settings) -> Iterator[tuple[tuple[str, ...], str]]:
    """The files that settings name, with the keys that name them."""
    told: list[tuple[tuple[str, ...], str]] = [
        (("list_plan", "salt_file"), settings.list_plan.salt_file)
    ]
    for name, offer in settings.offers.items():
        told.append((("offers", name, "sample"), offer.sample))
        told.append((("offers", name, "salt_file"), offer.salt_file))
    yield from ((key, file) for key, file in told if file)


def _is_outside(workspace: Workspace, file: str) -> bool:
    path = (workspace.path / file).resolve()
    inside = path.is_relative_to(workspace.path.resolve())
    return not inside or path.is_relative_to(workspace.hidden_dir.resolve())


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Nobody else saves meanwhile, in no other process either."""
    with (workspace.hidden_dir / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

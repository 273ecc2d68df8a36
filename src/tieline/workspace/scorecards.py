"""Scorecards of a workspace: files `scorecards/NAME.toml`, and which of their texts is in force."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tieline.errors import Place, TielineError
from tieline.metrics.scorecard import DRAFT, IN_FORCE, PROPOSED, UNUSABLE, Scorecard
from tieline.workspace.reading import explain, line_of, parse, read_text, refuse_secrets
from tieline.workspace.scorecard_settings import ScorecardFile

if TYPE_CHECKING:
    from tieline.identity.judgements import Judgements
    from tieline.ledger import Judgement
    from tieline.workspace.folder import Workspace

FOLDER = "scorecards"
PROPOSAL, SIGNATURE = "lead_proposal", "lead_signature"
"""The judgements about scorecards."""
ENTITY = "scorecard"
ROLES = ("marketing", "sales")
SHOWN = 12
"""Letters of a version that are shown."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,79}\Z")


@dataclass(frozen=True)
class Standing:
    """How one text of a scorecard stands: when it was proposed, who signed it, since when."""

    version: str
    content: str
    proposal: Judgement
    signatures: tuple[Judgement, ...]

    @property
    def signed_by(self) -> dict[str, Judgement]:
        """The signature of each role."""
        return {one.body["role"]: one for one in self.signatures}

    @property
    def in_force_since(self) -> str:
        """When the second owner signed, ISO 8601 in UTC; '' while one is missing."""
        if not all(role in self.signed_by for role in ROLES):
            return ""
        moment = max(one.made_at for one in self.signed_by.values())
        return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def version_of(text: str) -> str:
    """The version of a text: a hash of it, whatever the ends of its lines."""
    plain = "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
    return hashlib.sha256(plain.encode()).hexdigest()


def path_of(workspace: Workspace, name: str) -> Path:
    """The file of a scorecard, there or not; TielineError `bad_name`."""
    if not _NAME.match(name):
        raise TielineError(
            "bad_name",
            f"A scorecard cannot be called {name[:80]!r}.",
            next_step="Use lower case letters, digits and _, beginning with a letter, 80 at most.",
        )
    return workspace.path / FOLDER / f"{name}.toml"


def names(workspace: Workspace) -> list[str]:
    """The scorecards that have a file, sorted."""
    return sorted(path.stem for path in (workspace.path / FOLDER).glob("*.toml"))


def text_of(workspace: Workspace, name: str) -> str:
    """The text of a scorecard's file; TielineError `unknown_scorecard` with the known ones."""
    path = path_of(workspace, name)
    if not path.is_file():
        known = names(workspace)
        raise TielineError(
            "unknown_scorecard",
            f"There is no scorecard {name!r}.",
            next_step=f"Known are: {', '.join(known)}."
            if known
            else f"Write one to begin with: tieline lead draft {name} --like software",
        )
    return read_text(path)


def read_scorecard(name: str, text: str) -> Scorecard:
    """The scorecard a text says; TielineError with line and remedy where it is wrong."""
    file_name = f"{FOLDER}/{name}.toml"
    values = parse(text, file_name)
    refuse_secrets(values, text, file_name)
    try:
        read = ScorecardFile.model_validate(values)
    except ValidationError as error:
        explain(error, text, file_name, ScorecardFile)
    for criterion in read.criteria:
        if not _NAME.match(criterion):
            line = line_of(text, ("criteria", criterion))
            raise TielineError(
                "bad_name",
                f"A criterion cannot be called {criterion!r}.",
                place=Place(f"{file_name} line {line}" if line else file_name),
                next_step="Use lower case letters, digits and _, beginning with a letter.",
            )
    return replace(read.scorecard(name), version=version_of(text)[:SHOWN])


def standings(name: str, judgements: Sequence[Judgement]) -> list[Standing]:
    """Every proposed text of a scorecard that was not taken back, the newest last."""
    signed = [one for one in judgements if one.kind == SIGNATURE and one.body["scorecard"] == name]
    found = []
    for one in judgements:
        if one.kind != PROPOSAL or one.body["scorecard"] != name:
            continue
        version = one.body["version"]
        # A signature is of the text as it was proposed then: signing comes after proposing.
        mine = [s for s in signed if s.body["version"] == version and s.number > one.number]
        found.append(Standing(version, one.body["content"], one, tuple(mine)))
    return found


def signed(found: Sequence[Standing]) -> list[Standing]:
    """The texts with both signatures, in the order in which they came into force."""
    whole = [one for one in found if one.in_force_since]
    return sorted(whole, key=lambda one: max(s.number for s in one.signed_by.values()))


def in_force(found: Sequence[Standing]) -> Standing | None:
    """The text that counts: of those with both signatures the one signed last."""
    whole = signed(found)
    return whole[-1] if whole else None


def applied(name: str, text: str, judgements: Sequence[Judgement]) -> Scorecard:
    """The scorecard that counts: what is in force, or else what the file says."""
    file = read_scorecard(name, text)
    found = standings(name, judgements)
    held = _held(name, found)
    if held is not None:
        return held
    proposed = any(one.version == version_of(text) for one in found)
    return replace(file, state=PROPOSED if proposed else DRAFT)


def _held(name: str, found: Sequence[Standing]) -> Scorecard | None:
    """What is in force, with the versions before; None for nothing."""
    whole = signed(found)
    if not whole:
        return None
    earlier = []
    for one in whole[:-1]:
        # What was signed under an earlier Tieline may not be readable by this one: then the next
        # version tells of its days, too.
        with suppress(TielineError):
            earlier.append(_in_force(name, one))
    return replace(_in_force(name, whole[-1]), earlier=tuple(earlier))


def _in_force(name: str, one: Standing) -> Scorecard:
    card = read_scorecard(name, one.content)
    return replace(card, state=IN_FORCE, in_force_since=one.in_force_since)


def applied_scorecards(workspace: Workspace, judgements: Judgements) -> tuple[Scorecard, ...]:
    """The scorecards a build applies, by name; what is wrong with one stops no other.

    A file that cannot be read leaves the text in force as it is, or else the scorecard unusable. Of
    two about one product the one in force counts, of two such the one signed first, else the first
    by name; `problem` says so.
    """
    listed = names(workspace)
    # Where there is no scorecard, the ledger is not asked: most workspaces have none.
    judged = judgements.about_scorecards() if listed else []
    found = {name: _applied_or_told(workspace, name, judged) for name in listed}
    known: dict[str, str] = {}
    for name in sorted(listed, key=lambda name: (found[name].in_force_since or "9999", name)):
        card = found[name]
        if card.state == UNUSABLE:
            continue
        if card.product in known:
            found[name] = _unusable(
                name,
                f"{FOLDER}/{name}.toml: {known[card.product]} is about the product "
                f"{card.product!r} already. A product has one scorecard: correct `product`, or "
                "move one file away.",
            )
        known.setdefault(card.product, name)
    return tuple(found[name] for name in listed)


def told(workspace: Workspace) -> list[str]:
    """The texts of all scorecards, for the hash of a snapshot's inputs; of a bad file its fault."""
    found = []
    for name in names(workspace):
        try:
            found.append(text_of(workspace, name))
        except TielineError as problem:
            found.append(f"{name}: {problem}")
    return found


def _applied_or_told(workspace: Workspace, name: str, judged: Sequence[Judgement]) -> Scorecard:
    try:
        return applied(name, text_of(workspace, name), judged)
    except TielineError as error:
        place = error.place if error.place is not None else f"{FOLDER}/{name}.toml"
        problem = f"{place}: {error.message} {error.next_step or ''}".strip()
    try:
        held = _held(name, standings(name, judged))
    except TielineError:
        held = None
    return _unusable(name, problem) if held is None else replace(held, problem=problem)


def _unusable(name: str, problem: str) -> Scorecard:
    return Scorecard(name, "", (), (), state=UNUSABLE, problem=problem)

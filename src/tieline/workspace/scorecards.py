"""Scorecards of a workspace: files `scorecards/NAME.toml`, and which of their texts is in force."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tieline.errors import Place, TielineError
from tieline.metrics.scorecard import DRAFT, IN_FORCE, PROPOSED, Scorecard
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
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


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
            f"A scorecard cannot be called {name!r}.",
            next_step="Use lower case letters, digits and _, beginning with a letter.",
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
    told = [
        replace(
            read_scorecard(name, one.content), state=IN_FORCE, in_force_since=one.in_force_since
        )
        for one in signed(found)
    ]
    if told:
        return replace(told[-1], earlier=tuple(told[:-1]))
    proposed = any(one.version == version_of(text) for one in found)
    return replace(file, state=PROPOSED if proposed else DRAFT)


def applied_scorecards(workspace: Workspace, judgements: Judgements) -> tuple[Scorecard, ...]:
    """The scorecards a build applies, by name; TielineError where two are about one product."""
    listed = names(workspace)
    # Where there is no scorecard, the ledger is not asked: most workspaces have none.
    judged = judgements.about_scorecards() if listed else []
    known: dict[str, str] = {}
    found = []
    for name in listed:
        card = applied(name, text_of(workspace, name), judged)
        if card.product in known:
            raise TielineError(
                "two_scorecards",
                f"{known[card.product]} and {name} are both about the product {card.product!r}.",
                place=Place(f"{FOLDER}/{name}.toml"),
                next_step="A product has one scorecard: correct `product`, or move one file away.",
            )
        known[card.product] = name
        found.append(card)
    return tuple(found)

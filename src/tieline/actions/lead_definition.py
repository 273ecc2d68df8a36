"""Propose and sign a scorecard: it is in force when both owners have signed the exact text."""

from __future__ import annotations

from dataclasses import dataclass

from tieline.actions.doing import carry_out
from tieline.actions.drafts import Draft, checked_reason, name_of_user
from tieline.actions.lead_lint import is_fit, lint
from tieline.engine.snapshot import current
from tieline.errors import Place, TielineError
from tieline.ledger import Judgement
from tieline.metrics.scorecard import Scorecard
from tieline.workspace import Workspace
from tieline.workspace.scorecards import (
    ENTITY,
    PROPOSAL,
    ROLES,
    SHOWN,
    SIGNATURE,
    Standing,
    in_force,
    read_scorecard,
    standings,
    text_of,
    version_of,
)


@dataclass(frozen=True)
class Definition:
    """A scorecard's file, and every text of it that was proposed, the newest last."""

    card: Scorecard
    version: str
    text: str
    proposed: tuple[Standing, ...]

    @property
    def in_force(self) -> Standing | None:
        """The text that counts, if any has both signatures."""
        return in_force(self.proposed)

    @property
    def open(self) -> Standing | None:
        """The text that waits for signatures: proposed after the one in force."""
        held = self.in_force
        since = held.proposal.number if held else 0
        waiting = [
            one for one in self.proposed if not one.in_force_since and one.proposal.number > since
        ]
        return waiting[-1] if waiting else None


def definition(workspace: Workspace, name: str) -> Definition:
    """How a scorecard stands."""
    text = text_of(workspace, name)
    with workspace.ledger() as ledger:
        found = [one for kind in (PROPOSAL, SIGNATURE) for one in ledger.judgements(kind=kind)]
    found.sort(key=lambda one: one.number)
    card = read_scorecard(name, text)
    return Definition(card, version_of(text), text, tuple(standings(name, found)))


def propose(
    workspace: Workspace, name: str, *, reason: str, by: str = "", despite: bool = False
) -> Judgement:
    """Put the text of the file forward for signing; what lint calls an error keeps it back."""
    return _written(workspace, proposal(workspace, name, despite=despite), reason, by)


def proposal(workspace: Workspace, name: str, *, despite: bool = False) -> Draft:
    """What `propose` writes down, checked.

    TielineError `no_owner`, `already_in_force`, `already_proposed`, `proposal_open`, `not_fit`.
    """
    held = definition(workspace, name)
    place = Place(f"scorecards/{name}.toml")
    _check_owners(held.card, place)
    if held.in_force and held.in_force.version == held.version:
        raise TielineError(
            "already_in_force",
            f"This text of {name} is in force since {held.in_force.in_force_since}.",
            place=place,
            next_step="Change the file first.",
        )
    if held.open is not None:
        same = held.open.version == held.version
        raise TielineError(
            "already_proposed" if same else "proposal_open",
            f"{'This text' if same else 'Another text'} of {name} was proposed as "
            f"{held.open.proposal.name} by {held.open.proposal.made_by} and waits for "
            f"{' and '.join(_missing(held.open))}.",
            place=place,
            next_step=f"Sign it: tieline lead sign {name} --as {_missing(held.open)[0]}"
            if same
            else f"Take it back first: tieline undo {held.open.proposal.name}",
        )
    wrong = lint(workspace, name)
    if not is_fit(wrong) and not despite:
        raise TielineError(
            "not_fit",
            f"{wrong[0].criterion}: {wrong[0].says}.",
            place=place,
            next_step=f"{wrong[0].next_step} All of it: tieline lead lint {name}. To propose it "
            "all the same, add --despite.",
        )
    body = {"scorecard": name, "version": held.version, "content": held.text}
    return Draft(PROPOSAL, ENTITY, body)


def sign(workspace: Workspace, name: str, role: str, *, reason: str, by: str = "") -> Judgement:
    """Sign the proposed text for marketing or sales."""
    return _written(workspace, signature(workspace, name, role, by=by), reason, by)


def signature(workspace: Workspace, name: str, role: str, *, by: str = "") -> Draft:
    """What `sign` writes down, checked.

    TielineError `unknown_role`, `not_proposed`, `changed_since_proposed`, `not_the_owner`,
    `already_signed`.
    """
    if role not in ROLES:
        raise TielineError(
            "unknown_role",
            f"{role!r} signs nothing." if role else "It is not said for whom you sign.",
            next_step="Add --as marketing or --as sales.",
        )
    held, who = definition(workspace, name), name_of_user(by)
    place = Place(f"scorecards/{name}.toml")
    if held.open is None:
        raise TielineError(
            "not_proposed",
            f"No text of {name} waits for a signature.",
            place=place,
            next_step=f"Propose it first: tieline lead propose {name}",
        )
    if held.open.version != held.version:
        raise TielineError(
            "changed_since_proposed",
            f"The file was changed since {held.open.proposal.name}: proposed is "
            f"{held.open.version[:SHOWN]}, the file is {held.version[:SHOWN]}.",
            place=place,
            next_step=f"Bring the proposed text back, or take it back (tieline undo "
            f"{held.open.proposal.name}) and propose the new one.",
        )
    owner = held.card.marketing_owner if role == "marketing" else held.card.sales_owner
    if who.casefold() != owner.casefold():
        raise TielineError(
            "not_the_owner",
            f"{owner} signs for {role}, not {who}.",
            place=place,
            next_step=f"Let {owner} sign: --by {owner!r}",
        )
    if role in held.open.signed_by:
        raise TielineError(
            "already_signed",
            f"{owner} signed this text already, as {held.open.signed_by[role].name}.",
            place=place,
            next_step=f"It waits for {' and '.join(_missing(held.open))}.",
        )
    return Draft(SIGNATURE, ENTITY, {"scorecard": name, "version": held.version, "role": role})


def _check_owners(card: Scorecard, place: Place) -> None:
    one, other = card.marketing_owner, card.sales_owner
    if not one or not other:
        missing = "marketing" if not one else "sales"
        raise TielineError(
            "no_owner",
            f"Nobody is named who signs for {missing}.",
            place=place,
            next_step=f'Write [owners] {missing} = "NAME".',
        )
    if one.casefold() == other.casefold():
        raise TielineError(
            "one_owner",
            f"{one} cannot sign for both departments.",
            place=place,
            next_step="Name two people in the section [owners].",
        )


def _missing(standing: Standing) -> list[str]:
    return [role for role in ROLES if role not in standing.signed_by]


def _written(workspace: Workspace, draft: Draft, reason: str, by: str) -> Judgement:
    """The row in the ledger; where there is a database, it follows at once."""
    if current(workspace.hidden_dir) is not None:
        return carry_out(workspace, draft, reason=reason, by=by).judgement
    with workspace.ledger() as ledger:
        return ledger.judge(
            draft.kind, draft.entity, draft.body, reason=checked_reason(reason), by=name_of_user(by)
        )

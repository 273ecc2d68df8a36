"""What programs write: judgements, through the same functions as people's, and events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema

from tieline.actions import consent, merge, note, override, restore, set_aside, split, undo
from tieline.actions.doing import write_down
from tieline.actions.drafts import Draft
from tieline.ledger import Judgement
from tieline.web import audit, jobs
from tieline.web.api.answering import answer
from tieline.web.api.calling import Needs
from tieline.web.api.repeating import once
from tieline.web.collector.keeping import keep
from tieline.web.permissions import Permission
from tieline.web.served import workspace
from tieline.workspace import Workspace

router = Router()

JUDGE = Needs(Permission.PEOPLE, Permission.JUDGE)
PEOPLE = Needs(Permission.PEOPLE)
EVENTS = Needs(Permission.EVENTS)
DEED = "request"
"""Where the evidence of a judgement names the request it was made by."""

Id = Annotated[str, Field(min_length=1, max_length=40)]
Record = Annotated[str, Field(min_length=1, max_length=200, description="crm_export:12 or its id")]
Text = Annotated[str, Field(max_length=2000)]


class Given(Schema):
    """Why, for whoever asks later."""

    reason: str = Field(min_length=1, max_length=500)


class Merge(Given):
    """These are one: the oldest one's id stays, the others lead to it."""

    ids: list[Id] = Field(min_length=2, max_length=50)


class Split(Given):
    """These records are somebody else than the rest."""

    id: Id
    records: list[Record] = Field(min_length=1, max_length=500)


class Override(Given):
    """This value is right, whatever the records say; '' says that there is none."""

    id: Id
    field: str = Field(max_length=60)
    value: Text


class Named(Given):
    """An account, site or contact."""

    id: Id


class Note(Schema):
    """A text that stays with an account, site or contact."""

    id: Id
    text: str = Field(min_length=1, max_length=10_000)


class Consent(Given):
    """What a person agreed to or took back; a grant names what shows it."""

    id: Id
    state: Literal["granted", "withdrawn"]
    purpose: str = Field(max_length=60)
    channel: str = Field(max_length=20)
    at: str = Field("", max_length=10, description="The day, as 2024-05-31; today if empty")
    evidence: Text = ""


class Undo(Schema):
    """A judgement as J12 is as if it had never been made."""

    judgement: str = Field(pattern=r"^[jJ]?[0-9]{1,15}$")
    reason: str = Field(undo.REASON, max_length=500)


class Judged(Schema):
    """The judgement that was written down; the build of number `job` has the database follow."""

    judgement: str
    kind: str
    entity: str
    ended: bool
    job: int


class Events(Schema):
    """Events in our flat form (`type` touch or response) or as Segment's libraries send them."""

    events: list[Any] = Field(min_length=1, max_length=1000)


class Kept(Schema):
    """What became of the events; `faults` say why some were set aside, by place from 0."""

    new: int
    known: int
    forgotten: int
    set_aside: int
    faults: list[dict[str, Any]]


@router.post("/judgements/merge", auth=JUDGE, response={201: Judged})
def merge_them(request: Any, payload: Merge) -> Any:
    """Say that contacts, sites or accounts are one."""
    return _judge(request, payload.reason, lambda ours: merge.draft(ours, payload.ids))


@router.post("/judgements/split", auth=JUDGE, response={201: Judged})
def split_it(request: Any, payload: Split) -> Any:
    """Say that records of one are somebody else."""
    return _judge(
        request, payload.reason, lambda ours: split.draft(ours, payload.id, payload.records)
    )


@router.post("/judgements/override", auth=JUDGE, response={201: Judged})
def override_it(request: Any, payload: Override) -> Any:
    """Set a value by hand."""
    return _judge(
        request,
        payload.reason,
        lambda ours: override.draft(ours, payload.id, payload.field, payload.value),
    )


@router.post("/judgements/set-aside", auth=JUDGE, response={201: Judged})
def set_it_aside(request: Any, payload: Named) -> Any:
    """Take a contact, site or account out of every figure and list."""
    return _judge(request, payload.reason, lambda ours: set_aside.draft(ours, payload.id))


@router.post("/judgements/restore", auth=JUDGE, response={201: Judged})
def restore_it(request: Any, payload: Named) -> Any:
    """Bring back what was set aside."""
    return _judge(request, payload.reason, lambda ours: restore.draft(ours, payload.id))


@router.post("/judgements/note", auth=JUDGE, response={201: Judged})
def write_note(request: Any, payload: Note) -> Any:
    """Write something down about a contact, site or account."""
    return _judge(request, note.REASON, lambda ours: note.draft(ours, payload.id, payload.text))


@router.post("/judgements/consent", auth=JUDGE, response={201: Judged})
def state_consent(request: Any, payload: Consent) -> Any:
    """State what a person agreed to or took back."""
    told = payload.dict(exclude={"id", "reason"})
    return _judge(request, payload.reason, lambda ours: consent.draft(ours, payload.id, **told))


@router.post("/judgements/undo", auth=JUDGE, response={201: Judged})
def undo_it(request: Any, payload: Undo) -> Any:
    """Take back a judgement, whatever came after it."""
    return _judge(request, payload.reason, lambda ours: undo.draft(ours, payload.judgement))


@router.get("/judgements", auth=PEOPLE, response=dict[str, Any])
def judgements(
    request: Any,
    before: Annotated[int, Query(ge=1, le=2**53)] = 2**53,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Any:
    """Who decided what, when and why; the newest first, those of a smaller number than `before`."""
    with workspace().ledger() as ledger:
        held = [one for one in ledger.judgements(active=False) if one.number < before]
    held.sort(key=lambda one: -one.number)
    return answer({"total": len(held), "judgements": [_row(one) for one in held[:limit]]})


@router.post("/events", auth=EVENTS, response=Kept)
def events(request: Any, payload: Events) -> Any:
    """Remember touches and responses; each is known by its stream and message id."""
    done = keep(workspace(), request.user.key, payload.events, flat=True)
    # The ledger keeps each with its stream and moment, and the count of the day stands beside.
    request.audited = True
    places = {id(message): place for place, message in enumerate(payload.events)}
    return answer(
        {
            "new": done.counts.new,
            "known": done.counts.known,
            "forgotten": done.counts.forgotten,
            "set_aside": done.counts.refused,
            "faults": [
                {"place": places[id(message)], "code": fault.code, "message": fault.message}
                for message, fault in done.refused[:100]
            ],
        }
    )


def _judge(request: Any, reason: str, make: Callable[[Workspace], Draft]) -> HttpResponse:
    """Write the judgement down once and have it built."""

    def do(name: str) -> HttpResponse:
        draft = make(workspace())
        if name:
            draft = replace(draft, evidence={**draft.evidence, DEED: name})
        made = write_down(workspace(), draft, reason=reason, by=request.user.login)
        return _written(request, made)

    return once(request, do, lambda name: _found(request, name))


def _found(request: Any, name: str) -> HttpResponse | None:
    """The answer for a judgement that a server wrote down before it died."""
    with workspace().ledger() as ledger:
        for one in ledger.judgements(active=False):
            if isinstance(one.evidence, dict) and one.evidence.get(DEED) == name:
                return _written(request, one)
    return None


def _written(request: Any, made: Judgement) -> HttpResponse:
    audit.write(
        request,
        f"{'undo' if made.ended else made.kind} by API",
        made.name,
        f"{made.kind} of {made.entity}",
    )
    job = jobs.ask("build", request.user.login)
    told = {
        "judgement": made.name,
        "kind": made.kind,
        "entity": made.entity,
        "ended": made.ended is not None,
        "job": job.pk,
    }
    return answer(told, status=201)


def _row(one: Judgement) -> dict[str, Any]:
    ended = one.ended
    return {
        "judgement": one.name,
        "number": one.number,
        "kind": one.kind,
        "entity": one.entity,
        "body": one.body,
        "reason": one.reason,
        "made_by": one.made_by,
        "made_at": one.made_at,
        "ended": ended and {"by": ended.made_by, "at": ended.made_at, "reason": ended.reason},
    }

"""Webhooks by API: registered, listed with their log, tried, removed."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Query, Router, Schema

from tieline.errors import TielineError
from tieline.web import audit
from tieline.web.api.answering import answer
from tieline.web.api.calling import Needs
from tieline.web.api.webhooks import delivering
from tieline.web.api.webhooks.posting import post
from tieline.web.api.webhooks.signing import secret_of
from tieline.web.permissions import Permission
from tieline.web.served import workspace

router = Router()
MANAGE = Needs(Permission.MANAGE)


class NewWebhook(Schema):
    """Where changes are posted, and which: stages, scores, outlooks, redirects."""

    url: str = Field(min_length=8, max_length=500)
    topics: list[Annotated[str, Field(max_length=20)]] = Field(min_length=1, max_length=4)


class Webhook(Schema):
    """A webhook; its secret is told when it is made."""

    id: int
    url: str
    topics: list[str]
    step: int


class MadeWebhook(Webhook):
    """A new webhook with the secret that its posts are signed with."""

    secret: str


@router.get("/webhooks", auth=MANAGE, response=dict[str, Any])
def webhooks(request: Any) -> Any:
    """Every webhook there is."""
    from tieline.web.models import Webhook as Kept

    return answer({"webhooks": [_row(one) for one in Kept.objects.filter(is_active=True)]})


@router.post("/webhooks", auth=MANAGE, response={201: MadeWebhook})
def make_webhook(request: Any, payload: NewWebhook) -> Any:
    """Have changes posted to an address, from the next build on."""
    made = delivering.register(
        payload.url, payload.topics, by=request.user.login, workspace=workspace()
    )
    audit.write(request, "made a webhook", f"webhook {made.pk}", made.topics)
    return answer({**_row(made), "secret": secret_of(made.salt)}, status=201)


@router.delete("/webhooks/{number}", auth=MANAGE, response=dict[str, Any])
def end_webhook(request: Any, number: int) -> Any:
    """Post there no more; what is under way ends."""
    found = _webhook(number)
    found.is_active = False
    found.save(update_fields=["is_active"])
    audit.write(request, "ended a webhook", f"webhook {found.pk}")
    return answer({"ended": found.pk})


@router.post("/webhooks/{number}/try", auth=MANAGE, response=dict[str, Any])
def try_webhook(request: Any, number: int) -> Any:
    """Post a greeting there now, signed like all: whether it arrives, and what comes back."""
    found = _webhook(number)
    body = b'{"type":"greeting","changes":[]}'
    posted = post(found.url, secret_of(found.salt), body, delivery=f"{found.pk}-greeting")
    audit.write(request, "tried a webhook", f"webhook {found.pk}", f"status {posted.status}")
    return answer({"taken": posted.taken, "status": posted.status, "said": posted.said})


@router.get("/webhooks/{number}/deliveries", auth=MANAGE, response=dict[str, Any])
def deliveries(request: Any, number: int, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> Any:
    """The log: every post, how often it was tried, what came back; the newest first."""
    found = _webhook(number)
    rows = [
        {
            "step": one.step,
            "part": one.part,
            "state": one.state,
            "attempts": one.attempts,
            "status": one.status,
            "said": one.said,
            "made_at": one.made_at,
            "due_at": one.due_at if one.state == "waiting" else None,
            "done_at": one.done_at,
        }
        for one in found.deliveries.all()[:limit]
    ]
    return answer({"deliveries": rows})


def _webhook(number: int) -> Any:
    from tieline.web.models import Webhook as Kept

    # Larger than any number a database counts to, it is nobody's.
    known = Kept.objects.filter(pk=number, is_active=True).first() if 0 < number < 2**63 else None
    if known is None:
        raise TielineError("unknown_webhook", "There is no webhook of that number.")
    return known


def _row(one: Any) -> dict[str, Any]:
    return {"id": one.pk, "url": one.url, "topics": one.topics.split(), "step": one.step}

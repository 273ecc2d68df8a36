"""After each build: what it changed is dealt out to the webhooks, posted, and tried again."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from tieline.errors import TielineError
from tieline.identity import change_feed
from tieline.identity.change_feed import Step
from tieline.web.api.webhooks import told
from tieline.web.api.webhooks.addresses import target
from tieline.web.api.webhooks.posting import post
from tieline.web.api.webhooks.signing import secret_of
from tieline.workspace import Workspace

WAITS_SECONDS = (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600)
"""Before each further try; after the last one, some 17 hours, it is given up and shown."""
CLAIM_SECONDS = 60
"""So long one sender has a delivery for itself; a post takes no more than 20 seconds."""
KEPT_DAYS = 31
MOST_AT_ONCE = 20


def register(url: str, topics: Collection[str], *, by: str, workspace: Workspace) -> Any:
    """A new webhook; it is told what changes from now on."""
    from tieline.web.models import Webhook

    unknown = sorted(set(topics) - set(told.TOPICS))
    if unknown or not topics:
        raise TielineError(
            "unknown_topic",
            f"There is no topic {unknown[0][:40]!r}." if unknown else "No topic is named.",
            next_step=f"Known are: {', '.join(told.TOPICS)}.",
        )
    target(url)
    steps = change_feed.steps(workspace.changes_dir)
    return Webhook.objects.create(
        url=url,
        topics=" ".join(topic for topic in told.TOPICS if topic in set(topics)),
        salt=secrets.token_hex(16),
        made_by=by,
        step=steps[-1].number if steps else 0,
    )


def deal_out(workspace: Workspace) -> int:
    """Make the deliveries of the steps that came since; how many.

    A webhook moves on in the transaction that makes its deliveries: none is made twice or left out.
    """
    from django.db import transaction
    from django.utils import timezone

    from tieline.web.models import Delivery, Webhook

    steps = change_feed.steps(workspace.changes_dir)
    newest = steps[-1].number if steps else 0
    made = 0
    for behind in Webhook.objects.filter(is_active=True, step__lt=newest):
        with transaction.atomic():
            webhook = Webhook.objects.select_for_update().get(pk=behind.pk)
            for step in (one for one in steps if one.number > webhook.step):
                posts = told.parts(step, webhook.topics.split())
                Delivery.objects.bulk_create(
                    Delivery(webhook=webhook, step=step.number, part=n, due_at=timezone.now())
                    for n in range(posts)
                )
                made += posts
            webhook.step = newest
            webhook.save(update_fields=["step"])
    if made:
        old = timezone.now() - timedelta(days=KEPT_DAYS)
        Delivery.objects.exclude(state="waiting").filter(made_at__lt=old).delete()
    return made


def send_due(workspace: Workspace) -> int:
    """Post what is due, in order; how many posts were tried."""
    from django.utils import timezone

    from tieline.web.models import Delivery

    now = timezone.now()
    due = Delivery.objects.filter(state="waiting", due_at__lte=now, webhook__is_active=True)
    tried = 0
    known = {step.number: step for step in change_feed.steps(workspace.changes_dir)}
    for one in due.order_by("webhook_id", "step", "part").select_related("webhook")[:MOST_AT_ONCE]:
        # Another server's worker may look at the same moment: who moves the moment sends.
        claimed = Delivery.objects.filter(pk=one.pk, state="waiting", due_at=one.due_at).update(
            due_at=now + timedelta(seconds=CLAIM_SECONDS), attempts=one.attempts + 1
        )
        if claimed:
            _send(one, known.get(one.step))
            tried += 1
    return tried


def _send(one: Any, step: Step | None) -> None:
    from django.utils import timezone

    from tieline.web.models import Delivery

    kept, attempts = Delivery.objects.filter(pk=one.pk), one.attempts + 1
    if step is None:
        kept.update(state="failed", said="the change feed does not have this step any more")
        return
    hook = one.webhook
    body = told.body(step, hook.topics.split(), one.part, webhook=hook.pk)
    posted = post(hook.url, secret_of(hook.salt), body, delivery=f"{hook.pk}-{one.step}-{one.part}")
    now = timezone.now()
    said = {"status": posted.status, "said": posted.said}
    if posted.taken:
        kept.update(state="done", done_at=now, **said)
    elif attempts > len(WAITS_SECONDS):
        kept.update(state="failed", done_at=now, **said)
    else:
        kept.update(due_at=now + timedelta(seconds=WAITS_SECONDS[attempts - 1]), **said)

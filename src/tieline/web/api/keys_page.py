"""The pages Keys and API: an administrator makes and revokes keys; everybody reads how to call."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tieline.web import audit
from tieline.web.api import faults, keys
from tieline.web.api.webhooks.told import TOPICS
from tieline.web.collector import set_aside
from tieline.web.frame import say
from tieline.web.permissions import Permission, may, needs, open_to_all
from tieline.web.served import workspace


@needs(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def keys_page(request: Any) -> Any:
    """Every key, what it may, when it was used, what it sent; a new one is shown once."""
    from tieline.web.models import ApiKey, EventDay, Webhook

    said: dict[str, Any] = {}
    if request.method == "POST":
        given = request.POST
        made, secret = keys.make(
            given.get("name", ""),
            given.getlist("scope"),
            by=request.user.login,
            stream=given.get("stream", ""),
        )
        audit.write(request, "made a key", made.name, made.scopes)
        said |= {"made": made, "secret": secret}
    today = timezone.now().date()
    counted = {one.key_id: one for one in EventDay.objects.filter(day=today)}
    said |= {
        "keys": [
            {"key": one, "today": counted.get(one.pk), "scopes": sorted(keys.scopes_of(one))}
            for one in ApiKey.objects.all()
        ],
        "permissions": list(Permission),
        "set_aside": set_aside.newest(workspace()),
        "webhooks": Webhook.objects.filter(is_active=True),
        "topics": TOPICS,
    }
    return render(request, "tieline/keys.html", said)


@needs(Permission.MANAGE)
@require_POST
def revoke(request: Any, number: int) -> Any:
    """Have a key open nothing any more."""
    found = keys.revoke(number, by=request.user.login)
    if found is not None:
        audit.write(request, "revoked a key", found.name)
        say(request, f"The key {found.name} opens nothing any more.")
    return HttpResponseRedirect(reverse("keys"))


@needs(Permission.READ)
@require_GET
def api_page(request: Any) -> Any:
    """Every operation of the API: what it gives, what it takes, which permission it needs."""
    from tieline.web.api.operations import described

    told = described()
    operations = []
    means: dict[str, str] = {}
    for path, by_method in told["paths"].items():
        for method, one in by_method.items():
            parameters = [p for p in one.get("parameters", ()) if p["in"] == "query"]
            means |= {p["name"]: p["description"] for p in parameters if p.get("description")}
            operations.append(
                {
                    "method": method.upper(),
                    "path": path,
                    "means": one.get("description", one.get("summary", "")),
                    "needs": one["x-permissions"],
                    "takes": [{"name": p["name"]} for p in parameters] + _fields(told, one),
                }
            )
    said = {
        "operations": operations,
        "means": means,
        "url": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "tieline/api.html", said)


@open_to_all("it asks for a key, or for somebody signed in, itself")
@require_GET
def openapi(request: Any) -> HttpResponse:
    """The description for programs, for who may read."""
    from tieline.web.api.operations import described

    caller = keys.caller_of(keys.secret_in(request))
    if caller is None and not may(request.user, Permission.READ):
        return faults.fault(
            401, "no_key", "There is no key in the request.", "Send Authorization: Bearer KEY."
        )
    return JsonResponse(described())


def _fields(told: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an operation's body, and whether each is needed."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    schema = told["components"]["schemas"].get(name, {})
    needed = schema.get("required", ())
    return [
        {"name": field, "needed": field in needed, "body": True}
        for field in schema.get("properties", {})
    ]

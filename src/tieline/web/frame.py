"""What stands around every page: the menu, who is signed in, what is running."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tieline.web.permissions import Permission, may
from tieline.web.reader import snapshot_name

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Item:
    """One line of the menu: the view it leads to, and what one needs to see it."""

    view: str
    label: str
    needs: Permission
    group: str


MENU = (
    Item("home", "Home", Permission.READ, "Overview"),
    Item("funnel", "Funnel", Permission.READ, "Overview"),
    Item("universe", "Universe", Permission.READ, "Overview"),
    Item("accounts", "Accounts", Permission.READ, "Market"),
    Item("sites", "Sites", Permission.READ, "Market"),
    Item("contacts", "Contacts", Permission.PEOPLE, "Market"),
    Item("leads", "Leads", Permission.LEADS, "Work"),
    Item("definitions", "What a lead is", Permission.READ, "Work"),
    Item("actions", "Next actions", Permission.READ, "Work"),
    Item("review", "Review", Permission.REVIEW, "Work"),
    Item("decisions", "Decisions", Permission.PEOPLE, "Work"),
    Item("sources", "Sources", Permission.PEOPLE, "Data"),
    Item("catalogue", "Catalogue", Permission.READ, "Data"),
    Item("jobs", "Jobs", Permission.READ, "Data"),
    Item("api", "API", Permission.READ, "Data"),
    Item("settings", "Settings", Permission.SETTINGS, "Manage"),
    Item("people", "People and roles", Permission.MANAGE, "Manage"),
    Item("keys", "Keys", Permission.MANAGE, "Manage"),
    Item("audit", "Audit log", Permission.MANAGE, "Manage"),
)
"""The menu in its order."""


def frame(request: Any) -> dict[str, Any]:
    """The context of every template."""
    from django.conf import settings

    member = getattr(request, "user", None)
    said: dict[str, Any] = {
        "workspace": settings.TIELINE.workspace.resolve().name,
        "asset": _assets(),
        "may": _Allowed(member),
        "company": settings.TIELINE_COMPANY,
        "passwords": settings.TIELINE_PASSWORDS,
    }
    if not getattr(member, "is_authenticated", False):
        return said
    from tieline.web.models import Job

    match = request.resolver_match
    here = (match.view_name or "").split("-")[0] if match else ""
    groups: dict[str, list[tuple[Item, bool]]] = {}
    for item in MENU:
        if may(member, item.needs):
            groups.setdefault(item.group, []).append((item, item.view == here))
    said["menu"] = groups
    said["snapshot_name"] = snapshot_name()
    said["messages_said"] = request.session.pop("said", [])
    said["job_open"] = Job.objects.filter(state__in=("waiting", "running")).first()
    return said


def say(request: Any, text: str, *, tone: str = "good", undo: str = "") -> None:
    """Have the next page say something at its top; `undo` is the address that takes it back."""
    request.session["said"] = [
        *request.session.get("said", []), {"text": text, "tone": tone, "undo": undo}
    ]  # fmt: skip


class _Allowed:
    """`may.JUDGE` in a template."""

    def __init__(self, member: Any) -> None:
        self._member = member

    def __getitem__(self, name: str) -> bool:
        if name not in Permission.__members__:
            raise KeyError(name)
        return may(self._member, Permission[name])


@cache
def _assets() -> dict[str, str]:
    """The address of each static file, with the digest of its content: it may be cached for ever.

    Templates name them with underscores: `asset.app_css`.
    """
    return {
        path.name.replace(".", "_").replace("-", "_"): f"/static/{path.name}?v="
        + hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in sorted(STATIC.iterdir())
    }

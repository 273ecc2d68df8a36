"""Nobody reaches a view but with the permissions it names; every write leaves a line in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode

from tieline.web import audit
from tieline.web.api.limits import PAGES
from tieline.web.faults import too_much
from tieline.web.permissions import may

SAFE = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Middleware: refuses by default, and audits what views themselves did not."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self._next = get_response

    def __call__(self, request: Any) -> Any:
        """Answer, and write down a change that no view wrote down."""
        response = self._next(request)
        changed = request.method not in SAFE and getattr(request, "allowed", False)
        if changed and not getattr(request, "audited", False):
            name = getattr(request.resolver_match, "view_name", None) or request.path
            audit.write(
                request, f"{request.method} {name}", detail=f"status {response.status_code}"
            )
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> Any:
        """Let through who may, send who is nobody to the sign-in, refuse everybody else."""
        if getattr(view, "open_to_all", ""):
            return None
        if not request.user.is_authenticated or not request.user.is_active:
            if request.method not in SAFE:
                return _refused(request, 401)
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"/sign-in?{query}")
        wanted = getattr(view, "permissions", None)
        # A view without a word about permissions is nobody's, administrators included.
        if not wanted or not may(request.user, *wanted):
            return _refused(request, 403, wanted)
        wait = PAGES.wait(request.user.pk)
        if wait:
            return too_much(request, wait)
        request.allowed = True
        return None


def _refused(request: Any, status: int, wanted: Any = ()) -> Any:
    return render(request, "tieline/refused.html", {"wanted": sorted(wanted or ())}, status=status)

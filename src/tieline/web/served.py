"""The workspace that is served."""

from __future__ import annotations

from tieline.workspace import Workspace


def workspace() -> Workspace:
    """Opened anew for each request: its settings may have been edited since the last one."""
    from django.conf import settings

    return Workspace.open(settings.TIELINE.workspace)

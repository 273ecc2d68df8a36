"""What the worker looks after beside its jobs: events that wait for a build, and webhooks."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from tieline.workspace import Workspace

EVERY_SECONDS = 1.0
log = logging.getLogger("tieline.web.rounds")


def begin(workspace: Path) -> None:
    """Go round in a thread of its own for as long as the process lives."""
    threading.Thread(target=_go_round, args=(workspace,), daemon=True).start()


def _go_round(path: Path) -> None:
    from django.db import close_old_connections

    from tieline.web.api.webhooks import delivering
    from tieline.web.collector.following import follower

    workspace = Workspace.open(path)
    following = follower(workspace)

    def webhooks() -> None:
        delivering.deal_out(workspace)
        delivering.send_due(workspace)

    while True:
        for look in (following.look, webhooks):
            try:
                look()
            except Exception as problem:
                # The next round tries again; one that fails must not keep the others from theirs.
                log.warning("a round of the worker failed: %s", problem)
        close_old_connections()
        time.sleep(EVERY_SECONDS)

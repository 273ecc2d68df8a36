"""What the worker looks after beside its jobs: schedules, events, webhooks, old logs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tieline.workspace import Workspace

EVERY_SECONDS = 1.0
log = logging.getLogger("tieline.web.rounds")


def begin(workspace: Path, live: Callable[[], None]) -> None:
    """Go round in a thread of its own while the process lives; `live` says that it does."""
    threading.Thread(target=_go_round, args=(workspace, live), daemon=True).start()


def _go_round(path: Path, live: Callable[[], None]) -> None:
    from django.db import close_old_connections

    from tieline.web.api.webhooks import delivering
    from tieline.web.background import schedules
    from tieline.web.background.clearing import Clearing
    from tieline.web.collector.following import follower

    workspace = Workspace.open(path)
    following, clearing = follower(workspace), Clearing(workspace.hidden_dir)

    def webhooks() -> None:
        delivering.deal_out(workspace)
        delivering.send_due(workspace)

    while True:
        for look in (live, schedules.tick, following.look, webhooks, clearing.look):
            try:
                look()
            except Exception as problem:
                # The next round tries again; one that fails must not keep the others from theirs.
                log.warning("a round of the worker failed: %s", problem)
        close_old_connections()
        time.sleep(EVERY_SECONDS)

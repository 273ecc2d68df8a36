"""How much one key or person may ask for: a bucket that fills steadily and lets bursts through.

Each process has its own buckets: with several, a key may ask for as much in each.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

MOST_HELD = 10_000
"""Buckets; with more, those that are full again are forgotten."""


@dataclass
class Rate:
    """At most `burst` at once, and `per_second` in the long run, for each key."""

    per_second: float
    burst: float
    _held: dict[Hashable, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: Hashable, amount: float = 1.0) -> int:
        """0 if the key may have so much now, else in how many seconds it may."""
        now = time.monotonic()
        with self._lock:
            if len(self._held) > MOST_HELD:
                # Those that were not heard of since their bucket filled up again.
                full = now - self.burst / self.per_second
                self._held = {one: was for one, was in self._held.items() if was[1] > full}
            held, since = self._held.get(key, (self.burst, now))
            held = min(self.burst, held + (now - since) * self.per_second)
            # More than a burst would never be there: such a request waits for a full bucket.
            wanted = min(amount, self.burst)
            if held >= wanted:
                self._held[key] = (held - amount, now)
                return 0
            self._held[key] = (held, now)
            return max(1, math.ceil((wanted - held) / self.per_second))


REQUESTS = Rate(per_second=20, burst=200)
"""Of the API: a page takes 5 to 20 milliseconds, so one key cannot take a process for itself."""
PAGES = Rate(per_second=30, burst=400)
"""Of one person: nobody reads as quickly; a script with a session's cookie is slowed down."""
EXPORTS = Rate(per_second=0.1, burst=30)
"""Of one person: whole lists taken out. The audit log tells each; this ends a run on them."""
EVENTS = Rate(per_second=10_000, burst=100_000)
"""Of the collector: twice what one process keeps, so it holds back only what would pile up."""

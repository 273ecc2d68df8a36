"""The append-only facts that people and events add; no rule lives here."""

from tieline.ledger.facts import (
    Certificate,
    Ending,
    Event,
    Judgement,
    Label,
    Remembered,
    Tombstone,
)
from tieline.ledger.ledger import FILE, Ledger, open_ledger

__all__ = [
    "FILE",
    "Certificate",
    "Ending",
    "Event",
    "Judgement",
    "Label",
    "Ledger",
    "Remembered",
    "Tombstone",
    "open_ledger",
]

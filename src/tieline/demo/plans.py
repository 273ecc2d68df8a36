"""What a department's list is like: whom it knows, since when, and how carelessly it was kept."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """The character of one list; shares are of its rows, days count from 2010-01-01."""

    name: str
    share: float
    first_day: int
    last_day: int
    newest_first: float = 1.0
    markets: dict[str, float] = field(default_factory=dict)
    other_markets: float = 1.0
    functions: dict[str, float] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    again: float = 0.08
    exact: float = 0.03
    junk: float = 0.0
    no_company: float = 0.0
    role: float = 0.0
    unreadable: float = 0.0
    no_address: float = 0.03
    bad_address: float = 0.03
    private_mail: float = 0.0
    no_mail: float = 0.1
    no_phone: float = 0.25
    no_title: float = 0.1
    careless: float = 1.0
    nicknames: float = 0.03
    opted_out: float = 0.0
    form_dropped: float = 0.15
    industries: dict[str, float] = field(default_factory=dict)
    other_industries: float = 1.0
    scanned: bool = False
    in_time_order: bool = False

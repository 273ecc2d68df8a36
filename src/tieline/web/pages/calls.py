"""What needs somebody, by role: each a count, what it is, why it matters, where to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse

from tieline.actions import review
from tieline.web.permissions import Permission, may
from tieline.web.reader import Reading, Row
from tieline.workspace import Workspace


@dataclass(frozen=True)
class Call:
    """One thing that waits for somebody."""

    count: int
    what: str
    why: str
    url: str


def calls(reading: Reading, workspace: Workspace, member: Any) -> list[Call]:
    """What waits for this person, what belongs to the role first."""
    found = [
        call
        for needed, tell in _CALLS
        if may(member, needed)
        for call in tell(reading, workspace)
        if call.count
    ]
    first = _FIRST.get(member.role, ())
    order = {call.what: place for place, call in enumerate(found)}
    return sorted(found, key=lambda call: (not call.url.startswith(tuple(first)), order[call.what]))


def review_queue(reading: Reading) -> list[Row]:
    """The questions of the snapshot, answered or not."""
    rows: list[Row] = reading.once("review queue", lambda now: review.queue(now.engine))
    return rows


def _review(reading: Reading, workspace: Workspace) -> Iterator[Call]:
    with workspace.ledger() as ledger:
        waiting = len(review.unanswered(review_queue(reading), ledger))
    yield Call(
        waiting,
        "questions the machine cannot answer alone",
        "each takes a few seconds; the most worthwhile come first",
        reverse("review"),
    )


def _leads(reading: Reading, workspace: Workspace) -> Iterator[Call]:
    count = reading.value(
        "SELECT count(DISTINCT contact_id) FROM lead_scores "
        "WHERE stage IN ('marketing_qualified', 'sales_accepted', 'sales_qualified')"
    )
    yield Call(
        count,
        "people are leads by the definition both sides signed",
        "marketing-qualified or further",
        f"{reverse('contacts')}?sort=-score",
    )


def _actions(reading: Reading, workspace: Workspace) -> Iterator[Call]:
    count = reading.value("SELECT count(*) FROM next_actions WHERE step <> 'leave_alone'")
    yield Call(
        count,
        "sites where a next step is worth its cost",
        "with whom, by which medium, and why",
        reverse("actions"),
    )


def _alarms(reading: Reading, workspace: Workspace) -> Iterator[Call]:
    at_risk = reading.value("SELECT count(*) FROM outlooks WHERE outlook = 'at_risk'")
    yield Call(
        at_risk,
        "accounts are at risk",
        "each with the reasons and what would change it",
        f"{reverse('accounts')}?outlook=at_risk",
    )
    threads = reading.value(
        "SELECT count(DISTINCT account_id) FROM single_threads WHERE alarm IS NOT NULL"
    )
    yield Call(
        threads,
        "accounts hang on one key player, or lost the last one",
        "when that person leaves, the relationship goes too",
        f"{reverse('accounts')}?thread=yes",
    )


def _lists(reading: Reading, workspace: Workspace) -> Iterator[Call]:
    unreadable = reading.value(
        "SELECT coalesce(sum(records), 0)::BIGINT FROM set_aside WHERE status = 'unreadable'"
    )
    yield Call(
        unreadable,
        "rows could not be read",
        "they are kept, with line and reason",
        f"{reverse('funnel')}?status=unreadable",
    )
    yield Call(
        _doubtful(workspace),
        "columns were understood with little confidence",
        "a wrong one spoils a field of every row of its list",
        reverse("sources"),
    )


_COUNTED: dict[Path, tuple[object, int]] = {}


def _doubtful(workspace: Workspace) -> int:
    """Columns that were understood with little confidence; counted anew once a file changed."""
    files = [workspace.settings_path, *sorted(workspace.sources_dir.glob("*.toml"))]
    written = [
        (file.name, told.st_mtime_ns, told.st_size) for file in files if (told := file.stat())
    ]
    before = _COUNTED.get(workspace.settings_path)
    if before is None or before[0] != written:
        count = sum(
            1
            for source in workspace.sources()
            for column in source.mapping
            if column.field and column.confidence < 0.6
        )
        before = _COUNTED[workspace.settings_path] = (written, count)
    return before[1]


_CALLS: tuple[tuple[Permission, Callable[[Reading, Workspace], Iterator[Call]]], ...] = (
    (Permission.REVIEW, _review),
    (Permission.PEOPLE, _leads),
    (Permission.READ, _actions),
    (Permission.READ, _alarms),
    (Permission.SOURCES, _lists),
)
_FIRST = {
    "seller": ("/contacts", "/actions"),
    "executive": ("/accounts",),
    "viewer": ("/accounts",),
    "marketer": ("/actions", "/contacts"),
}
"""Which pages a role looks at first, as beginnings of addresses."""

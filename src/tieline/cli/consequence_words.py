"""What a judgement changes, in words and small tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tieline.actions.consequences import Consequences, Move, Part, Regrouping, ValueChange
from tieline.cli.screen import say, show_table
from tieline.metrics.funnel_words import REASONS, STEPS

MOST_GROUPS = 8
MOST_RECORDS = 6
MOST_VALUES = 20
MOST_MOVES = 12

_NAME = ("name_prefix", "given_name", "middle_name", "family_name", "name_suffix")
_ADDRESS = ("address_line", "postcode", "city", "region", "country")
_PARTS = {
    **dict.fromkeys(_NAME, "full_name"),
    **dict.fromkeys(("function", "level"), "title"),
    **dict.fromkeys((*_ADDRESS, "address_verdict", "address_confidence"), "address"),
    "legal_form": "name",
}
"""Fields that are read out of another one."""


def show_consequences(found: Consequences, heading: str) -> None:
    """Say what changes, the entities first; of long lists the beginning and how many there are."""
    if not found:
        say("That changes nothing: everything is so already.")
        return
    say(f"{heading}:")
    for kind in ("contact", "site", "account"):
        _groups([group for group in found.regrouped if group.kind == kind], found.groups[kind])
    _values(found)
    _moves(found)
    _consents(found)
    _fates(found)
    _funnel(found)
    say()


def _groups(listed: Sequence[Regrouping], count: int) -> None:
    for group in listed[:MOST_GROUPS]:
        say(f"  {_headline(group)}")
        for part in group.before:
            say(f"    before  {_part(part)}")
        for part in group.after:
            say(f"    after   {_part(part)}")
    if count > MOST_GROUPS:
        say(f"  and {count - MOST_GROUPS:,} more such groups of {listed[0].kind}s")


def _headline(group: Regrouping) -> str:
    before, after = len(group.before), len(group.after)
    if before == after:
        return f"Records move among {_counted(before, group.kind)}"
    verb = "becomes" if before == 1 else "become"
    return f"{_counted(before, group.kind)} {verb} {'one' if after == 1 else after or 'none'}"


def _part(part: Part) -> str:
    shown = ", ".join(part.records[:MOST_RECORDS])
    more = len(part.records) - MOST_RECORDS
    label = f" {part.label}" if part.label else ""
    return f"{part.id}{label}: {shown}" + (f" and {more:,} more" if more > 0 else "")


def _values(found: Consequences) -> None:
    told = [value for value in found.values if not _follows(value, found.values)]
    if not told:
        return
    say("  Values")
    who = ""
    for value in told[:MOST_VALUES]:
        if value.id != who:
            who = value.id
            say(f"    {value.id} {value.label}".rstrip())
        field = value.field.removesuffix("_id")
        say(f"      {field}: {_text(value.before)} -> {_text(value.after)}")
    if len(told) > MOST_VALUES:
        say(f"    and {len(told) - MOST_VALUES:,} more")


def _follows(value: ValueChange, values: Sequence[ValueChange]) -> bool:
    """Whether the field is a part of another one that changes too, which tells it all."""
    whole = _PARTS.get(value.field)
    return any(other.id == value.id and other.field == whole for other in values)


def _moves(found: Consequences) -> None:
    if not found.moves:
        return
    say("  What is kept of them moves along")
    for move in found.moves[:MOST_MOVES]:
        say(f"    {_moved(move)}")
    if len(found.moves) > MOST_MOVES:
        say(f"    and {len(found.moves) - MOST_MOVES:,} more such moves")


def _moved(move: Move) -> str:
    what = _counted(move.count, move.table.removesuffix("s"))
    if move.table == "opportunities":
        what = f"{move.count:,} {'opportunity' if move.count == 1 else 'opportunities'}"
    where = {
        (False, True): f"to {move.after}",
        (True, False): f"from {move.before} to nobody",
        (True, True): f"from {move.before} to {move.after}",
    }[move.before is not None, move.after is not None]
    more = "; ..." if move.count > len(move.examples) else ""
    return f"{what} {where}: {'; '.join(move.examples)}{more}"


def _consents(found: Consequences) -> None:
    lost = {_consent(before): before for before, after in found.consents if before and not after}
    won = {_consent(after) for before, after in found.consents if after and not before}
    lines = []
    for before, after in found.consents:
        row: dict[str, Any] = before or after or {}
        what = f"{row['purpose']} by {row['channel']}"
        states = [_text(side["state"] if side else None) for side in (before, after)]
        if after and not before and _consent(after) in lost:
            whose = lost[_consent(after)]["contact_id"]
            lines.append(f"{what}, {states[1]}, from {whose} to {after['contact_id']}")
        elif before and not after and _consent(before) in won:
            continue  # it is told with the one who has it then
        elif states[0] != states[1]:
            lines.append(f"{row['contact_id']} {what}: {states[0]} -> {states[1]}")
        elif before and after and before["since"] != after["since"]:
            since = f"since {_text(before['since'])} -> {_text(after['since'])}"
            lines.append(f"{row['contact_id']} {what}, {states[0]}: {since}")
    if lines:
        say("  Consents")
    for line in lines:
        say(f"    {line}")


def _consent(row: dict[str, Any]) -> tuple[Any, ...]:
    """What was said and where, whoever it is taken to be said by."""
    return tuple(row[name] for name in ("purpose", "channel", "state", "record_id"))


def _fates(found: Consequences) -> None:
    if not found.fates:
        return
    say("  What counts")
    for before, after, records in found.fates:
        say(f"    {_counted(records, 'record')}: {_fate(before)} -> {_fate(after)}")


def _fate(status: str | None) -> str:
    if status is None:
        return "not there"
    return "usable" if status == "usable" else REASONS.get(status, status)


def _funnel(found: Consequences) -> None:
    changed = [row for row in found.funnel if row[1] != row[2]]
    if not changed:
        return
    say()
    show_table(
        ("  funnel", "before", "after"),
        [(f"  {STEPS[step]}", before, after) for step, before, after in changed],
        right=("before", "after"),
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _text(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)

"""Forget: a person is removed from every place of the workspace, for good, and does not return."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tieline.actions.drafts import checked_reason, name_of_user
from tieline.actions.entities import Entity, entity, open_tables, record_id_of
from tieline.actions.erasure import journal as journals
from tieline.actions.erasure import places
from tieline.actions.erasure.journal import Journal
from tieline.actions.erasure.landed_rows import clear_rows, count_rows
from tieline.actions.erasure.ledger_facts import erase_facts
from tieline.actions.erasure.plan import ACTIVITIES, TABLES, Plan, activity_records, plan
from tieline.actions.erasure.scan import Scan, scan
from tieline.actions.erasure.values import Values
from tieline.data import erasure_keys
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, reading
from tieline.errors import TielineError
from tieline.pipeline import build
from tieline.workspace import Workspace


@dataclass(frozen=True)
class Draft:
    """What would be removed: the person, the plan, and how many facts and rows by place."""

    person: Entity
    plan: Plan
    rows: Mapping[str, int]
    judgements: int


@dataclass(frozen=True)
class Forgotten:
    """What was removed: the certificate, where it lies, and what the scan found afterwards."""

    certificate: Mapping[str, Any]
    path: Path
    scan: Scan | None
    snapshot: Snapshot


def draft(workspace: Workspace, text: str, *, records: Sequence[str] = ()) -> Draft:
    """What forgetting a contact would remove; nothing is changed.

    `records` limits it to some of the contact's records, named by id or by source and row.
    """
    with open_tables(workspace, *TABLES, *ACTIVITIES) as (snapshot, engine):
        person, planned = _planned(engine, snapshot, text, records)
        with workspace.ledger() as ledger:
            named = len(ledger.judgements(active=False, records=planned.all_records))
        return Draft(person, planned, count_rows(workspace, planned), named)


def forget(
    workspace: Workspace,
    text: str,
    *,
    reason: str,
    by: str = "",
    records: Sequence[str] = (),
    said: Callable[[str], None] = lambda _: None,
) -> Forgotten:
    """Remove a contact from lists, ledger, snapshots and working files, and keep them out.

    Stopped at any moment, the same command finishes it. Raises what `build` raises; then all is
    removed but the old snapshot, and the same command finishes it as well.
    """
    begun = journals.unfinished(workspace, text.strip())
    if not begun:
        said("the lists as they are now")
        build(workspace, said=said)
    with reading(workspace.hidden_dir) as now, DuckEngine() as engine:
        # Nothing may collect the snapshot that still tells who the person is before the scan.
        journal = begun[0] if begun else None
        known = now if journal is None else _snapshot(workspace, journal, now)
        if journal is None:
            _read(engine, now)
            person, planned = _planned(engine, now, text, records)
            journal = _begin(workspace, person, planned, reason, by, now.id, whole=not records)
        elif known is not None:
            _read(engine, known)
            planned = plan(engine, journal.contact, journal.records, whole=journal.whole)
        else:
            planned = None
        return _carry_out(workspace, journal, planned, said)


def _carry_out(
    workspace: Workspace, journal: Journal, planned: Plan | None, said: Callable[[str], None]
) -> Forgotten:
    values = planned.values if planned else Values()

    def cleared(place: str, count: object) -> None:
        nonlocal journal
        journal = journal.with_removed(place, count)
        journals.keep(workspace, journal)

    if not journal.certificate:
        said("tombstones")
        journal = replace(journal, certificate=_bury(workspace, journal, planned))
        journals.keep(workspace, journal)
    said("lists")
    cleared("landed_rows", clear_rows(workspace, journal.records, planned, values))
    cleared("landed_contents", places.clear_unused_contents(workspace))
    said("ledger")
    with workspace.ledger() as ledger:
        cleared("ledger", asdict(erase_facts(workspace, ledger, journal.records, values)))
    cleared("cached_values", places.clear_values(workspace))
    cleared("working_files", places.clear_working_files(workspace))
    cleared("set_aside_events", places.clear_set_aside_events(workspace, values))
    snapshot = build(workspace, full=True, said=said)
    ids = planned.ids if planned else (journal.contact,)
    cleared("change_feed", places.clear_changes(workspace, ids, values))
    said("reading every file")
    found = _scan(workspace, planned)
    cleared("snapshots", places.clear_snapshots(workspace))
    body = _certificate(workspace, journal, planned, found)
    path = places.write_certificate(workspace, journal.certificate, body)
    journals.drop(workspace, journal)
    return Forgotten(body, path, found, snapshot)


def _planned(
    engine: Any, snapshot: Snapshot, text: str, records: Sequence[str]
) -> tuple[Entity, Plan]:
    person = entity(engine, text, kind="contact")
    if person.kind != "contact":
        raise TielineError(
            "no_person",
            f"{person.id} is no contact: only people are forgotten.",
            next_step="Take a company off with tieline set-aside, or name a contact.",
        )
    own = [*person.records, *activity_records(engine, snapshot.tables, person.id)]
    chosen = list(dict.fromkeys(own))
    if records:
        chosen = [record_id_of(engine, one) or "" for one in records]
        strange = [one for one, found in zip(records, chosen, strict=True) if found not in own]
        if strange:
            raise TielineError(
                "not_theirs",
                f"{strange[0]} is no record of {person}.",
                next_step=f"See which are: tieline explain {person.id}",
            )
    return person, plan(engine, person.id, chosen, whole=not records)


def _begin(
    workspace: Workspace,
    person: Entity,
    planned: Plan,
    reason: str,
    by: str,
    snapshot: str,
    *,
    whole: bool,
) -> Journal:
    why, who = checked_reason(reason), name_of_user(by)
    if planned.values.hits(why) or planned.values.hits(who):
        raise TielineError(
            "names_the_person",
            "The reason names the person who is to be forgotten, and it is kept.",
            next_step="Say why without a name, an address or a number, such as a ticket's number.",
        )
    journal = Journal(
        contact=person.id,
        records=planned.all_records,
        reason=why,
        by=who,
        begun_at=datetime.now(UTC).isoformat(timespec="seconds"),
        snapshot=snapshot,
        whole=whole,
    )
    journals.keep(workspace, journal)
    return journal


def _bury(workspace: Workspace, journal: Journal, planned: Plan | None) -> int:
    """Write the tombstones; the number of the certificate they stand under."""
    with workspace.ledger() as ledger:
        about = {"contact": journal.contact, "begun_at": journal.begun_at}
        for known in ledger.certificates():
            if about.items() <= known.body.items():
                return known.number
        salt = ledger.salt()
        digests = sorted(
            (key[0], erasure_keys.digest(salt, key)) for key in (planned.keys if planned else ())
        )
        body = {**about, "by": journal.by, "reason": journal.reason, "tombstones": len(digests)}
        at = datetime.fromisoformat(journal.begun_at)
        return ledger.add_tombstones(body, digests, at=at).number


def _scan(workspace: Workspace, planned: Plan | None) -> Scan | None:
    """Read everything but the snapshots that are about to go; None if nobody knows any more who."""
    if planned is None:
        return None
    with workspace.ledger() as ledger:
        return scan(workspace, ledger, planned.values, besides=places.other_snapshots(workspace))


def _certificate(
    workspace: Workspace, journal: Journal, planned: Plan | None, found: Scan | None
) -> dict[str, Any]:
    with workspace.ledger() as ledger:
        stones = sum(one.certificate == journal.certificate for one in ledger.tombstones())
        place = ledger.place
    sources = sorted(journal.removed.get("landed_rows", {}))
    values = planned.values if planned else Values()
    outside = [
        {**one, "location": "(it names the person)"} if values.hits(one["location"]) else one
        for one in places.outside(workspace, sources)
    ]
    return {
        "certificate": journal.certificate,
        "contact": journal.contact,
        "reason": journal.reason,
        "by": journal.by,
        "begun_at": journal.begun_at,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "records": list(journal.records),
        "removed": dict(journal.removed),
        "tombstones": stones,
        "keys_of_others": dict(planned.shared_keys) if planned else {},
        "scan": None
        if found is None
        else {
            "files": found.files,
            "bytes": found.bytes,
            "values_looked_for": found.looked_for,
            "values_of_others": dict(values.shared or {}),
            "traces": [asdict(trace) for trace in found.traces],
            "traces_in_your_files": [asdict(trace) for trace in found.yours],
        },
        "outside": {
            "lists": outside,
            "ledger": place,
            "also": "files that were exported, backups, and systems that were given data",
        },
    }


def _snapshot(workspace: Workspace, journal: Journal, now: Snapshot) -> Snapshot | None:
    """The snapshot that an erasure began with, as long as it is there."""
    folder = workspace.snapshots_dir / journal.snapshot
    if journal.snapshot == now.id or not (folder / "manifest.json").exists():
        return now if journal.snapshot == now.id else None
    return Snapshot(journal.snapshot, folder, {"tables": dict.fromkeys(_tables(folder))})


def _tables(folder: Path) -> list[str]:
    # A table of many rows is a folder of files.
    return sorted(path.stem for path in folder.iterdir() if path.suffix != ".json")


def _read(engine: DuckEngine, snapshot: Snapshot) -> None:
    for name in snapshot.tables:
        one = snapshot.folder / f"{name}.parquet"
        engine.read_parquet(name, one if one.exists() else snapshot.folder / name)

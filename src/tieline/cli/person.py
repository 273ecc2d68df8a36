"""`tieline person ID`: everything held about one person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tieline.actions.person import person
from tieline.cli import opened
from tieline.cli.screen import say, show_table
from tieline.errors import Place, TielineError


def run(
    context: typer.Context,
    contact: Annotated[
        str, typer.Argument(metavar="ID", help="The contact, or one of their rows, as in crm:12.")
    ],
    file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write it all as JSON.")
    ] = None,
) -> None:
    """Show everything that is held about a person, for whoever asks for access to it.

    The rows of every list word for word, what was made of them and why they are one person, what
    they agreed to, what they did and what was sent to them, and what people decided about them.
    """
    told = person(opened.workspace(context), contact)
    if file is not None:
        _write(file, told)
        say(f"Wrote {file}.")
        return
    _who(told)
    _values(told)
    _consents(told)
    _rows(told)
    _why(told)
    _activities(told)
    _decisions(told)


def _write(file: Path, told: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as problem:
        raise TielineError(
            "cannot_write",
            f"The file cannot be written: {problem.strerror}.",
            place=Place(str(file)),
            next_step="Name a folder that exists and that you may write to.",
        ) from None


def _who(told: dict[str, Any]) -> None:
    known = told["contact"]
    name = known["full_name"] or known["email"] or "without a name"
    say(f"All that is held about {told['contact_id']}, {name}.")
    if told["earlier_ids"]:
        say(f"Also known as: {', '.join(told['earlier_ids'])}.")
    for position in told["positions"]:
        place = "now" if position["place"] == 1 else "earlier"
        say(f"  {place} at {position['name']} {position['address'] or ''}".rstrip())


def _values(told: dict[str, Any]) -> None:
    _table(
        "Values, and which rows say so",
        ("field", "value", "held right", "rows", "from"),
        [
            (v["field"], v["value"], "yes" if v["rank"] == 1 else "", v["records"], v.get("record"))
            for v in told["values"]
        ],
    )
    _table(
        "Addresses, numbers and identifiers that lead to the person",
        ("scheme", "value", "known from", "times"),
        [(i["scheme"], i["value"], i["evidence"], i["times"]) for i in told["identifiers"]],
    )


def _consents(told: dict[str, Any]) -> None:
    _table(
        "Consent",
        ("purpose", "channel", "state", "since", "says so", "row"),
        [
            (c["purpose"], c["channel"], c["state"], c["since"], c["source"], c.get("record"))
            for c in told["consents"]
        ],
    )


def _rows(told: dict[str, Any]) -> None:
    say()
    say("Rows of lists, word for word")
    owners = {one["source"]: one for one in told["lists"]}
    for record in told["records"]:
        where = owners.get(record["source"], {}).get("location", "")
        say(f"  {record['source']}:{record['row']}  {where}  {record['record_at'] or ''}".rstrip())
        cells = record["verbatim"]
        for name, text in cells.items() if isinstance(cells, dict) else [("row", cells)]:
            say(f"    {name}: {text}")


def _why(told: dict[str, Any]) -> None:
    if not told["why_one_person"]:
        return
    say()
    say("Why these rows are one person")
    for link in told["why_one_person"]:
        say(f"  {link['left']} and {link['right']}: {link['probability']:.1%} likely")
        for part in link["because"]:
            seen = (
                part["left"]
                if part["left"] == part["right"]
                else f"{part['left']} / {part['right']}"
            )
            say(f"    {part['field']}: {part['says']} ({seen})")


def _activities(told: dict[str, Any]) -> None:
    for table, heading in (
        ("responses", "What the person did"),
        ("touches", "What was sent to or done with the person"),
    ):
        _table(
            heading,
            ("when", "what", "topic", "campaign", "row"),
            [
                (one["occurred_at"], one["kind"], one["topic"], one["campaign"],
                 f"{one['source']}:{one['row_number']}")
                for one in told[table]
            ],
        )  # fmt: skip
    if told["opportunities"]:
        names = tuple(name for name in told["opportunities"][0] if not name.endswith("_id"))
        _table("Deals", names, [tuple(one[n] for n in names) for one in told["opportunities"]])


def _decisions(told: dict[str, Any]) -> None:
    _table(
        "Notes",
        ("when", "by", "note"),
        [(n["made_at"], n["made_by"], n["text"]) for n in told["notes"]],
    )
    _table(
        "What people decided about the person",
        ("judgement", "kind", "said", "reason", "by", "at"),
        [
            (one["judgement"], one["kind"], "; ".join(one["said"].values()), one["reason"],
             one["by"], one["at"])
            for one in told["judgements"]
        ],
    )  # fmt: skip
    say()
    say(told["given_to"])


def _table(heading: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    if rows:
        say()
        say(heading)
        show_table(("  " + columns[0], *columns[1:]), [(f"  {r[0] or ''}", *r[1:]) for r in rows])

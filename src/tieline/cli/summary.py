"""The end of a build: the funnel, what was found, what to do next."""

from __future__ import annotations

from tieline.cli import opened
from tieline.cli.screen import out, say, show_table
from tieline.engine.snapshot import Snapshot
from tieline.workspace import Workspace

STEPS = {
    "records": "records read",
    "readable": "readable",
    "valid_address": "at a valid address",
    "unique": "unique",
    "valid_company": "at a valid company",
    "not_competitor": "not a competitor",
    "usable": "usable",
}
REASONS = {
    "unreadable": "rows that cannot be read",
    "no_address": "no address, and none known for the company",
    "invalid_address": "an address that is incomplete, unknown or contradicts itself",
    "duplicate": "the same contact again",
    "no_company": "no company that can be recognised",
    "competitor": "a competitor",
    "own_company": "our own company",
    "suppressed": "on a suppression list",
    "opted_out": "asked not to be written to",
    "junk_name": "a name that is nobody's (a test, a desk, a company)",
}


def show_summary(workspace: Workspace, found: Snapshot) -> None:
    """Print the funnel, the figures and the most useful next steps."""
    with opened.reader(
        found, "funnel", "set_aside", "contacts", "sites", "accounts", "issues"
    ) as engine:
        funnel = engine.arrow(
            "SELECT step, records, dropped, share FROM funnel WHERE source = 'all' "
            "ORDER BY step_number"
        ).to_pylist()
        reasons = engine.arrow(
            "SELECT step, status, sum(records)::BIGINT AS records FROM set_aside "
            "GROUP BY step, status ORDER BY records DESC"
        ).to_pylist()
        counts = {
            table: engine.arrow(f"SELECT count(*) AS n FROM {table}")["n"][0].as_py()
            for table in ("accounts", "sites", "contacts")
        }
        steps = _next_steps(workspace, engine.arrow(_WORST).to_pylist(), reasons)
    width = max(20, min(40, out.width - 70))
    most = max(funnel[0]["records"], 1)
    show_table(
        ("", "records", "", "set aside", "because"),
        [
            (
                STEPS[row["step"]],
                row["records"],
                "█" * round(width * row["records"] / most),
                row["dropped"] or None,
                "; ".join(
                    f"{REASONS[r['status']]} {r['records']:,}"
                    for r in reasons
                    if r["step"] == row["step"]
                ),
            )
            for row in funnel
        ],
        right=("records", "set aside"),
    )
    say()
    say(
        f"Found {counts['accounts']:,} accounts, {counts['sites']:,} sites and "
        f"{counts['contacts']:,} contacts."
    )
    say()
    say("What helps most now:")
    for number, step in enumerate(steps, start=1):
        say(f"  {number}. {step}")
    say()


def share_set_aside(found: Snapshot) -> float:
    """The share of the records read that are not usable for a reason other than being duplicates."""
    with opened.reader(found, "set_aside", "funnel") as engine:
        row = engine.arrow(
            "SELECT coalesce((SELECT sum(records) FROM set_aside WHERE status <> 'duplicate'), 0) "
            "/ greatest((SELECT records FROM funnel WHERE source = 'all' AND step = 'records'), 1) "
            "AS share"
        )
    return float(row["share"][0].as_py())


_WORST = """
SELECT source, status, records, records / sum(records) OVER () AS share
FROM set_aside WHERE status <> 'duplicate' ORDER BY records DESC, source LIMIT 1
"""


def _next_steps(
    workspace: Workspace, worst: list[dict[str, object]], reasons: list[dict[str, object]]
) -> list[str]:
    steps = []
    unsure = [
        (column.confidence, source.name, column.column, column.field)
        for source in workspace.sources()
        for column in source.mapping
        if column.field and column.confidence < 0.6
    ]
    if worst:
        row = worst[0]
        steps.append(
            f"{row['source']} loses {row['records']:,} records to "
            f"{REASONS[str(row['status'])]}: look at them with "
            f"`tieline export record_entities records.csv`, then repair the list or its mapping."
        )
    if unsure:
        _, source, column, field = min(unsure)
        steps.append(
            f"{len(unsure)} columns were understood with some doubt, most of all {column!r} of "
            f"{source} as {field}: `tieline check {source}` shows why; correct it in tieline.toml."
        )
    if not workspace.settings.competitors.names and not workspace.settings.competitors.domains:
        steps.append("Name your competitors and your own company in tieline.toml to set them aside.")
    steps.append("See whom you know: `tieline show contacts`, and why: `tieline explain ID`.")
    return steps[:3]

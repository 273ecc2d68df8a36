"""Write docs/reference/ from the code: `python docs/generate.py`; `--check` only compares.

Tables from the headers of the models, commands from the command line, fields from the kinds of
sources and values, settings from their models. No sentence of these pages is written twice.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel

from tieline.cli.main import app
from tieline.data import values
from tieline.data.kinds import FIELDS, KINDS, SCHEMES
from tieline.engine.spec import read_specs
from tieline.metrics.funnel_words import REASONS, STEPS
from tieline.metrics.lead_fields import FIELDS as LEAD
from tieline.metrics.segment_fields import FIELDS as RULE
from tieline.pipeline import LAYERS, MEANING, PUBLISHED, models
from tieline.workspace import scorecard_settings as card
from tieline.workspace.setting_words import keys, meaning, sections

REFERENCE = Path(__file__).parent / "reference"
SPECS = Path(__file__).parents[1] / "src" / "tieline" / "specs"
NOTE = "<!-- Written by docs/generate.py from the code; `make docs` writes it again. -->\n"


def tables() -> str:
    """Every table: the question it answers, its rows, columns, owner and what it is made from."""
    known = {model.name for model in models()}
    read_by: dict[str, list[str]] = {name: [] for name in known}
    for model in models():
        for name in model.inputs:
            read_by.setdefault(name, []).append(model.name)
    parts = [
        "# Tables",
        "Every table is computed from the tables it names, by one SELECT or one function in a file "
        "of its name. `tieline show TABLE` shows the first rows of one, "
        "`tieline export TABLE FILE` writes it, "
        "`tieline path TABLE` says where its Parquet file lies, or the folder of them where it has "
        "many rows. Tables marked *intermediate* are not part of a snapshot. Examples are "
        "small tables of what is given and what comes of it; the tests hold each table to its own.",
    ]
    for layer, listed in LAYERS:
        parts.append(f"## {layer}: {MEANING[layer].lower()}")
        for model in listed():
            header = model.header
            kept = "" if model.name in PUBLISHED else " *Intermediate.*"
            direction = {"up": "more is better", "down": "less is better"}.get(header.better)
            facts = [
                f"One row is: {_lower(header.row)}",
                f"Key: {_codes(header.key)}. Owner: {header.owner}."
                + (f" Direction: {direction}." if direction else ""),
                f"Made from: {_links(model.inputs, known) or 'what was landed'}.",
                f"Read by: {_links(read_by[model.name], known) or 'nothing else'}.",
                *_examples(model.name),
            ]
            parts.append(f"### {model.name}")
            parts.append(f"{header.question}{kept}")
            parts.append("\n".join(f"- {fact}" for fact in facts))
            parts.append(
                _table(("column", "meaning"), [(f"`{c}`", m) for c, m in header.columns.items()])
            )
    return _page(parts)


def _examples(name: str) -> list[str]:
    """The examples that the tests hold the table to, by their titles."""
    file = SPECS / f"{name}.md"
    if not file.exists():
        return []
    titles = [spec.title for spec in read_specs(file)]
    return [f"Examples: [{'; '.join(titles)}](../../src/tieline/specs/{file.name})."]


def commands() -> str:
    """Every command with its arguments and options, as the command line itself knows them."""
    group: Any = typer.main.get_command(app)
    parts = [
        "# Commands",
        "`tieline [-w DIR] COMMAND ...`: the workspace is the folder DIR, or else the current one. "
        "A command ends with 0 when it is done, 1 when it is done but more records were set aside "
        "than the settings allow, and 2 when you must act; what and where is then said.",
    ]
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option"]
        usage = [f"tieline {name}"]
        for argument in arguments:
            shown = argument.metavar or argument.name.upper()
            usage.append(shown if argument.required or shown.startswith("[") else f"[{shown}]")
        if options:
            usage.append("[OPTIONS]")
        parts.append(f"## {name}")
        parts.append(f"```\n{' '.join(usage)}\n```")
        parts.append(_flat(command.help or ""))
        rows = [
            (f"`{a.metavar or a.name.upper()}`", _flat(a.help or "")) for a in arguments if a.help
        ]
        rows += [(f"`{', '.join(o.opts)}`", _option(o)) for o in options]
        if rows:
            parts.append(_table(("argument or option", "meaning"), rows))
    return _page(parts)


def fields() -> str:
    """The vocabulary: standard fields, identifiers, reason codes, steps of the funnel."""
    parts = [
        "# Fields and codes",
        "## Standard fields",
        "The columns of every list are mapped to these fields. `tieline check` shows how; what is "
        "wrong is [corrected in `tieline.toml`](../how-to/correct-a-mapping.md).",
        _table(
            ("field", "meaning", "kinds of source"),
            [(f"`{f.name}`", f.meaning, ", ".join(f.kinds)) for f in FIELDS],
        ),
        "## Identifiers",
        "A column with a number or handle that names one person or company is mapped to "
        "`identifier:` and one of these, or any other name in lower case.",
        _table(
            ("field", "names a", "meaning"),
            [(f"`identifier:{s.name}`", s.owner, s.meaning) for s in SCHEMES.values()],
        ),
        "## Fields of a segment's rule",
        "What `rule` in `[segments.NAME]` may ask about. `tieline segments --fields` shows how "
        "many sites have them.",
        _table(
            ("field", "is", "meaning"),
            [(f"`{f.name}`", "number" if f.kind == "number" else "text", f.meaning) for f in RULE],
        ),
        "## Kinds of source",
        _table(("kind", "one row is"), [(f"`{k.name}`", k.one_row_is) for k in KINDS.values()]),
        "## What became of a record",
        "`status` in the tables `record_entities` and `set_aside`.",
        _table(
            ("status", "meaning"),
            [
                ("`usable`", "one of the records to work with"),
                *((f"`{c}`", m) for c, m in REASONS.items()),
            ],
        ),
        "## Steps of the funnel",
        _table(("step", "records that are"), [(f"`{c}`", m) for c, m in STEPS.items()]),
        "## What can be wrong with a value",
        "`code` in the table `issues`, and the columns ending in `_issue`. The verbatim cell is "
        "kept in any case.",
    ]
    for kind, issues in _value_issues():
        parts.append(f"### {kind}")
        parts.append(_table(("code", "meaning"), [(f"`{c}`", m) for c, m in issues.items()]))
    return _page(parts)


def settings() -> str:
    """Every section and key of tieline.toml."""
    parts = [
        "# Settings",
        "`tieline.toml` in the workspace. It holds no secret and may be kept in git. An unknown "
        "key is refused, with its line and what was probably meant.",
    ]
    for one in sections():
        parts += [f"## {one.title}", *_keys(one.section)]
    return _page(parts)


def _keys(section: type[BaseModel]) -> list[str]:
    rows = [(f"`{one.name}`", one.holds, f"`{one.default}`", one.meaning) for one in keys(section)]
    return [meaning(section), _table(("key", "is", "default", "meaning"), rows)]


def scorecards() -> str:
    """Every section and key of a scorecard's file, and the fields it may ask."""
    sections = {
        "[owners]": card.OwnerSettings,
        "[thresholds]": card.ThresholdSettings,
        "[hand_over]": card.HandOverSettings,
        "[[hand_over.sellers]]": card.SellerSettings,
        "[cases]": card.CasesSettings,
        "[criteria.NAME]": card.CriterionSettings,
        "bands": card.BandSettings,
    }
    return _page(
        [
            "# Scorecards",
            "A scorecard says when somebody is a lead for a product: a file `scorecards/NAME.toml` "
            "in the workspace. `product` stands before its first section. How to agree on one is "
            "told in [a page of its own](../how-to/agree-on-what-a-lead-is.md).",
            *(part for name, one in sections.items() for part in (f"## {name}", *_keys(one))),
            "## Fields",
            "What `field` and `when` may ask about. The fields of past cases are their columns, "
            "such as `cases.source`.",
            _table(
                ("field", "holds", "meaning"),
                [(f"`{f.name}`", f.kind, f.meaning) for f in LEAD],
            ),
        ]
    )


PAGES = {
    "tables.md": tables,
    "commands.md": commands,
    "fields.md": fields,
    "settings.md": settings,
    "scorecards.md": scorecards,
}


def _value_issues() -> Iterable[tuple[str, dict[str, str]]]:
    for found in pkgutil.iter_modules(values.__path__):
        module = importlib.import_module(f"{values.__name__}.{found.name}")
        if hasattr(module, "standardise") and getattr(module, "ISSUES", None):
            yield found.name, module.ISSUES


def _option(option: Any) -> str:
    default = option.default
    told = _flat(option.help or "")
    return f"{told} Default: {default}." if default not in (None, False, "") else told


def _links(names: Iterable[str], known: Iterable[str]) -> str:
    return ", ".join(f"[{n}](#{n})" if n in set(known) else f"`{n}`" for n in names)


def _codes(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *([c.replace("|", "\\|") for c in row] for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _page(parts: list[str]) -> str:
    return NOTE + "\n" + "\n\n".join(parts) + "\n"


def stale() -> list[Path]:
    """The pages that are not what the code says now."""
    return [
        REFERENCE / name
        for name, page in PAGES.items()
        if not (REFERENCE / name).exists() or (REFERENCE / name).read_text("utf-8") != page()
    ]


def main() -> int:
    """Write the pages, or with `--check` say which are stale."""
    if "--check" in sys.argv[1:]:
        found = stale()
        for path in found:
            print(f"{path.name} is not what the code says: make docs", file=sys.stderr)
        return 1 if found else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

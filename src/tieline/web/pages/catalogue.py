"""The catalogue: every table with the question it answers, its columns, owner, rows and lineage."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

import tieline
from tieline.engine.model import Model
from tieline.engine.spec import Spec, TextTable, read_specs
from tieline.engine.tables import quoted
from tieline.errors import TielineError
from tieline.pipeline import models, own_models
from tieline.web.pages.lineage import lineage
from tieline.web.permissions import Permission, may, needs
from tieline.web.reader import reading
from tieline.web.served import workspace

SAMPLE = 15
SPECS = Path(tieline.__file__).parent / "specs"
MEANING = {
    "data": "What we were told",
    "identity": "Who is who",
    "metrics": "What is",
    "insight": "What it means",
    "decisions": "What to do",
    "own": "Your own tables",
}


@needs(Permission.READ)
@require_GET
def catalogue(request: Any) -> Any:
    """Every table of the snapshot, layer by layer."""
    words = request.GET.get("q", "").lower().split()
    with reading() as found:
        rows = {name: one["rows"] for name, one in found.snapshot.manifest["tables"].items()}
    layers = []
    for layer in MEANING:
        listed = _own() if layer == "own" else [m for m in models() if m.layer == layer]
        kept = [
            {"model": model, "rows": rows[model.name]}
            for model in listed
            if model.name in rows
            and all(w in f"{model.name} {model.header.question}".lower() for w in words)
        ]
        if kept:
            layers.append({"name": layer, "means": MEANING[layer], "tables": kept})
    said = {"layers": layers, "asked_for": request.GET.get("q", ""), "tables": len(rows)}
    return render(request, "tieline/catalogue.html", said)


@needs(Permission.READ)
@require_GET
def table(request: Any, name: str) -> Any:
    """One table: what it is made of, what reads it, its columns, its SELECT, its first rows."""
    known = {model.name: model for model in (*models(), *_own())}
    if name not in known:
        raise TielineError(
            "unknown_table",
            f"There is no table {name[:60]!r}.",
            next_step="The page Catalogue lists them.",
        )
    model = known[name]
    with reading() as found:
        kept = found.snapshot.manifest["tables"]
        told = kept.get(name)
        shown: list[dict[str, Any]] = []
        if told and may(request.user, Permission.PEOPLE):
            shown = found.rows(f"SELECT * FROM {quoted(name)} LIMIT {SAMPLE}")
        built_at = dt.datetime.fromtimestamp(found.snapshot.folder.stat().st_mtime, dt.UTC)
    read_by = [one.name for one in known.values() if name in one.inputs]
    said = {
        "model": model,
        "kept": told,
        "rows": [list(row.values()) for row in shown],
        "names": list(shown[0]) if shown else [],
        "layer": MEANING.get(model.layer, MEANING["own"]),
        "sql": _select(model),
        "picture": lineage(model.name, model.inputs, read_by, known),
        "specs": _specs(name),
        "built_at": built_at,
    }
    return render(request, "tieline/table.html", said)


def _own() -> tuple[Model, ...]:
    """The user's own tables; none where one of them is wrong, which the build tells."""
    try:
        return own_models(workspace())
    except TielineError:
        return ()


def _specs(name: str) -> list[dict[str, Any]]:
    """The examples that the tests hold a table to: what is given, and what comes of it."""
    file = SPECS / f"{name}.md"
    return [_told(spec) for spec in read_specs(file)] if file.exists() else []


def _told(spec: Spec) -> dict[str, Any]:
    given: list[tuple[str, TextTable]] = list(spec.given.items())
    return {
        "title": spec.title,
        "tables": [*given, ("then", spec.then)],
        "settings": spec.settings or "",
    }


def _select(model: Model) -> str:
    return (model.sql or "").strip()

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
from tieline.pipeline import MEANING, models
from tieline.web.pages.lineage import lineage
from tieline.web.pages.own_tables import OwnTable, own_tables
from tieline.web.permissions import Permission, may, needs
from tieline.web.reader import reading

SAMPLE = 15
SPECS = Path(tieline.__file__).parent / "specs"
MEANS = {**MEANING, "own": "Your own tables"}


@needs(Permission.READ)
@require_GET
def catalogue(request: Any) -> Any:
    """Every table of the snapshot, layer by layer."""
    words = request.GET.get("q", "").lower().split()
    with reading() as found:
        rows = {name: one["rows"] for name, one in found.snapshot.manifest["tables"].items()}
        own = own_tables(found)
    layers = []
    for layer in MEANS:
        if layer == "own":
            continue
        kept = [
            {"model": model, "rows": rows[model.name]}
            for model in models()
            if model.layer == layer and model.name in rows and _fits(model, words)
        ]
        if kept:
            layers.append({"name": layer, "means": MEANS[layer], "tables": kept})
    said = {
        "own": [
            {"one": one, "rows": rows.get(one.name)}
            for one in own
            if one.model is None or _fits(one.model, words)
        ],
        "layers": layers,
        "asked_for": request.GET.get("q", ""),
        "tables": len(rows),
    }
    return render(request, "tieline/catalogue.html", said)


@needs(Permission.READ)
@require_GET
def table(request: Any, name: str) -> Any:
    """One table: what it is made of, what reads it, its columns, its SELECT, its first rows."""
    with reading() as found:
        own = {one.name: one for one in own_tables(found)}
    known = {model.name: model for model in models()}
    # A file of the user's that takes a name of ours is told on the page Catalogue.
    own = {one: told for one, told in own.items() if one not in known}
    if name in own and own[name].model is None:
        return _unreadable(request, own[name])
    known |= {one.name: one.model for one in own.values() if one.model is not None}
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
        "own": own.get(name),
        "kept": told,
        "rows": [list(row.values()) for row in shown],
        "names": list(shown[0]) if shown else [],
        "layer": MEANS.get(model.layer, MEANS["own"]),
        "sql": _select(model),
        "picture": lineage(model.name, model.inputs, read_by, known),
        "specs": _specs(name),
        "built_at": built_at,
    }
    return render(request, "tieline/table.html", said)


def _fits(model: Model, words: list[str]) -> bool:
    """Whether a table's name and question have all of these words."""
    return all(word in f"{model.name} {model.header.question}".lower() for word in words)


def _unreadable(request: Any, own: OwnTable) -> Any:
    """The page of a table of the user's own whose file cannot be read."""
    said = {"own": own, "name": own.name, "sql": own.text}
    return render(request, "tieline/own_table.html", said)


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

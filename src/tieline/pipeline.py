"""One build: from the landed rows and the settings to a published snapshot. Holds no rule."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tieline import data, decisions, identity, insight, metrics
from tieline.data.kinds.registry import REGISTRY
from tieline.data.source import Source
from tieline.engine.duck import DuckEngine
from tieline.engine.last_build import LastBuild
from tieline.engine.model import Model, sql_model
from tieline.engine.own_model import check_own
from tieline.engine.run import OnStep, run
from tieline.engine.snapshot import Build, Snapshot, building, collect, current, publish
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.identity import change_feed
from tieline.identity.judgements import Judgements
from tieline.identity.parameters import ParameterStore
from tieline.identity.set_aside_accounts import NamedCompanies
from tieline.insight.outlook_limits import OutlookLimits
from tieline.ledger import Judgement, Ledger
from tieline.metrics.category import SourceOwner
from tieline.metrics.concentration import ConcentrationLimits
from tieline.workspace import Workspace, offers, scorecards
from tieline.workspace.action_settings import approach
from tieline.workspace.category_settings import category_rules
from tieline.workspace.event_sources import event_sources
from tieline.workspace.segments import named_products, named_segments
from tieline.workspace.stage_settings import stage_limits
from tieline.workspace.title_settings import title_rules
from tieline.workspace.tombstones import keep_out_all

LAYERS: tuple[tuple[str, Callable[[], tuple[Model, ...]]], ...] = (
    ("data", data.models),
    ("identity", identity.models),
    ("metrics", metrics.models),
    ("insight", insight.models),
    ("decisions", decisions.models),
)
"""The product's sentence, as far as it is built."""

MEANING = {
    "data": "What we were told",
    "identity": "Who is who",
    "metrics": "What is",
    "insight": "What it means",
    "decisions": "What to do",
}
"""The layers as a reader knows them."""

PUBLISHED = (
    "records", "standard_records", "record_identifiers", "issues",
    "company_profiles", "account_links", "record_accounts", "person_profiles", "contact_links",
    "record_contacts", "site_profiles", "site_links", "record_sites", "comparison_weights",
    "record_entities", "contact_positions", "golden_values", "address_changes", "address_history",
    "contacts", "sites", "accounts",
    "redirects", "notes", "identifier_contacts", "touches", "responses", "opportunities",
    "consent_statements", "record_consents", "consents", "review_queue",
    "registry_entries", "registry_issues", "registry_hierarchy", "registry_candidates",
    "registry_matches", "site_registry_matches", "registry_conflicts", "family_links", "families",
    "family_members", "family_issues",
    "funnel", "set_aside", "registry_twins", "segment_members", "segments", "key_players",
    "universe", "universe_players", "coverage", "coverage_functions", "concentration",
    "as_of", "response_kinds", "contact_stays", "site_players", "site_stage_periods",
    "site_stages", "account_stages", "stage_distribution", "stage_movements",
    "stage_settings_issues", "memory_issues",
    "category_weights", "category_rules", "interaction_kinds", "source_departments",
    "category_evidence", "category_shares", "contact_categories", "category_history",
    "contact_mix", "mix_gaps",
    "scorecards", "score_parts", "lead_scores", "lead_history", "site_scores", "account_scores",
    "lead_answers", "lead_handovers", "lead_outcomes",
    "site_lists", "unlisted_estimates",
    "single_threads", "account_signals", "outlook_reasons", "outlooks", "outlook_cases",
    "outlook_models", "outlook_chances", "lead_evidence",
    "list_sample_rows", "list_purchases", "list_offers", "list_offer_segments",
    "list_offer_overlaps", "list_plan", "list_plan_lines",
    "medium_checks", "answer_rates", "contact_media", "action_alternatives", "next_actions",
    "lead_questions", "lead_queue",
)  # fmt: skip
"""The tables of a snapshot; the others are intermediate."""

FOLLOWED = {**metrics.FOLLOWED, **insight.FOLLOWED}
"""Tables of figures whose movement the change feed tells."""

_FEW_ROWS = 20_000
"""Up to so many, dealing the work out to several threads costs more than it brings: a join of a
thousand rows takes 2.9 ms of two processors and 1.7 ms of one."""


@cache
def models() -> tuple[Model, ...]:
    """Every table the product computes, layer by layer; their files are read once a process."""
    return tuple(model for _, listed in LAYERS for model in listed())


def build(
    workspace: Workspace,
    *,
    engine: Engine | None = None,
    full: bool = False,
    on_step: OnStep | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> Snapshot:
    """Compute everything and publish it as the current snapshot.

    `engine` computes what is written as SELECTs (DuckDB in this process if None) and stays open;
    Python models always run on a DuckDB beside it. What the last build tells is not computed again
    unless `full`, or another engine is given. In any case the tables are the same.
    Raises `nothing_to_build` if no source was added, `build_running` if another build is under way.
    """
    keep_out_all(workspace)
    with building(workspace.hidden_dir) as lock:
        before = current(workspace.hidden_dir)
        with (
            DuckEngine(workspace.scratch_dir, threads=_threads(workspace)) as duck,
            workspace.ledger() as ledger,
        ):
            sources = _sources(workspace, ledger)
            given = context(workspace, sources, Judgements(ledger), said)
            last = None if full else lock.last()
            snapshot = _run(lock, workspace, sources, engine or duck, duck, given, last, on_step)
        if before is not None:
            change_feed.append(workspace.changes_dir, before, snapshot, FOLLOWED)
        collect(lock)
    return snapshot


@contextmanager
def plan(
    workspace: Workspace,
    *,
    tried: Sequence[Judgement] = (),
    without: Sequence[int] = (),
    parameters: ParameterStore | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> Iterator[Snapshot]:
    """Give the snapshot that a build would make with other facts, and drop it at the end.

    Judgements can be added (`tried`, the newest) or left out, the weights can be others. The
    current snapshot, the ledger and the pinned weights stay as they are. Raises as `build` does.
    """
    home = Path(tempfile.mkdtemp(prefix="plan-", dir=workspace.scratch_dir))
    try:
        with (
            building(workspace.hidden_dir) as lock,
            building(home) as trial,
            DuckEngine(workspace.scratch_dir, threads=_threads(workspace)) as duck,
            workspace.ledger() as ledger,
        ):
            sources = _sources(workspace, ledger)
            given = dict(context(workspace, sources, Judgements(ledger, tried, without), said))
            if parameters is not None:
                given["parameters"] = parameters
            snapshot = _run(trial, workspace, sources, duck, duck, given, lock.last(), None)
        yield snapshot
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _threads(workspace: Workspace) -> int | None:
    """How many threads compute; None for one on each processor."""
    rows = sum(source.rows_read for source in workspace.sources())
    return 1 if rows <= _FEW_ROWS else None


def _run(
    lock: Build,
    workspace: Workspace,
    sources: list[Source],
    engine: Engine,
    duck: DuckEngine,
    given: Mapping[str, Any],
    last: LastBuild | None,
    on_step: OnStep | None,
) -> Snapshot:
    own = own_models(workspace)
    listed = (*models(), *own)
    published = (*PUBLISHED, *(model.name for model in own))
    # Before anything is computed: what comes meanwhile may be in it, and is told as if it were not.
    heard = given["judgements"].heard()
    made = run(
        listed,
        engine,
        given,
        keep=published,
        on_step=on_step,
        python_engine=duck,
        last=last,
        folder=lock.folder / "made",
    )
    keys = {model.name: model.header.key for model in listed if model.name in published}
    inputs, versions = _inputs(workspace, sources, own), _versions()
    known: dict[str, Any] = {"inputs": inputs, "versions": versions, "heard": heard}
    return publish(lock, engine, keys, **known, made=made, last=last)


def own_models(workspace: Workspace) -> tuple[Model, ...]:
    """The user's own tables, `models/*.sql` of the workspace, checked like ours.

    Raises a TielineError naming the file if a header is incomplete, a name is taken, a table that
    is not published is read, or the SELECT does more than read tables (`engine.portable`).
    """
    found = own_files(workspace)
    for _, _, problem in found:
        if problem is not None:
            raise problem
    return tuple(model for _, model, _ in found if model is not None)


def own_files(workspace: Workspace) -> list[tuple[str, Model | None, TielineError | None]]:
    """Each file of `models/`, by its name.

    With the table it makes, None if it cannot be read, and what is wrong with it, None for nothing.
    """
    paths = sorted(workspace.models_dir.glob("*.sql"))
    ours = {model.name for model in models()}
    readable = {*PUBLISHED, *(path.stem for path in paths)}
    found: list[tuple[str, Model | None, TielineError | None]] = []
    for path in paths:
        model: Model | None = None
        problem: TielineError | None = None
        try:
            model = sql_model(path)
            check_own(model, ours, readable)
        except TielineError as wrong:
            problem = wrong
        found.append((path.name, model, problem))
    return found


def context(
    workspace: Workspace,
    sources: list[Source],
    judgements: Judgements,
    said: Callable[[str], None],
) -> Mapping[str, Any]:
    """What models may ask for by name beside their input tables."""
    settings = workspace.settings
    return {
        "sources": [source for source in sources if source.kind != REGISTRY.name],
        "registries": [source for source in sources if source.kind == REGISTRY.name],
        "registry_required": settings.registry.required,
        "registry_confidence": settings.registry.confidence,
        "default_country": settings.workspace.country or None,
        "titles": title_rules(settings.titles),
        "cache": workspace.cache_dir,
        "said": said,
        "parameters": ParameterStore(workspace.parameters_dir),
        "probability": settings.identity.probability,
        "judgements": judgements,
        "competitors": NamedCompanies(settings.competitors.names, settings.competitors.domains),
        "own_company": NamedCompanies(settings.own_company.names, settings.own_company.domains),
        "concentration_limits": ConcentrationLimits(**settings.concentration.model_dump()),
        "categories": category_rules(settings.categories),
        "source_owners": [SourceOwner(source.name, source.owner) for source in sources],
        "segments": named_segments(settings.segments),
        "products": named_products(settings.products),
        "outlook": OutlookLimits(**settings.outlook.model_dump()),
        "approach": approach(settings.actions, settings.media, settings.campaigns),
        "plan": offers.list_plan(workspace),
        "newest_landing": max((s.landed_on for s in sources if s.landed_on), default=None),
        "landed_on": {source.name: source.landed_on for source in sources},
        "stands_at": settings.workspace.as_of,
        "stages": stage_limits(settings.stages),
        "scorecards": scorecards.applied_scorecards(workspace, judgements),
    }


def _sources(workspace: Workspace, ledger: Ledger) -> list[Source]:
    """What was added, and the events of the ledger."""
    found = [_source(one) for one in workspace.sources()]
    found += event_sources(workspace, ledger)
    if not found:
        raise TielineError(
            "nothing_to_build",
            "There is no source yet.",
            next_step="Add your lists first: tieline add FILE...",
        )
    return found


def _source(found: Any) -> Source:
    landed = found.landed_path.parent
    return Source(
        name=found.name,
        kind=found.kind,
        rows=found.landed_path,
        unreadable=found.unreadable_path,
        columns=found.columns,
        owner=found.owner,
        trust=found.trust,
        date_style=found.date_style or None,
        arrivals=tuple(
            (number, landed / f"{sha}.parquet", landed / f"{sha}.unreadable.parquet")
            for number, sha in found.arrivals
        ),
        stream=found.continues,
        landed_on=found.landed_on,
    )


def _inputs(workspace: Workspace, sources: list[Source], own: tuple[Model, ...]) -> str:
    """A hash of what the snapshot is a function of: rows, mapping, settings, weights, models."""
    told = [
        [s.name, s.kind, s.rows.name, sorted(s.columns.items()), s.trust, s.date_style]
        for s in sources
    ]
    settings = workspace.settings.model_dump(mode="json")
    weights = ParameterStore(workspace.parameters_dir).texts()
    samples = offers.told(offers.list_plan(workspace))
    owned = [model.sql for model in own]
    cards = scorecards.told(workspace)
    text = json.dumps([told, settings, weights, owned, samples, cards], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("tieline", "duckdb", "sqlglot", "pyarrow")}

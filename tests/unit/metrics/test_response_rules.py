"""Which responses are dialogue: our rules on what tools say, your own rules, and contradictions."""

import pytest

from tieline.engine.duck import DuckEngine
from tieline.errors import TielineError
from tieline.metrics.response_kinds import wordings_sql
from tieline.metrics.response_rules import RULES, ResponseRule, StageLimits, folded
from tieline.workspace import Workspace
from tieline.workspace.stage_settings import stage_limits


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def phases(engine, *told, rules=RULES):
    """The phase of each (kind, topic) in turn; a kind that is None comes from `source`."""
    rows = " UNION ALL ".join(
        f"SELECT {n} AS n, {text(kind)} AS kind, {text(topic)} AS topic, {text(source)} AS source, "
        "NULL::VARCHAR AS medium"
        for n, (kind, topic, source) in enumerate((*one, "log")[:3] for one in told)
    )
    engine.create("responses", rows)
    found = engine.arrow(wordings_sql("responses", StageLimits(365, 0, rules))).to_pylist()
    by_wording = {(row["said"], row["topic"]): row["phase"] for row in found}
    return [
        by_wording[kind or source.removeprefix("events:"), topic or ""]
        for kind, topic, source in ((*one, "log")[:3] for one in told)
    ]


def text(value):
    return "NULL::VARCHAR" if value is None else f"'{value}'"


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        ("early", [("opt-in", None), ("Survey", "Project status"), ("Newsletter signup", None),
                   ("webinar registration", "Pumps"), ("form_submitted", None), ("Reply", None),
                   ("Messebesuch", None, "messe"), ("Umfrage", None), ("réponse", None),
                   ("trade_fair_scan", None), ("emailClick", "Spring news")]),
        ("mid", [("download", "Flow metering guide"), ("visit", "/products/flow-meters"),
                 ("PageView", "/solutions"), ("webinar attended", "Pumps"),
                 ("Téléchargement", "Guide"), ("form", "Whitepaper hygiene")]),
        ("late", [("download", "Datasheet FT-200"), ("visit", "/pricing"), ("Demo request", None),
                  ("RFQ", None), ("form", "Contact sales"), ("Angebotsanfrage", None),
                  ("download", "Produktdatenblatt"), ("trial started", None), ("Meeting", None)]),
        ("none", [("support ticket", "Datasheet"), ("invoice query", None), ("unsubscribed", None),
                  ("open", "Pricing news"), ("bounce", None), ("visit", "/"), ("visit", "/careers"),
                  ("visit", None), ("job application", None), ("press enquiry", "Pricing"),
                  ("Bewerbung", None)]),
        ("unknown", [("riddle", None), ("xyz", "abc"), ("", None)]),
    ],
)  # fmt: skip
def test_what_tools_say(engine, phase, told):
    found = phases(engine, *told)
    assert {one: is_ for one, is_ in zip(told, found, strict=True) if is_ != phase} == {}


def test_a_row_without_a_kind_goes_by_its_source(engine):
    assert phases(
        engine, (None, "Guide", "downloads"), (None, None, "events:survey"), (None, None, "rows")
    ) == ["mid", "early", "unknown"]


def test_your_own_rule_comes_first(engine):
    own = ResponseRule("late", ("riddle", "*quiz"), (), "yours")
    wider = ResponseRule("none", (), ("intern*",), "yours, too")
    told = [("riddle", None), ("Pumpenquiz", None), ("survey", "Interne Übung"), ("survey", None)]
    assert phases(engine, *told, rules=(own, wider, *RULES)) == ["late", "late", "none", "early"]


def test_words_are_folded_alike_in_both_places(engine):
    for words in ("Téléchargement", "Über-uns", "A/B  test", "ГОСТ 12"):
        from tieline.metrics.response_rules import folded_sql

        found = engine.arrow(f"SELECT {folded_sql(text(words))} AS t")["t"][0].as_py()
        assert found.strip() == folded(words)


BAD = [
    ('phase = "middle"\nkinds = ["quiz"]', "should be 'early'", 2),
    ('phase = "mid"', "fit every response", None),
    ('phase = "mid"\nkinds = ["a*b"]', "between letters", None),
    ('phase = "mid"\nkinds = ["--"]', "name the words", None),
    ('phase = "mid"\nkind = ["quiz"]', "Did you mean 'kinds'?", 3),
    ('phase = "mid"\nkinds = ["quiz"]\n[[stages.rules]]\nphase = "late"\nkinds = ["Quiz"]',
     "rule 1 of tieline.toml says mid of 'Quiz', rule 2 of tieline.toml late", None),
    ('phase = "none"\ntopics = ["pumps"]\n[[stages.rules]]\nphase = "late"\nkinds = ["quiz"]\n'
     'topics = ["pumps"]', "put the narrower rule first", None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "said", "line"), BAD)
def test_a_mistake_in_a_rule_is_told(tmp_path, rule, said, line):
    workspace = Workspace.create(tmp_path / "market")
    workspace.settings_path.write_text(f"[[stages.rules]]\n{rule}\n", "utf-8")
    with pytest.raises(TielineError) as caught:
        _ = Workspace.open(workspace.path).settings
    assert said in f"{caught.value.message} {caught.value.next_step}"
    assert "tieline.toml" in str(caught.value.place)
    assert line is None or f"line {line}" in str(caught.value.place)


def test_a_narrow_rule_before_a_wide_one_is_no_contradiction(tmp_path):
    workspace = Workspace.create(tmp_path / "market")
    workspace.settings_path.write_text(
        '[stages]\nsilence_days = 90\n[[stages.rules]]\nphase = "late"\nkinds = ["quiz"]\n'
        'topics = ["pumps"]\n[[stages.rules]]\nphase = "none"\nkinds = ["quiz"]\n',
        "utf-8",
    )
    found = stage_limits(Workspace.open(workspace.path).settings.stages)
    assert found.silence_days == 90
    assert [rule.phase for rule in found.rules[:2]] == ["late", "none"]
    assert found.rules[2:] == RULES

"""`[categories]` in tieline.toml: what is refused, and what the user is told."""

import pytest

from tieline.errors import TielineError
from tieline.workspace import Workspace


def told(tmp_path, text):
    workspace = Workspace.create(tmp_path / "w")
    workspace.settings_path.write_text(text, "utf-8")
    with pytest.raises(TielineError) as problem:
        _ = Workspace.open(tmp_path / "w").settings
    return str(problem.value.message)


def test_an_unknown_category_says_which_was_meant(tmp_path):
    said = told(tmp_path, '[[categories.rules]]\ncategory = "decision maker"\nkind = "x"\n')
    assert "'decision maker' is none. Did you mean 'decision_maker'?" in said


def test_an_unknown_function_says_which_was_meant(tmp_path):
    said = told(tmp_path, '[[categories.rules]]\ncategory = "user"\nfunction = "procurment"\n')
    assert "Did you mean 'procurement'?" in said


def test_a_rule_must_name_something(tmp_path):
    said = told(tmp_path, '[[categories.rules]]\ncategory = "user"\n')
    assert "name at least one of kind, topic, source and function" in said


@pytest.mark.parametrize(
    "line", ["half_life_days = 1.0", "repetition = 1.5", "usual_accounts = 1", "half_life = 3.0"]
)
def test_figures_out_of_bounds_are_refused(tmp_path, line):
    assert told(tmp_path, f"[categories]\n{line}\n")

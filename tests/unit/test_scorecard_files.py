"""A scorecard's file: read, or refused with place and remedy."""

import pytest

from tieline.errors import TielineError
from tieline.metrics.scorecard import Band
from tieline.workspace import Workspace
from tieline.workspace.scorecards import (
    applied_scorecards,
    names,
    read_scorecard,
    text_of,
    version_of,
)

GOOD = """\
product = "pumps"
[thresholds]
marketing_qualified = 10
sales_accepted = 20
sales_qualified = 30
[criteria.size]
group = "demographics"
field = "account.employees"
bands = [{ below = 50, points = -5 }, { at_least = 50, below = 90, points = 10 }]
required_for = "sales_accepted"
collected_by = { marketing = 0.8 }
[criteria.who]
group = "demographics"
when = "contact.function = 'procurement' AND contact.power >= 3"
points = 8
[criteria.level]
group = "demographics"
field = "contact.level"
values = { director = 3 }
[criteria.reads]
group = "activity"
kinds = ["download*"]
points = 3
most = 4
half_life_days = 90
"""


def test_a_file_becomes_a_scorecard():
    card = read_scorecard("pumps", GOOD)
    assert [one.name for one in card.criteria] == ["size", "who", "level", "reads"]
    size, who, _, reads = card.criteria
    assert size.bands == (Band(-5, None, 50), Band(10, 50, 90))
    assert size.required_for == "sales_accepted"
    assert (size.range(), who.range(), reads.range()) == ((-5, 10), (0, 8), (0, 12))
    assert card.thresholds[0] == ("marketing_qualified", 10)
    assert card.of_contacts
    assert len(card.version) == 12


WRONG = [
    ("account.employees", "account.employes", "line 6", "Did you mean 'account.employees'?"),
    ("contact.power", "contact.powr", "line 12", "Did you mean 'contact.power'?"),
    ("at_least = 50", "at_least = 40", "line 6", "overlap"),
    ("below = 90", "below = 50", "line 9", "holds no number"),
    ("sales_accepted = 20", "sales_accepted = 9", "line 2", "needs more points"),
    ("half_life_days", "halflife_days", "line 25", "Did you mean 'half_life_days'?"),
    ('"activity"', '"activities"', "line 21", "Did you mean 'activity'?"),
    ("contact.power >= 3", "read_csv('/etc/passwd') = 1", "line 12", "not part of a rule"),
    ("contact.power >= 3", "contact.power => 3", "line 12", "Write >="),
    ("contact.function =", "contact.function = (SELECT 1) OR 1 =", "line 12", "not part of a rule"),
    ("contact.function =", "'/x'::VARCHAR =", "line 12", "not part of a rule"),
    ("director = 3", "directr = 3", "line 16", "Did you mean 'director'?"),
    ("director = 3", "director = 3, Director = 4", "line 16", "twice"),
    ("marketing = 0.8", "markting = 0.8", "line 11", "Did you mean 'marketing'?"),
    ("marketing = 0.8", "marketing = 1.8", "line 11", "less than or equal to 1"),
    ('when = "contact', 'field = "contact.level"\nwhen = "contact', "line 12", "ask one of"),
    ("points = 3", "points = 0", "line 20", "needs points"),
    ("[criteria.who]", '[criteria."who is"]', "line 12", "cannot be called"),
    ("sales_accepted = 20\n", "", "line 2", "sales_accepted"),
    ("[criteria.who]", "[criteria.size]", "line 12", "join both"),
    ("account.employees", "cases.employees", None, "[cases]"),
    ('["download*"]', '["down*load"]', "line 20", "not between letters"),
    ("contact.level", "account.employees", "line 16", "points in bands"),
]


@pytest.mark.parametrize(("good", "wrong", "line", "said"), WRONG)
def test_what_is_wrong_is_told_with_place_and_remedy(good, wrong, line, said):
    assert good in GOOD
    with pytest.raises(TielineError) as caught:
        read_scorecard("pumps", GOOD.replace(good, wrong, 1))
    assert str(caught.value.place).startswith("scorecards/pumps.toml")
    assert line is None or str(caught.value.place).endswith(line)
    assert said in str(caught.value)
    assert caught.value.next_step


def test_the_version_is_that_of_the_words_whatever_ends_their_lines():
    assert version_of("a = 1\r\nb = 2") == version_of("a = 1  \nb = 2\n\n")
    assert version_of("a = 1") != version_of("a = 2")


def test_a_product_has_one_scorecard(tmp_path):
    workspace = Workspace.create(tmp_path / "w")
    assert names(workspace) == []
    assert applied_scorecards(workspace, None) == ()
    with pytest.raises(TielineError, match="no scorecard 'pumps'"):
        text_of(workspace, "pumps")
    with pytest.raises(TielineError, match="cannot be called"):
        text_of(workspace, "../tieline")


def test_two_files_about_one_product_are_refused(tmp_path):
    workspace = Workspace.create(tmp_path / "w")
    (workspace.path / "scorecards").mkdir()
    for name in ("one", "two"):
        (workspace.path / "scorecards" / f"{name}.toml").write_text(GOOD, "utf-8")

    class Judged:
        def about_scorecards(self):
            return []

    with pytest.raises(TielineError, match="both about the product 'pumps'"):
        applied_scorecards(workspace, Judged())

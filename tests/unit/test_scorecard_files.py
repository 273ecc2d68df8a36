"""A scorecard's file: read, or refused with place and remedy."""

from datetime import UTC, datetime

import pytest

from tieline.errors import TielineError
from tieline.ledger import Judgement
from tieline.metrics.scorecard import Band
from tieline.metrics.scorecards import scorecards
from tieline.workspace import Workspace
from tieline.workspace.scorecards import (
    applied_scorecards,
    names,
    read_scorecard,
    text_of,
    told,
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


class Judged:
    """What two people signed, if anything."""

    def __init__(self, *judged):
        self.judged = list(judged)

    def about_scorecards(self):
        return self.judged


def signed(name, text):
    def judgement(number, kind, **body):
        moment = datetime(2026, 1, number, tzinfo=UTC)
        body = {"scorecard": name, "version": version_of(text), **body}
        return Judgement(number, kind, "scorecard", body, "agreed", "Ann", moment)

    return (
        judgement(1, "lead_proposal", content=text),
        judgement(2, "lead_signature", role="marketing"),
        judgement(3, "lead_signature", role="sales"),
    )


def written(folder, **texts):
    workspace = Workspace.create(folder / "w")
    (workspace.path / "scorecards").mkdir()
    for name, text in texts.items():
        (workspace.path / "scorecards" / f"{name}.toml").write_bytes(text.encode("latin-1"))
    return workspace


def test_of_two_files_about_one_product_one_counts(tmp_path):
    workspace = written(tmp_path, one=GOOD, two=GOOD, more=GOOD.replace("pumps", "seals"))
    more, one, two = applied_scorecards(workspace, Judged())
    assert (more.of_contacts, one.of_contacts, two.of_contacts) == (True, True, False)
    assert "one is about the product 'pumps' already" in two.problem
    _, one, two = applied_scorecards(workspace, Judged(*signed("two", GOOD)))
    assert (one.state, two.state) == ("unusable", "in_force")


@pytest.mark.parametrize("broken", ["product = ", GOOD.replace('["down', '["\xfc'), "x = 1"])
def test_a_broken_file_leaves_what_is_in_force_and_stops_nothing(tmp_path, broken):
    workspace = written(tmp_path, pumps=broken, seals=GOOD.replace("pumps", "seals"))
    pumps, seals = applied_scorecards(workspace, Judged())
    assert (pumps.state, pumps.of_contacts, seals.of_contacts) == ("unusable", False, True)
    assert pumps.problem.startswith("scorecards/pumps.toml") or "pumps.toml" in pumps.problem
    pumps, seals = applied_scorecards(workspace, Judged(*signed("pumps", GOOD)))
    assert (pumps.state, pumps.of_contacts, len(pumps.criteria)) == ("in_force", True, 4)
    assert pumps.problem
    assert not seals.problem
    rows = {row["scorecard"]: row for row in scorecards(scorecards=(pumps, seals)).to_pylist()}
    assert rows["pumps"]["problem"] == pumps.problem
    assert rows["seals"]["problem"] is None
    assert len(told(workspace)) == 2

"""The section [hand_over] of a scorecard: read, or refused with place and remedy."""

import pytest

from tieline.errors import TielineError
from tieline.metrics.hand_over import REASONS, HandOver, Seller
from tieline.workspace.scorecards import read_scorecard, version_of

PLAIN = """\
product = "pumps"
[owners]
sales = "Bob"
[thresholds]
marketing_qualified = 10
sales_accepted = 20
sales_qualified = 30
[criteria.reads]
group = "activity"
kinds = ["download*"]
points = 3
"""
SECTION = """\
[hand_over]
from_stage = "sales_accepted"
answer_within_days = 1
work_within_days = 7
recycle_after_days = 30
reasons = ["too_small", "no_need"]
[[hand_over.sellers]]
name = "Dirk"
when = "account.country = 'DE'"
[[hand_over.sellers]]
name = "Lars"
when = "account.employees >= 500 AND contact.power >= 3"
"""


def test_without_the_section_the_usual_holds():
    card = read_scorecard("pumps", PLAIN)
    assert card.hand_over == HandOver("marketing_qualified", 2, 14, 90, REASONS, ())
    assert card.handed_stages == ("marketing_qualified", "sales_accepted", "sales_qualified")
    assert not card.hands_over, "a draft hands nobody over"


def test_the_section_is_read_and_part_of_what_is_signed():
    card = read_scorecard("pumps", PLAIN + SECTION)
    assert card.hand_over == HandOver(
        "sales_accepted",
        1,
        7,
        30,
        ("too_small", "no_need"),
        (
            Seller("Dirk", "account.country = 'DE'"),
            Seller("Lars", "account.employees >= 500 AND contact.power >= 3"),
        ),
    )
    assert card.handed_stages == ("sales_accepted", "sales_qualified")
    assert version_of(PLAIN + SECTION) != version_of(PLAIN)


WRONG = [
    ('"sales_accepted"', '"sales_acepted"', "line 13", "Did you mean 'sales_accepted'?"),
    ("answer_within_days = 1", "answer_within_days = -1", "line 14", "greater than or equal to 0"),
    ("answer_within_days = 1", "answer_in_days = 1", "line 14", "answer_within_days"),
    ("work_within_days = 7", "work_within_days = 7.5", "line 15", "valid integer"),
    ('"too_small"', '"too small"', "line 17", "no name of a reason"),
    ('"too_small"', '"no_need"', "line 17", "'no_need' twice"),
    ('["too_small", "no_need"]', "[]", "line 17", "leave reasons out"),
    ("account.country", "account.contry", "line 18", "Did you mean 'account.country'?"),
    ("contact.power >= 3", "read_csv('/etc/passwd') = 1", "line 21", "not part of a rule"),
    ("contact.power >= 3", "cases.power >= 3", "line 21", "past cases"),
    ('name = "Dirk"', 'name = " "', "line 18", "needs a name"),
    ('name = "Dirk"', 'nam = "Dirk"', "line 18", "name: field required"),
    ('name = "Dirk"', 'name = "Dirk"\nwhens = "x"', "line 20", "Did you mean 'when'?"),
]


@pytest.mark.parametrize(("good", "wrong", "line", "said"), WRONG)
def test_what_is_wrong_is_told_with_place_and_remedy(good, wrong, line, said):
    assert good in PLAIN + SECTION
    text = PLAIN + SECTION.replace(good, wrong, 1)
    with pytest.raises(TielineError) as caught:
        read_scorecard("pumps", text)
    assert str(caught.value.place) == f"scorecards/pumps.toml {line}"
    assert said in f"{caught.value.message} {caught.value.next_step}"


def test_a_scorecard_of_past_cases_hands_nobody_over():
    text = PLAIN.replace(
        'kinds = ["download*"]\npoints = 3', 'field = "cases.x"\nvalues = { a = 3 }'
    )
    text += '[cases]\nfile = "past.csv"\noutcome = "Result"\n'
    assert read_scorecard("pumps", text).cases
    with pytest.raises(TielineError, match=r"take \[hand_over\] out"):
        read_scorecard("pumps", text + SECTION)

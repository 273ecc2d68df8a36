"""Caps hold whatever the ways are, and nothing better is left undone while it could be done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.decisions.action_alternatives import allocate
from tieline.decisions.approach import MEDIA, STEP_OF, STEPS
from tieline.errors import TielineError
from tieline.workspace import Workspace
from tieline.workspace.action_settings import approach

WAYS = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(MEDIA)), max_size=60)
LEFT = st.fixed_dictionaries({name: st.none() | st.integers(0, 4) for name in MEDIA})


@given(WAYS, LEFT)
def test_no_site_takes_two_ways_and_no_medium_more_than_it_has(ways, left):
    verdicts = allocate([site for site, _ in ways], [medium for _, medium in ways], left)
    chosen = [way for way, verdict in zip(ways, verdicts, strict=True) if verdict == 1]
    assert len({site for site, _ in chosen}) == len(chosen)
    for medium, many in left.items():
        if many is not None:
            assert sum(name == medium for _, name in chosen) <= many


@given(WAYS, LEFT)
def test_who_goes_without_had_no_way_left(ways, left):
    verdicts = allocate([site for site, _ in ways], [medium for _, medium in ways], left)
    told = list(zip(ways, verdicts, strict=True))
    served = {site for (site, _), verdict in told if verdict == 1}
    used = {name: sum(w[1] == name and v == 1 for w, v in told) for name in MEDIA}
    for (site, medium), verdict in told:
        if site not in served:
            assert verdict == 2
            assert used[medium] == left[medium]


@given(WAYS, LEFT)
def test_a_way_is_never_taken_from_a_better_one(ways, left):
    """Ways stand in the order of their worth: the first open way of a site is its own."""
    verdicts = allocate([site for site, _ in ways], [medium for _, medium in ways], left)
    for number, ((site, _), verdict) in enumerate(zip(ways, verdicts, strict=True)):
        if verdict == 1:
            earlier = [v for (s, _), v in zip(ways[:number], verdicts[:number], strict=True)
                       if s == site]  # fmt: skip
            assert all(v == 2 for v in earlier)


def test_every_stage_before_sales_calls_for_one_known_step_in_order():
    order = [step.name for step in STEPS]
    called = [STEP_OF[key] for key in STEP_OF]
    assert called == order
    assert all(set(step.strengths) <= set(MEDIA) for step in STEPS)


def settings(tmp_path, text):
    workspace = Workspace.create(tmp_path / "market")
    workspace.settings_path.write_text(text, encoding="utf-8")
    return Workspace.open(workspace.path).settings


def test_what_is_left_out_keeps_its_default(tmp_path):
    found = settings(tmp_path, "[media.phone]\ncost = 9.0\n[actions]\nworth = {hand_over = 5.0}\n")
    made = approach(found.actions, found.media, found.campaigns)
    phone = next(one for one in made.media if one.name == "phone")
    assert (phone.cost, phone.response_rate, phone.capacity) == (9.0, 0.1, 400)
    assert made.worth_of(STEPS[-1]) == 5.0
    assert made.worth_of(STEPS[0]) == 150.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[media.fone]\ncost = 1.0\n", "Did you mean 'phone'?"),
        ("[actions]\nworth = {start_dialog = 1.0}\n", "Did you mean 'start_dialogue'?"),
        ("[media.mail]\nresponse_rate = 2.0\n", "media.mail.response_rate"),
        ("[outlook]\nother_share = 0.2\n", "outlook.other_share"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(TielineError) as problem:
        settings(tmp_path, text)
    assert said in str(problem.value) + str(problem.value.place)
    assert problem.value.place

"""A scorecard is in force when both owners have signed the exact text, and not before."""

import pytest

from tieline.actions import lead_definition, lead_draft
from tieline.actions.lead_lint import lint
from tieline.errors import TielineError
from tieline.workspace import Workspace
from tieline.workspace.scorecards import applied, path_of, text_of

OWNERS = ('marketing = ""\nsales = ""', 'marketing = "Ann"\nsales = "Bob"')


@pytest.fixture
def workspace(tmp_path):
    made = Workspace.create(tmp_path / "w")
    lead_draft.from_starter(made, "pumps", "equipment")
    change(made, *OWNERS)
    return made


def change(workspace, old, new):
    path = path_of(workspace, "pumps")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def propose(workspace, **more):
    return lead_definition.propose(workspace, "pumps", reason="agreed", by="Ann", **more)


def sign(workspace, role, by):
    return lead_definition.sign(workspace, "pumps", role, reason="agreed", by=by)


def counts(workspace):
    held = lead_definition.definition(workspace, "pumps")
    found = [s for one in held.proposed for s in (one.proposal, *one.signatures)]
    return applied("pumps", text_of(workspace, "pumps"), found)


def refused(code, call, *given, **more):
    with pytest.raises(TielineError) as caught:
        call(*given, **more)
    assert caught.value.code == code
    assert caught.value.next_step


def test_both_owners_sign_the_exact_text(workspace):
    assert counts(workspace).state == "draft"
    refused("not_proposed", sign, workspace, "sales", "Bob")
    propose(workspace)
    assert counts(workspace).state == "proposed"
    refused("already_proposed", propose, workspace)
    refused("unknown_role", sign, workspace, "finance", "Ann")
    refused("not_the_owner", sign, workspace, "sales", "Ann")
    sign(workspace, "marketing", "ann")
    refused("already_signed", sign, workspace, "marketing", "Ann")
    assert counts(workspace).state == "proposed"
    change(workspace, "sales_qualified = 60", "sales_qualified = 65")
    refused("changed_since_proposed", sign, workspace, "sales", "Bob")
    refused("proposal_open", propose, workspace)
    change(workspace, "sales_qualified = 65", "sales_qualified = 60")
    sign(workspace, "sales", "Bob")
    held = counts(workspace)
    assert held.state == "in_force"
    assert held.in_force_since
    refused("already_in_force", propose, workspace)


def test_what_is_in_force_counts_until_a_newer_text_is_signed(workspace):
    propose(workspace)
    sign(workspace, "marketing", "Ann")
    last = sign(workspace, "sales", "Bob")
    first = counts(workspace).version
    change(workspace, "sales_qualified = 60", "sales_qualified = 65")
    assert counts(workspace).version == first
    propose(workspace)
    sign(workspace, "sales", "Bob")
    assert dict(counts(workspace).thresholds)["sales_qualified"] == 60
    sign(workspace, "marketing", "Ann")
    assert dict(counts(workspace).thresholds)["sales_qualified"] == 65
    with workspace.ledger() as ledger:
        ledger.end(last.number, reason="a slip", by="Bob")
    assert dict(counts(workspace).thresholds)["sales_qualified"] == 65


def test_a_signature_taken_back_is_as_if_it_had_never_been(workspace):
    propose(workspace)
    sign(workspace, "marketing", "Ann")
    last = sign(workspace, "sales", "Bob")
    with workspace.ledger() as ledger:
        ledger.end(last.number, reason="a slip", by="Bob")
    assert counts(workspace).state == "proposed"
    sign(workspace, "sales", "Bob")
    assert counts(workspace).state == "in_force"


def test_nobody_signs_for_both_and_somebody_must_sign(workspace):
    change(workspace, 'sales = "Bob"', 'sales = "Ann"')
    refused("one_owner", propose, workspace)
    change(workspace, 'sales = "Ann"', 'sales = ""')
    refused("no_owner", propose, workspace)


def test_lint_keeps_back_what_nobody_can_collect_and_what_nobody_reaches(workspace):
    assert not [one for one in lint(workspace, "pumps") if one.level == "error"]
    change(workspace, "sales_qualified = 60", "sales_qualified = 600")
    change(workspace, "collected_by = { marketing = 0.8, inside_sales = 0.9 }", "")
    found = {one.code: one.criterion for one in lint(workspace, "pumps") if one.level == "error"}
    assert found == {"nobody_collects": "company_size", "out_of_reach": "sales_qualified"}
    refused("not_fit", propose, workspace)
    assert propose(workspace, despite=True)


@pytest.mark.parametrize("like", lead_draft.STARTERS)
def test_every_starter_is_fit_to_be_agreed_on(like, tmp_path):
    made = Workspace.create(tmp_path / "w")
    done = lead_draft.from_starter(made, "mine", like, 'a "product"')
    assert done.criteria >= 8
    assert {one.code for one in lint(made, "mine")} <= {"no_owner", "moves_with_outcome"}
    refused("scorecard_exists", lead_draft.from_starter, made, "mine", like)


def test_an_unknown_starter_is_told_with_the_one_that_was_meant(tmp_path):
    with pytest.raises(TielineError, match="Did you mean 'software'"):
        lead_draft.from_starter(Workspace.create(tmp_path / "w"), "mine", "softwear")

"""Leads in the browser: agreed on by two people, answered by a key, taken back; who may do what."""

import re
import shutil
from pathlib import Path

import pytest
from served_market import inside, run
from test_pages import problems
from test_stories import built, state_of

ROOT = Path(__file__).parents[2]
NAME = "probes"
OWNERS = 'marketing = "marketer@tieline"\nsales = "seller@tieline"\n'
CASES = """
[cases]
file = "{file}"
outcome = "Result"
won = "won"
"""


@pytest.fixture(scope="module")
def axe():
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


@pytest.fixture(scope="module")
def signed(site):
    """A definition in force, drafted and signed by two people through the pages."""
    site.ask(
        "/leads/draft", role="marketer", method="POST", form={"name": NAME, "like": "equipment"}
    )
    post(site, "marketer", "save", text=agreed(text_of(site)), seen=version(site))
    post(site, "marketer", "propose", reason="after the workshop")
    post(site, "marketer", "sign", role="marketing")
    state_of(site, post(site, "seller", "sign", role="sales"), "tag done")
    return NAME


def agreed(text):
    """The starter with its owners, and thresholds that people of the market reach."""
    text = re.sub(r'marketing = ""\nsales = ""\n', OWNERS, text)
    text = text.replace("marketing_qualified = 30", "marketing_qualified = 12")
    text = text.replace("sales_accepted = 45", "sales_accepted = 30")
    return text.replace("sales_qualified = 60", "sales_qualified = 40")


def file_of(site, name=NAME):
    return site.workspace / "scorecards" / f"{name}.toml"


def text_of(site, name=NAME):
    return file_of(site, name).read_text("utf-8")


def version(site, name=NAME):
    from tieline.workspace.scorecards import version_of

    return version_of(text_of(site, name))


def post(site, who, step, name=NAME, **form):
    """Send a form of a definition that has to be taken; the address it leads to."""
    told = site.ask(f"/leads/definitions/{name}/{step}", role=who, method="POST", form=form)
    assert told.status == 302, told.text
    return told.headers["Location"]


def counts(page):
    """How many leads wait, are in work, and ended."""
    return [int(text.replace(",", "")) for text in page.locator(".tabs .number").all_inner_texts()]


def test_from_a_draft_to_an_answer_and_back(open_as, site):
    """Draft, two sign as two people, the queue, a rejection by key with its reason, taken back."""
    page = open_as("marketer")
    page.set_default_timeout(60_000)
    page.goto(f"{site.url}/leads/definitions")
    page.get_by_label("Name", exact=True).fill("gauges")
    page.get_by_label("Like").select_option("equipment")
    page.get_by_role("button", name="Draft").click()
    text = page.get_by_label("Text of the definition")
    page.get_by_text("It does not say who signs").wait_for()
    text.fill(agreed(text.input_value()))
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.", exact=False).first.wait_for()
    page.get_by_label("Why").fill("after the workshop")
    despite = page.get_by_label("in spite of the errors")
    if despite.count():
        despite.check()
    page.get_by_role("button", name="Propose this text").click()
    page.get_by_text("Proposed: marketer@tieline and seller@tieline can sign it now.").wait_for()
    assert page.get_by_role("button", name="Sign for sales").count() == 0
    page.get_by_role("button", name="Sign for marketing as marketer@tieline").click()
    page.get_by_text("The other signature is missing").wait_for()

    seller = open_as("seller")
    seller.set_default_timeout(60_000)
    seller.goto(f"{site.url}/leads")
    note = seller.locator(".note", has_text="gauges is proposed and not yet signed by both")
    note.get_by_role("link", name="See it").click()
    assert seller.get_by_label("Text of the definition").count() == 0
    seller.get_by_role("button", name="Sign for sales as seller@tieline").click()
    built(seller)

    seller.goto(f"{site.url}/leads?product=gauges")
    assert "yours" in seller.locator("[data-row]").first.inner_text()
    before = counts(seller)
    assert before[0] > 3
    seller.keyboard.press("j")
    seller.keyboard.press("j")
    row = seller.locator("[data-row][aria-current]")
    assert row.evaluate("row => [...row.parentElement.children].indexOf(row)") == 1
    who = row.locator("b").first.inner_text()
    seller.keyboard.press("r")
    assert seller.evaluate("document.activeElement.name") == "because"
    form = row.locator("details[open]")
    form.get_by_label("Why").select_option("no_need")
    form.get_by_label("In your words").fill("bought one in March")
    seller.keyboard.press("Enter")
    seller.locator(".note.good").get_by_text("is rejected (no need)").wait_for()
    assert counts(seller) == [before[0] - 1, before[1], before[2] + 1]
    seller.goto(f"{site.url}/leads?product=gauges&show=past")
    assert who in seller.locator("[data-row]").first.inner_text()
    assert "rejected as no need by seller@tieline" in seller.locator("main").inner_text()
    assert "bought one in March" in seller.locator("main").inner_text()
    seller.get_by_role("button", name="Take back").click()
    seller.get_by_text("Taken back:").wait_for()
    seller.goto(f"{site.url}/leads?product=gauges")
    assert counts(seller) == before
    seller.keyboard.press("a")
    seller.locator(".note.good").get_by_text("is accepted").wait_for()
    assert counts(seller) == [before[0] - 1, before[1] + 1, before[2]]
    seller.keyboard.press("u")
    seller.get_by_text("Taken back:").wait_for()
    assert counts(seller) == before

    log = site.ask("/audit?action=lead", role="administrator").text
    for action in ("lead: reject", "took a lead&#x27;s answer back"):
        assert action in log, action
    log = site.ask("/audit?action=definition", role="administrator").text
    for action in ("drafted a", "saved a", "proposed a", "signed a definition for sales"):
        assert action in log, action


def test_what_two_people_say_at_once_is_told(site, signed):
    contact, seen = first_lead(site)
    form = {"contact": contact, "product": signed, "seen": seen}
    site.ask("/leads/answer", role="seller", method="POST", form={**form, "answer": "accept"})
    site.ask(
        "/leads/answer", role="steward", method="POST",
        form={**form, "answer": "reject", "because": "no_need"},
    )  # fmt: skip
    told = site.ask("/leads?show=work", role="steward").text
    assert "was accepted since you looked, by seller@tieline" in told
    assert contact in told
    site.ask("/leads/back", role="seller", method="POST", form=form)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"answer": "reject"}, "It is not said why. Choose a reason from the list."),
        ({"answer": "reject", "because": "other"}, "Say in a few words why."),
        ({"answer": "recycle", "until": "2001-01-01"}, "is over"),
        ({"answer": "recycle", "until": "soon"}, "is no day"),
    ],
)
def test_an_answer_that_cannot_be_is_told_in_words(site, signed, form, says):
    contact, seen = first_lead(site)
    form = {**form, "contact": contact, "product": signed, "seen": seen}
    assert site.ask("/leads/answer", role="seller", method="POST", form=form).status == 302
    assert says in site.ask("/leads", role="seller").text


def first_lead(site):
    text = site.ask(f"/leads?product={NAME}", role="seller").text
    found = re.search(r'name="contact" value="(\w+)".*?name="seen" value="([^"]*)"', text)
    return found[1], found[2]


def test_nobody_signs_but_the_owner(site, signed):
    post(site, "marketer", "save", text=text_of(site) + "# again\n", seen=version(site))
    post(site, "marketer", "propose", reason="a word more")
    for who, role in (("seller", "marketing"), ("administrator", "sales"), ("marketer", "sales")):
        told = site.ask(
            f"/leads/definitions/{signed}/sign", role=who, method="POST", form={"role": role}
        )
        assert told.status == 400, who
        assert "signs for" in told.text
        assert "Let " not in told.text
    assert "What it changes" in site.ask(f"/leads/definitions/{signed}", role="viewer").text
    post(site, "marketer", "withdraw")
    assert "in force" in site.ask("/leads/definitions", role="viewer").text


def test_a_text_that_cannot_be_read_is_told_with_its_line_and_kept(site, signed):
    before, wrong = text_of(site), text_of(site).replace("[thresholds]", "[treshold")
    form = {"text": wrong, "seen": version(site)}
    told = site.ask(f"/leads/definitions/{signed}/save", role="marketer", method="POST", form=form)
    assert told.status == 400
    assert re.search(rf"scorecards/{signed}.toml line \d+", told.text)
    assert "[treshold" in told.text
    assert text_of(site) == before


def test_a_text_that_somebody_else_changed_is_not_overwritten(site, signed):
    before, form = text_of(site), {"text": text_of(site) + "# mine\n", "seen": "0" * 64}
    told = site.ask(f"/leads/definitions/{signed}/save", role="marketer", method="POST", form=form)
    assert told.status == 409
    assert "Somebody changed" in told.text
    assert "# mine" in told.text
    assert text_of(site) == before


@pytest.mark.parametrize("name", ["../tieline", "..%2Ftieline", "a/b", "Ä", ".hidden", "x" * 300])
def test_a_name_that_is_a_path_is_refused(site, name):
    before = sorted(site.workspace.rglob("*.toml"))
    form = {"name": name, "like": "software"}
    told = site.ask("/leads/draft", role="marketer", method="POST", form=form)
    assert told.status == 400
    assert "cannot be called" in told.text
    form = {"text": "x = 1", "seen": ""}
    path = f"/leads/definitions/{name.encode('ascii', 'replace').decode()}/save"
    assert site.ask(path, role="marketer", method="POST", form=form).status in (400, 404)
    assert sorted(site.workspace.rglob("*.toml")) == before


@pytest.mark.parametrize("file", ["/etc/passwd", "../market.lock", ".tieline/web.key"])
def test_no_file_outside_the_workspace_is_read_by_a_definition(site, signed, file):
    text = text_of(site).split("[criteria")[0] + CASES.format(file=file)
    text += '[criteria.x]\ngroup = "activity"\nfield = "cases.x"\nvalues = { a = 1 }\n'
    form = {"text": text, "seen": version(site)}
    told = site.ask(f"/leads/definitions/{signed}/save", role="marketer", method="POST", form=form)
    assert told.status == 400
    assert "not one of this workspace" in told.text


@pytest.fixture(scope="module")
def history(site):
    """A definition about past leads of a file."""
    cases = site.workspace / "past-leads.csv"
    shutil.copy(ROOT / "examples" / "past-leads.csv", cases)
    run(
        "-w", str(site.workspace), "lead", "draft", "history", "--cases", str(cases),
        "--outcome", "Result", "--won", "won", "--order", "Came on",
    )  # fmt: skip
    yield "history"
    file_of(site, "history").unlink()


def test_a_back_test_is_shown_when_asked_for(open_as, site, history):
    page = open_as("seller")
    page.set_default_timeout(60_000)
    page.goto(f"{site.url}/leads/definitions/{history}/backtest")
    assert page.get_by_role("heading", name="Computed when you ask for it").count() == 1
    page.get_by_label("Hours of a seller for one lead").fill("2")
    page.get_by_label("Hours that sellers have").fill("30")
    page.get_by_role("button", name="Compute").click()
    page.get_by_role("heading", name="600 past leads").wait_for()
    assert "With 30 hours a month the best threshold is" in page.locator("main").inner_text()
    assert page.locator("tr.best").count() == 1
    assert page.get_by_role("heading", name="Where judgement and data differ").count() == 1


def test_what_became_of_leads_stands_on_the_page_of_their_definition(open_as, site, signed):
    page = open_as("viewer")
    page.goto(f"{site.url}/leads/definitions/{signed}")
    box = page.get_by_role("region", name="What became of its leads", exact=True)
    over = box.get_by_role("row", name="Handed over to sales").inner_text().split()
    assert int(next(word for word in over if word.isdecimal())) > 3
    assert "fewer than 10 on one side tell nothing" in box.inner_text()
    box.get_by_text("Month by month").click()
    assert box.get_by_role("columnheader", name="because").count() == 1


def test_what_is_worth_asking_is_told_of_each_field(open_as, site, history):
    page = open_as("seller")
    page.goto(f"{site.url}/leads/definitions/{history}")
    page.get_by_role("link", name="What to ask").click()
    page.get_by_role("link", name="Compute").click()
    page.get_by_role("heading", name="By 600 past leads").wait_for()
    row = page.get_by_role("row", name="cases.budget")
    assert "of AUC is lost" in row.inner_text()
    assert page.get_by_role("heading", name="Ask 6").count() == 1


def test_too_few_past_leads_are_refused_in_words(site, signed):
    told = site.ask(f"/leads/definitions/{signed}/backtest?run=1", role="executive").text
    assert "are too few to tell anything" in told
    assert "come back with more outcomes" in told


def test_the_receipt_of_a_day_stands_on_the_page_of_a_person(site, signed):
    contact, _ = first_lead(site)
    told = site.ask(f"/contacts/{contact}?on=2024-03-31", role="executive").text
    assert "as of 2024-03-31" in told
    assert "is no day" in site.ask(f"/contacts/{contact}?on=spring", role="executive").text
    assert site.ask(f"/contacts/{contact}?on=2999-01-01", role="executive").status == 200


def test_the_pages_of_leads_read_well(open_as, axe, site, signed, history):
    contact, _ = first_lead(site)
    found = {}
    page = open_as("marketer")
    phone = open_as("marketer", viewport={"width": 390, "height": 844})
    for path in (
        "/leads",
        "/leads?show=past",
        "/leads/definitions",
        f"/leads/definitions/{signed}",
        f"/leads/definitions/{history}",
        f"/leads/definitions/{history}/backtest?run=1&capacity=30",
        f"/leads/definitions/{signed}/backtest?run=1",
        f"/leads/definitions/{history}/fields?run=1",
        f"/leads/definitions/{signed}/fields?run=1",
        f"/leads/definitions/{signed}/fields",
        f"/contacts/{contact}?on=2025-03-31",
    ):
        assert page.goto(site.url + path).status == 200, path
        assert page.get_by_role("heading", level=1).count() == 1, path
        found[path] = problems(axe, page)
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        found[path + " dark"] = problems(axe, page)
        phone.goto(site.url + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert {path: said for path, said in found.items() if said} == {}


KNOWN = """
import sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web.members import is_known_as
from tieline.web.models import Member
one = Member.objects.create(login="bea", full_name="Bea Example", role="seller", password="!")
print(is_known_as(one, "bea example"))
other = Member.objects.create(login="x", full_name=" BEA example", role="seller", password="!")
print(is_known_as(one, "Bea Example"), is_known_as(other, "Bea Example"), is_known_as(one, "Bea"))
one.delete(), other.delete()
"""


def test_a_name_that_two_go_by_is_nobody_s(site):
    assert inside(site.workspace, KNOWN).split() == ["True", "False", "False", "True"]

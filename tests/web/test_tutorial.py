"""The tutorial as it is told: from a folder of lists to a list of whom to approach, and back."""

import re

import pytest
from served_market import Site, link_in, run, serving
from test_stories import PASSWORD, built, hrefs, waiting


@pytest.fixture
def practice(tmp_path):
    """The folder of lists that the tutorial has made, smaller."""
    run("demo", str(tmp_path / "practice"), "--records", "1000", "--interactions", "600")
    return sorted((tmp_path / "practice" / "lists").iterdir())


def test_from_a_folder_of_lists_to_whom_to_approach(practice, open_as, tmp_path):
    """Upload, build, review by keyboard, split and undo, the next actions as a spreadsheet."""
    assert len(practice) >= 12
    market = tmp_path / "market"
    run("new", str(market))
    server = serving(market)
    with server as port:
        at = Site(market, port, {})
        page = open_as(at=at)
        page.set_default_timeout(120_000)
        page.goto(at.url + link_in(server.said.read_text()))
        page.get_by_label("Name to sign in with").fill("Ada")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=again]").fill(PASSWORD)
        page.get_by_role("button", name="Begin").click()

        page.get_by_role("link", name="Add lists").click()
        page.get_by_label("Files").set_input_files(practice)
        page.get_by_role("button", name="Add").click()
        page.get_by_role("heading", name="Sources").wait_for()
        assert page.locator("table.list tbody tr").count() == len(practice)
        corrects(page)
        page.get_by_role("link", name="Sources", exact=True).first.click()
        page.get_by_role("button", name="Build the database").click()
        built(page)

        page.goto(f"{at.url}/funnel")
        page.get_by_role("heading", name="Why records are set aside").wait_for()
        answers(page, at)
        contact = splits(page, at)
        undoes(page, at, contact)

        page.goto(f"{at.url}/actions")
        assert page.locator("table.steps tbody tr").count() > 5
        with page.expect_download() as taken:
            page.get_by_role("link", name="CSV").click()
        lines = taken.value.path().read_text("utf-8-sig").splitlines()
        assert lines[0].startswith("site_id,account_id,account,address,country,step,medium")
        assert len(lines) > 5
        page.goto(f"{at.url}/audit")
        assert page.get_by_text("took out personal data").count()


def corrects(page):
    """A column that was not recognised gets its meaning, seen on the first rows beforehand."""
    page.get_by_role("link", name="press_and_analysts").click()
    page.get_by_label("Last contact").select_option("updated_at")
    page.locator(".trial").get_by_text("updated at").first.wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Take back").first.wait_for()


def answers(page, at):
    """Two questions, by keyboard; the second answer is taken back."""
    page.goto(f"{at.url}/review")
    left = waiting(page)
    assert left > 2
    page.keyboard.press("y")
    page.get_by_text("You said the same").wait_for()
    page.keyboard.press("n")
    page.get_by_text("You said not the same").wait_for()
    page.keyboard.press("u")
    page.get_by_text("Taken back: that").wait_for()
    assert waiting(page) < left
    page.get_by_role("button", name="Build with the answers").click()
    built(page)


def splits(page, at):
    """The person whom most records are about loses one of them; the address of their page."""
    page.goto(f"{at.url}/contacts?sort=-records&columns=full_name,records")
    contact = hrefs(page.locator("table.list tbody tr td:first-child a"))[0]
    page.goto(at.url + contact)
    page.get_by_role("link", name="Split").click()
    page.locator("[name=record]").last.check()
    page.get_by_label("Why").fill("another person of that name")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="1 contact becomes 2").wait_for()
    page.get_by_role("button", name="Split").click()
    page.get_by_role("link", name="See how far it is").click()
    built(page)
    return contact


def undoes(page, at, contact):
    """The split is taken back, and the person is who they were."""
    page.goto(at.url + contact)
    records = page.get_by_text(re.compile(r"\d+ of \d+ lists?, word for word"))
    before = int(records.inner_text().split()[0])
    page.goto(f"{at.url}/decisions")
    page.get_by_role("link", name=re.compile("Undo J")).first.click()
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name=re.compile("2 contacts become 1")).wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="See how far it is").click()
    built(page)
    page.goto(at.url + contact)
    assert int(records.inner_text().split()[0]) == before + 1

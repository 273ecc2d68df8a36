"""What people come for: the first administrator, a decision and its undo, a review, a build."""

import os
import re
import signal
import time
from pathlib import Path

import pytest
from served_market import Site, link_in, run, serving

PASSWORD = "correct horse battery"


@pytest.fixture
def fresh(tmp_path):
    """A small workspace with two lists, not built."""
    workspace = tmp_path / "small"
    run("new", str(workspace))
    return workspace


LISTS = {
    "crm.csv": "First Name,Last Name,Email,Company,Job Title,Street,City,State,Zip,Country,Phone\n"
    "Maria,Alvarez,maria.alvarez@brightwell.com,Brightwell Tools Inc,Buyer,410 N Michigan Ave,"
    "Chicago,IL,60611,US,+1 312 555 0142\n"
    "Susan,Chen,susan.chen@oakridge-labs.com,Oakridge Labs LLC,Head of Research,200 Boylston St,"
    "Boston,MA,02116,US,+1 617 555 0101\n"
    "Susan,Okafor,susan.okafor@oakridge-labs.com,Oakridge Labs LLC,Controller,200 Boylston St,"
    "Boston,MA,02116,US,+1 617 555 0188\n",
    "fair.csv": "Name,Company,Email,City,Zip,Country\n"
    "Maria Alvarez,Brightwell Tools,maria.alvarez@brightwell.com,Chicago,60611,US\n",
}


def test_from_two_lists_to_a_decision_and_back(fresh, open_as, tmp_path):
    """The first link, upload, build, merge with a look beforehand, undo; all in the browser."""
    server = serving(fresh)
    with server as port:
        at = Site(fresh, port, {})
        said = server.said.read_text()
        page = open_as(at=at)
        page.goto(at.url + link_in(said))
        page.get_by_label("Name to sign in with").fill("Ada")
        page.get_by_label("Your name").fill("Ada Example")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=again]").fill(PASSWORD)
        page.get_by_role("button", name="Begin").click()
        page.get_by_role("heading", name="There is no database yet").wait_for()
        assert at.ask(link_in(said)).status == 400, "a link works once"

        files = []
        for name, text in LISTS.items():
            (tmp_path / name).write_text(text, "utf-8")
            files.append(tmp_path / name)
        page.get_by_role("link", name="Add lists").click()
        page.get_by_label("Files").set_input_files(files)
        page.get_by_role("button", name="Add").click()
        page.get_by_text("crm: 3 rows of contacts").wait_for()
        page.get_by_role("button", name="Build the database").click()
        built(page)

        page.goto(at.url + "/contacts?q=susan")
        links = page.locator("table.list tbody tr td:first-child a")
        assert links.count() == 2
        names = [address.rsplit("/", 1)[1] for address in hrefs(links)]
        page.goto(f"{at.url}/contacts/{names[0]}")
        page.get_by_role("link", name="Merge", exact=True).click()
        page.get_by_label("Is one with").fill(names[1])
        page.get_by_label("Why").fill("the same person, she wrote so")
        page.get_by_role("button", name="Show what would change").click()
        page.get_by_role("heading", name="2 contacts become 1").wait_for(timeout=60_000)
        page.get_by_role("button", name="Merge").click()
        page.get_by_text("Decided, and not in the database yet").wait_for()
        page.get_by_role("link", name="See how far it is").click()
        built(page)
        page.goto(at.url + "/contacts?q=susan")
        assert links.count() == 1

        page.goto(at.url + "/decisions")
        page.get_by_role("link", name="Undo J1").click()
        page.get_by_role("button", name="Show what would change").click()
        page.get_by_role("heading", name="1 contact becomes 2").wait_for(timeout=60_000)
        page.get_by_role("button", name="Undo").click()
        page.get_by_role("link", name="See how far it is").click()
        built(page)
        page.goto(at.url + "/contacts?q=susan")
        assert sorted(a.rsplit("/", 1)[1] for a in hrefs(links)) == sorted(names)
        page.goto(at.url + "/audit")
        for action in ("added lists", "asked for a build", "merge", "undo"):
            assert page.get_by_text(action).count(), action


def hrefs(links):
    return [link.get_attribute("href") for link in links.all()]


def built(page):
    """Wait on the page of a job until it is done."""
    page.wait_for_url(re.compile(r"/jobs/\d+"))
    page.get_by_role("link", name="See what it changed").wait_for(timeout=120_000)


def test_questions_are_answered_by_keyboard_and_taken_back(open_as, site):
    page = open_as("seller")
    page.goto(f"{site.url}/review")
    left = waiting(page)
    page.locator("h1").click()
    page.keyboard.press("n")
    page.get_by_text("You said not the same").wait_for()
    assert waiting(page) < left
    page.keyboard.press("u")
    page.get_by_text("Taken back: that").wait_for()
    assert waiting(page) == left
    page.keyboard.press("s")
    page.get_by_text("1 skipped").wait_for()
    assert waiting(page) == left - 1


def waiting(page):
    return int(re.match(r"([\d,]+) question", page.locator(".title .soft").first.inner_text())[1])


def test_who_guesses_passwords_has_to_wait(site):
    for _ in range(5):
        answer = site.ask(
            "/sign-in", method="POST", form={"login": "viewer@tieline", "password": "x"}
        )
        assert answer.status == 403
    answer = site.ask("/sign-in", method="POST", form={"login": "viewer@tieline", "password": "x"})
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 60


def test_a_dead_worker_s_job_is_done_again_and_can_be_cancelled(site):
    """The process with the worker is killed in the middle: nothing is lost or half done."""
    before = (site.workspace / ".tieline" / "CURRENT").read_text()
    answer = site.ask("/jobs/build", role="steward", method="POST", form={})
    job = answer.headers["Location"]
    state_of(site, job, "tag running")
    for process in Path(f"/proc/{site.process}/task/{site.process}/children").read_text().split():
        os.kill(int(process), signal.SIGKILL)
    assert (site.workspace / ".tieline" / "CURRENT").read_text() == before
    state_of(site, job, "Attempt 2")
    site.ask(f"{job}/cancel", role="steward", method="POST", form={})
    state_of(site, job, "tag cancelled", "tag done")
    assert site.ask("/accounts", role="viewer").status == 200


def state_of(site, job, *wanted, seconds=90):
    """Wait until the page of a job says one of these."""
    until = time.monotonic() + seconds
    text = ""
    while time.monotonic() < until:
        try:
            text = site.ask(job, role="viewer").text
        except OSError:
            # The server starts another process for the one that died.
            text = ""
        if any(one in text for one in wanted):
            return
        time.sleep(0.3)
    raise AssertionError(text)

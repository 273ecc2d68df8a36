"""What was decided shows at once, before a build follows it, and undo takes it off at once."""

import json
import re
import time
from contextlib import contextmanager

import pytest
from served_market import HERE, Site, inside, run, serving
from test_sources import CRM

from tieline.engine.snapshot import building


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A small market of its own: here builds are held up."""
    folder = tmp_path_factory.mktemp("pending")
    workspace = folder / "small"
    run("new", str(workspace))
    (folder / "crm.csv").write_text(CRM, "utf-8")
    run("-w", str(workspace), "add", str(folder / "crm.csv"))
    run("-w", str(workspace), "build")
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    with serving(workspace) as port:
        yield Site(workspace, port, cookies)


@contextmanager
def no_build(site):
    """No build begins in the block: somebody else's is under way."""
    until = time.monotonic() + 60
    while True:
        try:
            with building(site.workspace / ".tieline"):
                yield
                return
        except BlockingIOError:
            pass
        except Exception as problem:
            if getattr(problem, "code", "") != "build_running" or time.monotonic() > until:
                raise
        time.sleep(0.3)


def of(site, name):
    """The id of a person."""
    text = site.ask(f"/contacts?q={name}", role="steward").text
    return re.search(r'<td><a href="/contacts/(C[0-9a-f]{14})"', text)[1]


def decide(site, deed, **form):
    told = {"step": "do", "reason": "as they told us", **form}
    answer = site.ask(f"/decide/{deed}", role="steward", method="POST", form=told)
    assert answer.status == 302, answer.text
    return answer.headers["Location"]


def undo_all(site):
    for name in sorted(set(re.findall(r"of=(J\d+)", site.ask("/decisions", role="steward").text))):
        decide(site, "undo", of=name)


def test_a_corrected_value_shows_in_place_and_undo_takes_it_off(own, open_as):
    who = of(own, "maria")
    with no_build(own):
        assert decide(own, "override", of=who, field="title", value="Chief Buyer") == (
            f"/contacts/{who}"
        )
        page = open_as("steward", at=own)
        page.goto(f"{own.url}/contacts/{who}")
        page.get_by_text("Decided, and not in the database yet").wait_for()
        assert "Chief Buyer" in page.locator(".title").inner_text()
        row = page.locator("section[aria-labelledby=h-values] tr", has_text="title")
        assert "Buyer Chief Buyer corrected, pending" in row.inner_text().replace("\n", " ")
        page.goto(f"{own.url}/contacts?q=maria")
        assert "corrected, pending" in page.locator("table.list").inner_text()
        assert "Chief Buyer" in page.locator("table.list").inner_text()
        page.goto(f"{own.url}/decisions")
        page.locator(".tag", has_text="pending").first.wait_for()
        page.goto(f"{own.url}/contacts/{who}")
        page.get_by_role("button", name="Take back").click()
        page.get_by_text("is undone").wait_for()
        assert page.get_by_text("Decided, and not in the database yet").count() == 0
        assert "Chief Buyer" not in page.locator(".title").inner_text()


def test_people_who_are_merged_lead_to_each_other_and_the_build_does_it(own, open_as):
    one, other = of(own, "susan"), of(own, "peter")
    with no_build(own):
        decide(own, "merge", of=one, other=other)
        page = open_as("seller", at=own)
        page.goto(f"{own.url}/contacts/{one}")
        box = page.locator(".pending")
        assert "makes them one" in box.inner_text()
        assert box.get_by_role("button").count() == 0, "a seller takes nothing back"
        box.get_by_role("link", name="Peter Okafor").click()
        page.wait_for_url(f"**/contacts/{other}")
        assert "Susan Chen" in page.locator(".pending").inner_text()
        text = own.ask("/contacts", role="seller").text
        assert text.count("merged, pending") == 2
    own.ask("/jobs/build", role="steward", method="POST", form={})
    until = time.monotonic() + 120
    while "merged, pending" in own.ask("/contacts", role="seller").text:
        assert time.monotonic() < until
        time.sleep(0.5)
    assert own.ask(f"/contacts/{other}", role="seller").status in (200, 301)
    with no_build(own):
        undo_all(own)
        text = own.ask(f"/contacts/{one}", role="steward").text
        assert "The next build is as if it had never been decided" in text


def test_set_aside_and_notes_are_marked_until_a_build(own):
    who = of(own, "maria")
    with no_build(own):
        decide(own, "set-aside", of=who)
        decide(own, "note", of=who, text="<b>Call</b> her in May")
        text = own.ask(f"/contacts/{who}", role="steward").text
        assert "takes it out of every figure" in text
        assert "&lt;b&gt;Call&lt;/b&gt; her in May" in text
        listed = own.ask("/contacts?q=maria", role="steward").text
        assert "set aside, pending" in listed
        assert "note, pending" in listed
        undo_all(own)
        listed = own.ask("/contacts?q=maria", role="steward").text
        assert "set aside, pending" not in listed
        assert "note, pending" not in listed

"""Forget a person in the browser: nothing finds them afterwards, and nothing brings them back."""

import json
import re

import pytest
from served_market import HERE, Site, inside, run, serving
from test_sources import CRM, send

PERSON = "Susan Chen"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A market of two lists, one of them sent by browser."""
    folder = tmp_path_factory.mktemp("forgetting")
    workspace = folder / "small"
    run("new", str(workspace))
    (folder / "fair.csv").write_text(
        "Name,Company,Email,City,Zip,Country\n"
        "Susan Chen,Oakridge Labs,susan.chen@oakridge-labs.com,Boston,02116,US\n",
        "utf-8",
    )
    run("-w", str(workspace), "add", str(folder / "fair.csv"))
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    with serving(workspace) as port:
        site = Site(workspace, port, cookies)
        assert send(site, "crm.csv", CRM.encode()).status == 302
        run("-w", str(workspace), "build")
        yield site


def test_a_person_is_forgotten(own, open_as):
    page = open_as("steward", at=own)
    page.goto(f"{own.url}/contacts?q=susan")
    page.get_by_role("link", name=PERSON).click()
    page.get_by_role("heading", name="Who this is", exact=True).wait_for()
    who = page.url.rsplit("/", 1)[1]
    own.ask("/views/save", role="seller", method="POST",
            form={"page": "contacts", "name": PERSON, "query": "q=susan+chen"})  # fmt: skip

    page.get_by_role("link", name="Forget", exact=True).click()
    said = page.locator("section", has_text="What is removed").inner_text()
    assert "crm\t1" in said.replace("\n", "\t")
    assert "fair\t1" in said.replace("\n", "\t")
    for form, words in (
        ({"word": "yes", "reason": "ticket 4711"}, "nothing was done"),
        ({"word": "forget", "reason": f"{PERSON} asked us to"}, "The reason names the person"),
        ({"word": "forget", "reason": " . "}, "The reason is empty"),
    ):
        refused = own.ask(f"/contacts/{who}/forget", role="steward", method="POST", form=form)
        assert refused.status == 400
        assert words in refused.text
    page.get_by_label("Why").fill("asked to be forgotten, ticket 4711")
    page.get_by_label("Type “forget”").fill("forget")
    page.get_by_role("button", name="Forget this person").click()
    page.wait_for_url(re.compile(r"/jobs/\d+"))
    page.get_by_role("link", name="See what it changed").wait_for(timeout=180_000)

    page.goto(f"{own.url}/find?q=susan.chen@oakridge-labs.com")
    assert PERSON not in page.locator("main").inner_text()
    for path in (
        "/contacts?q=susan", "/contacts.csv", "/find?q=Susan+Chen", "/audit", "/jobs",
        "/sources/of/crm", "/sources/of/fair", "/decisions", "/review", "/", "/leads",
    ):  # fmt: skip
        text = own.ask(path, role="administrator").text
        # The search says what was searched for.
        text = text.replace('value="Susan Chen"', "").replace("“Susan Chen”", "")
        assert "susan.chen@" not in text.lower(), path
        assert PERSON not in text, path
    gone = own.ask(f"/contacts/{who}", role="seller")
    assert gone.status == 410
    assert "This person was forgotten" in gone.text
    assert PERSON not in gone.text
    log = own.ask("/audit", role="administrator").text
    assert "forgot a person" in log
    assert who in log
    for path in (own.workspace / ".tieline").rglob("*"):
        if path.is_file():
            assert b"susan.chen@" not in path.read_bytes().lower(), path

    page = open_as("steward", at=own)
    answer = page.goto(f"{own.url}/sources")
    assert answer.status == 200
    where = send(own, "crm.csv", (CRM + " ").encode()).headers["Location"]
    told = own.ask(where, role="marketer").text
    assert "1 row of the newer file is of somebody who was forgotten" in told
    assert PERSON not in told
    assert own.ask(f"{where}/replace", role="marketer", method="POST", form={}).status == 302
    assert PERSON not in own.ask("/sources/of/crm", role="marketer").text
    assert (own.workspace / "lists" / "crm.csv").exists()


def test_who_may_not_forget_cannot(own):
    found = re.search(r"/contacts/(C[0-9a-f]{14})", own.ask("/contacts", role="seller").text)[1]
    for role in ("viewer", "executive", "seller", "marketer"):
        assert own.ask(f"/contacts/{found}/forget", role=role).status == 403
        form = {"word": "forget", "reason": "x"}
        answer = own.ask(f"/contacts/{found}/forget", role=role, method="POST", form=form)
        assert answer.status == 403
    assert own.ask(f"/contacts/{found}", role="seller").status == 200
    assert "Forget</a>" not in own.ask(f"/contacts/{found}", role="seller").text


@pytest.mark.parametrize("name", ["C00000000000000", "'", "A00000000000000", "--help", "%2e%2e"])
def test_an_id_of_nobody_is_told_so(own, name):
    assert own.ask(f"/contacts/{name}/forget", role="steward").status == 404

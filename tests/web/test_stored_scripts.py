"""A script in every text that somebody may store, on every page that may show it."""

import json
import re

import pytest
from served_market import HERE, Site, ids, inside, run, serving
from test_pages import PAGES, address

SCRIPT = "<script>document.title='taken'</script>"
IMAGE = "<img src=x onerror=document.title='taken'>"
BREAK = "\"'><svg onload=document.title='taken'>{{ 7*7 }}"
PEOPLE = f"""First Name,Last Name,Email,Company,Job Title,Street,City,State,Zip,Country,Phone,Remarks
Ma{IMAGE},Mallory{SCRIPT},mallory@boltwright.com,{IMAGE} Boltwright Inc,Buyer {SCRIPT},410 N Michigan Ave {IMAGE},Chicago {SCRIPT},IL,60611,US,+1 312 555 0142,{SCRIPT}
Trent,Holloway {IMAGE},trent@boltwright.com,{IMAGE} Boltwright Inc,Owner {IMAGE},410 N Michigan Ave {IMAGE},Chicago {SCRIPT},IL,60611,US,+1 312 555 0143,{IMAGE}
Susan,Chen,susan.chen@oakridge-labs.com,Oakridge Labs {SCRIPT},Head of Research,200 Boylston St,Boston,MA,02116,US,+1 617 555 0101,x
Susan,Chenn,susan.chenn@oakridge-labs.com,Oakridge Labs {SCRIPT},Head of Research,200 Boylston St,Boston,MA,02116,US,+1 617 555 0101,x
"""  # noqa: E501
RESPONSES = f"""Email,Date,Type,Campaign,Topic,Url
mallory@boltwright.com,2026-05-01,download {SCRIPT},spring {IMAGE},{IMAGE} pumps,https://x.example/{SCRIPT}
trent@boltwright.com,2026-05-03,webinar {IMAGE},spring {SCRIPT},{SCRIPT} pumps,javascript:alert(1)
"""
STORE = f"""
import json, sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web import members
from tieline.web.api.keys import make
from tieline.web.models import AuditEntry, Job, Member, SavedView
hostile = {BREAK + SCRIPT!r}
Member.objects.create(login="m", full_name=hostile[:120], role="viewer", password="!")
one = Member.objects.get(login="administrator@tieline")
one.full_name = {IMAGE!r}
one.save()
for page in ("accounts", "sites", "contacts"):
    SavedView.objects.create(member=one, page=page, name=hostile[:60], query=hostile)
AuditEntry.objects.create(who=hostile[:80], role="x", action=hostile[:100], target=hostile,
                          detail=hostile, address=hostile[:45])
Job.objects.create(kind="build", state="failed", asked_by=hostile[:80], step=hostile, exit_code=2)
members.invite(role="viewer", login=hostile[:80], by=hostile[:80])
print(Job.objects.get().pk)
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A small market of texts that want to be scripts."""
    folder = tmp_path_factory.mktemp("hostile")
    workspace = folder / f"market{SCRIPT.replace('/', '')}"
    run("new", str(workspace))
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "answers.csv").write_text(RESPONSES, "utf-8")
    run("-w", str(workspace), "add", str(folder / "people.csv"), "--kind", "contacts")
    run("-w", str(workspace), "add", str(folder / "answers.csv"), "--kind", "responses")
    toml = workspace / "tieline.toml"
    said = json.dumps(SCRIPT)
    toml.write_text(
        toml.read_text("utf-8").replace('[own_company]', f'[own_company]\nnames = [{said}]', 1)
        + f"\n[sources.people]\nowner = {said}\n\n[segments.pumps]\nrule = \"country = 'US'\"\n"
        f"owner = {json.dumps(IMAGE)}\n",
        "utf-8",
    )  # fmt: skip
    run("-w", str(workspace), "build")
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    job = inside(workspace, STORE).strip()
    one = ids(workspace)
    for kind in ("contact", "account"):
        run("-w", str(workspace), "note", one[kind], SCRIPT + IMAGE, "--by", IMAGE)
    run("-w", str(workspace), "override", one["contact"], "title", SCRIPT, "--reason", IMAGE,
        "--by", SCRIPT)  # fmt: skip
    with serving(workspace) as port:
        site = Site(workspace, port, cookies)
        form = {"name": "pumps", "like": "equipment", "product": IMAGE + SCRIPT}
        site.ask("/leads/draft", role="administrator", method="POST", form=form)
        yield site, one, job


def test_no_stored_script_runs_on_any_page(hostile, open_as):
    site, one, job = hostile
    page = open_as("administrator", at=site)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    more = (f"/jobs/{job}", "/sources/of/people", "/sources/of/answers", "/leads",
            "/leads/definitions", "/leads/definitions/pumps", f"/find?q={SCRIPT}",
            f"/accounts?q={IMAGE}", f"/contacts?q={BREAK}", "/catalogue/records",
            "/catalogue/responses", "/contacts?columns=title&columns=city")  # fmt: skip
    shown = 0
    for path in (*PAGES, *more):
        if "crm_export" in path:
            continue
        answer = page.goto(site.url + address(path, one) if path in PAGES else site.url + path)
        assert answer.status < 500, path
        assert page.title() != "taken", path
        assert page.locator("img, svg[onload], [onerror], main script").count() == 0, path
        text = page.content()
        shown += "document.title='taken'" in text.replace("&#x27;", "'")
        for link in re.findall(r'href="([^"]*)"', text):
            assert not link.lower().startswith(("javascript:", "data:text")), (path, link)
    assert shown > 12, "the texts are shown"

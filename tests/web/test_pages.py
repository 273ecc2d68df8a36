"""Every page in a real browser: it answers, complains of nothing, and everybody can read it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from served_market import HERE, Site, inside, run, serving

PAGES = (
    "/", "/funnel", "/funnel?status=duplicate", "/funnel/rows?status=duplicate",
    "/universe?budget=2000", "/universe/all/unknown", "/actions", "/accounts",
    "/accounts?q=indsutrie", "/sites", "/contacts", "/contacts?q=nobody-is-called-this",
    "{account}", "{site}", "{contact}", "/why/{contact_id}", "{contact}/forget", "/find?q=gmbh",
    "/review", "/decisions", "/decide/merge?of={contact_id}", "/decide/split?of={contact_id}",
    "/decide/override?of={contact_id}&field=title", "/sources", "/sources/of/crm_export",
    "/sources/of/crm_export/remove", "/sources/of/crm_export/set-aside",
    "/sources/of/crm_export/set-aside?status=duplicate",
    "/catalogue", "/catalogue/contact_mix", "/jobs", "/jobs/schedules/new", "/people",
    "/settings", "/audit", "/password", "/keys", "/api",
)  # fmt: skip
ALONE = ("/sign-in", "/no/such/page", "/accounts/A00000000000000")


@pytest.fixture(scope="module")
def axe():
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def problems(axe, page, *rules):
    """What axe finds wrong with a page; by these rules only, if any are named."""
    options = {"runOnly": list(rules)} if rules else None
    found = axe.run(page, options=options).response["violations"]
    return [
        (one["id"], one["nodes"][0]["html"][:200], one["nodes"][0].get("failureSummary", "")[:300])
        for one in found
    ]


def address(path, one):
    return path.format(
        account=f"/accounts/{one['account']}", site=f"/sites/{one['site']}",
        contact=f"/contacts/{one['contact']}", contact_id=one["contact"],
    )  # fmt: skip


def test_every_page_reads_well_in_light_and_dark(open_as, axe, site, one):
    page = open_as("administrator")
    found = {}
    for path in PAGES:
        answer = page.goto(site.url + address(path, one))
        assert answer.status == 200, path
        assert page.get_by_role("heading", level=1).count() == 1, path
        found[path] = problems(axe, page)
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        # The same page in other colours.
        found[path + " dark"] = problems(axe, page, "color-contrast")
    assert {path: said for path, said in found.items() if said} == {}


def test_the_account_page_tells_what_the_database_knows(open_as, site, one):
    page = open_as("executive")
    page.goto(f"{site.url}/accounts/{one['account']}")
    for heading in (
        "What to do next", "What it means", "Where the relationship stands", "Who we know there",
        "Sites", "People", "Family", "Score of the buying group", "Timeline",
        "What we hold to be right",
    ):  # fmt: skip
        assert page.get_by_role("heading", name=heading, exact=True).count() == 1, heading
    page.locator("section[aria-labelledby=h-people] a").first.click()
    page.get_by_role("heading", name="Consent").wait_for()
    page.get_by_text("The receipt", exact=True).first.click()
    page.get_by_role("columnheader", name="Criterion").first.wait_for()


def test_the_evidence_comes_when_it_is_opened(open_as, site, one):
    page = open_as("steward")
    page.goto(f"{site.url}/accounts/{one['account']}")
    part = page.locator("details[data-part]")
    assert part.get_by_text("Weights in bits").count() == 0
    part.locator("summary").click()
    part.get_by_text("Weights in bits").wait_for()
    # Without script the link leads to the same.
    answer = site.ask(part.get_attribute("data-part"), role="steward")
    assert (answer.status, "Weights in bits" in answer.text) == (200, True)


def test_a_budget_plans_what_to_buy(open_as, site):
    page = open_as("executive")
    page.goto(f"{site.url}/universe?budget=0")
    nothing = page.locator("section", has_text="List plan").last.inner_text()
    page.goto(f"{site.url}/universe?budget=2000")
    assert page.locator("section", has_text="List plan").last.inner_text() != nothing


def test_pages_of_nobody_read_well(browser, axe, site):
    context = browser.new_context()
    page = context.new_page()
    for path in ALONE:
        page.goto(site.url + path)
        assert problems(axe, page) == [], path
    context.close()


def test_no_page_is_wider_than_a_phone(open_as, site, one):
    page = open_as("administrator", viewport={"width": 390, "height": 844})
    for path in PAGES:
        page.goto(site.url + address(path, one))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_page_is_used_by_keyboard(open_as, site):
    page = open_as("viewer")
    page.goto(f"{site.url}/accounts")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "To the content"
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    assert page.locator(":focus").get_attribute("id") == "search"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("n")
    page.wait_for_url("**page=2*")


def test_light_and_dark_are_switched_and_kept(open_as, site):
    page = open_as("viewer", color_scheme="light")
    page.goto(site.url)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.goto(f"{site.url}/accounts")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_a_list_is_searched_ordered_and_kept_as_a_view(open_as, site):
    page = open_as("executive")
    page.goto(f"{site.url}/accounts")
    first = page.locator("table.list tbody tr td").first.inner_text()
    word = max(first.split(), key=len)
    wrong = word[:2] + word[3] + word[2] + word[4:] if len(word) > 5 else word
    page.get_by_role("searchbox", name="Name or web domain").fill(wrong)
    page.get_by_role("button", name="Find").click()
    assert first in page.locator("table.list").inner_text()
    page.goto(f"{site.url}/accounts?sort=name")
    names = [
        name.casefold()
        for name in page.locator("table.list tbody tr td:first-child").all_inner_texts()
    ]
    assert len(names) > 20
    page.get_by_text("Save view").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("By name")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{site.url}/accounts")
    page.get_by_text("Saved views").click()
    page.get_by_role("link", name="By name").click()
    page.wait_for_url("**sort=name*")


def test_eight_people_at_once_are_served(site, one):
    """Each asks for pages without a pause; nobody is refused or meets a fault."""
    paths = ["/", f"/accounts/{one['account']}", "/accounts?q=gmbh", "/review", "/funnel"]
    with ThreadPoolExecutor(8) as people:
        asked = [people.submit(site.ask, path, role="steward") for path in paths * 8]
        answers = [one.result() for one in asked]
    assert {answer.status for answer in answers} == {200}


def test_before_the_first_build_the_pages_say_how_to_begin(open_as, site, tmp_path):
    workspace = tmp_path / "fresh"
    run("new", str(workspace))
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    with serving(workspace) as port:
        fresh = Site(workspace, port, cookies)
        page = open_as("administrator", at=fresh)
        for path in ("/", "/sources", "/jobs", "/decisions"):
            page.goto(fresh.url + path)
            assert page.locator(".empty h2").count() == 1, path
        assert fresh.ask("/accounts", role="viewer").status == 409


def test_the_catalogue_shows_where_a_table_comes_from_and_examples(open_as, site):
    page = open_as("viewer")
    page.goto(f"{site.url}/catalogue/site_stages")
    page.get_by_text("Where each site stands is its last period").click()
    page.get_by_text("then site_stages").wait_for()
    page.locator("svg.lineage").get_by_role("link", name="contact_stays").click()
    page.get_by_role("heading", name="contact_stays", level=1).wait_for()

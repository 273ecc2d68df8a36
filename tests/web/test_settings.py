"""The settings in the browser: read, changed with a look beforehand, taken back; who may what."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tieline.workspace.scorecards import version_of


def file_of(site):
    return site.workspace / "tieline.toml"


@pytest.fixture
def before(site):
    """The text of the settings, put back at the end."""
    text = file_of(site).read_text("utf-8")
    yield text
    file_of(site).write_text(text, "utf-8")


def post(site, text, step="save", seen=None, role="administrator"):
    seen = version_of(file_of(site).read_text("utf-8")) if seen is None else seen
    form = {"text": text, "seen": seen, "step": step}
    return site.ask("/settings/change", role=role, method="POST", form=form)


def test_a_setting_is_changed_after_a_look_and_taken_back(open_as, site, before):
    page = open_as("administrator")
    page.goto(f"{site.url}/settings")
    row = page.get_by_role("row", name="max_set_aside_share")
    assert "0.9" in row.inner_text()
    assert "ends with exit code 1" in row.inner_text()
    text = page.get_by_label("Text of the settings")
    text.fill(before.replace("[workspace]\n", "[workspace]\nmax_set_aside_share = 0.25\n", 1))
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_text("+max_set_aside_share = 0.25").wait_for()
    assert file_of(site).read_text("utf-8") == before
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert "max_set_aside_share = 0.25" in file_of(site).read_text("utf-8")
    row = page.get_by_role("row", name="max_set_aside_share")
    assert row.get_by_text("set", exact=True).count() == 1

    page.get_by_role("link", name="Show what taking it back would change").first.click()
    page.get_by_text("-max_set_aside_share = 0.25").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert "max_set_aside_share = 0.25" not in file_of(site).read_text("utf-8")
    log = site.ask("/audit?action=settings", role="administrator").text
    assert "1 lines added, 0 taken out" in log


@pytest.mark.parametrize(
    ("wrong", "line", "says"),
    [
        ("\n[identity\nprobability = 0.9\n", True, "not valid TOML"),
        ("\n[sources.zzz]\ntrust = 99\n", True, "sources.zzz.trust"),
        ("\n[colours]\nred = 1\n", True, "is not a setting of the file"),
        ('\n[offers.x]\nsample = "/etc/passwd"\n', True, "is not one of this workspace"),
        ('\n[offers.x]\nsalt_file = "../other/salt"\n', True, "is not one of this workspace"),
        ('\n[offers.x]\nsample = ".tieline/web.key"\n', True, "is not one of this workspace"),
        ('\n[offers.x]\nvendor = "postgresql://me:word@host/db"\n', True, "must hold no secret"),
        ("\n# " + "x" * 600_000, False, "more than 500,000"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_kept_in_the_field(site, before, wrong, line, says):
    for step in ("look", "save"):
        answer = post(site, before + wrong, step)
        assert answer.status == 400
        assert says in answer.text
        assert "Traceback" not in answer.text
        if line:
            assert re.search(r"tieline\.toml line \d+", answer.text), step
    assert file_of(site).read_text("utf-8") == before


def test_of_two_who_save_at_once_one_is_told(site, before):
    seen = version_of(before)
    texts = [before + f"# by number {n}\n" for n in range(6)]
    with ThreadPoolExecutor(6) as people:
        answers = list(people.map(lambda text: post(site, text, seen=seen), texts))
    assert sorted(answer.status for answer in answers) == [302, 409, 409, 409, 409, 409]
    lost = next(answer for answer in answers if answer.status == 409)
    assert "Somebody changed the settings since you opened them" in lost.text
    assert "# by number" in lost.text


def test_a_steward_reads_and_others_do_not(site, before):
    told = site.ask("/settings", role="steward")
    assert told.status == 200
    assert "An administrator can change them here" in told.text
    assert "<textarea" not in told.text
    for role in ("viewer", "seller", "marketer", "executive"):
        assert site.ask("/settings", role=role).status == 403, role
    assert post(site, before + "# x\n", role="steward").status == 403
    assert site.ask("/settings?back=1", role="steward").status == 200
    assert site.ask("/settings?back=999999", role="administrator").status == 404
    assert site.ask("/settings?back=x", role="administrator").status == 404


def test_a_file_that_is_broken_can_be_repaired_here(site, before):
    file_of(site).write_text(before + "\n[broken\n", "utf-8")
    told = site.ask("/settings", role="administrator")
    assert told.status == 200
    assert "not valid TOML" in told.text
    assert "[broken" in told.text
    assert post(site, before).status == 302
    assert file_of(site).read_text("utf-8").strip() == before.strip()


QUESTION = """/*
question: How many contacts do we know in each country, <script>alert(1)</script>?
row: One country.
key: country
owner: marketer
columns:
  country: Country.
  contacts: How many contacts work there.
*/
"""
SELECT = "SELECT country, CAST(sum(contacts) AS BIGINT) AS contacts FROM sites GROUP BY country"


@pytest.fixture
def models(site):
    """The folder of the user's own tables, emptied at the end."""
    folder = site.workspace / "models"
    folder.mkdir(exist_ok=True)
    yield folder
    for file in folder.glob("*.sql"):
        file.unlink()


def test_a_table_of_ones_own_shows_what_it_is(open_as, site, models):
    (models / "by_country.sql").write_text(QUESTION + SELECT, "utf-8")
    page = open_as("executive")
    page.goto(f"{site.url}/catalogue")
    box = page.get_by_role("region", name="Your own tables", exact=True)
    assert "How many contacts do we know in each country" in box.inner_text()
    assert "not built yet" in box.inner_text()
    page.get_by_role("link", name="by_country").click()
    page.get_by_role("heading", name="Columns").wait_for()
    made_from = page.locator("main").get_by_role("link", name="sites", exact=True)
    assert made_from.get_attribute("href") == "/catalogue/sites"
    assert "comes with the next build" in page.locator("main").inner_text()
    assert "by_country" in site.ask("/catalogue/sites", role="viewer").text


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("no_header", SELECT, "does not start with its header"),
        ("no_select", QUESTION + "SELEC country", "no_select"),
        ("accounts", QUESTION + SELECT, "cannot be the name of a table of yours"),
        ("reads_files", QUESTION + "SELECT * FROM read_csv('/etc/passwd')", "reads_files"),
        ("reads_nothing", QUESTION + "SELECT x AS country FROM sitez", "It reads sitez"),
        ("no_column", QUESTION + "SELECT colour AS country FROM sites", "colour"),
    ],
)
def test_a_table_of_ones_own_that_is_wrong_says_what(site, models, name, text, says):
    (models / f"{name}.sql").write_text(text, "utf-8")
    listed = site.ask("/catalogue", role="marketer")
    assert listed.status == 200
    assert "wrong</span>" in listed.text
    assert says in listed.text
    shown = site.ask(f"/catalogue/{name}", role="marketer")
    assert shown.status == 200
    assert "root:" not in shown.text
    if name != "accounts":
        assert "No build is done before this is right" in shown.text
    assert "<script>alert" not in listed.text + shown.text

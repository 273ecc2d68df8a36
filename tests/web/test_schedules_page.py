"""Schedules as people set them up: in a browser, each as they may."""

import re

import pytest

RARE = {"kind": "build", "often": "cron", "cron": "0 3 29 2 *", "zone": "Europe/Berlin"}
BACKUP = {**RARE, "kind": "backup", "folder": "nightly", "keep": "3"}


def post(site, path, form, role):
    return site.ask(path, role=role, method="POST", form=form)


@pytest.fixture
def clean(site):
    """The schedules of a test are gone after it."""
    yield
    for number in re.findall(
        r"/jobs/schedules/(\d+)\"", site.ask("/jobs", role="administrator").text
    ):
        post(site, f"/jobs/schedules/{number}/delete", {}, "administrator")


def newest(site):
    """The number of the schedule that was set up last."""
    shown = site.ask("/jobs", role="administrator").text
    return max(map(int, re.findall(r"/jobs/schedules/(\d+)\"", shown)))


@pytest.mark.usefixtures("clean")
def test_a_schedule_is_set_up_paused_changed_and_deleted(open_as, site):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_as("marketer")
    page.goto(f"{site.url}/jobs")
    page.get_by_role("link", name="New schedule").click()
    assert page.get_by_role("radio", name="Backup").count() == 0, "administrators only"
    page.get_by_role("radio", name="Whole build").check()
    page.get_by_role("radio", name="Every week").check()
    page.get_by_label("Day of the week").select_option("Sunday")
    page.get_by_label("Time of every week").fill("02:30")
    page.get_by_label("In the time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Set it up").click()
    row = page.locator("tr", has_text="Every Sunday at 02:30")
    assert re.search(r"Sun \d{4}-\d\d-\d\d 02:30 CES?T", row.inner_text())
    assert axe.run(page).response["violations"] == []

    row.get_by_role("button", name="Pause").click()
    page.get_by_text("It rests until somebody lets it go on.").wait_for()
    assert "paused" in row.inner_text()
    row.get_by_role("button", name="Go on").click()
    page.get_by_text("It goes on: next Sun").wait_for()

    row.get_by_role("link", name="Whole build").click()
    page.get_by_role("heading", name="It comes").wait_for()
    assert page.get_by_label("Time of every week").input_value() == "02:30"
    assert axe.run(page).response["violations"] == []
    page.get_by_label("In the time zone").fill("Asia/Kolkata")
    page.get_by_role("radio", name="Monday to Friday").check()
    page.get_by_label("Time from Monday to Friday").fill("07:15")
    page.get_by_role("button", name="Change it").click()
    changed = page.locator("tr", has_text="Monday to Friday at 07:15")
    assert "07:15 IST" in changed.inner_text()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    changed.get_by_role("link", name="Whole build").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("Deleted: Whole build, Monday to Friday at 07:15").wait_for()
    assert changed.count() == 0
    log = site.ask("/audit?action=schedule", role="administrator").text
    for deed in ("set a schedule up", "paused a schedule", "let a schedule go on",
                 "changed a schedule", "deleted a schedule"):  # fmt: skip
        assert deed in log, deed


@pytest.mark.usefixtures("clean")
def test_backups_are_for_administrators_and_stay_in_their_folder(site):
    assert post(site, "/jobs/schedules/new", BACKUP, "steward").status == 403
    for folder in ("../../etc", "/etc", "a/b", "", "Nightly", ".ssh", "x" * 60):
        answer = post(site, "/jobs/schedules/new", {**BACKUP, "folder": folder}, "administrator")
        assert answer.status == 400, folder
        assert "no name of a folder" in answer.text
    for keep in ("0", "-1", "many", "1e9", "9999"):
        answer = post(site, "/jobs/schedules/new", {**BACKUP, "keep": keep}, "administrator")
        assert answer.status == 400, keep
    assert post(site, "/jobs/schedules/new", BACKUP, "administrator").status == 302
    number = newest(site)
    assert "the newest 3 stay" in site.ask("/jobs", role="viewer").text
    for deed in ("pause", "run", "delete"):
        assert post(site, f"/jobs/schedules/{number}/{deed}", {}, "steward").status == 403, deed
    assert post(site, f"/jobs/schedules/{number}", RARE, "steward").status == 403


@pytest.mark.usefixtures("clean")
def test_a_schedule_is_run_now_and_says_so(site):
    assert post(site, "/jobs/schedules/new", BACKUP, "administrator").status == 302
    number = newest(site)
    job = post(site, f"/jobs/schedules/{number}/run", {}, "administrator").headers["Location"]
    assert "Backup" in site.ask(job, role="viewer").text
    assert job in site.ask("/jobs", role="viewer").text
    post(site, f"{job}/cancel", {}, "administrator")


def test_what_is_filled_in_wrong_is_told_and_set_up_by_nobody(site):
    wrong = [
        {**RARE, "cron": "every day"},
        {**RARE, "cron": "<script>alert(1)</script> * * * *"},
        {**RARE, "zone": "../etc/passwd"},
        {**RARE, "kind": "forget"},
        {**RARE, "often": "never"},
        {},
    ]
    for form in wrong:
        answer = post(site, "/jobs/schedules/new", form, "marketer")
        assert answer.status == 400, form
        assert 'role="alert"' in answer.text
        assert "<script>alert" not in answer.text
    assert "Schedules</h2>" not in site.ask("/jobs", role="marketer").text


def test_what_was_filled_in_stays_when_a_part_of_it_is_wrong(site):
    form = {"kind": "full_build", "often": "week", "weekday": "4", "time_week": "02:30"}
    shown = post(site, "/jobs/schedules/new", {**form, "zone": "Nowhere"}, "marketer").text
    assert "There is no time zone &#x27;Nowhere&#x27;" in shown
    for kept in ('value="full_build" checked', 'value="4" selected', 'value="02:30"', "Nowhere"):
        assert kept in shown, kept

"""Lists in the browser: what columns mean, a newer file of a list, what could not be read."""

import json
import tomllib

import pytest
from served_market import HERE, Site, inside, run, serving

ODD = """Nom "du" client,<script>document.title='taken'</script>,=cmd|'/c calc'!A1,Courriel
Anna Berg,x,1,anna.berg@brightwell.com
Otto Lang,y,2,otto.lang@brightwell.com
Eva Sommer,z,3,keine
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A small market of its own, built and served: these tests change it."""
    folder = tmp_path_factory.mktemp("sources")
    workspace = folder / "small"
    run("new", str(workspace))
    (folder / "odd.csv").write_text(ODD, "utf-8")
    (folder / "crm.csv").write_text(CRM, "utf-8")
    run("-w", str(workspace), "add", str(folder / "odd.csv"), str(folder / "crm.csv"))
    text = (workspace / "tieline.toml").read_text("utf-8")
    (workspace / "tieline.toml").write_text(text + OWN_WORDS, "utf-8")
    run("-w", str(workspace), "build")
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    with serving(workspace) as port:
        yield Site(workspace, port, cookies)


OWN_WORDS = """
# why: the fair is ours
[sources.crm]
owner = "Sales"  # Anna keeps it
"""
CRM = (
    "Id,First Name,Last Name,Email,Company,Job Title,Street,City,State,Zip,Country\n"
    "1,Maria,Alvarez,maria.alvarez@brightwell.com,Brightwell Tools Inc,Buyer,"
    "410 N Michigan Ave,Chicago,IL,60611,US\n"
    "2,Susan,Chen,susan.chen@oakridge-labs.com,Oakridge Labs LLC,Head of Research,"
    "200 Boylston St,Boston,MA,02116,US\n"
    "3,Peter,Okafor,peter.okafor@oakridge-labs.com,Oakridge Labs LLC,Controller,"
    "200 Boylston St,Boston,MA,02116,US\n"
)


def settings_of(site):
    return tomllib.loads((site.workspace / "tieline.toml").read_text("utf-8"))


def test_another_choice_shows_at_once_how_rows_would_be_read(own, open_as):
    page = open_as("marketer", at=own)
    page.goto(f"{own.url}/sources/of/odd")
    before = (own.workspace / "tieline.toml").read_text("utf-8")
    page.get_by_label('Nom "du" client').select_option("email")
    page.get_by_text("Not saved yet:").wait_for()
    first = page.locator("#trial tbody tr").nth(1)
    assert "not usable" in first.inner_text(), "a name is no e-mail address"
    assert (own.workspace / "tieline.toml").read_text("utf-8") == before
    page.get_by_label('Nom "du" client').select_option("full_name")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. The next build reads the list so.").wait_for()
    assert settings_of(own)["sources"]["odd"]["columns"] == {'Nom "du" client': "full_name"}
    text = (own.workspace / "tieline.toml").read_text("utf-8")
    assert "# why: the fair is ours" in text
    assert "# Anna keeps it" in text
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("Taken back.").wait_for()
    assert settings_of(own) == tomllib.loads(before)
    log = own.ask("/audit", role="administrator").text
    assert "corrected a list" in log
    assert "took back a correction" in log


def test_without_javascript_a_button_shows_it(own, open_as):
    page = open_as("marketer", at=own, java_script_enabled=False)
    page.goto(f"{own.url}/sources/of/crm")
    page.get_by_label("Email", exact=True).select_option("")
    page.get_by_role("button", name="Show how it would be read").click()
    page.get_by_text("Not saved yet:").wait_for()
    assert "“Email” is left out, not email" in page.locator("#trial").inner_text()
    assert page.get_by_label("Email", exact=True).input_value() == "", "the choice is kept"


def seen(site, name):
    text = site.ask(f"/sources/of/{name}", role="steward").text
    return text.split('name="seen" value="')[1].split('"')[0]


def correct(site, name, role="steward", **given):
    path = f"/sources/of/{name}/correct"
    return site.ask(path, role=role, method="POST", form={"step": "save", **given})


def test_two_people_cannot_overwrite_one_another(own):
    at = seen(own, "crm")
    assert correct(own, "crm", seen=at, trust="2").status == 302
    late = correct(own, "crm", seen=at, trust="3")
    assert late.status == 409
    assert "Somebody changed how crm is understood" in late.text
    assert settings_of(own)["sources"]["crm"]["trust"] == 2
    assert correct(own, "crm", seen=seen(own, "crm"), trust="5").status == 302
    assert "trust" not in settings_of(own)["sources"]["crm"]


@pytest.mark.parametrize("field", ["no_such_field", "email; DROP TABLE", "<script>", "x" * 4000])
def test_a_field_that_is_none_is_refused(own, field):
    before = settings_of(own)
    answer = correct(own, "crm", seen=seen(own, "crm"), f0=field)
    assert answer.status == 400
    assert "There is no field" in answer.text
    assert "<script>" not in answer.text
    assert settings_of(own) == before


def test_scripts_and_formulas_in_headers_are_text(own, open_as):
    page = open_as("administrator", at=own)
    page.goto(f"{own.url}/sources/of/odd")
    assert page.title() != "taken"
    assert page.get_by_label("<script>document.title='taken'</script>").count() == 1
    page.get_by_label("=cmd|'/c calc'!A1").select_option("contact_type")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. The next build").wait_for()
    assert settings_of(own)["sources"]["odd"]["columns"] == {"=cmd|'/c calc'!A1": "contact_type"}
    page.get_by_role("button", name="Take back").first.click()
    page.get_by_text("Taken back.").wait_for()


def test_who_may_not_correct_sees_the_columns_without_choices(own):
    text = own.ask("/sources/of/crm", role="executive").text
    assert "How its columns were understood" in text
    assert "<select" not in text
    assert correct(own, "crm", role="executive").status == 403


def send(site, name, content, role="marketer"):
    border = "border7MA4YWxkTrZu0gW"
    body = (
        f'--{border}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f"{'t' * 32}\r\n--{border}\r\n"
        f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    return site.ask(
        "/sources/upload",
        role=role,
        method="POST",
        body=body + content + f"\r\n--{border}--\r\n".encode(),
        headers={
            "Content-Type": f"multipart/form-data; boundary={border}",
            "Cookie": f"tieline={site.cookies[role]}; tieline_form={'t' * 32}",
        },
    )


NEWER = (
    CRM.replace("Head of Research", "Chief Scientist")
    .replace("Country\n", "Country,Fax\n")
    .replace(",US\n", ",US,\n")
    .replace("3,Peter,Okafor,peter.okafor@", "4,Ines,Duarte,ines.duarte@")
)


def contents(site):
    """What of a workspace an upload could change."""
    kept = {}
    for place in ("sources", "lists", ".tieline/landed"):
        for path in sorted((site.workspace / place).glob("*")):
            kept[str(path)] = path.read_bytes()
    return kept


def test_a_newer_file_shows_what_it_would_change_and_changes_nothing(own, open_as, tmp_path):
    before = contents(own)
    (tmp_path / "crm.csv").write_text(NEWER, "utf-8")
    page = open_as("marketer", at=own)
    page.goto(f"{own.url}/sources")
    page.get_by_label("Files").set_input_files([tmp_path / "crm.csv"])
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="What would change in crm").wait_for()
    said = page.locator("section", has_text="What would change in crm").inner_text()
    for words in (
        "New rows\n1", "Rows that go\n1", "Changed rows\n1", "Rows as they were\n1", "Fax",
        "Head of Research → Chief Scientist", "Ines", "Peter", "2 contacts at 1 company",
        "1 of them no other list knows",
    ):  # fmt: skip
        assert words in said, (words, said)
    assert contents(own) == before
    page.get_by_role("button", name="Leave it").click()
    page.get_by_text("Nothing was changed.").wait_for()
    assert contents(own) == before
    assert not list((own.workspace / ".tieline" / "scratch" / "uploads").iterdir())


def test_a_newer_file_replaces_the_list_or_stands_beside_it(own):
    where = send(own, "crm.csv", NEWER.encode()).headers["Location"]
    assert own.ask(f"{where}/both", role="marketer", method="POST", form={}).status == 302
    assert own.ask("/sources/of/crm_2", role="marketer").status == 200
    assert "Head of Research" in own.ask("/sources/of/crm", role="marketer").text
    where = send(own, "crm.csv", NEWER.encode()).headers["Location"]
    assert own.ask(f"{where}/replace", role="marketer", method="POST", form={}).status == 302
    assert "Chief Scientist" in own.ask("/sources/of/crm", role="marketer").text
    assert own.ask(where, role="marketer").status == 404, "it waits no longer"
    again = send(own, "crm.csv", NEWER.encode()).headers["Location"]
    assert "It says what the list says already" in own.ask(again, role="marketer").text
    log = own.ask("/audit", role="administrator").text
    assert "replaced lists" in log
    assert "added lists beside" in log


def test_what_somebody_else_sent_is_nobody_else_s(own):
    where = send(own, "crm.csv", CRM.encode(), role="marketer").headers["Location"]
    assert own.ask(where, role="marketer").status == 200
    for role in ("steward", "administrator"):
        assert own.ask(where, role=role).status == 404
        for step in ("replace", "both", "leave"):
            answer = own.ask(f"{where}/{step}", role=role, method="POST", form={})
            assert answer.status == 404
    assert own.ask(where, role="marketer").status == 200, "it still waits"


def bomb():
    """A workbook of 300 KB that unpacks to 300 MB."""
    import io
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b" " * (300 << 20))
    return held.getvalue()


@pytest.mark.parametrize("kind", ["bomb", "no workbook", "picture", "empty"])
def test_a_newer_file_that_is_no_list_is_refused_and_nothing_stays(own, kind):
    content = {
        "bomb": bomb, "no workbook": lambda: b"PK\x03\x04 not a zip",
        "picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, "empty": lambda: b"",
    }[kind]()  # fmt: skip
    before = contents(own)
    waiting = set((own.workspace / ".tieline" / "scratch" / "uploads").iterdir())
    answer = send(own, "odd.xlsx" if kind != "picture" else "odd.csv", content)
    assert answer.status == 302
    told = own.ask(answer.headers["Location"], role="marketer")
    assert told.status == 200
    assert "Traceback" not in told.text
    if kind in ("bomb", "no workbook"):
        assert 'class="note bad"' in told.text
        assert set((own.workspace / ".tieline" / "scratch" / "uploads").iterdir()) == waiting
    assert contents(own) == before


HURT = (
    "=Name,Email,Company,City\n"
    '=HYPERLINK("http://evil.example"),a@brightwell.com,Brightwell Tools Inc,Chicago\n'
    "Test Test,test@test.com,,Nowhere\n"
    "Otto Lang,otto@brightwell.com,Brightwell Tools Inc,Chicago,one,too,many,cells\n"
)


def test_what_is_not_usable_is_told_with_reasons_and_taken_along_harmlessly(own, open_as):
    import csv
    import io

    assert send(own, "hurt.csv", HURT.encode()).status == 302
    page = open_as("marketer", at=own)
    page.goto(f"{own.url}/sources/of/hurt/set-aside")
    page.get_by_role("heading", name="What of hurt is not usable").wait_for()
    run("-w", str(own.workspace), "build")
    page.goto(f"{own.url}/sources/of/hurt")
    page.get_by_role("heading", name="What it brings").wait_for()
    page.get_by_role("link", name="What is not usable, and why").click()
    assert page.locator("section[aria-labelledby=h-why] tbody tr").count() >= 1
    page.locator("section[aria-labelledby=h-why] a").last.click()
    assert page.locator("section[aria-labelledby=h-rows] li").count() >= 1
    answer = own.ask("/sources/of/hurt/set-aside.csv", role="marketer")
    table = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(table) >= 3
    for row in table:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row), row
    assert any("HYPERLINK" in cell for row in table for cell in row)
    assert "quarantine of hurt" in own.ask("/audit", role="administrator").text
    assert own.ask("/sources/of/hurt/set-aside.csv", role="seller").status == 403
    for query in ("status=%27%20OR%201=1", "status=<script>", "page=-1", "page=9999999"):
        assert own.ask(f"/sources/of/hurt/set-aside?{query}", role="seller").status == 200


def test_a_list_is_taken_out_with_a_look_beforehand_and_put_back(own):
    assert send(own, "extra.csv", CRM.replace("brightwell", "starwell").encode()).status == 302
    before = (own.workspace / "sources" / "extra.toml").read_bytes()
    told = own.ask("/sources/of/extra/remove", role="marketer").text
    assert "What goes with it" in told
    path = "/sources/of/extra/remove"
    wrong = own.ask(path, role="marketer", method="POST", form={"word": "crm"})
    assert wrong.status == 400
    assert own.ask(path, role="seller", method="POST", form={"word": "extra"}).status == 403
    assert (own.workspace / "sources" / "extra.toml").exists()
    assert own.ask(path, role="marketer", method="POST", form={"word": "extra"}).status == 302
    assert own.ask("/sources/of/extra", role="marketer").status == 404
    assert "Put back" in own.ask("/sources", role="marketer").text
    back = own.ask("/sources/of/extra/put-back", role="marketer", method="POST", form={})
    assert back.status == 302
    assert (own.workspace / "sources" / "extra.toml").read_bytes() == before
    again = own.ask("/sources/of/extra/put-back", role="marketer", method="POST", form={})
    assert again.status == 404
    odd = own.ask("/sources/of/..%2f..%2ftieline/put-back", role="marketer", method="POST", form={})
    assert odd.status == 404

"""What people, lists and addresses may hold that should do nothing."""

import csv
import io

import pytest

SCRIPT = "<script>"


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_a_script_in_a_name_is_text(open_as, site):
    page = open_as("administrator")
    page.goto(f"{site.url}/accounts?q=boltwright")
    page.get_by_role("link", name="Boltwright").first.click()
    assert page.get_by_role("heading", level=1).inner_text().endswith("Boltwright Inc")
    assert page.locator("main img").count() == 0
    page.goto(f"{site.url}/contacts?q=mallory")
    page.locator("table.list tbody a").first.click()
    page.get_by_role("heading", name="What we hold to be right").wait_for()
    assert "document.title='taken'" in page.content()
    assert page.title() != "taken"


def test_a_formula_in_a_name_is_text_in_a_spreadsheet(site):
    found = rows(site.ask("/accounts.csv?q=sumwright", role="marketer"))
    assert found
    for row in found:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


@pytest.mark.parametrize(
    "query",
    [
        "q=%27%20OR%201%3D1%20--",
        "q=%25_%27%22%3B%20DROP%20TABLE%20accounts",
        "stage_place=1%27%20OR%20%271%27%3D%271",
        "country=US%27%3B%20SELECT%201%20--",
    ],
)
def test_sql_in_a_filter_finds_nothing_and_breaks_nothing(site, query):
    answer = site.ask(f"/accounts?{query}", role="viewer")
    assert answer.status == 200
    assert "Nothing fits" in answer.text
    assert site.ask("/accounts", role="viewer").status == 200


@pytest.mark.parametrize(
    "query",
    [
        "sort=name;DROP", "sort=-", "columns=;;", "columns=name,(SELECT%201)", "page=-1",
        "page=99999999999999999999", "page=%00", "q=" + "x" * 5000, "q=%F0%9F%98%80",
    ],
)  # fmt: skip
def test_an_address_by_hand_is_no_fault(site, query):
    assert site.ask(f"/contacts?{query}", role="executive").status == 200


def test_an_id_of_nothing_is_told_so(site):
    for path in ("/accounts/A00000000000000", "/contacts/'", "/sites/%3Cscript%3E", "/accounts/C1"):
        answer = site.ask(path, role="administrator")
        assert answer.status == 404, path
        assert "There is no" in answer.text
        assert SCRIPT not in answer.text


def test_going_on_after_signing_in_leads_nowhere_else(site):
    answer = site.ask("/sign-in?next=https://evil.example/", role="viewer")
    assert answer.status == 302
    assert answer.headers["Location"] == "/"


def upload(site, name, content, role="marketer"):
    border = "border7MA4YWxkTrZu0gW"
    body = (
        (
            f'--{border}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            f"{'t' * 32}\r\n--{border}\r\n"
            f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode()
        + content
        + f"\r\n--{border}--\r\n".encode()
    )
    return site.ask(
        "/sources/upload",
        role=role,
        method="POST",
        body=body,
        headers={
            "Content-Type": f"multipart/form-data; boundary={border}",
            "Cookie": f"tieline={site.cookies[role]}; tieline_form={'t' * 32}",
        },
    )


@pytest.mark.parametrize(
    ("name", "content", "tone"),
    [
        (".hidden.xlsx", b"PK\x03\x04 not a zip", "bad"),
        ("x" * 300 + ".parquet", b"PAR1 no PAR1", "bad"),
        ("..\\\\..\\\\boot.csv", b"", "warn"),
        ("../../../etc/passwd", b"\x00\x01\x02\x03" * 50, "good"),
    ],
)
def test_a_hostile_file_is_told_in_words_and_stays_in_its_folder(site, name, content, tone):
    before = {path.name for path in site.workspace.iterdir()}
    known = {path.name for path in (site.workspace / "sources").iterdir()}
    answer = upload(site, name, content)
    assert answer.status == 302, answer.text
    told = site.ask(answer.headers["Location"], role="marketer").text
    assert f'class="note {tone}"' in told
    assert "Traceback" not in told
    assert {path.name for path in site.workspace.iterdir()} <= before | {"lists"}
    assert not [path for path in (site.workspace / "lists").iterdir() if path.name[0] == "."]
    added = {path.name for path in (site.workspace / "sources").iterdir()} - known
    assert len(added) == (tone != "bad")
    for one in added:
        (site.workspace / "sources" / one).unlink()


def test_a_file_comes_in_and_its_columns_are_shown(site):
    content = b"Name,Firma,E-Mail,Ort\nEva Muster,Muster GmbH,eva@muster-gmbh.de,Berlin\n"
    assert upload(site, "neue liste.csv", content).status == 302
    told = site.ask("/sources/of/neue_liste", role="marketer").text
    assert "Firma" in told
    assert "company" in told
    (site.workspace / "sources" / "neue_liste.toml").unlink()


def test_who_may_not_upload_sends_no_byte_to_disk(site):
    assert upload(site, "a.csv", b"a,b\n1,2\n", role="seller").status == 403


def test_a_form_elsewhere_takes_no_file(site):
    border = "b"
    body = b'--b\r\nContent-Disposition: form-data; name="x"; filename="x"\r\n\r\n' + b"x" * 10**6
    answer = site.ask(
        "/sign-in", method="POST", body=body + b"\r\n--b--\r\n",
        headers={"Content-Type": f"multipart/form-data; boundary={border}"},
    )  # fmt: skip
    assert answer.status in (400, 403, 413)

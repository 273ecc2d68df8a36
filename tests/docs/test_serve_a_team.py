"""What "Serve a team" sets up works: two processes of pages, a worker, PostgreSQL, a restore."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

import prepared
from postgres_server import PROGRAMS, free_port

PAGE = (Path(__file__).parents[2] / "docs/how-to/serve-a-team.md").read_text("utf-8")
SET_UP, CHECK, LINK, BACK_UP, RESTORE = (
    block.strip().splitlines() for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)
)
PAGES, WORK = re.findall(r"^ExecStart=/opt/tieline/bin/(tieline .*)$", PAGE, re.M)
NGINX = re.search(r"^```nginx\n(.*?)^```$", PAGE, re.M | re.S)[1]
HOST = "tieline.example.com"
TOKEN = r'csrfmiddlewaretoken" value="(\w+)"'
PASSWORD = "a long enough password"
LONG = 150
LIST = b"""First Name,Last Name,Email,Company,Job Title,Street,City,State,Zip,Country
Ana,Muster,ana.muster@northpump.com,Northpump Inc,Head of Purchasing,410 N Michigan Ave,Chicago,IL,60611,US
Ben,Adams,ben.adams@sumwright.com,Sumwright Ltd,Plant Manager,200 Boylston St,Boston,MA,02116,US
"""  # noqa: E501


class Team:
    """Where the page's commands run, and the browser of its first administrator."""

    def __init__(self, folder, url):
        found = sorted(PROGRAMS.glob("*/bin"), key=lambda path: float(path.parent.name))[-1]
        path = f"{Path(sys.executable).parent}:{found}:{os.environ['PATH']}"
        self.folder = folder
        self.env = {**os.environ, "PATH": path, "DATABASE_URL": url, "TIELINE_LEASE_SECONDS": "10"}
        self.port = free_port()
        self.cookies = {"tieline_form": "t" * 32}

    def run(self, line):
        if line.startswith("tieline "):
            ran = prepared.tieline(shlex.split(line)[1:], folder=self.folder, env=self.env)
            assert ran.code == 0, f"{line}\n{ran.out}{ran.err}"
            return ran.out
        done = subprocess.run(
            line, shell=True, cwd=self.folder, env=self.env, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def started(self, line):
        words = shlex.split(line)[1:]
        told = (self.folder / f"{words[2]}.txt").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "tieline.cli.main", *words],
            cwd=self.folder, env=self.env, stdout=told, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(LONG) in (0, -signal.SIGTERM)

    def ask(self, path, form=None, body=None, kind="application/x-www-form-urlencoded"):
        """One request as the web server in front hands it on."""
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "Referer": f"https://{HOST}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": "t" * 32})
        if body is not None:
            headers["Content-Type"] = kind
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith("tieline="):
                assert "Secure" in value
                self.cookies["tieline"] = value.partition(";")[0].partition("=")[2]
        connection.close()
        return answer.status, answer.getheader("Location"), text

    def up(self):
        def answers():
            try:
                return self.ask("/health")[0] == 200
            except OSError:
                return False

        until(answers)

    def upload(self, content):
        parts = (
            b'--edge\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            + b"t" * 32
            + b'\r\n--edge\r\nContent-Disposition: form-data; name="files"; filename="fair.csv"'
            + b"\r\nContent-Type: text/csv\r\n\r\n" + content + b"\r\n--edge--\r\n"
        )  # fmt: skip
        return self.ask("/sources/upload", body=parts, kind="multipart/form-data; boundary=edge")

    def current(self, workspace):
        return (self.folder / workspace / ".tieline" / "CURRENT").read_text("ascii")


def until(what):
    end = time.monotonic() + LONG
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return found


@pytest.fixture
def team(tmp_path, postgres):
    url = postgres.new_database()
    (tmp_path / "backups").mkdir()
    made = Team(tmp_path, url)
    yield made
    postgres.drop(made.env["DATABASE_URL"])


def test_a_team_is_served_as_the_page_says(team, postgres):
    printed = [team.run(line) for line in SET_UP]
    assert "postgres://" in printed[1]

    pages = f"{PAGES} --port {team.port}"
    with team.started(pages), team.started(WORK):
        team.up()
        assert "Wrong" not in team.run(CHECK[0])
        link = re.search(rf"https://{HOST}(/welcome/\S+)", team.run(LINK[0]))[1]
        told = {"login": "olga", "full_name": "Olga", "password": PASSWORD, "again": PASSWORD}
        assert team.ask(link, told)[0] == 302
        assert team.upload(LIST)[0] == 302
        status, job, _ = team.ask("/jobs/build", {})
        assert status == 302
        until(lambda: 'class="tag done"' in team.ask(job)[2])
        assert "Northpump" in team.ask("/accounts")[2]
        assert "192.0.2.7" in team.ask("/audit")[2]
        schedule = {"kind": "build", "often": "day", "time_day": "05:00", "zone": "Europe/Berlin"}
        assert team.ask("/jobs/schedules/new", schedule)[0] == 302

    for line in BACK_UP:
        team.run(line)
    before = team.current("market")
    shutil.rmtree(team.folder / "market")
    postgres.drop(team.env["DATABASE_URL"])
    team.env["DATABASE_URL"] = postgres.new_database()
    for line in RESTORE:
        team.run(line)
    assert team.current("again") == before
    team.run("tieline -w again build")
    assert team.current("again") == before, "nothing had changed"
    with team.started(pages.replace("-w market", "-w again")):
        team.up()
        assert "Northpump" in team.ask("/accounts")[2], "who was signed in still is"
        assert "Every day at 05:00" in team.ask("/jobs")[2]


def with_a_certificate(folder, port, behind):
    """The configuration of the page with ports and files of this test, and all that nginx needs."""
    text = NGINX
    for wanted, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/tieline", f"{folder}/tieline"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):
        assert wanted in text
        text = text.replace(wanted, ours)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi")
    )
    file = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""
    file.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {paths} uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"{text}}}\n"
    )
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
         "-keyout", folder / "tieline.key", "-out", folder / "tieline.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return file


@pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx is not installed"
)
def test_the_web_server_in_front_hands_on_what_is_needed(tmp_path):
    team = Team(tmp_path, "")
    folder = tmp_path / "nginx"
    folder.mkdir()
    port = free_port()
    file = with_a_certificate(folder, port, team.port)
    team.run("tieline new market")
    with team.started(f"{PAGES} --port {team.port}"):
        team.up()
        link = re.search(rf"https://{HOST}(/welcome/\S+)", team.run(LINK[0]))[1]
        server = subprocess.Popen(
            ["nginx", "-p", folder, "-c", file], stderr=(folder / "log").open("w")
        )
        try:
            here = f"--connect-to {HOST}:443:127.0.0.1:{port} --cacert {folder}/tieline.pem"
            asked = f"curl -sS -i -b jar -c jar {here} https://{HOST}"
            until(
                lambda: subprocess.run(f"{asked}/health", shell=True, cwd=tmp_path).returncode == 0
            )
            form = team.run(asked + link)
            assert "max-age" in form.partition("Strict-Transport-Security")[2][:30]
            token = re.search(TOKEN, form)[1]
            told = urlencode({"csrfmiddlewaretoken": token, "login": "olga", "password": PASSWORD,
                              "again": PASSWORD})  # fmt: skip
            page = f"https://{HOST}{link}"
            joined = team.run(f"{asked}{link} -H 'Referer: {page}' -d '{told}'")
            assert " 302" in joined.splitlines()[0]
            assert "127.0.0.1" in team.run(f"{asked}/audit")
            token = re.search(TOKEN, team.run(f"{asked}/sources"))[1]
            big = tmp_path / "big.csv"
            big.write_bytes(LIST + b"x,y,z@northpump.com\n" * 200_000)
            sent = team.run(
                f"{asked}/sources/upload -H 'Referer: https://{HOST}/sources' "
                f"-F csrfmiddlewaretoken={token} -F files=@big.csv"
            )
            assert " 302" in re.findall(r"^HTTP/\S+.*$", sent, re.M)[-1], sent[-500:]
        finally:
            server.terminate()
            server.wait(30)

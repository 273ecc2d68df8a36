"""The five libraries that send by Segment's protocol, as published, against a real server."""

import fcntl
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from served_programs import until

HERE = Path(__file__).parent / "libraries"
ALL_TYPES = {"identify", "Download", "visit", "group", "alias"}


def arrived(server, name, pause=time.sleep):
    """The responses of one sender, as soon as all are there."""

    def found():
        told = [one for one in server.events() if name in str(one["body"])]
        return told if len(told) >= 6 else None

    return until(found, 40, pause)


def check(told, name):
    assert {one["body"]["response_kind"] for one in told} == ALL_TYPES
    by_kind = {one["body"]["response_kind"]: one["body"] for one in told}
    assert by_kind["identify"]["email"] == f"{name}@boltwright.com"
    assert by_kind["Download"]["topic"] == "FT-200"
    assert by_kind["group"]["company"] == "Boltwright Inc"
    assert len({one["message_id"] for one in told}) == len(told) == 6


PYTHON = """
import sys
if sys.argv[1] == "segment":
    import segment.analytics as library
    library.host = sys.argv[2]
    library.gzip = True
else:
    import rudderstack.analytics as library
    library.dataPlaneUrl = sys.argv[2]
library.write_key = sys.argv[3]
library.on_error = lambda fault, batch: print("error", fault)
name = sys.argv[4]
library.identify(name, {"email": f"{name}@boltwright.com"})
library.track(name, "Download", {"title": "FT-200"})
library.page(name, None, "Pricing")
library.screen(name, None, "Cart")
library.group(name, "g1", {"name": "Boltwright Inc"})
library.alias(f"{name}-before", name)
library.shutdown()
"""


@pytest.mark.parametrize(
    ("which", "module"), [("segment", "segment.analytics"), ("rudder", "rudderstack.analytics")]
)
def test_python(server, which, module):
    pytest.importorskip(module, reason=f"the library {which} is not installed")
    name = f"python_{which}"
    words = [which, f"http://127.0.0.1:{server.port}", server.key("libraries", "EVENTS"), name]
    done = subprocess.run(
        [sys.executable, "-c", PYTHON, *words], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    check(arrived(server, name), name)


@pytest.fixture(scope="session")
def packages():
    """The libraries from npm, at the versions of package-lock.json; fetched once."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are missing: apt-get install nodejs npm")
    with (HERE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules" / ".package-lock.json").exists():
            words = ["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(words, cwd=HERE, capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"npm cannot fetch the libraries: {done.stderr[-200:]}")
    return HERE / "node_modules"


@pytest.mark.parametrize("which", ["segment", "rudder"])
def test_node(server, packages, which):
    name = f"node_{which}"
    words = [f"http://127.0.0.1:{server.port}", server.key("libraries", "EVENTS"), name]
    done = subprocess.run(
        ["node", HERE / f"send_{which}.cjs", *words], capture_output=True, text=True, timeout=60
    )
    assert "flushed" in done.stdout, done.stdout + done.stderr
    assert "error" not in done.stdout
    check(arrived(server, name), name)


SHOP = """<!doctype html><title>Shop</title><link rel="icon" href="data:,">
<script src="/index.js"></script>"""
LOAD = """([host, writeKey]) => {
  const cdnSettings = { integrations: { "Segment.io": {
    apiKey: writeKey, apiHost: host, protocol: "http", deliveryStrategy: { strategy: "standard" },
  } } };
  window.analytics = AnalyticsNext.AnalyticsBrowser.load(
    { writeKey, cdnSettings }, { initialPageview: false });
  analytics.identify("browser_1", { email: "browser_1@boltwright.com" });
  analytics.track("Download", { title: "FT-200" });
  analytics.page("Shop", "Pricing");
  analytics.screen("Shop", "Cart");
  analytics.group("g1", { name: "Boltwright Inc" });
  return analytics.alias("browser_1", "browser_1-before").then(() => true);
}"""


@contextmanager
def shop(packages, folder):
    """A web site of its own, on another port: the collector is a stranger to it."""
    shutil.copytree(packages / "@segment" / "analytics-next" / "dist" / "umd", folder / "www")
    (folder / "www" / "index.html").write_text(SHOP)
    handler = partial(SimpleHTTPRequestHandler, directory=folder / "www")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


def test_the_browser(server, packages, tmp_path, browser):
    troubles = []
    with shop(packages, tmp_path) as url:
        context = browser.new_context()
        page = context.new_page()
        page.on("console", lambda said: troubles.append(said.text))
        page.on("requestfailed", lambda request: troubles.append(request.url))
        page.goto(url)
        key = server.key("libraries", "EVENTS")
        page.evaluate(LOAD, [f"127.0.0.1:{server.port}/v1", key])
        told = arrived(server, "browser_1", lambda _: page.wait_for_timeout(100))
        context.close()
    assert troubles == []
    check(told, "browser_1")

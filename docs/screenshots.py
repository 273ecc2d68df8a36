"""Take the pictures of the pages: `python docs/screenshots.py WORKSPACE`.

Writes docs/pictures/*.png from the workspace's current snapshot, as whoever works there sees it. A
workspace made for it, as that of `make demo`: an administrator named Demo is made there.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
PORT = 8761
URL = f"http://127.0.0.1:{PORT}"
SIZE = {"width": 1366, "height": 850}


def main() -> int:
    """Serve the workspace, sign in, look at four pages."""
    command = [sys.executable, "-m", "tieline.cli.main", "-w", sys.argv[1], "serve"]
    server = subprocess.Popen([*command, "--port", str(PORT)])
    try:
        time.sleep(8)
        # Each start without an administrator makes a link that replaces the one before.
        told = subprocess.run([*command, "--new-link"], capture_output=True, text=True, check=True)
        link = re.search(r"/welcome/\S+", told.stdout)
        if link is None:
            print(told.stdout + told.stderr, file=sys.stderr)
            return 2
        _take(link[0])
    finally:
        server.terminate()
        server.wait()
    return 0


def _take(link: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(os.environ.get("CHROMIUM", "chromium")),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.set_default_timeout(120_000)
        _sign_in(page, link)
        page.screenshot(path=PICTURES / "home.png")
        page.goto(f"{URL}/accounts")
        page.locator("table.list tbody a").first.click()
        page.get_by_role("heading", name="What to do next").wait_for()
        page.screenshot(path=PICTURES / "account.png")
        page.goto(f"{URL}/leads")
        page.screenshot(path=PICTURES / "leads.png")
        page.emulate_media(color_scheme="dark")
        page.goto(f"{URL}/universe")
        page.screenshot(path=PICTURES / "universe.png")
        browser.close()


def _sign_in(page: Page, link: str) -> None:
    password = secrets.token_urlsafe(24)
    page.goto(URL + link)
    page.get_by_label("Name to sign in with").fill(f"demo-{secrets.token_hex(3)}")
    page.get_by_label("Your name").fill("Demo")
    page.locator("[name=password]").fill(password)
    page.locator("[name=again]").fill(password)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", level=1, name=re.compile("Good day")).wait_for()


if __name__ == "__main__":
    sys.exit(main())

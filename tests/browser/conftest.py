"""A portal that really runs (its own process, database and letters) and a browser that really opens it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "mikan-to-yama-no-asa"
_CAST = """
import django; django.setup()
from datetime import date
from kansatsu.cli.migrate import bring_to_present
from kansatsu.core.calendar import tokyo_moment
from kansatsu.samples.cast import enter_cast
bring_to_present()
enter_cast(now=tokyo_moment(date(2025, 1, 6), 9))
"""


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def portal(tmp_path_factory) -> Iterator[str]:
    """The address of a served portal with the cast in it and nothing else."""
    var: Path = tmp_path_factory.mktemp("portal")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{var / 'portal.sqlite3'}",
        "KANSATSU_VAR": str(var),
        "KANSATSU_SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "kansatsu.settings",
    }
    subprocess.run([sys.executable, "-c", _CAST], env=env, check=True)
    server = subprocess.Popen([sys.executable, "-m", "kansatsu.cli", "serve", "--port", str(port)], env=env)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, headless."""
    program = os.environ.get("KANSATSU_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=program, args=options)
        yield opened
        opened.close()


class Visitor:
    """Somebody at the portal; every page they open is also checked for accessibility and for script errors."""

    def __init__(self, browser: Browser, portal: str, *, width: int, language: str) -> None:
        self.portal = portal
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
        self.context.add_cookies([{"name": "django_language", "value": language, "url": portal}])
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.trouble.append(text)

    def sign_in(self, key: str) -> "Visitor":
        self.page.goto(f"{self.portal}/sign-in/")
        self.page.fill("#id_login", f"{key}@sample.example")
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button.first")
        self.page.wait_for_url(f"{self.portal}/")
        return self

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else f"{self.portal}{path}")
        return self.page

    def do(self, act: str, **fields: str) -> None:
        """Open an act on the page, fill its fields and press its button."""
        form = self.page.locator(f"form[action$='/act/{act}/']")
        details = form.locator("xpath=ancestor::details")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        for name, value in fields.items():
            form.locator(f"[name='{act}-{name}']").fill(value)
        form.locator("button").click()
        self.page.wait_for_load_state()

    def chip(self) -> str:
        """The status shown on the page."""
        return self.page.locator("main .facts .chip, main p > .chip").first.inner_text()

    def flaws(self) -> list[str]:
        """What axe finds wrong with the page, what overflows, and script errors."""
        found = [
            f"{one['id']}: {node['html'][:120]}"
            for one in Axe().run(self.page).response["violations"]
            for node in one["nodes"]
        ]
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            found.append(f"overflows by {wide}px")
        return [f"{self.page.url} {flaw}" for flaw in [*found, *self.trouble]]


@pytest.fixture
def visitor(browser, portal):
    """``visitor("auditor")`` gives a browser signed in as that person; ``visitor(None)`` a stranger's."""
    opened = []

    def make(key=None, width=1280, language="ja"):
        one = Visitor(browser, portal, width=width, language=language)
        opened.append(one)
        return one.sign_in(key) if key else one

    yield make
    for one in opened:
        one.context.close()

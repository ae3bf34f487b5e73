"""A real browser for tests: Chromium against this program, served from a thread of the test.

A page of this browser is strict: a violation of the content policy, an error on the console, or a script that
raises fails the test at its end, whatever else the test looked at.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.environment import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The browser tells the page of a violation; the page tells us through the console.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => console.error(
  `content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
# A form sent back with its errors is an answer, not a failure; Chromium prints a line for it all the same.
ANSWERED = re.compile(r"Failed to load resource: .* status of (403|404|409|422|429)")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """A test that passes prints nothing."""


class _ClosingHandler(WSGIHandler):
    """Each request runs in a thread of its own and takes its database connections with it when it ends."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        try:
            response = super().__call__(environ, start_response)
            try:
                return [b"".join(response)]
            finally:
                # A file comes in a wrapper that nobody closes but us, for what is handed on is its content.
                if close := getattr(response, "close", None):
                    close()
        finally:
            connections.close_all()


@contextmanager
def served() -> Iterator[str]:
    """This program at a free port of the loopback; yields its address without the last slash."""
    server = make_server("127.0.0.1", 0, StaticFilesHandler(_ClosingHandler()), _Server, _Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Visitors:
    """Makes pages, each for a visitor of its own (own cookies), and remembers what went wrong on any of them."""

    chromium: Browser
    address: str
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def visit(self, path: str = "/", *, width: int = 1440, height: int = 900, **options: Any) -> Page:
        """A new visitor on that page; `options` are those of Playwright's `new_context` (color_scheme, …)."""
        options.setdefault("locale", "zh-CN")
        context = self.chromium.new_context(
            base_url=self.address, viewport={"width": width, "height": height}, **options
        )
        self.contexts.append(context)
        context.add_init_script(TELL_VIOLATIONS)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.goto(path)
        return page

    def signed_in(self, name: str, password: str, path: str = "/", **options: Any) -> Page:
        """A new visitor who signs in through the sign-in page, as people do."""
        page = self.visit(f"{reverse('account_login')}?next={path}", **options)
        page.fill("#id_login", name)
        page.fill("#id_password", password)
        page.click("main button[type=submit].btn-primary")
        page.wait_for_load_state()
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not ANSWERED.search(message.text):
            self.faults.append(f"console: {message.text}")


def overflow_of(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 where nobody must scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def picture(page: Page, path: str) -> None:
    """A screenshot of the whole page. Playwright hides the caret by an inline style, which our policy forbids."""
    page.screenshot(path=path, full_page=True, caret="initial")


@pytest.fixture
def uncollected_static(settings) -> None:
    """Static files come from the rooms' own folders, under their own names: tests collect nothing."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("No Chromium here: the browser tests did not run")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, which Django takes for a reason to refuse its database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium_browser: Browser, site: str) -> Iterator[Visitors]:
    """Visitors of `site` (a fixture the folder's conftest gives); fails if anything went wrong on their pages."""
    visitors = Visitors(chromium_browser, site)
    yield visitors
    visitors.close()
    if visitors.faults:
        pytest.fail("\n".join(visitors.faults))

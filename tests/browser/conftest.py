"""Fixtures of the browser tests: a real server, a real Chromium, and a watch over what each page does.

    def test_something(page: Page) -> None:         signed in as the admin, the grid is open
    def test_other(new_page: NewPage) -> None:      further browsers: new_page(), new_page(sign_in=False)
    def test_refusal(page, watch: Watch) -> None:   watch.allow("409") lets a console error of that kind pass

Whatever a test does, it fails when a page asked another host for anything, logged an error or raised one.
Server, Playwright and browser live as long as one module: a module starts with an empty CRM whatever ran before it, and
Playwright keeps an event loop running in the thread, which tests of async code in other modules could not bear. A test
that failed is tried once more, on a server of its own: a module that serves otherwise gives another `serve`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.browser import chromium
from tests.browser.server import Server, serving

HERE = Path(__file__).parent
FAILURES = HERE / "failures"
PAGES = HERE.parents[1] / "api" / "static" / "index.html"
NewPage = Callable[..., Page]
Serve = Callable[[], AbstractContextManager[Server]]
FAILED = pytest.StashKey[bool]()
# As long as a click may take: a busy machine is slow, and what never comes is noticed all the same.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `-m "not browser"` leaves them out.

    A browser that waits for a busy machine may miss a frame: a failed test runs once more, on a server of its own, and
    the summary names it.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember that a test failed, for the fixture that takes the picture."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


class Watch:
    """What the pages of one test did that no page may do."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.seen: list[str] = []
        self.allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        """Let console errors matching this expression pass, for a test that provokes them."""
        self.allowed.append(pattern)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"page error: {error.error}"))

    def _request(self, request: Request) -> None:
        allowed = (self.origin, self.origin.replace("http", "ws", 1), "data:", "blob:", "about:")
        if not request.url.startswith(allowed):
            self.seen.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.seen.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def faults(self) -> list[str]:
        """What was seen and not allowed."""
        return [what for what in self.seen if not any(re.search(pattern, what) for pattern in self.allowed)]


class Served:
    """The running server of a module; `again` ends it and starts another over an empty folder."""

    def __init__(self, start: Serve) -> None:
        self.start = start
        self.open = ExitStack()
        self.server = self.open.enter_context(start())

    def again(self) -> None:
        """Start anew: what a failed try left behind is gone."""
        self.open.close()
        self.server = self.open.enter_context(self.start())


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Starts a CRM with an admin and nothing in it; a module that needs another overrides it."""
    return lambda: serving(tmp_path_factory.mktemp("browser") / "data")


@pytest.fixture(scope="module")
def served(serve: Serve) -> Iterator[Served]:
    """What the tests of a module share."""
    assert PAGES.is_file(), "the pages are not built: make web"
    running = Served(serve)
    with running.open:
        yield running


@pytest.fixture
def server(served: Served, request: pytest.FixtureRequest) -> Server:
    """The running CRM of this module; a test that failed meets another, with nothing in it."""
    if request.node.stash.get(FAILED, False):
        request.node.stash[FAILED] = False
        served.again()
    return served.server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium with a fresh profile."""
    path = chromium.find()
    assert path, "no Chromium here: make browser"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=chromium.FLAGS)
        yield running
        running.close()


@pytest.fixture
def watch(server: Server) -> Watch:
    """The watch over this test's pages."""
    return Watch(server.url)


@pytest.fixture
def new_page(server: Server, browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """A function that opens a further, separate browser window; signed in as the admin unless told otherwise."""
    opened: list[Page] = []

    def open_page(*, sign_in: bool = True, path: str = "/", **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, **options}
        context = browser.new_context(base_url=server.url, permissions=["clipboard-read", "clipboard-write"], **options)
        context.set_default_timeout(15_000)
        watch.over(context)
        if sign_in:
            secret = {"email": server.admin.email, "password": server.admin.password}
            answer = context.request.post("/api/session", data=secret)
            assert answer.ok, answer.text()
        page = context.new_page()
        opened.append(page)
        page.goto(path)
        return page

    yield open_page
    if request.node.stash.get(FAILED, False) or watch.faults():
        take_pictures(opened, request.node.nodeid)
    for page in opened:
        page.context.close()
    assert not watch.faults(), "\n".join(watch.faults())


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One window, signed in, with the grid open."""
    return new_page()


def take_pictures(pages: list[Page], nodeid: str) -> None:
    """Keep what each window showed, in a folder that git ignores."""
    FAILURES.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "-", nodeid.rpartition("/")[2]).strip("-")
    for number, page in enumerate(pages):
        if not page.is_closed():
            page.screenshot(path=FAILURES / f"{name}-{number}.png")

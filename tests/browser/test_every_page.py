"""What every page owes everybody: axe-core, a name and a heading, keys, a narrow window, and room for a finger.

The pages come from tour.py; a route or a settings section that no stop of the tour visits fails the first test.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import NewPage, Serve, Watch
from tests.browser.server import ADMIN, Server, serving
from tests.browser.tour import STOPS, Stop, World, answer_as_colleague, first_stops, furnish, matches, routes

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
"""WCAG 2.2 too, which axe-core leaves out by itself: target-size wants 24 pixels for a finger, or room round it."""
FINGER = {"runOnly": ["target-size", "scrollable-region-focusable", "meta-viewport", "heading-order"]}
"""The rules whose answer a narrow window changes."""
TABBING = Path(__file__).with_name("tabbing.js").read_text("utf-8")


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """A CRM with the demo fund."""
    return lambda: serving(tmp_path_factory.mktemp("tour") / "data", "--demo")


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    """What was furnished, by the address of its server."""
    return {}


@pytest.fixture
def world(server: Server, browser: Browser, worlds: dict[str, World]) -> World:
    """The demo fund with people, views and conversations."""
    if server.url in worlds:
        return worlds[server.url]
    context = browser.new_context(base_url=server.url)
    assert context.request.post("/api/session", data={"email": ADMIN.email, "password": ADMIN.password}).ok
    furnished = furnish(context.request)
    context.close()
    answer_as_colleague(browser, server.url, furnished)
    worlds[server.url] = furnished
    return furnished


def test_no_page_is_forgotten(world: World) -> None:
    addresses = [stop.address(world) for stop in (*STOPS, *first_stops("/setup#token=x"))]
    forgotten = [route for route in routes() if not any(matches(route, address) for address in addresses)]
    assert forgotten == [], "add a stop to tests/browser/tour.py"


@pytest.mark.timeout(600)
def test_every_page_at_a_desk(new_page: NewPage, watch: Watch, world: World) -> None:
    watch.allow("status of 4")  # an invitation that was used
    assert visit(new_page, world, STOPS, DESK) == []


@pytest.mark.timeout(600)
def test_every_page_on_a_phone(new_page: NewPage, watch: Watch, world: World) -> None:
    watch.allow("status of 4")
    assert visit(new_page, world, STOPS, PHONE) == []


def visit(new_page: NewPage, world: World, stops: tuple[Stop, ...], window: dict[str, Any]) -> list[str]:
    """What is wrong at these stops, each with the name of its stop."""
    narrow = window is PHONE
    pages = {
        signed_in: new_page(sign_in=signed_in, path="about:blank", bypass_csp=True, reduced_motion="reduce", **window)
        for signed_in in {stop.signed_in for stop in stops}
    }
    tried: set[str] = set()
    wrong: list[str] = []
    for stop in stops:
        page = pages[stop.signed_in]
        stop.show(page, world)
        found = [*axe(page, FINGER if narrow else AXE), *named(page)]
        found += too_wide(page) if narrow else [*lasting(page, tried), *in_the_dark(page)]
        wrong += [f"{stop.name}: {one}" for one in found]
    return wrong


def axe(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe-core holds seriously against the page."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def in_the_dark(page: Page) -> list[str]:
    """Only colours differ there."""
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    return [f"dark: {one}" for one in axe(page, {"runOnly": ["color-contrast"]})]


def named(page: Page) -> list[str]:
    """A page has a title of its own, one first heading and, inside the frame, a way past the bar at the top."""
    seen: dict[str, Any] = page.evaluate(
        """() => ({
            title: document.title,
            headings: [...document.querySelectorAll('h1')].map((one) => one.textContent.trim()),
            framed: Boolean(document.querySelector('header')),
            skip: document.querySelector('#root a[href]')?.getAttribute('href'),
            main: document.querySelectorAll('main').length,
        })"""
    )
    wrong = []
    if not re.match(r".+ · .+|.*Venture CRM.*", seen["title"]) or seen["title"] == "Venture CRM":
        wrong.append(f"title {seen['title']!r}")
    if len(seen["headings"]) != 1 or not seen["headings"][0]:
        wrong.append(f"first headings {seen['headings']}")
    if seen["main"] != 1:
        wrong.append(f"{seen['main']} main landmarks")
    if seen["framed"] and seen["skip"] != "#main":
        wrong.append(f"the first link is {seen['skip']}, not the one to the content")
    return wrong


def too_wide(page: Page) -> list[str]:
    """The document does not scroll sideways, nor does the column of a page."""
    wide: list[str] = page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('main > *, main > * > *, [role=dialog]')]
            .filter((one) => one.scrollWidth > one.clientWidth + 1
                && !['hidden', 'clip'].includes(getComputedStyle(one).overflowX) && one.clientWidth > 0
                && (one === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
                && !one.matches('[role=toolbar], nav'))
            .map((one) => `${one.tagName}.${one.className} is ${one.scrollWidth} wide in ${one.clientWidth}`)"""
    )
    return wide


def lasting(page: Page, known: set[str]) -> list[str]:
    """What is still wrong at the third look: what came late moves a page while it is tried."""
    before = frozenset(known)
    for _ in range(2):
        wrong = unreached(page, known)
        if not wrong:
            return []
        page.wait_for_timeout(300)
        known.intersection_update(before)
    return unreached(page, known)


def unreached(page: Page, known: set[str]) -> list[str]:
    """Tab goes from each control to the next and shows where it is; those that were tried before are passed by."""
    if page.locator("[role=menu], [role=listbox]").count():
        return []  # arrows move in there, and Tab leaves
    steps: list[str] = page.evaluate(
        f"(known) => {{ window.__tab = ({TABBING})(known); return window.__tab.steps }}", [*known]
    )
    for number in range(len(steps)):
        page.evaluate("(number) => window.__tab.before(number)", number)
        page.keyboard.press("Tab")
        for _ in range(8):
            if not page.evaluate("(number) => window.__tab.inside(number)", number):
                break
            page.keyboard.press("Tab")
        if page.evaluate("(number) => window.__tab.after(number)", number):
            page.keyboard.press("F6")  # the way out of the grid, where Tab goes from cell to cell
            page.evaluate("(number) => window.__tab.after(number)", number)
    known.update(steps)
    return list(page.evaluate("() => window.__tab.wrong"))

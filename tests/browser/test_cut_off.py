"""A window cut off catches up by version; what it could not send goes out once and never twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from crm_core.services.records import MAX_MISSED
from tests.browser.conftest import NewPage, Watch
from tests.browser.grid import Grid
from tests.browser.line import Line
from tests.browser.test_live import Colleague, place, rows, stays
from tests.browser.views import send

__all__ = ["rows"]
OFFLINE = "[data-save-state=offline]"
SAVED = "[data-save-state=saved]"


def count(page: Page, name: str) -> int:
    """How many records of that name the server has."""
    found = send(page.context.request, "POST", "/api/tables/investors/query", {"search": name, "limit": 50})
    return int(found["total"])


def drafts(page: Page) -> int:
    """How many unsent edits the browser keeps."""
    return int(page.evaluate("Object.keys(localStorage).filter(key => /^crm[.](draft|sent)/.test(key)).length"))


@pytest.fixture
def cut_off(new_page: NewPage, watch: Watch) -> tuple[Page, Line]:
    """A window whose line can be cut."""
    watch.allow("WebSocket|ERR_INTERNET_DISCONNECTED|Failed to load")
    page = new_page(path="/signin")
    line = Line(page.context)
    page.goto("/")
    return page, line


def test_a_window_cut_off_fetches_what_it_missed(rows: Colleague, cut_off: tuple[Page, Line]) -> None:
    page, line = cut_off
    grid = Grid(page)
    grid.until(lambda: grid.total() == 900, "not all rows are here")
    ids = rows.ids()
    grid.click("Name", 400)
    grid.see("Name", 403, "Row 0403")
    line.cut()
    grid.click("City", 403)
    grid.type("Typed offline")
    expect(page.locator(OFFLINE)).to_be_visible()
    grid.click("Name", 400)
    before = place(grid)
    rows.set(ids[402], "City", "Missed")
    rows.create(["Missed 1", "Missed 2"], before=ids[10])
    version = rows.version()
    assert grid.text("City", 402) == ""
    joined = len(line.sinces)
    line.mend()
    stays(grid, before, 402)
    grid.see("City", 404, "Missed")
    expect(page.locator(SAVED)).to_be_visible()
    assert rows.cell(ids[403], "City") == "Typed offline"
    assert 0 < version - int(line.sinces[joined]) < 10  # by version, not from the start
    # Too much to list: everything on screen is read again, and nothing moves.
    line.cut()
    grid.until(lambda: not page.evaluate("navigator.onLine"), "still online")
    for number in range(MAX_MISSED + 20):
        rows.set(ids[number], "City", f"City {number}")
    rows.create([f"Above {number}" for number in range(300)], before=ids[3])
    rows.set(ids[399], "City", "Seen at last")
    line.mend()
    stays(grid, before, 702)
    grid.see("City", 701, "Seen at last")
    grid.click("City", 702)
    grid.type("After all")
    grid.settle()
    assert rows.cell(ids[400], "City") == "After all"


def test_an_answer_that_was_lost_and_a_reload_make_nothing_twice(page: Page, watch: Watch) -> None:
    watch.allow("ERR_FAILED|Failed to load")
    grid = Grid(page)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/changes", lose)
    page.get_by_role("button", name="Investor", exact=True).click()
    grid.type("Exactly once")
    expect(page.locator(OFFLINE)).to_be_visible()
    assert drafts(page) > 0
    page.unroute("**/api/changes")
    page.reload()
    again = Grid(page)
    expect(page.locator(SAVED)).to_be_visible()
    again.until(lambda: count(page, "Exactly once") == 1, "not there once")
    again.until(lambda: drafts(page) == 0, "still kept")
    again.box("Name", again.total() - 1)
    again.see("Name", again.total() - 1, "Exactly once")


def test_two_tabs_do_not_send_the_same_edit(page: Page, watch: Watch) -> None:
    """A tab that is open keeps its own; a closed one's are sent by the next that opens."""
    watch.allow("ERR_FAILED|Failed to load")
    grid = Grid(page)
    page.route("**/api/changes", lambda route: route.abort())
    page.get_by_role("button", name="Investor", exact=True).click()
    grid.type("Of the first tab")
    expect(page.locator(OFFLINE)).to_be_visible()
    second = page.context.new_page()
    second.goto("/")
    other = Grid(second)
    row = other.fresh_row("Of the second tab")
    other.see("Name", row, "Of the second tab")
    assert count(page, "Of the first tab") == 0
    page.unroute("**/api/changes")
    expect(page.locator(SAVED)).to_be_visible(timeout=30_000)
    grid.until(lambda: count(page, "Of the first tab") == 1, "not there once")
    # The first tab closes with something unsent; a third takes it over.
    page.route("**/api/changes", lambda route: route.abort())
    page.get_by_role("button", name="Investor", exact=True).click()
    grid.type("Left behind")
    expect(page.locator(OFFLINE)).to_be_visible()
    context = page.context
    page.close()
    third = context.new_page()
    third.goto("/")
    last = Grid(third)
    last.until(lambda: count(third, "Left behind") == 1, "not sent")
    last.until(lambda: drafts(third) == 0, "still kept")
    assert count(third, "Of the first tab") == count(third, "Of the second tab") == 1


def test_a_table_that_cannot_be_read_says_so_and_comes_as_soon_as_it_can(page: Page, watch: Watch) -> None:
    watch.allow("ERR_FAILED|Failed to load")
    Grid(page).fresh_row("Read in the end")
    page.route("**/api/tables/*/query", lambda route: route.abort())
    page.goto("/")
    expect(page.get_by_text("Investors could not be read")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/api/tables/*/query")
    expect(page.get_by_text("Investors could not be read")).to_have_count(0)
    Grid(page).filled("Name", 0)

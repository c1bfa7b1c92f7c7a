"""Signed out, a window rests; who comes back goes on where they were, with what others did meanwhile."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import NewPage, Watch
from tests.browser.grid import Grid
from tests.browser.server import ADMIN
from tests.browser.test_live import Colleague


def sign_in(page: Page) -> None:
    """Fill the form of the sign-in page."""
    page.get_by_label("E-mail").fill(ADMIN.email)
    page.get_by_label("Password", exact=True).fill(ADMIN.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_window_signed_out_calls_nobody_and_hears_everything_when_it_is_back(page: Page, new_page: NewPage) -> None:
    colleague = Colleague(new_page())
    first = len(colleague.ids())
    colleague.create(["Oak", "Birch"])
    grid = Grid(page)
    grid.see("Name", first + 1, "Birch")
    page.evaluate("() => { window.notReloaded = true }")
    calls: list[WebSocket] = []
    page.on("websocket", lambda call: calls.append(call))

    page.get_by_role("button", name=f"Menu of {ADMIN.name}").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    colleague.create(["Elm"])
    page.evaluate("() => { window.dispatchEvent(new Event('online')) }")
    page.wait_for_timeout(2500)
    assert calls == []

    sign_in(page)
    grid = Grid(page)
    grid.see("Name", first + 2, "Elm")
    ash = colleague.create(["Ash"])[0]
    grid.see("Name", first + 3, "Ash")
    assert len(calls) == 1
    assert page.evaluate("() => window.notReloaded")
    grid.click("City", first + 3)
    grid.type("Porto")
    grid.settle()
    assert colleague.cell(ash, "City") == "Porto"


def test_what_was_typed_after_the_session_had_ended_is_saved_once_when_the_person_is_back(
    page: Page, new_page: NewPage, watch: Watch
) -> None:
    watch.allow("401|403")  # the edit, and the live channel where it is quicker
    colleague = Colleague(new_page())
    there = colleague.create(["Larch"])
    grid = Grid(page)
    row = len(colleague.ids()) - 1
    grid.see("Name", row, "Larch")
    before = colleague.version()
    ended = page.context.request.delete("/api/session", headers={"X-CSRF-Token": Colleague(page).csrf})
    assert ended.ok, ended.text()

    grid.click("City", row)
    grid.type("Lima")
    sign_in(page)
    grid = Grid(page)
    grid.until(lambda: colleague.cell(there[0], "City") == "Lima", "the edit was not sent")
    grid.see("City", row, "Lima")
    grid.settle()
    assert colleague.version() == before + 1

"""The grid in a real browser: nothing typed is lost, everyone sees it, conflicts are the person's to decide."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewPage, Watch
from tests.browser.grid import Grid

REFUSED = "status of|ERR_FAILED|Failed to load"


@pytest.fixture
def grid(page: Page) -> Grid:
    """The investors, open."""
    return Grid(page)


def test_the_first_keys_after_loading_are_kept_at_no_delay(grid: Grid) -> None:
    row = grid.fresh_row("x")
    for value in ("Quick brown fox, jumps", "over", "1,234.5"):
        grid.page.reload()
        again = Grid(grid.page)
        again.click("Name", row)
        again.type(value)
        again.settle()
        assert again.text("Name", row) == value
    grid.page.reload()
    assert Grid(grid.page).text("Name", row) == "1,234.5"


def test_an_edit_is_seen_in_another_window(grid: Grid, new_page: NewPage) -> None:
    row = grid.fresh_row("Seen by both")
    other = Grid(new_page())
    other.see("Name", row, "Seen by both")
    grid.click("Name", row)
    grid.type("Changed")
    other.see("Name", row, "Changed")


def test_wrong_input_stays_in_the_editor_with_a_message(grid: Grid) -> None:
    row = grid.fresh_row("Wrong")
    grid.click("Check size", row)
    grid.type("much")
    expect(grid.page.get_by_role("alert")).to_contain_text("is not a number")
    assert grid.page.evaluate("document.activeElement.value") == "much"
    grid.page.keyboard.press("Escape")
    assert grid.text("Check size", row) == ""


def test_undo_and_redo_go_through_the_server(grid: Grid) -> None:
    row = grid.fresh_row("Before")
    grid.click("Name", row)
    grid.type("After")
    grid.settle()
    for key, text in (("Control+z", "Before"), ("Control+y", "After")):
        grid.page.keyboard.press(key)
        grid.see("Name", row, text)


def test_a_pasted_block_is_one_change_and_grows_the_table(grid: Grid) -> None:
    row = grid.fresh_row("Paste here")
    total = grid.total()
    grid.page.evaluate("text => navigator.clipboard.writeText(text)", 'One\n"Two\nlines"\nThree\n')
    grid.click("Name", row)
    grid.page.keyboard.press("Control+v")
    grid.settle()
    assert [grid.text("Name", row + at) for at in range(3)] == ["One", "Two lines", "Three"]
    assert grid.total() == total + 2
    grid.page.keyboard.press("Control+c")
    grid.page.wait_for_timeout(100)
    assert grid.page.evaluate("navigator.clipboard.readText()") == "One\nTwo lines\nThree"
    grid.page.keyboard.press("Control+z")
    grid.see("Name", row, "Paste here")
    assert grid.total() == total


def test_composing_is_left_alone(grid: Grid) -> None:
    row = grid.fresh_row("Composed")
    grid.click("Name", row)
    grid.page.keyboard.press("F2")
    grid.page.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))"
    )
    expect(grid.page.locator("[data-cell-editor]")).to_have_count(1)
    grid.page.keyboard.press("Escape")


def test_edits_without_a_connection_are_kept_and_sent_once(grid: Grid, watch: Watch) -> None:
    watch.allow(REFUSED)
    row = grid.fresh_row("Online")
    grid.page.route("**/api/changes", lambda route: route.abort())
    grid.click("Name", row)
    grid.type("Typed offline")
    expect(grid.page.locator("[data-save-state=offline]")).to_be_visible()
    assert grid.text("Name", row) == "Typed offline"
    grid.page.reload()
    again = Grid(grid.page)
    assert again.text("Name", row) == "Typed offline"
    keys: list[str] = []

    def pass_on(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.continue_()

    grid.page.unroute("**/api/changes")
    grid.page.route("**/api/changes", pass_on)
    expect(grid.page.locator("[data-save-state=saved]")).to_be_visible(timeout=30_000)
    assert len(keys) == 1
    assert grid.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('crm.draft')).length") == 0


def test_a_conflict_shows_both_values_and_the_person_picks(grid: Grid, new_page: NewPage, watch: Watch) -> None:
    watch.allow(REFUSED)
    row = grid.fresh_row("Ours")
    other = Grid(new_page())
    held: list[Route] = []
    grid.page.route("**/api/changes", lambda route: held.append(route))
    grid.click("Name", row)
    grid.type("Mine")
    other.click("Name", row)
    other.type("Theirs")
    other.settle()
    grid.page.wait_for_timeout(200)
    assert json.loads(held[0].request.post_data or "{}")["base_version"] > 0
    held[0].continue_()
    grid.page.unroute("**/api/changes")
    dialog = grid.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Theirs")
    expect(dialog).to_contain_text("Mine")
    dialog.get_by_text("You", exact=True).click()
    expect(dialog.get_by_role("radio", name="Use mine")).to_be_checked()
    dialog.get_by_role("button", name="Save this choice").click()
    other.see("Name", row, "Mine")


def test_a_deleted_record_comes_back_by_the_toast(grid: Grid) -> None:
    row = grid.fresh_row("Short-lived")
    total = grid.total()
    grid.click("Name", row)
    x, y = grid.page.evaluate("row => { const { x, y } = window.__grid.bounds(0, row); return [x + 20, y + 8] }", row)
    grid.page.mouse.click(x, y, button="right")
    grid.page.get_by_role("menuitem", name="Delete investor").click()
    grid.settle()
    assert grid.total() == total - 1
    grid.page.get_by_role("button", name="Undo", exact=True).last.click()
    grid.see("Name", row, "Short-lived")


def test_the_record_panel_has_an_address_and_edits(grid: Grid) -> None:
    row = grid.fresh_row("Opened")
    grid.click("Name", row)
    grid.page.keyboard.press("Space")
    panel = grid.page.get_by_role("complementary", name="Opened")
    expect(panel).to_be_visible()
    expect(grid.page).to_have_url(re.compile("/rec"))
    panel.get_by_role("button", name="City: empty").click()
    grid.page.keyboard.type("Lisbon", delay=0)
    grid.page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="City: Lisbon")).to_be_visible()
    grid.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(grid.page).not_to_have_url(re.compile("/rec"))
    assert grid.selection()["cell"] == [0, row], "the grid stays where it was"

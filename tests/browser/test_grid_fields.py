"""Fields in a real browser: add, rename, retype, reorder, hide, freeze, delete, and cells of every added kind."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid


@pytest.fixture
def grid(page: Page) -> Grid:
    """The contacts, open: few fields, all in sight."""
    page.goto("/t/contacts")
    return Grid(page)


def test_a_field_is_added_renamed_retyped_with_a_count_and_undone(grid: Grid) -> None:
    rows = [grid.fresh_row(name, "Contact") for name in ("Retype one", "Retype two")]
    grid.add_field("Shoe size", "Single line text")
    for row, value in zip(rows, ("42", "large"), strict=True):
        grid.click("Shoe size", row)
        grid.type(value)
    grid.settle()

    grid.header_menu("Shoe size", "Edit field")
    dialog = grid.page.get_by_role("dialog", name="Edit field")
    dialog.get_by_label("Name").fill("Size")
    grid.choose_kind("Number")
    expect(dialog.get_by_text("Values that cannot become number are emptied")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(grid.page.get_by_text("1 value did not fit and became empty")).to_be_visible()
    grid.until(lambda: "Size" in grid.columns(), "not renamed")
    grid.see("Size", rows[0], "42")
    grid.see("Size", rows[1], "")

    grid.page.get_by_role("button", name="Undo", exact=True).last.click()
    grid.until(lambda: "Shoe size" in grid.columns(), "not renamed back")
    grid.see("Shoe size", rows[1], "large")


def test_a_deleted_field_comes_back_with_its_values(grid: Grid, new_page: NewPage) -> None:
    row = grid.fresh_row("Keeps its value", "Contact")
    grid.add_field("Passing", "Single line text")
    grid.click("Passing", row)
    grid.type("kept")
    grid.settle()
    other = Grid(new_page(path="/t/contacts"))
    grid.header_menu("Passing", "Delete field")
    grid.until(lambda: "Passing" not in grid.columns(), "still there")
    other.until(lambda: "Passing" not in other.columns(), "still there in the other window")
    grid.page.get_by_role("button", name="Undo", exact=True).last.click()
    grid.until(lambda: "Passing" in grid.columns(), "not back")
    other.until(lambda: "Passing" in other.columns(), "not back in the other window")
    grid.see("Passing", row, "kept")
    other.see("Passing", row, "kept")


def test_columns_are_hidden_moved_and_frozen_for_everyone(grid: Grid, new_page: NewPage) -> None:
    grid.header_menu("LinkedIn", "Hide field")
    grid.until(lambda: "LinkedIn" not in grid.columns(), "still on show")
    phone, title = grid.box("Phone", -1), grid.box("Title", -1)
    grid.drag((phone["x"] + 50, phone["y"] + 16), (title["x"] + 20, title["y"] + 16))
    grid.until(lambda: grid.column("Phone") == grid.column("Title") - 1, f"not moved: {grid.columns()}")
    grid.header_menu("Phone", "Freeze up to here")
    frozen = grid.column("Phone")
    grid.page.wait_for_timeout(600)
    grid.settle()

    other = Grid(new_page(path="/t/contacts", viewport={"width": 800, "height": 700}))
    assert other.columns() == grid.columns()
    x = other.box("Phone", -1)["x"]
    assert other.box("Notes", -1)["x"] > x
    assert other.box("Phone", -1)["x"] == x, "a frozen column stands still"
    grid.header_menu(grid.columns()[frozen], "Freeze only the first field")
    grid.page.get_by_role("button", name="1 hidden field").click()
    grid.page.get_by_role("dialog").get_by_text("Show all").click()
    grid.until(lambda: "LinkedIn" in grid.columns(), "not back")
    grid.page.wait_for_timeout(600)
    grid.settle()


def test_cells_of_added_kinds_take_keys_as_their_kind_does(grid: Grid) -> None:
    row = grid.fresh_row("All kinds", "Contact")
    for name, kind in (("Warmth", "Rating"), ("Agreed", "Checkbox"), ("Met at", "Date and time")):
        grid.add_field(name, kind)
    grid.click("Warmth", row)
    grid.page.keyboard.press("4")
    grid.see("Warmth", row, "4")
    grid.page.keyboard.press("9")
    grid.see("Warmth", row, "5")
    grid.page.keyboard.press("0")
    grid.see("Warmth", row, "")

    grid.click("Agreed", row)
    before = grid.text("Agreed", row)
    grid.page.keyboard.press("Enter")
    grid.until(lambda: grid.text("Agreed", row) != before, "not ticked by a press and Enter")
    grid.settle()

    grid.click("Met at", row)
    grid.type("2026-03-04 15:30")
    grid.settle()
    assert "15:30" in grid.text("Met at", row)

    grid.header_menu("Met at", "Edit field")
    dialog = grid.page.get_by_role("dialog", name="Edit field")
    dialog.get_by_role("combobox", name="Time format").click()
    grid.page.get_by_role("option", name="2:30pm").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    grid.until(lambda: "3:30pm" in grid.text("Met at", row), grid.text("Met at", row))
    grid.click("Met at", row)
    grid.type("2026-03-04 12:05 am")
    grid.settle()
    assert "12:05am" in grid.text("Met at", row), grid.text("Met at", row)
    grid.page.reload()
    again = Grid(grid.page)
    assert "12:05am" in again.text("Met at", row)

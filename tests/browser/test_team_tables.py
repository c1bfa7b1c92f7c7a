"""Tables of the team's own in a real browser: made, filled, linked, renamed, ordered, deleted and brought back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Watch
from tests.browser.grid import Grid


def tab(page: Page, name: str) -> Any:
    return page.get_by_role("navigation", name="Tables").get_by_role("link", name=name, exact=True)


def names(page: Page) -> list[str]:
    return [str(text) for text in page.get_by_role("navigation", name="Tables").get_by_role("link").all_inner_texts()]


def make(page: Page, name: str) -> Grid:
    """A table by the + behind the tabs; it opens at once."""
    page.get_by_role("navigation", name="Tables").get_by_role("button", name="New table").click()
    page.get_by_role("menuitem", name="Empty table").click()
    dialog = page.get_by_role("dialog", name="New table")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Create table").click()
    expect(tab(page, name)).to_have_attribute("aria-current", "page")
    return Grid(page)


def menu(page: Page, table: str, item: str) -> None:
    page.get_by_role("button", name=f"Menu of {table}").click()
    page.get_by_role("menuitem", name=item).click()


@pytest.fixture
def grid(page: Page) -> Grid:
    return Grid(page)


def test_a_table_is_made_filled_linked_and_seen_by_others(grid: Grid, new_page: NewPage) -> None:
    other = new_page()
    Grid(other)
    deals = make(grid.page, "Side deals")
    expect(tab(other, "Side deals")).to_be_visible()
    assert deals.columns()[:2] == ["Name", "Notes"]
    row = deals.fresh_row("First deal", "Side deal")
    deals.header_menu("Notes", "Insert field to the right")
    dialog = deals.page.get_by_role("dialog", name="New field")
    dialog.get_by_label("Name").fill("LP")
    deals.choose_kind("Link")
    expect(dialog.get_by_role("combobox", name="Records of")).to_have_text("Investors")
    dialog.get_by_role("button", name="Add field").click()
    deals.until(lambda: "LP" in deals.columns(), "no column LP")
    tab(other, "Side deals").click()
    theirs = Grid(other)
    theirs.see("Name", row, "First deal")
    deals.click("Name", row)
    deals.type("Renamed deal")
    theirs.see("Name", row, "Renamed deal")
    tab(other, "Investors").click()
    theirs = Grid(other)
    theirs.until(lambda: "Side deals" in theirs.columns(), "the other side of the link is not there")


def test_a_double_click_renames_and_escape_leaves_it(grid: Grid) -> None:
    make(grid.page, "Old name")
    tab(grid.page, "Old name").dblclick()
    box = grid.page.get_by_label("Name of the table")
    expect(box).to_be_focused()
    box.fill("Never")
    box.press("Escape")
    expect(tab(grid.page, "Old name")).to_be_visible()
    menu(grid.page, "Old name", "Rename table")
    grid.page.get_by_label("Name of the table").fill("New name")
    grid.page.keyboard.press("Enter")
    expect(tab(grid.page, "New name")).to_be_visible()
    grid.page.reload()
    expect(tab(grid.page, "New name")).to_be_visible()


def test_a_taken_name_is_refused_and_the_old_one_stays(grid: Grid, watch: Watch) -> None:
    watch.allow("409")
    make(grid.page, "Unique")
    menu(grid.page, "Unique", "Rename table")
    grid.page.get_by_label("Name of the table").fill("investors")
    grid.page.keyboard.press("Enter")
    expect(grid.page.get_by_text("There is a table 'investors' already.")).to_be_visible()
    expect(tab(grid.page, "Unique")).to_be_visible()


def test_tabs_are_ordered_by_dragging_and_by_the_menu(grid: Grid) -> None:
    make(grid.page, "Zebra")
    assert names(grid.page)[-1] == "Zebra"
    tab(grid.page, "Zebra").drag_to(tab(grid.page, "Investors"), target_position={"x": 4, "y": 10})
    grid.until(lambda: names(grid.page)[0] == "Zebra", "not moved by dragging")
    menu(grid.page, "Zebra", "Move right")
    grid.until(lambda: names(grid.page)[:2] == ["Investors", "Zebra"], "not moved by the menu")


def test_a_deleted_table_comes_back_by_the_message_and_by_the_trash(grid: Grid, new_page: NewPage) -> None:
    table = make(grid.page, "Doomed")
    table.fresh_row("Survivor", "Doomed")
    menu(grid.page, "Doomed", "Delete table")
    expect(tab(grid.page, "Doomed")).to_be_hidden()
    grid.page.get_by_text("Undo", exact=True).click()
    expect(tab(grid.page, "Doomed")).to_be_visible()
    tab(grid.page, "Doomed").click()
    menu(grid.page, "Doomed", "Delete table")
    expect(tab(grid.page, "Doomed")).to_be_hidden()
    grid.page.goto("/trash")
    gone = grid.page.get_by_role("region", name="Deleted tables")
    expect(gone.get_by_text("Doomed")).to_be_visible()
    gone.get_by_role("listitem").filter(has_text="Doomed").get_by_role("button", name="Restore").click()
    expect(tab(grid.page, "Doomed")).to_be_visible()
    tab(grid.page, "Doomed").click()
    assert Grid(grid.page).text("Name", 0) == "Survivor"


def test_built_in_tables_offer_no_delete(grid: Grid) -> None:
    grid.page.get_by_role("button", name="Menu of Investors").click()
    expect(grid.page.get_by_role("menuitem", name="Rename table")).to_be_visible()
    expect(grid.page.get_by_role("menuitem", name="Delete table")).to_be_hidden()

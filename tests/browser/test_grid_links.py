"""Linked records in a real browser: picked by search, made on the way, pasted by name, live on the other side."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid


@pytest.fixture
def grid(page: Page) -> Grid:
    """The investors, open."""
    return Grid(page)


def test_a_link_is_picked_and_made_and_seen_from_the_other_side(grid: Grid, new_page: NewPage) -> None:
    row = grid.fresh_row("Linking Capital")
    other = Grid(new_page(path="/t/contacts"))
    person = other.fresh_row("Linnea Link", "Contact")

    grid.click("Contacts", row)
    grid.page.keyboard.type("linnea", delay=0)
    expect(grid.page.locator("[data-cell-editor]").get_by_text("Linnea Link")).to_be_visible()
    grid.page.keyboard.press("Enter")
    grid.page.keyboard.press("Escape")
    grid.see("Contacts", row, "Linnea Link")
    other.see("Investor", person, "Linking Capital")

    total = other.total()
    grid.click("Contacts", row)
    grid.page.keyboard.press("Enter")
    grid.page.keyboard.type("Nora New", delay=0)
    grid.page.get_by_text("Add contact “Nora New”").click()
    grid.page.keyboard.press("Escape")
    grid.see("Contacts", row, "Linnea Link, Nora New")
    other.until(lambda: other.total() == total + 1, "the new contact is not there")
    fresh = other.total() - 1
    other.see("Name", fresh, "Nora New")
    other.see("Investor", fresh, "Linking Capital")

    other.click("Investor", fresh)
    other.page.keyboard.press("Delete")
    grid.see("Contacts", row, "Linnea Link")
    grid.settle()
    grid.page.reload()
    assert Grid(grid.page).text("Contacts", row) == "Linnea Link"


def test_names_pasted_into_link_cells_become_links(grid: Grid, new_page: NewPage) -> None:
    row = grid.fresh_row("Paste links")
    other = Grid(new_page(path="/t/contacts"))
    for name in ("Pia Paste", "Per Paste"):
        other.fresh_row(name, "Contact")
    grid.click("Contacts", row)
    grid.paste("pia paste, Per Paste")
    grid.see("Contacts", row, "Pia Paste, Per Paste")
    grid.settle()
    grid.paste("Nobody Known")
    expect(grid.page.get_by_text("No record is called Nobody Known.")).to_be_visible()
    assert grid.text("Contacts", row) == "Pia Paste, Per Paste"


def test_the_list_tells_records_apart_and_begins_with_those_picked_lately(grid: Grid, new_page: NewPage) -> None:
    above = grid.fresh_row("Above Partners")
    row = grid.fresh_row("Picker Partners")
    other = Grid(new_page(path="/t/contacts"))
    for name in ("Second Quill", "Quill First"):
        person = other.fresh_row(name, "Contact")
        other.click("Title", person)
        other.type(f"Chief of {name}")
    other.settle()
    grid.click("Contacts", row)
    grid.page.keyboard.type("quill", delay=0)
    options = grid.page.locator("[data-cell-editor]").get_by_role("option")
    expect(options.nth(0)).to_contain_text("Quill First")
    expect(options.nth(0)).to_contain_text("Chief of Quill First")
    expect(options.nth(1)).to_contain_text("Second Quill")
    grid.page.keyboard.press("Enter")
    grid.page.keyboard.press("Escape")
    grid.see("Contacts", row, "Quill First")
    grid.click("Contacts", above)
    grid.page.keyboard.press("Enter")
    expect(grid.page.get_by_text("Recent", exact=True)).to_be_visible()
    expect(options.first).to_contain_text("Quill First")
    grid.page.keyboard.press("Escape")


def test_chips_are_put_in_order_taken_away_and_opened(grid: Grid, new_page: NewPage) -> None:
    page = grid.page
    row = grid.fresh_row("Chip Capital")
    other = Grid(new_page(path="/t/contacts"))
    for name in ("Chip One", "Chip Two", "Chip Three"):
        person = other.fresh_row(name, "Contact")
        other.click("Investor", person)
        other.page.keyboard.type("chip capital", delay=0)
        expect(other.page.get_by_role("option", name="Chip Capital")).to_be_visible()
        other.page.keyboard.press("Enter")
    grid.see("Contacts", row, "Chip One, Chip Two, Chip Three")
    chips = page.locator("[data-cell-editor] [data-chip]")

    # The last one goes in front by hand, and the first one to the end by keys.
    grid.click("Contacts", row)
    page.keyboard.press("Enter")
    expect(chips).to_have_count(3)
    chips.nth(2).drag_to(chips.nth(0))
    expect(chips.nth(0)).to_contain_text("Chip Three")
    page.keyboard.press("ArrowLeft")
    expect(chips.nth(2)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Alt+ArrowRight")
    expect(chips.nth(2)).to_contain_text("Chip One")
    expect(chips.nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    grid.see("Contacts", row, "Chip Three, Chip Two, Chip One")
    other.until(
        lambda: [other.text("Name", at) for at in range(other.total())][-3:] == ["Chip Three", "Chip Two", "Chip One"],
        "not moved",
    )
    page.get_by_role("button", name="Undo").first.click()
    grid.see("Contacts", row, "Chip One, Chip Two, Chip Three")
    grid.settle()
    page.reload()
    grid = Grid(page)
    grid.see("Contacts", row, "Chip One, Chip Two, Chip Three")

    grid.click("Contacts", row)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Delete")
    expect(chips).to_have_count(2)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Chip Two")).to_be_visible()
    other.see("Investor", person, "")
    page.go_back()
    grid = Grid(page)
    grid.see("Contacts", row, "Chip One, Chip Two")

    # Tab takes what was typed along, also before the list has come.
    grid.click("Contacts", row)
    page.keyboard.type("chip three", delay=0)
    page.keyboard.press("Tab")
    grid.see("Contacts", row, "Chip One, Chip Two, Chip Three")

"""The list of views: whose they are, where they stand, and that nobody's unsaved changes reach another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid
from tests.browser.views import Views, as_member, change, field_of, make_view, table_of


@pytest.fixture
def views(page: Page) -> Views:
    """The list of views of the investors."""
    Grid(page)
    return Views(page)


def config(page: Page, view: str) -> dict[str, object]:
    """What the server holds of a view."""
    return dict(next(one for one in table_of(page.request)["views"] if one["id"] == view)["config"])


def test_a_view_is_made_renamed_described_copied_and_deleted_with_an_undo(views: Views) -> None:
    page = views.page
    views.make("Grid", "Warm leads")
    expect(page).to_have_url(re.compile("view=viw"))
    views.act("Warm leads", "Rename")
    expect(page.get_by_label("Name of the view")).to_be_focused()
    page.keyboard.type("Hot leads")
    page.keyboard.press("Enter")
    expect(views.row("Hot leads")).to_be_visible()
    views.act("Hot leads", "Edit description")
    page.get_by_label("Description").fill("Whom to call this week")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="View Hot leads.").click()
    expect(page.get_by_text("Whom to call this week")).to_be_visible()
    page.keyboard.press("Escape")
    views.act("Hot leads", "Duplicate")
    expect(page.get_by_role("button", name="View Hot leads copy.")).to_be_visible()
    views.act("Hot leads copy", "Delete")
    expect(views.row("Hot leads copy")).to_have_count(0)
    page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(views.row("Hot leads copy")).to_be_visible()


def test_favourites_stand_on_top_and_are_the_persons_own(views: Views, new_page: NewPage) -> None:
    page = views.page
    make_view(page.request, "Starred by Ada")
    expect(views.row("Starred by Ada")).to_be_visible()
    views.act("Starred by Ada", "Add to favourites")
    favourites = views.list.get_by_role("region", name="Favourites")
    expect(favourites.get_by_text("Starred by Ada")).to_be_visible()
    other = Views(as_member(page, new_page))
    expect(other.row("Starred by Ada")).to_be_visible()
    expect(other.list.get_by_role("region", name="Favourites")).to_have_count(0)


def test_sections_are_made_folded_renamed_and_dissolved(views: Views) -> None:
    page = views.page
    for name in ("Alpha view", "Beta view"):
        make_view(page.request, name)
    expect(views.row("Beta view")).to_be_visible()
    views.act("Alpha view", "Move to a new section…")
    page.get_by_label("Name of the section").fill("Closing")
    page.get_by_role("button", name="Move there").click()
    section = views.list.get_by_role("region", name="Closing")
    expect(section.get_by_text("Alpha view")).to_be_visible()
    views.act("Beta view", "Move to “Closing”")
    expect(section.get_by_role("listitem")).to_have_count(2)
    fold = section.get_by_role("button", name="Closing 2")
    fold.click()
    expect(section.get_by_role("listitem")).to_have_count(0)
    page.reload()
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    section.hover()
    section.get_by_role("button", name="Actions for the section Closing").click()
    page.get_by_role("menuitem", name="Dissolve section").click()
    expect(views.list.get_by_role("region", name="Closing")).to_have_count(0)
    expect(views.row("Alpha view")).to_be_visible()


def test_views_are_dragged_and_moved_by_the_menu(views: Views) -> None:
    page = views.page
    for name in ("Drag one", "Drag two", "Drag three"):
        make_view(page.request, name)
    expect(views.row("Drag three")).to_be_visible()

    def order() -> list[str]:
        return [name for name in views.names() if name.startswith("Drag")]

    views.row("Drag three").drag_to(views.row("Drag one"), target_position={"x": 40, "y": 4})
    Grid(page).until(lambda: order() == ["Drag three", "Drag one", "Drag two"], str(order()))
    views.act("Drag three", "Move down")
    Grid(page).until(lambda: order() == ["Drag one", "Drag three", "Drag two"], str(order()))
    views.act("Drag two", "Move up")
    Grid(page).until(lambda: order() == ["Drag one", "Drag two", "Drag three"], str(order()))


def test_a_personal_view_exists_for_its_owner_only(views: Views, new_page: NewPage) -> None:
    page = views.page
    views.make("Grid", "Private thoughts", personal=True)
    expect(page.get_by_role("button", name="View Private thoughts. Personal view: only you see it")).to_be_visible()
    address = page.url.removeprefix(page.url.split("/t/")[0])
    other_page = as_member(page, new_page, address)
    other = Views(other_page)
    expect(other_page.get_by_text("That view is not there")).to_be_visible()
    expect(other.row("Private thoughts")).to_have_count(0)


def test_a_members_filter_in_a_shared_view_stays_with_the_member(views: Views, new_page: NewPage) -> None:
    page = views.page
    grid = Grid(page)
    for name in ("Unsaved oak", "Unsaved elm"):
        grid.fresh_row(name)
    view = make_view(page.request, "Team list")
    page.goto(f"/t/investors?view={view}")
    Grid(page)
    other_page = as_member(page, new_page, f"/t/investors?view={view}")
    other = Grid(other_page)
    all_rows = other.total()

    grid = Grid(page)
    before = config(page, view)
    grid.header_menu("Name", "Sort Z → A")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="Add condition", exact=True).click()
    page.get_by_label("Value").fill("unsaved oak")
    grid.until(lambda: grid.total() == 1, "the filter does not narrow")
    expect(page.get_by_text("Your changes are seen by you only.")).to_be_visible()
    assert config(page, view) == before
    other_page.reload()
    assert Grid(other_page).total() == all_rows

    page.keyboard.press("Escape")
    page.reload()
    assert Grid(page).total() == 1
    expect(page).to_have_url(re.compile("with="))

    page.get_by_role("button", name="Discard").click()
    grid = Grid(page)
    grid.until(lambda: grid.total() == all_rows, "discarding does not bring the rows back")
    expect(page).not_to_have_url(re.compile("with="))
    grid.header_menu("Name", "Sort Z → A")
    page.get_by_role("button", name="Save for everyone").click()
    expect(page.get_by_text("Your changes are seen by you only.")).to_have_count(0)
    name = field_of(page.request, "Name")["id"]
    grid.until(lambda: config(page, view)["sorts"] == [{"field": name, "desc": True}], str(config(page, view)))
    first = Grid(other_page)
    first.until(lambda: first.text("Name", 0) == grid.text("Name", 0), "the colleague does not get the saved order")


def test_unsaved_changes_travel_in_the_address_and_become_a_view_of_ones_own(views: Views, new_page: NewPage) -> None:
    page = views.page
    grid = Grid(page)
    view = make_view(page.request, "To be sent")
    page.goto(f"/t/investors?view={view}")
    grid = Grid(page)
    grid.header_menu("Name", "Sort Z → A")
    expect(page.get_by_role("button", name="Save as my view")).to_be_visible()
    grid.settle()
    address = page.url[page.url.index("/t/") :]
    other_page = as_member(page, new_page, address)
    other = Grid(other_page)
    assert other.text("Name", 0) == grid.text("Name", 0)
    other_page.get_by_role("button", name="Save as my view").click()
    other_page.get_by_label("Name", exact=True).fill("Mia’s order")
    other_page.get_by_role("button", name="Save", exact=True).click()
    expect(other_page.get_by_role("button", name="View Mia’s order. Personal view")).to_be_visible()
    expect(other_page.get_by_text("Your changes are seen by you only.")).to_have_count(0)
    assert not any(one["name"] == "Mia’s order" for one in table_of(page.request)["views"])


def test_a_locked_view_changes_only_after_unlocking(views: Views, new_page: NewPage) -> None:
    page = views.page
    view = make_view(page.request, "Board report")
    expect(views.row("Board report")).to_be_visible()
    views.act("Board report", "Lock")
    expect(views.row("Board report").get_by_role("img", name="locked")).to_be_visible()
    other_page = as_member(page, new_page, f"/t/investors?view={view}")
    other, grid = Views(other_page), Grid(other_page)
    before = config(page, view)
    grid.header_menu("Stage", "Hide field")
    assert "Stage" not in grid.columns()
    expect(other_page.get_by_text("This view is locked. Your changes are seen by you only.")).to_be_visible()
    expect(other_page.get_by_role("button", name="Save for everyone")).to_have_count(0)
    assert config(page, view) == before
    other.row("Board report").hover()
    other.list.get_by_role("button", name="Actions for the view Board report").click()
    unlock = other_page.get_by_role("menuitem", name="Unlock")
    expect(unlock).to_have_attribute("aria-disabled", "true")
    other_page.keyboard.press("Escape")
    views.act("Board report", "Unlock")
    expect(other_page.get_by_role("button", name="Save for everyone")).to_be_visible()


def test_a_view_is_found_by_the_keyboard(views: Views) -> None:
    page = views.page
    make_view(page.request, "Quarterly letter")
    expect(views.row("Quarterly letter")).to_be_visible()
    page.get_by_role("button", name="Hide the list of views").click()
    expect(views.list).to_have_count(0)
    page.keyboard.press("Control+Shift+K")
    expect(page.get_by_label("Find a view")).to_be_focused()
    page.keyboard.type("quarterly", delay=0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="View Quarterly letter.")).to_be_visible()
    change(page.request, {"op": "delete_view", "view": page.url.split("view=")[1].split("&")[0]})
    expect(page.get_by_role("button", name="View Quarterly letter.")).to_have_count(0)

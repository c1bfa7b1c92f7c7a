"""A phone in the hand: 390 pixels, a finger instead of a pointer, and a keyboard that lies over the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid
from tests.browser.views import change, field_of, make_view

KEYBOARD = """(height) => {
    Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => innerHeight - height })
    visualViewport.dispatchEvent(new Event('resize'))
}"""


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    """A phone, signed in; the investors are open."""
    return new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, bypass_csp=True)


def sizes(things: Locator) -> list[tuple[int, int]]:
    """How wide and high things are to a finger."""
    boxes = [one.bounding_box() for one in things.all() if one.is_visible()]
    return [(round(box["width"]), round(box["height"])) for box in boxes if box]


def test_table_view_record_and_comment_by_finger(phone: Page) -> None:
    names = ["Phone Capital", "Pocket Partners"]
    records = [{"cells": {"name": name}} for name in names]
    change(phone.request, {"op": "create", "table": "investors", "records": records})
    make_view(phone.request, "On the road", kind="gallery")
    stage = field_of(phone.request, "Stage")["id"]
    make_view(phone.request, "By stage", kind="kanban", config={"stack": stage})

    phone.get_by_role("navigation", name="Tables").get_by_role("link", name="Funds").tap()
    expect(phone).to_have_title(re.compile("^Funds"))
    phone.get_by_role("navigation", name="Tables").get_by_role("link", name="Investors").tap()
    phone.get_by_role("button", name="Show the list of views").tap()
    views = phone.get_by_role("navigation", name="Views")
    assert min(height for _, height in sizes(views.get_by_role("listitem"))) >= 40
    views.get_by_text("On the road").tap()
    expect(views).to_be_hidden()
    expect(phone.get_by_role("button", name="View On the road.")).to_be_visible()
    phone.get_by_role("button", name="Show the list of views").tap()
    phone.touchscreen.tap(370, 500)
    expect(views).to_be_hidden()

    phone.get_by_role("listitem").filter(has_text="Pocket Partners").get_by_role("button").first.tap()
    panel = phone.get_by_role("complementary", name="Pocket Partners")
    expect(panel).to_be_visible()
    panel.get_by_role("radio", name="Comments").tap()
    box = panel.get_by_label("Write a comment")
    box.tap()
    phone.evaluate(KEYBOARD, 336)
    phone.wait_for_function("document.documentElement.style.getPropertyValue('--window') === '508px'")
    box.press_sequentially("From the train")
    place = box.bounding_box()
    assert place
    assert place["y"] + place["height"] <= 508
    panel.get_by_role("button", name="Send").tap()
    expect(panel.get_by_role("article")).to_contain_text("From the train")
    phone.evaluate(KEYBOARD, 0)
    phone.wait_for_function("document.documentElement.style.getPropertyValue('--window') === ''")
    assert min(min(size) for size in sizes(panel.get_by_role("button"))) >= 36
    panel.get_by_role("button", name="Close").tap()
    expect(panel).to_be_hidden()


def test_a_record_of_the_grid_is_found_and_opened_by_finger(phone: Page) -> None:
    records = [{"cells": {"name": f"Grid by finger {number}"}} for number in (1, 2)]
    change(phone.request, {"op": "create", "table": "contacts", "records": records})
    phone.goto("/t/contacts")
    grid = Grid(phone)
    phone.get_by_role("textbox", name="Find in this view").tap()
    phone.keyboard.type("finger 2")
    expect(phone.get_by_text("1 match")).to_be_visible()
    phone.get_by_role("button", name="Clear the search").tap()
    row = next(row for row in range(grid.total()) if grid.text("Name", row) == "Grid by finger 2")
    box = grid.box("Name", row)
    phone.touchscreen.tap(box["x"] - 14, box["y"] + box["height"] / 2)
    panel = phone.get_by_role("complementary", name="Grid by finger 2")
    panel.get_by_role("button", name=re.compile("^Title: ")).tap()
    phone.keyboard.type("Partner")
    phone.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Title: Partner")).to_be_visible()


def test_tasks_notices_and_the_way_to_everything_by_finger(phone: Page) -> None:
    phone.get_by_role("link", name="My tasks").tap()
    add = phone.get_by_label("Add a task for me")
    add.tap()
    add.press_sequentially("Ring them back")
    add.press("Enter")
    task = phone.locator("[data-task]").filter(has_text="Ring them back")
    tick = task.get_by_role("checkbox")
    box = tick.bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + box["width"] + 8, box["y"] + 4)  # beside the box, as fingers do
    expect(task).to_have_count(0)
    phone.get_by_role("button", name="Notifications").tap()
    expect(phone.get_by_role("dialog", name="Notifications")).to_be_visible()
    phone.keyboard.press("Escape")
    phone.get_by_role("button", name="Go to", exact=True).tap()
    phone.get_by_role("combobox", name="Go to").fill("trash")
    phone.get_by_role("option", name="Trash").tap()
    expect(phone.get_by_role("heading", name="Trash")).to_be_visible()
    assert min(height for _, height in sizes(phone.locator("header").get_by_role("button"))) >= 28

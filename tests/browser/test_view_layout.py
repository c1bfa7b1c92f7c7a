"""Hidden fields and their order, colours, totals, row height: kept in the view, shared as a person expects."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid
from tests.browser.views import as_member, change, field_of, make_view, table_of


@pytest.fixture
def view(page: Page) -> str:
    """A shared view of the investors, open, with at least one record."""
    change(
        page.request, {"op": "create", "table": "investors", "records": [{"cells": {"name": "Laid out", "score": 4}}]}
    )
    made = make_view(page.request, f"Layout {len(table_of(page.request)['views'])}")
    page.goto(f"/t/investors?view={made}")
    Grid(page)
    return made


def config(page: Page, view: str) -> dict[str, Any]:
    """What the server holds of a view."""
    return dict(next(one for one in table_of(page.request)["views"] if one["id"] == view)["config"])


def test_fields_are_hidden_found_and_put_in_order_by_keys_and_by_hand(page: Page, view: str) -> None:
    grid = Grid(page)
    page.get_by_role("button", name="Hide fields").click()
    form = page.get_by_role("dialog", name="Hide fields")
    form.get_by_label("Find a field").fill("list")
    form.get_by_role("switch", name="Show List").click()
    grid.until(lambda: "List" not in grid.columns(), str(grid.columns()))
    form = page.get_by_role("dialog")
    form.get_by_label("Find a field").fill("")
    form.get_by_role("switch", name="Show Stage").focus()
    page.keyboard.press("Alt+ArrowUp")
    grid.until(lambda: grid.columns()[1:3] == ["Stage", "Type"], str(grid.columns()))
    rows = form.get_by_role("listitem")
    rows.filter(has_text="Owner").locator("[draggable]").drag_to(rows.nth(1), target_position={"x": 60, "y": 6})
    grid.until(lambda: grid.columns()[1:3] == ["Owner", "Stage"], str(grid.columns()))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="1 hidden field")).to_be_visible()
    grid.until(lambda: len(config(page, view)["hidden"]) == 1, "hiding a field is shared at once")


def test_colours_by_a_select_and_by_conditions(page: Page, view: str) -> None:
    page.get_by_role("button", name="Colour").click()
    form = page.get_by_role("dialog", name="Colour")
    form.get_by_role("radio", name="By a select").click()
    expect(page.get_by_text("Your changes are seen by you only.")).to_be_visible()
    form.get_by_role("radio", name="By conditions").click()
    form.get_by_role("button", name="Add condition", exact=True).click()
    form.get_by_label("Value").fill("laid")
    form.get_by_role("button", name="Colour: red").click()
    page.get_by_role("menuitemradio", name="green").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save for everyone").click()
    name = field_of(page.request, "Name")["id"]
    rule = {"filter": {"and": [{"field": name, "op": "contains", "value": "laid"}]}, "color": "green"}
    grid = Grid(page)
    grid.until(lambda: config(page, view)["color"] == {"rules": [rule]}, str(config(page, view)["color"]))


def test_totals_and_row_height_belong_to_the_view(page: Page, view: str, new_page: NewPage) -> None:
    grid = Grid(page)
    grid.box("Score", -1)
    totals = page.get_by_role("group", name="Totals")
    totals.get_by_role("button", name="Score: Sum").click()
    page.get_by_role("menuitemradio", name="Max").click()
    page.get_by_role("button", name="Row height").click()
    page.get_by_role("menuitemradio", name="Tall", exact=True).click()
    grid.until(lambda: config(page, view)["row_height"] == 88, str(config(page, view)))
    other = as_member(page, new_page, f"/t/investors?view={view}")
    Grid(other)
    expect(other.get_by_role("group", name="Totals").get_by_role("button", name="Score: Max")).to_be_visible()
    assert Grid(other).box("Name", 0)["height"] > 80


def test_the_header_menu_filters_and_groups_by_its_field(page: Page, view: str) -> None:
    grid = Grid(page)
    grid.header_menu("Stage", "Filter by this field")
    form = page.get_by_role("dialog", name="Filter")
    expect(form.get_by_role("combobox", name="Field")).to_have_text("Stage")
    page.keyboard.press("Escape")
    grid.header_menu("Stage", "Group by this field")
    expect(page.get_by_role("button", name="Group · 1")).to_be_visible()
    grid.header_menu("Stage", "No longer group by this field")
    expect(page.get_by_role("button", name="Group", exact=True)).to_be_visible()

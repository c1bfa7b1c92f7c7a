"""Filters with groups of conditions, relative days, several sorts, all through the toolbar."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.grid import Grid
from tests.browser.views import change, field_of, make_view

NAMES = ("Fir one", "Fir two", "Yew one", "Yew two", "Ash one")


@pytest.fixture
def grid(page: Page) -> Iterator[Grid]:
    """A view of five investors that only this test sees; the filter is open."""
    stage = field_of(page.request, "Stage")["options"]["choices"]
    days = ("2020-01-01", None, "2020-06-01", None, None)
    records = [
        {"cells": {"name": name, "stage": stage[at % 2]["id"], "city": "Filterville", "last_contact": days[at]}}
        for at, name in enumerate(NAMES)
    ]
    made = change(page.request, {"op": "create", "table": "investors", "records": records})["created"][0]
    only = {"field": field_of(page.request, "City")["id"], "op": "is", "value": "Filterville"}
    view = make_view(page.request, f"Filtered {made[0]}", config={"filter": {"and": [only]}})
    page.goto(f"/t/investors?view={view}")
    grid = Grid(page)
    yield grid
    change(page.request, {"op": "delete", "table": "investors", "ids": made}, {"op": "delete_view", "view": view})


def names(grid: Grid) -> list[str]:
    """What the Name column shows."""
    return [grid.text("Name", row) for row in range(grid.total())]


def shows(grid: Grid, *wanted: str) -> None:
    """Wait until exactly these names are shown, in any order."""
    grid.until(lambda: sorted(names(grid)) == sorted(wanted), f"{names(grid)} instead of {wanted}")


def pick(where: Locator, label: str, name: str) -> None:
    """Choose a field by typing its name."""
    where.get_by_role("combobox", name=label).first.click()
    page = where.page
    page.get_by_role("combobox", name="Find a field").fill(name)
    page.get_by_role("option", name=name, exact=True).first.click()


@pytest.mark.parametrize("leave", ["Escape", "outside"])
def test_a_form_closed_right_after_the_last_key_keeps_what_was_typed(grid: Grid, leave: str) -> None:
    page = grid.page
    page.get_by_role("button", name="Filter · 1").click()
    form = page.get_by_role("dialog", name="Filter")
    form.get_by_role("button", name="Add condition", exact=True).click()
    form.get_by_label("Value").last.click()
    page.keyboard.type("yew")
    if leave == "Escape":
        page.keyboard.press("Escape")
    else:
        page.mouse.click(900, 700)
    expect(page.get_by_role("button", name="Filter · 2")).to_be_visible()
    shows(grid, "Yew one", "Yew two")


def test_groups_of_conditions_nest_and_join_by_and_or_or(grid: Grid) -> None:
    page = grid.page
    page.get_by_role("button", name="Filter · 1").click()
    form = page.get_by_role("dialog", name="Filter")
    form.get_by_role("button", name="Add condition group").click()
    group = form.get_by_role("group", name="Condition group")
    expect(page.get_by_role("button", name="Filter · 1")).to_be_visible()
    assert grid.total() == 5, "an unfinished condition narrows nothing"
    group.get_by_label("Value").fill("fir")
    shows(grid, "Fir one", "Fir two")
    group.get_by_role("button", name="Add condition here").click()
    group.get_by_label("Value").nth(1).fill("yew")
    shows(grid)
    group.get_by_role("combobox", name="How the conditions are joined").click()
    page.get_by_role("option", name="or", exact=False).first.click()
    shows(grid, "Fir one", "Fir two", "Yew one", "Yew two")
    expect(page.get_by_role("button", name="Filter · 3")).to_be_visible()

    group.get_by_role("button", name="Add group here").click()
    inner = group.get_by_role("group", name="Condition group")
    inner.get_by_label("Value").fill("ash")
    shows(grid, *NAMES)
    expect(inner.get_by_role("button", name="Add group here")).to_have_count(0)
    inner.get_by_role("button", name="Actions for this condition").click()
    page.get_by_role("menuitem", name="Delete").click()
    shows(grid, "Fir one", "Fir two", "Yew one", "Yew two")

    group.get_by_role("button", name="Actions for this condition").first.click()
    page.get_by_role("menuitem", name="Delete").click()
    shows(grid, "Yew one", "Yew two")
    group.get_by_role("button", name="Actions for this condition").first.click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(group.get_by_label("Value")).to_have_count(2)
    form.get_by_role("button", name="Remove all").click()
    grid.until(lambda: grid.total() >= 5, "removing all conditions shows all records")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard").click()
    shows(grid, *NAMES)


def test_days_counted_from_today_and_unfinished_conditions_that_stay(grid: Grid) -> None:
    page = grid.page
    page.get_by_role("button", name="Filter · 1").click()
    form = page.get_by_role("dialog", name="Filter")
    form.get_by_role("button", name="Add condition", exact=True).click()
    line = form.get_by_role("group", name="condition", exact=True).last
    pick(line, "Field", "Last contact")
    line.get_by_role("combobox", name="Comparison").click()
    page.get_by_role("option", name="is before").click()
    line.get_by_role("combobox", name="Which day").click()
    page.get_by_role("option", name="number of days ago").click()
    shows(grid, "Fir one", "Yew one")
    line.get_by_label("Number of days").fill("")
    shows(grid, *NAMES)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filter · 1").click()
    expect(form.get_by_label("Number of days")).to_have_value("")
    form.get_by_label("Number of days").fill("30")
    shows(grid, "Fir one", "Yew one")
    line.get_by_role("combobox", name="Comparison").click()
    page.get_by_role("option", name="is within").click()
    line.get_by_role("combobox", name="Which day").click()
    page.get_by_role("option", name="this year").click()
    shows(grid)


def test_several_sorts_in_the_order_of_their_lines(grid: Grid) -> None:
    page = grid.page
    page.keyboard.press("Control+Shift+S")
    form = page.get_by_role("dialog", name="Sort")
    form.get_by_role("button", name="Add a sort").click()
    pick(form, "Field", "Stage")
    form.get_by_role("button", name="Add a sort").click()
    expect(page.get_by_role("button", name="Sort · 2")).to_be_visible()
    form.get_by_role("combobox", name="Direction").nth(1).click()
    page.get_by_role("option", name="Z → A").click()
    wanted = ["Yew one", "Fir one", "Ash one", "Yew two", "Fir two"]
    grid.until(lambda: names(grid) == wanted, str(names(grid)))
    form.get_by_role("button", name="Name earlier").click()
    wanted = ["Yew two", "Yew one", "Fir two", "Fir one", "Ash one"]
    grid.until(lambda: names(grid) == wanted, str(names(grid)))

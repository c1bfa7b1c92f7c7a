"""Finding, totals, hints and room to write, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from tests.browser.grid import Grid


def change(request: APIRequestContext, *ops: dict[str, object]) -> None:
    """Make a change as the person signed in."""
    csrf = request.get("/api/session").json()["csrf"]
    answer = request.post("/api/changes", data={"ops": list(ops)}, headers={"X-CSRF-Token": csrf})
    assert answer.ok, answer.text()


@pytest.fixture
def grid(page: Page) -> Grid:
    """The investors, open."""
    return Grid(page)


def test_ctrl_f_opens_find_from_anywhere_and_steps_through_the_matches(grid: Grid) -> None:
    for name, city in (("Findable one", ""), ("Other", "Findable town"), ("Findable two", "")):
        row = grid.fresh_row(name)
        if city:
            grid.click("City", row)
            grid.type(city)
    total = grid.total()
    box = grid.page.get_by_role("textbox", name="Find in this view")
    grid.page.get_by_role("button", name="Sort").focus()
    grid.page.keyboard.press("Control+f")
    expect(box).to_be_focused()
    grid.page.keyboard.type("findable", delay=0)
    grid.page.keyboard.press("Enter")
    expect(grid.page.get_by_text("1 of 3")).to_be_visible()
    assert grid.total() == total, "finding leaves out no rows"
    grid.page.keyboard.press("Enter")
    expect(grid.page.get_by_text("2 of 3")).to_be_visible()
    second = next(row for row in range(total) if grid.text("Name", row) == "Other")
    grid.until(lambda: grid.selection()["cell"] == [grid.column("City"), second], str(grid.selection()))
    grid.page.keyboard.press("Shift+Enter")
    grid.page.keyboard.press("Shift+Enter")
    expect(grid.page.get_by_text("3 of 3")).to_be_visible()
    grid.page.get_by_role("button", name="Next match").click()
    expect(grid.page.get_by_text("1 of 3")).to_be_visible()
    box.focus()
    grid.page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(grid.page.get_by_text("of 3")).to_have_count(0)

    grid.click("Name", 0)
    grid.page.keyboard.press("F2")
    grid.page.keyboard.press("Control+f")
    expect(box).to_be_focused()
    expect(grid.page.locator("[data-cell-editor]")).to_have_count(0)


def test_commitments_are_not_summed_unasked_and_a_chosen_total_stays(page: Page) -> None:
    change(
        page.request,
        {"op": "create", "table": "commitments", "records": [{"cells": {"name": n, "amount": 5}} for n in ("a", "b")]},
    )
    page.goto("/t/commitments")
    Grid(page)
    totals = page.get_by_role("group", name="Totals")
    expect(totals.get_by_role("button", name="Amount: None")).to_be_visible()
    totals.get_by_role("button", name="Amount: None").click()
    page.get_by_role("menuitemradio", name="Sum").click()
    expect(totals.get_by_role("button", name="Amount: Sum")).to_contain_text("10")
    page.get_by_role("link", name="Funds").click()
    page.wait_for_url("**/t/funds*")
    page.get_by_role("link", name="Commitments").click()
    expect(totals.get_by_role("button", name="Amount: Sum")).to_contain_text("10")


def test_shift_space_gives_room_to_write(grid: Grid) -> None:
    row = grid.fresh_row("Roomy")
    grid.click("Notes", row)
    grid.page.keyboard.press("Shift+Space")
    editor = grid.page.get_by_role("textbox", name="Notes")
    expect(editor).to_be_focused()
    box = editor.bounding_box()
    assert box
    assert box["height"] > 250
    assert box["y"] + box["height"] <= 800
    assert box["x"] + box["width"] <= 1280
    grid.page.keyboard.type("first", delay=0)
    grid.page.keyboard.press("Shift+Enter")
    grid.type("second")
    grid.settle()
    grid.page.reload()
    assert Grid(grid.page).text("Notes", row).splitlines() == ["first", "second"]


def test_a_description_shows_at_the_header_and_its_edge_fits_the_width(page: Page) -> None:
    about = "How we met them, in a word."
    change(
        page.request,
        {"op": "create_field", "table": "funds", "field": {"name": "Met", "kind": "text", "description": about}},
        {"op": "create", "table": "funds", "records": [{"cells": {"name": "x", "Met": "a rather long sentence " * 3}}]},
    )
    page.goto("/t/funds")
    grid = Grid(page)
    head = grid.box("Met", -1)
    page.mouse.move(head["x"] + 40, head["y"] + 16)
    expect(page.get_by_role("tooltip")).to_have_text(about)
    page.mouse.click(head["x"] + 40, head["y"] + 16, button="right")
    expect(page.get_by_role("menu")).to_contain_text(about)
    page.keyboard.press("Escape")
    # While it fades out, the menu still takes the first press for itself.
    expect(page.get_by_role("menu")).to_have_count(0)

    page.mouse.dblclick(head["x"] + head["width"] - 2, head["y"] + 16)
    grid.until(lambda: grid.box("Met", -1)["width"] > head["width"] + 50, "the width does not fit")
    expect(page.get_by_role("menu")).to_have_count(0)

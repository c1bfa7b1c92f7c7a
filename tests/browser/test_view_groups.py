"""Grouped grids: heads with counts and totals, folding, keys that pass over heads, new records in a group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.grid import Grid
from tests.browser.views import change, field_of, make_view, send


@pytest.fixture
def grid(page: Page) -> Iterator[Grid]:
    """Seven investors grouped by stage and list, in a view of their own."""
    stages = [choice["id"] for choice in field_of(page.request, "Stage")["options"]["choices"]]
    lists = [choice["id"] for choice in field_of(page.request, "List")["options"]["choices"]]
    rows = [(0, 0, 10), (0, 0, 20), (0, 1, 5), (1, 0, 7), (1, 0, 8), (1, 0, 9), (None, None, 1)]
    records = []
    for at, (stage, where, score) in enumerate(rows):
        cells: dict[str, Any] = {"name": f"Grouped {at}", "city": "Grouptown", "score": score}
        if stage is not None and where is not None:
            cells |= {"stage": stages[stage], "List": lists[where]}
        records.append({"cells": cells})
    made = change(page.request, {"op": "create", "table": "investors", "records": records})["created"][0]
    city = field_of(page.request, "City")["id"]
    groups = [{"field": field_of(page.request, name)["id"]} for name in ("Stage", "List")]
    order = [field_of(page.request, name)["id"] for name in ("Name", "Score", "Stage", "List")]
    config = {"filter": {"and": [{"field": city, "op": "is", "value": "Grouptown"}]}, "groups": groups, "order": order}
    view = make_view(page.request, f"Grouped {made[0]}", config=config)
    page.goto(f"/t/investors?view={view}")
    grid = Grid(page)
    grid.until(lambda: grid.total() > 10, f"{grid.total()} rows")
    yield grid
    grown = send(page.request, "POST", "/api/tables/investors/query", {"view": view, "limit": 100})["ids"]
    change(page.request, {"op": "delete", "table": "investors", "ids": grown}, {"op": "delete_view", "view": view})


def drawn(grid: Grid) -> list[str]:
    """Every row: `>` an open group's head, `+` a folded one's, `*` the row that adds, else the record's name."""
    found = []
    for row in range(grid.total()):
        mark = grid.page.evaluate("row => window.__grid.mark(row)", row)
        if mark["kind"] == "group":
            found.append(("  " * mark["level"]) + (">" if mark["open"] else "+"))
        else:
            found.append("*" if mark["kind"] == "add" else f"{mark['number']} {grid.text('Name', row)}")
    return found


OPEN = [
    *(">", "  >", "1 Grouped 0", "2 Grouped 1", "*", "  >", "1 Grouped 2", "*"),
    *(">", "  >", "1 Grouped 3", "2 Grouped 4", "3 Grouped 5", "*"),
    *(">", "  >", "1 Grouped 6", "*"),
]


def test_heads_records_and_rows_to_add_stand_in_order_and_fold(grid: Grid) -> None:
    page = grid.page
    grid.until(lambda: drawn(grid) == OPEN, str(drawn(grid)))
    expect(page.get_by_text("7 investors")).to_be_visible()
    grid.click("Name", 0)
    grid.until(lambda: drawn(grid) == ["+", *OPEN[8:]], str(drawn(grid)))
    page.reload()
    grid = Grid(page)
    grid.until(lambda: drawn(grid) == ["+", *OPEN[8:]], "what is folded is remembered")
    page.keyboard.press("Control+Shift+D")
    page.get_by_role("button", name="Collapse all").click()
    grid.until(lambda: drawn(grid) == ["+", "+", "+"], str(drawn(grid)))
    page.get_by_role("button", name="Expand all").click()
    grid.until(lambda: drawn(grid) == OPEN, str(drawn(grid)))


def test_keys_pass_over_heads_and_fold_groups(grid: Grid) -> None:
    page = grid.page
    grid.until(lambda: drawn(grid) == OPEN, str(drawn(grid)))
    grid.click("Score", 3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert grid.selection()["cell"] == [grid.column("Score"), 6]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert grid.selection()["cell"] == [grid.column("Score"), 3]
    page.keyboard.press("Shift+ArrowDown")
    assert grid.selection()["range"]["rows"] == 4
    expect(page.get_by_text("Cells 2")).to_be_visible()
    expect(page.get_by_text("Sum 25")).to_be_visible()
    page.keyboard.press("Control+c")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.split() == ["20.0", "5.0"]
    page.keyboard.press("Alt+ArrowLeft")
    grid.until(lambda: drawn(grid)[1] == "  +", str(drawn(grid)))
    grid.until(lambda: grid.selection()["cell"][1] == 1, str(grid.selection()))
    page.keyboard.press("Enter")
    grid.until(lambda: drawn(grid) == OPEN, str(drawn(grid)))


def test_a_new_record_takes_the_values_of_its_group(grid: Grid) -> None:
    grid.until(lambda: drawn(grid) == OPEN, str(drawn(grid)))
    stage, where = grid.text("Stage", 6), grid.text("List", 6)
    grid.click("Name", 7)
    grid.until(lambda: grid.total() == len(OPEN) + 1, "no new row")
    grid.type("Grouped new")
    assert (grid.text("Stage", 7), grid.text("List", 7)) == (stage, where)
    assert grid.text("City", 7) == "Grouptown", "the filter's value comes along"
    grid.settle()
    grid.until(lambda: "2 Grouped new" in drawn(grid), str(drawn(grid)))


def test_an_edited_record_goes_to_its_group_when_the_focus_leaves(grid: Grid) -> None:
    page = grid.page
    grid.until(lambda: drawn(grid) == OPEN, str(drawn(grid)))
    grid.click("Stage", 2)
    page.keyboard.press("Delete")
    grid.click("List", 2)
    page.keyboard.press("Delete")
    grid.settle()
    assert grid.text("Name", 2) == "Grouped 0", "the row stays while it is looked at"
    grid.click("Score", 11)
    grid.until(lambda: drawn(grid)[-4:] == ["  >", "1 Grouped 0", "2 Grouped 6", "*"], str(drawn(grid)))
    grid.until(lambda: drawn(grid)[:4] == [">", "  >", "1 Grouped 1", "*"], str(drawn(grid)))


def test_a_deleted_record_leaves_its_group_at_once(grid: Grid) -> None:
    grid.until(lambda: drawn(grid) == OPEN, str(drawn(grid)))
    grid.row_menu("Name", 10, "Delete investor")
    grid.until(lambda: drawn(grid)[9:13] == ["  >", "1 Grouped 4", "2 Grouped 5", "*"], str(drawn(grid)))
    grid.page.get_by_role("button", name="Undo", exact=True).last.click()
    grid.until(lambda: drawn(grid) == OPEN, str(drawn(grid)))

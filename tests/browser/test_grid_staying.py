"""A row that an edit takes out of the filter or elsewhere in the sort stays until the focus leaves it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.grid import Grid
from tests.browser.views import change, make_view


def test_an_edited_row_stays_until_the_focus_leaves_it(page: Page) -> None:
    request = page.request
    table = str(change(request, {"op": "create_table", "table": {"name": "Staying"}})["created"][0][0])
    change(request, {"op": "create_field", "table": table, "field": {"name": "City", "kind": "text"}})
    records = [{"cells": {"Name": name, "City": "Here"}} for name in ("A", "B", "C", "D")]
    change(request, {"op": "create", "table": table, "records": records})
    tables = request.get("/api/tables").json()["tables"]
    ids = {field["name"]: field["id"] for one in tables if one["id"] == table for field in one["fields"]}
    config = {
        "filter": {"and": [{"field": ids["City"], "op": "is", "value": "Here"}]},
        "sorts": [{"field": ids["Name"], "desc": False}],
    }
    view = make_view(request, "Here", table, config=config)
    page.goto(f"/t/{table}?view={view}")
    grid = Grid(page)
    grid.until(lambda: grid.total() == 4, f"{grid.total()} rows")

    def names() -> list[str]:
        return [grid.text("Name", row) for row in range(grid.total())]

    # Out of the filter: Tab stays in the row, an arrow down leaves it.
    grid.click("City", 1)
    grid.type("Elsewhere", then="Tab")
    page.keyboard.press("Shift+Tab")
    grid.settle()
    assert names() == ["A", "B", "C", "D"]
    page.keyboard.press("ArrowDown")
    grid.until(lambda: names() == ["A", "C", "D"], str(names()))
    assert grid.selection()["cell"][1] == 1, "the selection is on C, which moved up"

    # Elsewhere in the sort: the row goes where it belongs, and the next key still finds the neighbour.
    grid.click("Name", 0)
    grid.type("Z", then="Tab")
    grid.settle()
    assert names() == ["Z", "C", "D"]
    page.keyboard.press("ArrowDown")
    grid.until(lambda: names() == ["C", "D", "Z"], str(names()))

    # Taken back, it is in the view again at once.
    page.keyboard.press("Control+z")
    grid.until(lambda: names() == ["A", "C", "D"], str(names()))
    grid.settle()
    page.keyboard.press("Control+z")
    grid.until(lambda: names() == ["A", "B", "C", "D"], str(names()))

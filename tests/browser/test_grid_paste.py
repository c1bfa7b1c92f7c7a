"""The clipboard with much and with many ranges: ten thousand rows in one step, several ranges, rows not yet read."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.grid import Grid
from tests.browser.views import change, make_view, send

COLUMNS = [f"F{number}" for number in range(10)]
ROWS = 10_000


class Sheet:
    """A table of ten columns of text and numbers, and its grid."""

    def __init__(self, page: Page, name: str, rows: int, **config: Any) -> None:
        self.page = page
        made = change(page.request, {"op": "create_table", "table": {"name": name, "name_one": "Line"}})
        self.table = str(made["created"][0][0])
        fields = [{"name": one, "kind": "number" if int(one[1:]) % 2 else "text"} for one in COLUMNS]
        change(page.request, *({"op": "create_field", "table": self.table, "field": field} for field in fields))
        records = [{"cells": {"Name": f"Line {at}"}} for at in range(rows)]
        for start in range(0, rows, 2500):
            part = {"op": "create", "table": self.table, "records": records[start : start + 2500]}
            change(page.request, part)
        # Narrow enough for all of them to be seen: scrolling to one would move another away.
        tables = page.request.get("/api/tables").json()["tables"]
        ids = [field["id"] for table in tables if table["id"] == self.table for field in table["fields"]]
        view = make_view(page.request, "Lines", self.table, config={"widths": dict.fromkeys(ids, 70), **config})
        page.goto(f"/t/{self.table}?view={view}")
        self.grid = Grid(page)
        self.grid.until(lambda: self.grid.total() == rows, f"{self.grid.total()} rows")

    def last(self) -> list[Any]:
        """The ten columns of the last record on the server."""
        query = {"fields": COLUMNS, "offset": self.grid.total() - 1, "limit": 1}
        answer = send(self.page.request, "POST", f"/api/tables/{self.table}/query", query)
        return [column[0] for column in answer["columns"]]

    def copied(self) -> str:
        """Copy what is selected; what is on the clipboard then."""
        self.page.evaluate("navigator.clipboard.writeText('nothing')")
        self.page.keyboard.press("Control+c")
        self.grid.until(lambda: self.text() != "nothing", "nothing was copied")
        return self.text()

    def text(self) -> str:
        """The text on the clipboard."""
        return str(self.page.evaluate("navigator.clipboard.readText()"))

    def add(self, column: str, row: int, to_column: str, to_row: int) -> None:
        """Select a further rectangle beside those that are selected."""
        start, end = self.grid.box(column, row), self.grid.box(to_column, to_row)
        self.page.keyboard.down("Control")
        centre = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in (start, end)]
        self.page.mouse.move(*centre[0])
        self.page.mouse.down()
        self.page.mouse.move(*centre[1], steps=4)
        self.page.mouse.up()
        self.page.keyboard.up("Control")


def block(rows: int) -> str:
    """Ten columns of spreadsheet text, each cell another number."""
    return "\n".join("\t".join(str(row * 10 + col) for col in range(10)) for row in range(rows))


def test_a_hundred_thousand_cells_are_one_step(page: Page) -> None:
    sheet = Sheet(page, "Large", ROWS)
    grid = sheet.grid
    grid.click("F0", 0)
    grid.paste(block(ROWS))
    expect(page.get_by_text("Pasting 100,000 cells")).to_be_visible()
    expect(page.get_by_text("Pasted 100,000 changes")).to_be_visible(timeout=60_000)
    assert [float(value) for value in sheet.last()] == [(ROWS - 1) * 10 + col for col in range(10)]
    assert grid.selection()["range"] == {"col": grid.column("F0"), "row": 0, "cols": 10, "rows": ROWS}

    page.keyboard.press("Control+c")
    grid.until(lambda: sheet.text().count("\n") == ROWS - 1, "not all rows were copied")
    assert sheet.text() == block(ROWS)

    page.keyboard.press("Control+z")
    grid.see("F0", 0, "")
    grid.settle()
    assert sheet.last() == [None] * 10

    grid.click("Name", 0)
    page.keyboard.press("Control+End")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    grid.paste("\n".join(f"Grown {at}" for at in range(3000)))
    expect(page.get_by_text("Pasted 3,000 changes")).to_be_visible(timeout=30_000)
    assert grid.total() == ROWS + 3000
    page.keyboard.press("Control+z")
    grid.until(lambda: grid.total() == ROWS, f"{grid.total()} rows")
    grid.settle()


def test_several_ranges_are_copied_and_filled(page: Page) -> None:
    sheet = Sheet(page, "Ranges", 30, frozen=2)
    grid = sheet.grid
    grid.click("F0", 0)
    grid.paste(block(8))
    grid.see("F9", 7, "79")
    grid.settle()

    # Across the frozen columns.
    grid.select("Name", 1, "F1", 2)
    assert sheet.copied() == "Line 1\t\t10\t11\nLine 2\t\t20\t21"
    # Side by side over the same rows, below one another else.
    grid.select("F0", 1, "F0", 2)
    sheet.add("F2", 1, "F3", 2)
    assert sheet.copied() == "10\t12\t13\n20\t22\t23"
    grid.select("F0", 1, "F1", 1)
    sheet.add("F0", 4, "F1", 5)
    assert sheet.copied() == "10\t11\n40\t41\n50\t51"
    summary = page.get_by_role("group", name="Totals").get_by_role("status")
    expect(summary).to_have_text(re.compile(r"Cells\s*6\s*Sum\s*103\s*Average\s*34"))

    # One cell into several ranges, in one step.
    grid.select("F0", 1, "F0", 2)
    sheet.add("F2", 4, "F3", 5)
    grid.paste("7")
    for column, row in (("F0", 1), ("F0", 2), ("F2", 4), ("F3", 5)):
        grid.see(column, row, "7")
    grid.settle()
    page.keyboard.press("Control+z")
    for column, row, text in (("F0", 2, "20"), ("F3", 5, "53")):
        grid.see(column, row, text)
    grid.settle()

    # A short line of a ragged block leaves what lies beside it alone.
    grid.click("F0", 1)
    grid.paste('"a ""b""\nc"\t1\nd')
    grid.see("F0", 1, 'a "b" c')
    grid.settle()
    assert [grid.text("F0", 2), grid.text("F1", 2)] == ["d", "21"]
    grid.select("F0", 1, "F1", 2)
    assert sheet.copied() == '"a ""b"" c"\t1\nd\t21'
    page.keyboard.press("Control+z")
    grid.see("F0", 2, "20")

    # Words go where they fit when they are filled into columns of another kind.
    box, far = grid.box("F0", 3), grid.box("F2", 3)
    grid.click("F0", 3)
    handle = (box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    grid.drag(handle, (far["x"] + far["width"] / 2, far["y"] + 8))
    grid.see("F2", 3, "30")
    grid.see("F1", 3, "30")
    grid.settle()


def test_the_toast_takes_back_its_own_step(page: Page) -> None:
    sheet = Sheet(page, "Toasts", 6)
    grid = sheet.grid
    grid.click("F0", 0)
    grid.paste("a\nb\nc")
    grid.see("F0", 2, "c")
    undo = page.get_by_role("button", name="Undo", exact=True).last
    grid.click("F2", 4)
    grid.type("Later")
    grid.settle()
    undo.click()
    grid.see("F0", 2, "")
    grid.settle()
    assert grid.text("F2", 4) == "Later"


def test_series_go_on_over_heads_of_groups(page: Page) -> None:
    column = "F0"
    sheet = Sheet(page, "Series", 4)
    grid = sheet.grid
    grid.click("F2", 0)
    grid.paste("x\nx\ny\ny")
    grid.see("F2", 3, "y")
    grid.settle()
    grid.header_menu("F2", "Group by this field")
    grid.until(lambda: grid.total() == 8, f"{grid.total()} rows")
    grid.click(column, 1)
    grid.type("Fund 9")
    grid.settle()
    box, far = grid.box(column, 1), grid.box(column, 6)
    grid.click(column, 1)
    handle = (box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    grid.drag(handle, (far["x"] + 30, far["y"] + far["height"] / 2))
    for row, text in ((2, "Fund 10"), (5, "Fund 11"), (6, "Fund 12")):
        grid.see(column, row, text)
    grid.settle()


def test_one_field_of_many_records_is_set_at_once(page: Page) -> None:
    sheet = Sheet(page, "Together", 8)
    grid = sheet.grid
    grid.click("F0", 5)
    grid.type("Kept")
    grid.settle()
    box = grid.box("Name", 1)
    page.mouse.click(box["x"] - 46, box["y"] + 10)
    page.keyboard.down("Shift")
    page.mouse.click(box["x"] - 46, grid.box("Name", 4)["y"] + 10)
    page.keyboard.up("Shift")
    grid.row_menu("F0", 2, "Set F0 of 4 records")
    expect(page.locator("[data-cell-editor]")).to_have_count(1)
    grid.type("Same")
    for row in range(1, 5):
        grid.see("F0", row, "Same")
    assert [grid.text("F0", 0), grid.text("F0", 5)] == ["", "Kept"]
    assert grid.selection()["rows"] == [[1, 5]], "the records stay chosen"
    grid.settle()
    page.get_by_role("button", name="Undo", exact=True).last.click()
    grid.see("F0", 4, "")
    assert grid.text("F0", 5) == "Kept"

"""What others change arrives without disturbing: scroll, selection and an open editor stay on their records."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.grid import Grid, waited

ROWS = 900


class Colleague:
    """Somebody else who writes, by the API and with a session of their own."""

    def __init__(self, page: Page) -> None:
        self.request = page.context.request
        self.csrf = self.request.get("/api/session").json()["csrf"]
        table = next(one for one in self.request.get("/api/tables").json()["tables"] if one["key"] == "investors")
        self.table, self.name = table["id"], table["primary_field"]
        self.fields = {field["name"]: field["id"] for field in table["fields"]}

    def change(self, *ops: dict[str, Any]) -> dict[str, Any]:
        """Apply operations to the table; the answer."""
        sent = [{"table": self.table, **op} for op in ops]
        answer = self.request.post("/api/changes", data={"ops": sent}, headers={"X-CSRF-Token": self.csrf})
        assert answer.ok, answer.text()
        return dict(answer.json())

    def create(self, names: list[str], before: str | None = None) -> list[str]:
        """Add records, before another one or at the end; their ids."""
        records = [{"cells": {self.name: name}} for name in names]
        place = {"before": before} if before else {}
        return list(self.change({"op": "create", "records": records, **place})["created"][0])

    def set(self, record: str, field: str, value: object) -> None:
        """Write one cell."""
        self.change({"op": "update", "records": [{"id": record, "cells": {self.fields[field]: value}}]})

    def delete(self, *ids: str) -> None:
        """Put records into the trash."""
        self.change({"op": "delete", "ids": list(ids)})

    def cell(self, record: str, field: str) -> object:
        """What the server holds in a cell."""
        answer = self.request.get(f"/api/tables/{self.table}/records/{record}").json()
        return answer["cells"][self.fields[field]]

    def version(self) -> int:
        """The newest version."""
        return int(self.request.get("/api/tables").json()["version"])

    def ids(self) -> list[str]:
        """All records in manual order."""
        path = f"/api/tables/{self.table}/query"
        answer = self.request.post(path, data={"limit": 5000}, headers={"X-CSRF-Token": self.csrf})
        return list(answer.json()["ids"])


@pytest.fixture
def rows(page: Page) -> Colleague:
    """A colleague, and a table of many rows named by their numbers."""
    colleague = Colleague(page)
    there = colleague.ids()
    if there:
        colleague.delete(*there)
    colleague.create([f"Row {number:04d}" for number in range(ROWS)])
    return colleague


def place(grid: Grid, column: str = "Name") -> tuple[str, float]:
    """The record that is selected, by its name, and how far down in the window its cell is."""
    row = grid.selection()["cell"][1]
    at = [grid.column(column), row]
    top = grid.page.evaluate("([col, row]) => window.__grid.bounds(col, row).y", at)
    return grid.text("Name", row), float(top)


def stays(grid: Grid, before: tuple[str, float], row: int) -> None:
    """Wait until the selection stands in a row, on the same record at the same height."""

    def holds(now: tuple[str, float]) -> bool:
        return grid.selection()["cell"][1] == row and now[0] == before[0] and abs(now[1] - before[1]) < 2

    waited(grid.page, lambda: holds(place(grid)))
    grid.settle()
    assert holds(place(grid)), f"was {before}; is {place(grid)} in row {grid.selection()['cell'][1]}, wanted {row}"


def still(element: Locator, at: FloatRect | None) -> bool:
    """Whether an element stands where it stood."""
    now = element.bounding_box()
    return now is not None and at is not None and abs(now["y"] - at["y"]) < 3


def test_rows_come_and_go_above_and_nothing_moves(page: Page, rows: Colleague) -> None:
    grid = Grid(page)
    grid.until(lambda: grid.total() == ROWS, "not all rows are here")
    grid.click("Name", 450)
    before = place(grid)
    assert before[0] == "Row 0450"
    ids = rows.ids()
    rows.create(["One", "Two", "Three"], before=ids[10])
    stays(grid, before, 453)
    rows.delete(*ids[100:140])
    stays(grid, before, 413)
    rows.create([f"Many {number}" for number in range(380)], before=ids[5])  # what was read is all elsewhere now
    stays(grid, before, 793)
    rows.delete(*rows.ids()[:385])
    stays(grid, before, 408)
    rows.create(["Beside"], before=ids[450])
    stays(grid, before, 409)
    rows.delete(ids[449], ids[451])
    stays(grid, before, 408)
    for number in range(12):  # many at once
        rows.create([f"Burst {number}"], before=ids[420])
    stays(grid, before, 420)
    # Typed now, it goes where the eye is.
    grid.type("Renamed")
    grid.settle()
    assert rows.cell(ids[450], "Name") == "Renamed"
    # At the very top new rows are seen to come.
    page.keyboard.press("Control+Home")
    rows.create(["Brand new"], before=rows.ids()[0])
    grid.see("Name", 0, "Brand new")
    assert grid.page.evaluate("window.__grid.bounds(0, 0).y") > 0


def test_an_open_editor_and_ticked_rows_stay_on_their_records(page: Page, rows: Colleague) -> None:
    grid = Grid(page)
    grid.until(lambda: grid.total() == ROWS, "not all rows are here")
    ids = rows.ids()
    grid.click("Name", 300)
    grid.filled("Name", 300)
    page.keyboard.press("Enter")
    editor = page.locator("[data-cell-editor] input, [data-cell-editor] textarea, input:focus, textarea:focus").first
    editor.fill("Half typ")
    at = editor.bounding_box()
    rows.create(["A", "B"], before=ids[20])
    rows.delete(ids[301])
    grid.until(lambda: grid.total() == ROWS + 1, "the rows did not come")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("Half typ")
    grid.until(lambda: still(editor, at), f"the editor is not where it was: {at}")
    page.keyboard.type("ed")
    page.keyboard.press("Enter")
    grid.settle()
    assert rows.cell(ids[300], "Name") == "Half typed"
    # Ticked rows: what is deleted is what was ticked.
    for row in (310, 312):
        box = grid.box("Name", row)
        page.mouse.click(box["x"] - 46, box["y"] + box["height"] / 2)
    assert grid.selection()["rows"] == [[310, 311], [312, 313]]
    ticked = [grid.text("Name", row) for row in (310, 312)]
    rows.create(["C"], before=ids[5])
    grid.until(lambda: grid.selection()["rows"] == [[311, 312], [313, 314]], "the ticks did not go along")
    assert [grid.text("Name", row) for row in (311, 313)] == ticked


def test_a_view_that_sorts_again_keeps_scroll_and_selection(page: Page, rows: Colleague) -> None:
    grid = Grid(page)
    grid.until(lambda: grid.total() == ROWS, "not all rows are here")
    grid.header_menu("Name", "Sort Z → A")
    grid.see("Name", 0, f"Row {ROWS - 1:04d}")
    ids = rows.ids()
    grid.click("Name", 400)
    before = place(grid)
    assert before[0] == f"Row {ROWS - 401:04d}"
    rows.set(ids[ROWS - 1], "Name", "AAA first is last now")  # from far above to the very end
    stays(grid, before, 399)
    rows.set(ids[0], "Name", "Zulu from the end to the top")
    stays(grid, before, 400)
    near = ids[ROWS - 404]
    rows.set(near, "Name", "Row 0001 b")  # from below, still on screen, away
    stays(grid, before, 400)
    rows.create(["Row 0700 b", "Row 0700 c"])
    stays(grid, before, 402)
    # The selected record itself is sorted away: the selection goes with it, the screen stays.
    above = grid.text("Name", 401)
    top = page.evaluate("window.__grid.bounds(0, 401).y")
    rows.set(ids[ROWS - 401], "Name", "Zebra")
    grid.until(lambda: place(grid)[0] == "Zebra", "the selection did not follow")
    shown = [grid.text("Name", row) for row in range(399, 405)]
    assert above in shown
    now = page.evaluate("row => window.__grid.bounds(0, row).y", 399 + shown.index(above))
    assert abs(now - top) <= 33

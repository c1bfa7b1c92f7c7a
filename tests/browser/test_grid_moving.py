"""Rows at another place: dragged by the handle, carried by the menu, into other groups; refused in a sorted view."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.grid import Grid
from tests.browser.views import change, make_view


class Moved:
    """A table of its own with six named records in two groups, shown in a view with some configuration."""

    def __init__(self, page: Page, name: str, **config: Any) -> None:
        self.page = page
        name = f"{name} {len(page.request.get('/api/tables').json()['tables'])}"
        self.table = change(page.request, {"op": "create_table", "table": {"name": name, "name_one": "Thing"}})[
            "created"
        ][0][0]
        options = {"choices": [{"name": "Warm", "color": "red"}, {"name": "Cold", "color": "blue"}]}
        fields = (
            {"name": "Heat", "kind": "single_select", "options": options},
            {"name": "Long", "kind": "formula", "options": {"formula": "LEN({Name}) > 1"}},
        )
        change(page.request, *({"op": "create_field", "table": self.table, "field": field} for field in fields))
        heats = self.field("Heat")["options"]["choices"]
        records = [
            {"cells": {"Name": name, "Heat": heats[0 if at < 3 else 1]["id"]}}
            for at, name in enumerate(["A", "B", "C", "DD", "EE", "FF"])
        ]
        change(page.request, {"op": "create", "table": self.table, "records": records})
        config = {key: [{"field": self.field(named)["id"]} for named in names] for key, names in config.items()}
        view = make_view(page.request, "Moving", self.table, config=config)
        page.goto(f"/t/{self.table}?view={view}")
        self.grid = Grid(page)
        # A formula is computed a moment later: both its groups are waited for, each with its head and a row to add.
        rows = 10 if "groups" in config else 6
        self.grid.until(lambda: self.grid.total() == rows, f"{self.grid.total()} rows: {self.names()}")
        self.grid.until(lambda: len([name for name in self.names() if name not in ("", "|")]) == 6, str(self.names()))

    def field(self, name: str) -> dict[str, Any]:
        """A field by its name."""
        tables = self.page.request.get("/api/tables").json()["tables"]
        table = next(table for table in tables if table["id"] == self.table)
        return next(dict(field) for field in table["fields"] if field["name"] == name)

    def names(self) -> list[str]:
        """The names in their order, a `|` for each head of a group; rows to add are left out."""
        return list(
            self.page.evaluate(
                "() => Array.from({ length: window.__grid.total() }, (_, row) => [window.__grid.mark(row).kind, row])"
                ".filter(([kind]) => kind !== 'add')"
                ".map(([kind, row]) => kind === 'group' ? '|' : window.__grid.text(0, row))"
            )
        )

    def row(self, name: str) -> int:
        """The row of a record in the grid."""
        return next(row for row in range(self.grid.total()) if self.grid.text("Name", row) == name)

    def order(self, names: str) -> None:
        """Wait until the records stand in an order, here and on the server."""
        self.grid.until(lambda: self.names() == names.split(), f"{self.names()}, not {names}")
        self.grid.settle()
        assert self.names() == names.split()

    def handle(self, row: int) -> tuple[float, float]:
        """The drag handle in the gutter of a row."""
        box = self.grid.box("Name", row)
        return box["x"] - 66 + 6, box["y"] + box["height"] / 2

    def drag(self, name: str, onto: str, *, below: bool) -> None:
        """Drag a row to the line over or under another one."""
        start, end = self.handle(self.row(name)), self.handle(self.row(onto))
        self.grid.drag(start, (end[0] + 60, end[1] + (8 if below else -8)))

    def tick(self, *names: str) -> None:
        """Choose whole rows by their boxes in the gutter."""
        for name in names:
            x, y = self.handle(self.row(name))
            self.page.mouse.click(x + 14, y)


def test_rows_are_dragged_alone_and_together_and_taken_back(page: Page) -> None:
    moved = Moved(page, "Dragged")
    moved.drag("EE", "B", below=False)
    moved.order("A EE B C DD FF")
    moved.drag("A", "FF", below=True)
    moved.order("EE B C DD FF A")
    page.reload()
    moved.grid = Grid(page)
    moved.order("EE B C DD FF A")

    moved.tick("B", "FF")
    moved.drag("B", "A", below=True)
    moved.order("EE C DD A B FF")
    moved.grid.click("Name", 0)
    page.keyboard.press("Control+z")
    moved.order("EE B C DD FF A")
    page.keyboard.press("Control+y")
    moved.order("EE C DD A B FF")

    moved.grid.click("Name", 1)
    x, y = moved.handle(1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 70, steps=4)
    expect(page.locator("[data-row-drag=allowed]")).to_have_text("C")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator("[data-row-drag]")).to_have_count(0)
    moved.order("EE C DD A B FF")
    assert moved.grid.selection()["cell"] == [0, 1], "giving up a drag leaves the selection alone"

    moved.grid.row_menu("Name", 0, "Move thing down")
    moved.order("C EE DD A B FF")
    assert moved.grid.selection()["cell"] == [0, 1], "the selection goes along"


def test_a_row_dragged_into_another_group_takes_its_value(page: Page) -> None:
    moved = Moved(page, "Grouped things", groups=["Heat"])
    moved.order("| A B C | DD EE FF")
    moved.drag("A", "EE", below=True)
    moved.order("| B C | DD EE A FF")
    assert moved.grid.text("Heat", moved.row("A")) == "Cold"
    moved.grid.click("Name", moved.row("B"))
    page.keyboard.press("Control+z")
    moved.order("| A B C | DD EE FF")
    assert moved.grid.text("Heat", moved.row("A")) == "Warm"

    moved.grid.click("Name", moved.row("C"))
    page.keyboard.press("Alt+Shift+ArrowDown")
    moved.order("| A B | C DD EE FF")
    assert moved.grid.text("Heat", moved.row("C")) == "Cold"
    page.keyboard.press("Alt+Shift+ArrowDown")
    moved.order("| A B | DD C EE FF")
    # Two steps at once: the second one stands on what the first one shows.
    page.keyboard.press("Alt+Shift+ArrowUp")
    page.keyboard.press("Alt+Shift+ArrowUp")
    moved.order("| A B C | DD EE FF")
    assert moved.grid.text("Heat", moved.row("C")) == "Warm"


def test_a_sort_or_a_computed_group_refuses_with_a_word(page: Page) -> None:
    moved = Moved(page, "Sorted things", sorts=["Name"])
    start, end = moved.handle(0), moved.handle(4)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    expect(page.locator("[data-row-drag=refused]")).to_contain_text("Sorted by Name")
    page.mouse.up()
    expect(page.get_by_text("The records stay where they are")).to_be_visible()
    moved.order("A B C DD EE FF")
    box = moved.grid.box("Name", 0)
    page.mouse.click(box["x"] + 40, box["y"] + 10, button="right")
    expect(page.get_by_role("menuitem", name="Move thing up")).to_be_disabled()
    page.keyboard.press("Escape")

    moved = Moved(page, "Computed things", groups=["Long"])
    moved.drag("A", "EE", below=False)
    expect(page.get_by_text("Long is computed: it decides the group")).to_be_visible()
    moved.order("| A B C | DD EE FF")
    moved.drag("FF", "DD", below=False)
    moved.order("| A B C | FF DD EE")

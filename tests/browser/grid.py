"""Drives the grid of a page: the canvas has no elements to find, so cells are found by `window.__grid`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

# Scrolls to a cell and answers where it is once it stands still there for three frames.
STANDING = """async ([col, row]) => {
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
  const where = () => {
    const box = window.__grid.bounds(col, row)
    return box && { x: box.x, y: box.y, width: box.width, height: box.height }
  }
  window.__grid.reveal(col, Math.max(0, row))
  let [last, still] = ['', 0]
  for (let frames = 0; frames < 300; frames += 1) {
    await frame()
    const box = where()
    still = box && JSON.stringify(box) === last ? still + 1 : 0
    last = JSON.stringify(box ?? '')
    if (still >= 3) return box
  }
  throw new Error(`The cell ${col}, ${row} does not stand still: ${last}`)
}"""


def waited(page: Page, holds: Callable[[], bool]) -> bool:
    """Wait until something holds; False when it does not come."""
    for _ in range(300):
        if holds():
            return True
        page.wait_for_timeout(50)
    return False


class Grid:
    """Drives the canvas by the handle that the page offers to tests."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.locator("[data-grid-surface]")).to_be_visible()
        waited(page, lambda: bool(page.evaluate("window.__grid !== undefined")))
        self.settle()

    def settle(self) -> None:
        """Wait until all edits are on the server and all pages here."""
        self.page.evaluate("window.__grid.settled()")

    def total(self) -> int:
        """How many rows there are."""
        return int(self.page.evaluate("window.__grid.total()"))

    def column(self, name: str) -> int:
        """The number of a shown column."""
        return int(self.page.evaluate("name => window.__grid.columns().indexOf(name)", name))

    def text(self, column: str, row: int) -> str:
        """The text of a cell."""
        at = [self.column(column), row]
        return str(self.page.evaluate("([col, row]) => window.__grid.text(col, row)", at))

    def number(self, column: str, row: int) -> float:
        """The number that a cell shows, whatever its currency and separators."""
        return float(re.sub(r"[^0-9.-]", "", self.text(column, row)))

    def click(self, column: str, row: int) -> None:
        """Press the middle of a cell."""
        box = self.box(column, row)
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def selection(self) -> dict[str, Any]:
        """What is selected."""
        return dict(self.page.evaluate("window.__grid.selection()"))

    def type(self, text: str, then: str = "Enter") -> None:
        """Type as fast as keys can come, then press a key."""
        self.page.keyboard.type(text, delay=0)
        self.page.keyboard.press(then)

    def see(self, column: str, row: int, text: str) -> None:
        """Wait until a cell shows a text."""
        self.until(lambda: self.text(column, row) == text, f"{column} of row {row} is not {text!r}")

    def filled(self, column: str, row: int) -> None:
        """Wait until a cell shows anything."""
        self.until(lambda: self.text(column, row) != "", f"{column} of row {row} is empty")

    def fresh_row(self, name: str, one: str = "Investor") -> int:
        """Add a record at the end and name it; its row number."""
        self.page.get_by_role("button", name=one, exact=True).click()
        self.type(name)
        self.settle()
        row = self.total() - 1
        self.see("Name", row, name)
        return row

    def box(self, column: str, row: int) -> dict[str, float]:
        """Where a cell is in the window; row -1 is the header. Columns out of sight are scrolled to first."""
        at = [self.column(column), row]
        assert at[0] >= 0, f"no column {column} on show"
        return dict(self.page.evaluate(STANDING, at))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press, move in steps as a hand does, let go."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(start[0] + 3, start[1] + 3, steps=2)
        mouse.move(*end, steps=8)
        mouse.up()

    def header_menu(self, column: str, item: str) -> None:
        """Choose from the menu of a column."""
        box = self.box(column, -1)
        self.page.mouse.click(box["x"] + 40, box["y"] + box["height"] / 2, button="right")
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def row_menu(self, column: str, row: int, item: str) -> None:
        """Choose from the menu of a cell."""
        box = self.box(column, row)
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, button="right")
        self.page.get_by_role("menuitem", name=item).click()

    def add_field(self, name: str, kind: str) -> None:
        """Add a field at the end by the dialog."""
        self.header_menu(self.columns()[-1], "Insert field to the right")
        dialog = self.page.get_by_role("dialog", name="New field")
        dialog.get_by_label("Name").fill(name)
        self.choose_kind(kind)
        dialog.get_by_role("button", name="Add field").click()
        expect(dialog).to_be_hidden()
        self.settle()
        self.until(lambda: name in self.columns(), f"no column {name}: {self.columns()}")

    def choose_kind(self, kind: str) -> None:
        """Choose a kind in the open field dialog."""
        self.page.get_by_role("combobox", name="Kind").click()
        self.page.get_by_role("option", name=re.compile(f"^{kind}")).first.click()

    def columns(self) -> list[str]:
        """The names of the columns on show."""
        return list(self.page.evaluate("window.__grid.columns()"))

    def until(self, holds: Callable[[], bool], message: str) -> None:
        """Wait until something holds."""
        assert waited(self.page, holds), message

    def select(self, column: str, row: int, to_column: str, to_row: int) -> None:
        """Select a rectangle by Shift and a press."""
        self.click(column, row)
        box = self.box(to_column, to_row)
        self.page.keyboard.down("Shift")
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.keyboard.up("Shift")

    def paste(self, text: str, html: str = "") -> None:
        """Put text (and HTML) on the clipboard, untouched as another program does, then paste."""
        self.page.evaluate(
            "([text, html]) => { document.addEventListener('copy', event => {"
            " event.stopImmediatePropagation(); event.preventDefault();"
            " event.clipboardData.setData('text/plain', text); if (html) event.clipboardData.setData('text/html', html)"
            " }, { capture: true, once: true }); document.execCommand('copy') }",
            [text, html],
        )
        self.page.keyboard.press("Control+v")

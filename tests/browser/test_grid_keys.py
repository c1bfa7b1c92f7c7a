"""Every key of docs/use/keyboard.md pressed in a browser: the page, the sheet and what happens are one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from tests.browser.grid import Grid
from tests.browser.views import change, make_view, send

PAGE = Path(__file__).parents[2] / "docs" / "use" / "keyboard.md"
COLUMNS = ("Name", "Notes", "City", "Day", "Moment", "Stars", "Done", *(f"Text {number}" for number in range(1, 16)))
ROWS = 60
LAST = (len(COLUMNS) - 1, ROWS - 1)


def documented() -> list[tuple[str, str, str]]:
    """The rows of the page's table: where, keys, what they do."""
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]
    return [(where, keys.strip("`"), does) for where, keys, does in cells]


def keyed_table(request: APIRequestContext) -> dict[str, Any]:
    """A table wider and longer than a window, with a cell of every kind that has a key of its own; made once."""
    if found := named_table(request):
        return found
    made = change(request, {"op": "create_table", "table": {"name": "Keyed", "name_one": "Key"}})["created"][0][0]
    kinds = {"Day": "date", "Moment": "date_time", "Stars": "rating", "Done": "checkbox"}
    fields = [{"name": name, "kind": kinds.get(name, "text")} for name in COLUMNS[2:]]
    change(request, *({"op": "create_field", "table": made, "field": field} for field in fields))
    records = [{"cells": {"Name": f"Row {at}", "City": f"City {at}", "Text 1": str(at)}} for at in range(ROWS)]
    change(request, {"op": "create", "table": made, "records": records})
    ids = {field["name"]: field["id"] for field in (named_table(request) or {})["fields"]}
    make_view(request, "All keys", table=made, config={"order": [ids[name] for name in COLUMNS], "frozen": 1})
    return named_table(request) or {}


def named_table(request: APIRequestContext) -> dict[str, Any] | None:
    """The table as it is now."""
    return next((table for table in request.get("/api/tables").json()["tables"] if table["name"] == "Keyed"), None)


class Keyed:
    """The table with the grid's driver: chooses cells, presses keys, waits for what they do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.grid = Grid(page)
        self.grid.until(lambda: self.grid.total() == ROWS, f"{self.grid.total()} rows")

    def at(self, column: str, row: int) -> None:
        """Choose one cell; a press elsewhere comes first, so that it is no double click."""
        self.grid.click("City" if column == "Name" else "Name", row)
        if column in ("Stars", "Done"):  # a press there would write
            self.press(*["ArrowRight"] * COLUMNS.index(column))
        else:
            self.grid.click(column, row)
        self.cell(COLUMNS.index(column), row)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, at no delay."""
        for key in keys:
            self.page.keyboard.press(key)

    def leave(self, name: str) -> None:
        """Close a form by Esc once it is there and has the focus: a key before that is not for it."""
        form = self.page.get_by_role("dialog", name=name)
        expect(form).to_be_visible()
        self.grid.until(lambda: form.evaluate("form => form.contains(document.activeElement)"), f"{name} has no focus")
        self.press("Escape")
        expect(form).to_have_count(0)

    def cell(self, col: int, row: int) -> None:
        """Wait until a cell is the active one."""
        self.grid.until(lambda: self.grid.selection().get("cell") == [col, row], str(self.grid.selection()))

    def range(self, col: int, row: int, cols: int, rows: int) -> None:
        """Wait until a rectangle is selected."""
        wanted = {"col": col, "row": row, "cols": cols, "rows": rows}
        self.grid.until(lambda: self.grid.selection().get("range") == wanted, str(self.grid.selection()))

    def shown(self, col: int) -> bool:
        """Whether a column can be seen beside the first."""
        box = self.page.evaluate("col => window.__grid.bounds(col, 0)", col)
        return bool(box and box["x"] > 250 and box["x"] + box["width"] <= 1281)

    def undone(self, column: str, row: int, text: str) -> None:
        """Take the last step back, so that the next key finds the table as it was."""
        self.grid.settle()
        self.press("Control+z")
        self.grid.see(column, row, text)
        self.grid.settle()


Step = Callable[[Keyed], None]
STEPS: dict[tuple[str, str], Step] = {}


def step(where: str, keys: str) -> Callable[[Step], Step]:
    """Say which row of the page a function tries."""

    def hold(function: Step) -> Step:
        STEPS[where, keys] = function
        return function

    return hold


@step("Go anywhere", "Ctrl+K")
def palette(keyed: Keyed) -> None:
    keyed.press("Control+k")
    keyed.leave("Go to")


@step("Go anywhere", "Ctrl+J")
def tables(keyed: Keyed) -> None:
    keyed.press("Control+j")
    options = keyed.page.get_by_role("dialog", name="Go to").get_by_role("option")
    expect(options.filter(has_text="Keyed")).to_be_visible()
    expect(options.filter(has_text="Trash")).to_have_count(0)
    keyed.press("Escape")
    expect(keyed.page.get_by_role("dialog")).to_have_count(0)


@step("Go anywhere", "Ctrl+Shift+K")
def views(keyed: Keyed) -> None:
    keyed.press("Control+Shift+K")
    expect(keyed.page.locator("[data-find-view]")).to_be_focused()


@step("Go anywhere", "F6 or Shift+F6")
def parts(keyed: Keyed) -> None:
    def focused_in(part: str) -> None:
        focused = f"document.activeElement.closest('{part}') !== null"
        keyed.grid.until(lambda: bool(keyed.page.evaluate(focused)), f"The focus is not in {part}")

    keyed.at("City", 2)
    focused_in("[data-grid-surface]")
    keyed.press("Shift+F6")
    focused_in("[role=toolbar]")
    keyed.press("F6")
    focused_in("[data-grid-surface]")
    keyed.press("F6")
    focused_in("[aria-label=Totals]")
    keyed.press("F6")
    focused_in("header")
    for _ in range(2):
        keyed.press("Shift+F6")
    focused_in("[data-grid-surface]")


@step("Go anywhere", "Ctrl+/ or ?")
def sheet(keyed: Keyed) -> None:
    dialog = keyed.page.get_by_role("dialog", name="Keyboard shortcuts")
    keyed.press("Control+/")
    expect(dialog).to_be_visible()
    keyed.press("Control+/")
    expect(dialog).to_be_hidden()
    keyed.page.get_by_role("button", name="Sort", exact=True).focus()
    keyed.press("?")
    expect(dialog).to_be_visible()
    keyed.press("Escape")
    expect(dialog).to_be_hidden()
    keyed.at("City", 2)
    keyed.press("?")
    expect(keyed.page.locator("[data-cell-editor] input, [data-cell-editor] textarea")).to_have_value("?")
    expect(dialog).to_be_hidden()
    keyed.press("Escape")


@step("Move in the grid", "Arrows")
def arrows(keyed: Keyed) -> None:
    keyed.at("City", 3)
    for key, cell in (("Right", (3, 3)), ("Down", (3, 4)), ("Left", (2, 4)), ("Up", (2, 3))):
        keyed.press(f"Arrow{key}")
        keyed.cell(*cell)


@step("Move in the grid", "Ctrl+Arrows")
def to_the_edge(keyed: Keyed) -> None:
    keyed.at("City", 3)
    for key, cell in (("Right", (LAST[0], 3)), ("Down", LAST), ("Left", (0, LAST[1])), ("Up", (0, 0))):
        keyed.press(f"Control+Arrow{key}")
        keyed.cell(*cell)


@step("Move in the grid", "Tab or Shift+Tab")
def tab(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Tab", "Tab")
    keyed.cell(4, 3)
    keyed.press("Shift+Tab")
    keyed.cell(3, 3)


@step("Move in the grid", "Home or End")
def home(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("End")
    keyed.cell(LAST[0], 3)
    keyed.press("Home")
    keyed.cell(0, 3)
    keyed.grid.until(lambda: keyed.shown(1), "the second column is out of sight")


@step("Move in the grid", "Ctrl+Home or Ctrl+End")
def corners(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Control+End")
    keyed.cell(*LAST)
    keyed.press("Control+Home")
    keyed.cell(0, 0)


@step("Move in the grid", "PgUp or PgDn")
def pages(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("PageDown")
    keyed.grid.until(lambda: keyed.grid.selection()["cell"][1] >= 3 + 10, str(keyed.grid.selection()))
    keyed.press("PageUp")
    keyed.grid.until(lambda: keyed.grid.selection()["cell"][1] <= 4, str(keyed.grid.selection()))


@step("Move in the grid", "Alt+PgUp or Alt+PgDn")
def pages_aside(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Alt+PageDown")
    keyed.grid.until(lambda: keyed.grid.selection()["cell"][0] >= 2 + 3, str(keyed.grid.selection()))
    col, row = keyed.grid.selection()["cell"]
    assert row == 3
    keyed.grid.until(lambda: keyed.shown(col), f"column {col} is out of sight")
    for _ in range(8):
        keyed.press("Alt+PageDown")
    keyed.cell(LAST[0], 3)
    for _ in range(8):
        keyed.press("Alt+PageUp")
    keyed.cell(0, 3)


@step("Move in the grid", "Alt+← or Alt+→")
def groups(keyed: Keyed) -> None:
    grid = keyed.grid
    grid.header_menu("Done", "Group by this field")
    grid.until(lambda: grid.total() == ROWS + 2, f"{grid.total()} rows")
    grid.click("City", 3)
    keyed.press("Alt+ArrowLeft")
    grid.until(lambda: grid.total() == 1, f"{grid.total()} rows")
    keyed.cell(2, 0)
    keyed.press("Alt+ArrowRight")
    grid.until(lambda: grid.total() == ROWS + 2, f"{grid.total()} rows")
    grid.header_menu("Done", "No longer group by this field")
    grid.until(lambda: grid.total() == ROWS, f"{grid.total()} rows")


@step("Select", "Shift+Arrows")
def extend(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown")
    keyed.range(2, 3, 2, 3)
    keyed.press("Shift+ArrowLeft", "Shift+ArrowUp")
    keyed.range(2, 3, 1, 2)
    keyed.cell(2, 3)


@step("Select", "Ctrl+Shift+Arrows")
def extend_to_the_edge(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Control+Shift+ArrowDown")
    keyed.range(2, 3, 1, ROWS - 3)
    keyed.at("City", 4)
    keyed.press("Control+Shift+ArrowRight")
    keyed.range(2, 4, len(COLUMNS) - 2, 1)
    keyed.at("City", 3)
    keyed.press("Control+Shift+ArrowUp")
    keyed.range(2, 0, 1, 4)
    keyed.at("City", 4)
    keyed.press("Control+Shift+ArrowLeft")
    keyed.range(0, 4, 3, 1)


@step("Select", "Ctrl+A")
def everything(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Control+a")
    keyed.range(0, 0, len(COLUMNS), ROWS)


@step("Select", "Esc")
def back_to_one(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Shift+ArrowDown", "Escape")
    keyed.range(2, 3, 1, 1)
    keyed.press("Control+Shift+F")
    keyed.leave("Filter")
    keyed.press("ArrowDown")  # the keys go on where they opened the form
    keyed.cell(2, 4)


@step("Edit", "Typing")
def typing(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.grid.type("Replaced")
    keyed.grid.see("City", 3, "Replaced")
    keyed.cell(2, 4)
    keyed.undone("City", 3, "City 3")


@step("Edit", "Enter or F2")
def edit(keyed: Keyed) -> None:
    for key in ("Enter", "F2"):
        keyed.at("City", 3)
        keyed.press(key)
        keyed.grid.type(" more")
        keyed.grid.see("City", 3, "City 3 more")
        keyed.cell(2, 4)
        keyed.undone("City", 3, "City 3")


@step("Edit", "Tab")
def save_and_go_right(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.grid.type("Right", then="Tab")
    keyed.grid.see("City", 3, "Right")
    keyed.cell(3, 3)
    keyed.undone("City", 3, "City 3")


@step("Edit", "Esc")
def give_up(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.grid.type("Never", then="Escape")
    expect(keyed.page.locator("[data-cell-editor]")).to_have_count(0)
    assert keyed.grid.text("City", 3) == "City 3"
    keyed.cell(2, 3)


@step("Edit", "Shift+Space")
def room(keyed: Keyed) -> None:
    keyed.at("Notes", 3)
    keyed.press("Shift+Space")
    box = keyed.page.get_by_role("textbox", name="Notes").bounding_box()
    assert box
    assert box["height"] > 200
    keyed.press("Escape")


@step("Edit", "Delete or Backspace")
def clear(keyed: Keyed) -> None:
    for key in ("Delete", "Backspace"):
        keyed.at("City", 3)
        keyed.press(key)
        keyed.grid.see("City", 3, "")
        keyed.undone("City", 3, "City 3")


@step("Edit", "Ctrl+;")
def today(keyed: Keyed) -> None:
    for column in ("Day", "Moment"):
        keyed.at(column, 3)
        before = datetime.now(UTC).date().isoformat()
        keyed.press("Control+;")
        keyed.grid.filled(column, 3)
        days = {before, datetime.now(UTC).date().isoformat()}
        assert keyed.grid.text(column, 3)[:10] in days, "the team's zone is UTC until it is set"
        keyed.undone(column, 3, "")


@step("Edit", "Ctrl+D")
def fill_down(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Shift+ArrowDown", "Shift+ArrowDown", "Control+d")
    for row in (4, 5):
        keyed.grid.see("City", row, "City 3")
    keyed.undone("City", 5, "City 5")
    keyed.at("City", 3)
    keyed.press("Control+d")
    keyed.grid.see("City", 3, "City 2")
    keyed.undone("City", 3, "City 3")


@step("Edit", "0 to 9")
def rate(keyed: Keyed) -> None:
    keyed.at("Stars", 3)
    for digit, text in (("4", "4"), ("9", "5"), ("0", "")):
        keyed.press(digit)
        keyed.grid.see("Stars", 3, text)
    keyed.grid.settle()


@step("Edit", "Enter")
def tick(keyed: Keyed) -> None:
    keyed.at("Done", 3)
    for text in ("checked", ""):
        keyed.press("Enter")
        keyed.grid.see("Done", 3, text)
    keyed.cell(COLUMNS.index("Done"), 3)
    keyed.grid.settle()


@step("Edit", "Ctrl+C, Ctrl+X, Ctrl+V")
def clipboard(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Control+c", "ArrowDown", "Control+v")
    keyed.grid.see("City", 4, "City 3")
    keyed.undone("City", 4, "City 4")
    keyed.at("City", 3)
    keyed.press("Control+x", "ArrowDown", "Control+v")
    keyed.grid.see("City", 3, "")
    keyed.grid.see("City", 4, "City 3")
    keyed.undone("City", 4, "City 4")
    keyed.undone("City", 3, "City 3")


@step("Edit", "Ctrl+Z")
def undo(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.grid.type("Undo me")
    keyed.grid.settle()
    keyed.press("Control+z")
    keyed.grid.see("City", 3, "City 3")
    keyed.grid.settle()


@step("Edit", "Ctrl+Shift+Z or Ctrl+Y")
def redo(keyed: Keyed) -> None:
    for key in ("Control+Shift+Z", "Control+y"):
        keyed.at("City", 3)
        keyed.grid.type("Redone")
        keyed.undone("City", 3, "City 3")
        keyed.press(key)
        keyed.grid.see("City", 3, "Redone")
        keyed.undone("City", 3, "City 3")


@step("Records", "Space")
def expand(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Space")
    panel = keyed.page.get_by_role("complementary", name="Row 3")
    expect(panel).to_be_focused()
    keyed.press("Space")
    expect(panel).to_be_hidden()


@step("Records", "Shift+Enter")
def insert(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Shift+Enter")
    keyed.grid.until(lambda: keyed.grid.total() == ROWS + 1, f"{keyed.grid.total()} rows")
    keyed.cell(2, 4)
    keyed.grid.type("Inserted")
    keyed.grid.settle()
    assert [keyed.grid.text("City", row) for row in (3, 4, 5)] == ["City 3", "Inserted", "City 4"]
    keyed.undone("City", 4, "")
    keyed.press("Control+z")
    keyed.grid.until(lambda: keyed.grid.total() == ROWS, f"{keyed.grid.total()} rows")


@step("Records", "Alt+Shift+↑ or Alt+Shift+↓")
def carry(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Shift+ArrowDown", "Alt+Shift+ArrowDown")
    for row, text in ((3, "Row 5"), (4, "Row 3"), (5, "Row 4")):
        keyed.grid.see("Name", row, text)
    keyed.range(2, 4, 1, 2)
    keyed.grid.settle()
    keyed.press("Alt+Shift+ArrowUp")
    keyed.grid.see("Name", 5, "Row 5")
    keyed.range(2, 3, 1, 2)
    keyed.undone("Name", 3, "Row 5")
    keyed.undone("Name", 3, "Row 3")


def stepping(keyed: Keyed, key: str, other: str) -> None:
    """Open a record, go to another one by a key, close it."""
    keyed.at("City", 3)
    keyed.press("Space")
    expect(keyed.page.get_by_role("complementary", name="Row 3")).to_be_focused()
    keyed.press(key)
    expect(keyed.page.get_by_role("complementary", name=other)).to_be_focused()
    keyed.press("Escape")
    expect(keyed.page.get_by_role("complementary", name=re.compile("^Row"))).to_have_count(0)


@step("Records", "Ctrl+Shift+, or Alt+←")
def previous(keyed: Keyed) -> None:
    stepping(keyed, "Control+Shift+Comma", "Row 2")
    stepping(keyed, "Alt+ArrowLeft", "Row 2")


@step("Records", "Ctrl+Shift+. or Alt+→")
def following(keyed: Keyed) -> None:
    stepping(keyed, "Control+Shift+Period", "Row 4")
    stepping(keyed, "Alt+ArrowRight", "Row 4")


@step("This view", "Ctrl+F")
def find(keyed: Keyed) -> None:
    keyed.at("City", 3)
    keyed.press("Control+f")
    expect(keyed.page.get_by_role("textbox", name="Find in this view")).to_be_focused()


def opens(keyed: Keyed, key: str, form: str) -> None:
    """A form of the toolbar opens by a key, from the grid and from beside it."""
    keyed.at("City", 3)
    for _ in range(2):
        keyed.press(key)
        keyed.leave(form)
        keyed.page.get_by_role("button", name="Row height").focus()


@step("This view", "Ctrl+Shift+F")
def filter_form(keyed: Keyed) -> None:
    opens(keyed, "Control+Shift+F", "Filter")


@step("This view", "Ctrl+Shift+S")
def sort_form(keyed: Keyed) -> None:
    opens(keyed, "Control+Shift+S", "Sort")


@step("This view", "Ctrl+Shift+D")
def group_form(keyed: Keyed) -> None:
    opens(keyed, "Control+Shift+D", "Group")


@pytest.fixture
def keyed(page: Page) -> Iterator[Keyed]:
    """The grid of the table, which is made once for all tests."""
    table = keyed_table(page.request)
    view = next(view for view in table["views"] if view["name"] == "All keys")
    page.goto(f"/t/{table['key']}?view={view['id']}")
    yield Keyed(page)
    assert names(page.request, table["key"]) == [f"Row {at}" for at in range(ROWS)], (
        "each key is taken back by its own test"
    )


def names(request: APIRequestContext, table: str) -> list[Any]:
    """The first column in its order on the server."""
    answer = send(request, "POST", f"/api/tables/{table}/query", {"fields": ["Name"], "limit": 500})
    return list(answer["columns"][0])


GROUPS = list(dict.fromkeys(where for where, _, _ in documented()))


@pytest.mark.parametrize("where", GROUPS)
def test_every_key_of_the_page_does_what_it_says(keyed: Keyed, where: str) -> None:
    wanted = [(group, keys) for group, keys, _ in documented() if group == where]
    assert wanted == [one for one in STEPS if one[0] == where], "a key without its test, or a test without its key"
    for one in wanted:
        try:
            STEPS[one](keyed)
        except AssertionError as error:
            raise AssertionError(f"{one[1]}: {error}") from error


def test_the_shortcut_sheet_shows_the_same_table(page: Page) -> None:
    Grid(page)
    page.keyboard.press("Control+/")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    shown = dialog.evaluate(
        "dialog => [...dialog.querySelectorAll('section')].flatMap(section =>"
        " [...section.querySelectorAll('[data-keys]')].map(keys =>"
        " [section.ariaLabel, keys.dataset.keys, keys.previousElementSibling.textContent]))"
    )
    assert [tuple(line) for line in shown] == documented()


def test_the_palette_reaches_what_keys_menus_and_toolbar_do(keyed: Keyed) -> None:
    page, grid = keyed.page, keyed.grid
    keyed.at("City", 7)

    def choose(words: str) -> None:
        keyed.press("Control+k")
        expect(page.get_by_role("dialog", name="Go to")).to_be_visible()
        page.keyboard.type(words, delay=0)
        expect(page.get_by_role("option").first).to_contain_text(words)
        keyed.press("Enter")
        expect(page.get_by_role("dialog", name="Go to")).to_have_count(0)

    choose("Fill down")
    grid.see("City", 7, "City 6")
    grid.settle()
    choose("Undo")
    grid.see("City", 7, "City 7")
    grid.settle()
    choose("Open key")
    expect(page.get_by_role("complementary", name="Row 7")).to_be_visible()
    keyed.press("Escape")
    choose("Sort")
    keyed.leave("Sort")
    choose("Keyboard shortcuts")
    keyed.leave("Keyboard shortcuts")
    choose("Edit cell")
    expect(page.locator("[data-cell-editor]")).to_have_count(1)
    keyed.press("Escape")
    keyed.press("Control+k")
    expect(page.get_by_role("dialog", name="Go to")).to_be_visible()
    listed = page.get_by_role("option").all_inner_texts()
    offered = {text.split("\n")[0] for text in listed}
    wanted = {"Add key", "Duplicate key", "Delete chosen keyed", "Move key up", "Copy cells", "Clear cells", "Redo"}
    wanted |= {"Find in this view", "Hide fields", "Filter", "Group", "Colour", "Tall rows", "Add a field", "All keys"}
    assert wanted <= offered, wanted - offered

"""Typing as fast as keys can come, and by an input method: no sign is lost, and nothing is saved before it is done."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.grid import Grid


@pytest.fixture
def grid(page: Page) -> Grid:
    """The investors, open."""
    return Grid(page)


class InputMethod:
    """An input method that composes: signs stand in the field, underlined, until one of its words is chosen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)

    def key(self, key: str) -> None:
        """A key that the input method keeps for itself: the page only hears that there was one."""
        press: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 229}
        self.session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **press})
        self.session.send("Input.dispatchKeyEvent", {"type": "keyUp", **press})

    def compose(self, text: str) -> None:
        """Type on: what stands in the field is not chosen yet."""
        self.key("Process")
        self.session.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )

    def choose(self, text: str) -> None:
        """Enter takes one of the words; that Enter is the input method's."""
        self.key("Enter")
        self.session.send("Input.insertText", {"text": text})


def test_a_column_typed_without_a_pause_is_complete_cold_and_warm(grid: Grid) -> None:
    first = grid.fresh_row("Typed 0")
    for number in range(1, 6):
        grid.fresh_row(f"Typed {number}")
    for column, values in (
        ("City", [f"Town {number}, the {'long' * number} one" for number in range(6)]),
        ("Check size", [str(1000 * number + 7) for number in range(6)]),
    ):
        grid.page.reload()
        grid = Grid(grid.page)
        grid.click(column, first)
        for value in values:
            grid.type(value)
        grid.settle()
        shown = [grid.text(column, first + at) for at in range(6)]
        numbers = [grid.number(column, first + at) for at in range(6)] if column == "Check size" else []
        assert shown == values or numbers == [float(value) for value in values], shown
    # Warm, with Tab across kinds of cells, each with an editor of its own.
    grid.click("City", first)
    keys = grid.page.keyboard
    for value in ("Ghent", "Belgium"):
        keys.type(value, delay=0)
        keys.press("Tab")
    grid.settle()
    assert [grid.text("City", first), grid.text("Country", first)] == ["Ghent", "Belgium"]


def test_keys_follow_one_another_through_editors_without_a_loss(grid: Grid) -> None:
    row = grid.fresh_row("Chained")
    grid.fresh_row("Below it")
    grid.page.reload()
    grid = Grid(grid.page)
    grid.click("Name", row)
    press, write = grid.page.keyboard.press, grid.page.keyboard.type
    write("One", delay=0)
    press("Enter")
    press("ArrowUp")
    press("F2")
    write(" two", delay=0)
    press("Enter")
    press("ArrowUp")
    press("Enter")
    write(" three", delay=0)
    press("Escape")
    press("F2")
    write("!", delay=0)
    press("Enter")
    grid.settle()
    assert grid.text("Name", row) == "One two!"


@pytest.mark.parametrize("column", ["City", "Next step", "Stage"])
def test_an_input_method_is_never_cut_short(grid: Grid, column: str) -> None:
    row = grid.fresh_row(f"Composed {column}")
    grid.page.reload()
    grid = Grid(grid.page)
    grid.click(column, row)
    method = InputMethod(grid.page)
    field = grid.page.locator("[data-cell-editor]").locator("input, textarea").first
    for text in ("n", "に", "にほ", "にほn", "にほん"):
        method.compose(text)
        expect(field).to_have_value(text)
    method.key("Process")  # the space that asks for another word
    method.choose("日本")
    expect(field).to_have_value("日本")
    expect(field).to_be_focused()
    assert grid.text(column, row) == "", "nothing is saved before the person says so"
    method.compose("x")
    expect(field).to_have_value("日本x")
    method.choose("語")
    expect(field).to_have_value("日本語")
    if column == "Stage":
        grid.page.keyboard.press("Escape")
        expect(field).to_have_count(0)
        assert grid.text(column, row) == ""
        return
    grid.page.keyboard.press("Enter")
    grid.see(column, row, "日本語")
    grid.settle()

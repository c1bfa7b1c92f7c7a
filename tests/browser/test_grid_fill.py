"""Filling, pasting, duplicating and deleting in a real browser, with the clipboard as other programs write it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.grid import Grid

# What Google Sheets and Excel put on the clipboard for the same two rows.
SHEETS = (
    '<meta charset="utf-8"><google-sheets-html-origin>'
    '<style type="text/css"><!--td {border: 1px solid #cccccc;}--></style>'
    '<table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" cellpadding="0" dir="ltr" border="1" '
    'data-sheets-root="1" data-sheets-baot="1"><colgroup><col width="100"/><col width="100"/></colgroup><tbody>'
    '<tr style="height:21px;"><td style="overflow:hidden;padding:2px 3px;">Sheets &amp; Sons</td>'
    '<td data-sheets-numberformat="[null,4,&quot;#,##0.00&quot;]" style="text-align:right;">1,250,000.50</td></tr>'
    '<tr style="height:21px;"><td style="white-space:normal;">Two<br/>lines</td>'
    '<td style="text-align:right;">2000000</td></tr></tbody></table>'
)
EXCEL = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<head><meta name=Generator content="Microsoft Excel 15"><style>\n<!--td\n\t{mso-ignore:padding;}\n.xl65\n'
    '\t{mso-number-format:"0\\.00";}\n-->\n</style></head><body>\n<!--StartFragment-->\n'
    "<table border=0 cellpadding=0 cellspacing=0 width=128>\n <col width=64 span=2>\n"
    " <tr height=20>\n  <td height=20 class=xl65 width=64>Excel\n  Limited</td>\n"
    "  <td align=right width=64>750000</td>\n"
    " </tr>\n <tr height=20>\n  <td height=20>Second</td>\n  <td align=right>1,500,000</td>\n </tr>\n"
    "<!--EndFragment-->\n</table></body></html>"
)


@pytest.fixture
def grid(page: Page) -> Grid:
    """The investors, open."""
    return Grid(page)


def rows(grid: Grid, *names: str) -> int:
    """Fresh rows below one another; the first one's number."""
    numbers = [grid.fresh_row(name) for name in names]
    return numbers[0]


def test_the_fill_handle_continues_a_series_and_repeats_words(grid: Grid) -> None:
    first = rows(grid, "Fill one", "Fill two", "Fill three", "Fill four")
    for at, value in enumerate(("10", "20")):
        grid.click("Score", first + at)
        grid.type(value)
    grid.settle()
    grid.select("Score", first, "Score", first + 1)
    low, last = grid.box("Score", first + 1), grid.box("Score", first + 3)
    grid.drag(
        (low["x"] + low["width"] - 4, low["y"] + low["height"] - 4),
        (last["x"] + last["width"] - 20, last["y"] + last["height"] / 2),
    )
    grid.until(lambda: grid.text("Score", first + 3) != "", "not filled")
    grid.settle()
    assert [grid.number("Score", first + at) for at in range(4)] == [10, 20, 30, 40]
    grid.page.keyboard.press("Control+z")
    grid.see("Score", first + 3, "")

    grid.select("Name", first, "Score", first + 2)
    grid.click("City", first)
    grid.type("Porto")
    grid.select("City", first, "City", first + 3)
    grid.page.keyboard.press("Control+d")
    for at in range(4):
        grid.see("City", first + at, "Porto")
    grid.settle()
    grid.page.keyboard.press("Control+z")
    grid.see("City", first + 1, "")


@pytest.mark.parametrize(
    ("html", "text", "cells"),
    [
        (SHEETS, "Sheets & Sons\t1,250,000.50", [["Sheets & Sons", "1250000.5"], ["Two lines", "2000000"]]),
        (EXCEL, "Excel Limited\t750000", [["Excel Limited", "750000"], ["Second", "1500000"]]),
    ],
    ids=["sheets", "excel"],
)
def test_html_of_spreadsheets_is_pasted_as_typed_values(
    grid: Grid, html: str, text: str, cells: list[list[str]]
) -> None:
    first = rows(grid, "Paste one", "Paste two")
    grid.click("Country", first)
    grid.paste(text, html)
    grid.see("Country", first, cells[0][0])
    grid.settle()
    shown = [[grid.text("Country", first + at), grid.number("Score", first + at)] for at in range(2)]
    assert shown == [[name, float(value)] for name, value in cells]
    grid.page.keyboard.press("Control+z")
    grid.see("Country", first + 1, "")


def test_new_options_are_asked_for_before_a_paste_makes_them(grid: Grid) -> None:
    first = rows(grid, "Option one", "Option two")
    grid.click("Stage", first)
    grid.paste("Term sheet\nWaiting for Godot")
    dialog = grid.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Waiting for Godot")
    expect(dialog).not_to_contain_text("Term sheet")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    grid.see("Stage", first, "Term sheet")
    grid.settle()
    assert grid.text("Stage", first + 1) == ""

    grid.click("Stage", first)
    grid.paste("Waiting for Godot")
    grid.page.get_by_role("button", name="Add the option").click()
    expect(dialog).to_have_count(0)
    grid.see("Stage", first, "Waiting for Godot")
    grid.settle()
    grid.page.keyboard.press("Control+z")
    grid.see("Stage", first, "Term sheet")
    grid.settle()
    grid.page.keyboard.press("Enter")
    expect(grid.page.locator("[data-cell-editor]")).to_contain_text("Term sheet")
    expect(grid.page.locator("[data-cell-editor]")).not_to_contain_text("Godot")
    grid.page.keyboard.press("Escape")

    grid.click("Tags", first)
    grid.paste("Fresh tag, Other tag")
    grid.page.get_by_role("button", name="Add the options").click()
    grid.see("Tags", first, "Fresh tag, Other tag")
    # Reloaded before they are saved, the tags would be sent again only after the page has read its fields.
    grid.settle()
    grid.page.reload()
    Grid(grid.page).see("Tags", first, "Fresh tag, Other tag")


def test_duplicate_delete_and_undo_keep_all_cells(grid: Grid) -> None:
    row = rows(grid, "Twice")
    for column, value in (("City", "Bergen"), ("Check size", "5000")):
        grid.click(column, row)
        grid.type(value)
    grid.settle()
    total = grid.total()
    grid.row_menu("City", row, "Copy cell")
    grid.page.wait_for_timeout(100)
    assert grid.page.evaluate("navigator.clipboard.readText()") == "Bergen"
    grid.row_menu("Name", row, "Duplicate investor")
    grid.see("City", row + 1, "Bergen")
    grid.settle()
    assert grid.number("Check size", row + 1) == 5000
    grid.select("Name", row, "Name", row + 1)
    grid.row_menu("Name", row, "Delete 2 records")
    grid.settle()
    assert grid.total() == total - 1
    grid.page.keyboard.press("Control+z")
    grid.see("City", row + 1, "Bergen")
    assert grid.total() == total + 1
    grid.select("Name", row, "Name", row + 1)
    grid.row_menu("Name", row, "Duplicate 2 records")
    grid.see("City", row + 3, "Bergen")
    grid.settle()
    assert grid.total() == total + 3
    grid.page.keyboard.press("Control+z")
    grid.until(lambda: grid.total() == total + 1, "both copies go in one step")

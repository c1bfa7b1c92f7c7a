"""Attachments in a real browser: picked, dropped, pasted, seen large, opened as PDF, downloaded and taken away."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid
from tests.browser.test_team_tables import make


def png(width: int = 64, height: int = 48) -> bytes:
    """A small picture: a colour ramp."""
    rows = b"".join(b"\0" + b"".join(bytes((80 + x * 2, 60 + y * 3, 200)) for x in range(width)) for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def pdf(text: str = "Term sheet") -> bytes:
    """A PDF of one page."""
    stream = f"BT /F1 32 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    foot = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + foot


def drop(grid: Grid, column: str, row: int, name: str, content: bytes) -> None:
    """Let a file go on a cell, as from the desktop."""
    box = grid.box(column, row)
    grid.page.evaluate(
        "([x, y, name, data]) => {"
        " const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));"
        " const transfer = new DataTransfer(); transfer.items.add(new File([bytes], name));"
        " const target = document.elementFromPoint(x, y);"
        " for (const type of ['dragenter', 'dragover', 'drop'])"
        "  target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, clientX: x, clientY: y,"
        "   dataTransfer: transfer })) }",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, name, base64.b64encode(content).decode()],
    )


def picked(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "text/html", "buffer": content}  # what the browser says of it must not matter


@pytest.fixture
def grid(page: Page, request: pytest.FixtureRequest) -> Grid:
    """A table of its own with a field of attachments and one record."""
    Grid(page)
    grid = make(page, f"Files {request.node.name[-24:]}")
    grid.add_field("Papers", "Attachment")
    page.get_by_role("button", name="Add a record").click()
    grid.type("Holder")
    grid.settle()
    return grid


def test_files_are_dropped_picked_seen_and_taken_away(grid: Grid, new_page: NewPage) -> None:
    other = Grid(new_page(path=grid.page.url))
    drop(grid, "Papers", 0, "logo.png", png())
    grid.see("Papers", 0, "logo.png")
    other.see("Papers", 0, "logo.png")
    grid.click("Papers", 0)
    grid.page.keyboard.press("Enter")
    editor = grid.page.locator("[data-cell-editor]")
    editor.locator("input[type=file]").set_input_files([picked("terms, final.pdf", pdf()), picked("notes.txt", b"hi")])
    expect(editor.get_by_role("listitem")).to_have_count(3)
    other.see("Papers", 0, 'logo.png, "terms, final.pdf", notes.txt')

    editor.get_by_role("button", name="Open logo.png").click()
    box = grid.page.get_by_role("dialog", name="logo.png")
    expect(box.get_by_role("img", name="logo.png")).to_be_visible()
    assert grid.page.evaluate("document.querySelector('[role=dialog] img').naturalWidth") == 64
    grid.page.keyboard.press("ArrowRight")
    expect(grid.page.get_by_role("dialog", name="terms, final.pdf")).to_be_visible()
    expect(grid.page.locator("canvas[data-drawn]").first).to_be_visible()
    grid.page.keyboard.press("ArrowRight")
    expect(grid.page.get_by_text("There is no preview of this kind of file.")).to_be_visible()
    with grid.page.expect_download() as download:
        grid.page.get_by_role("link", name="Download notes.txt").last.click()
    assert download.value.suggested_filename == "notes.txt"
    grid.page.keyboard.press("Escape")
    expect(grid.page.get_by_role("dialog")).to_be_hidden()

    grid.click("Papers", 0)
    grid.page.keyboard.press("Enter")
    editor.get_by_role("button", name="Remove terms, final.pdf").click()
    expect(editor.get_by_role("listitem")).to_have_count(2)
    grid.page.keyboard.press("Escape")
    other.see("Papers", 0, "logo.png, notes.txt")
    grid.page.keyboard.press("Control+z")
    other.see("Papers", 0, 'logo.png, "terms, final.pdf", notes.txt')
    grid.click("Papers", 0)
    grid.page.keyboard.press("Delete")
    other.see("Papers", 0, "")


def test_a_file_let_go_elsewhere_goes_nowhere(grid: Grid) -> None:
    url = grid.page.url
    drop(grid, "Name", 0, "logo.png", png())
    grid.page.wait_for_timeout(300)
    assert grid.page.url == url
    assert grid.text("Name", 0) == "Holder"
    assert grid.text("Papers", 0) == ""


def test_a_file_pasted_into_the_cell_is_attached_and_text_is_refused(grid: Grid) -> None:
    grid.click("Papers", 0)
    grid.page.evaluate(
        "data => { const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));"
        " const transfer = new DataTransfer(); transfer.items.add(new File([bytes], 'clip.png'));"
        " document.activeElement.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true,"
        "  clipboardData: transfer })) }",
        base64.b64encode(png()).decode(),
    )
    grid.see("Papers", 0, "clip.png")
    grid.settle()
    grid.page.reload()
    assert Grid(grid.page).text("Papers", 0) == "clip.png"

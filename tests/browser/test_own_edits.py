"""Own edits in quick succession pass; a colleague's edit between them is never overwritten unasked."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewPage, Watch
from tests.browser.grid import Grid


def test_an_own_edit_never_hides_a_colleagues_in_the_same_paste(page: Page, new_page: NewPage, watch: Watch) -> None:
    """The first own edit is on its way while a colleague writes the cell that the second one writes too."""
    watch.allow("status of 409")
    grid = Grid(page)
    beside = "Country"
    assert grid.columns().index(beside) == grid.columns().index("City") + 1
    row = grid.fresh_row("Ours")
    other = Grid(new_page())
    held: list[Route] = []
    page.route("**/api/changes", lambda route: held.append(route))
    grid.click("City", row)
    grid.type("First")
    grid.until(lambda: len(held) == 1, "the first edit was not sent")
    grid.click(beside, row)  # a second press of the same cell would open its editor
    page.keyboard.press("ArrowLeft")
    grid.paste("Second\tMine")
    other.click(beside, row)
    other.type("Theirs")
    other.settle()
    held[0].continue_()
    page.unroute("**/api/changes")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Theirs")
    expect(dialog).to_contain_text("Mine")
    expect(dialog).not_to_contain_text(re.compile("First"))
    assert other.text(beside, row) == "Theirs"
    dialog.get_by_role("radio", name="Use mine").click()
    dialog.get_by_role("button", name="Save this choice").click()
    other.see(beside, row, "Mine")
    other.see("City", row, "Second")


def test_edits_kept_too_long_are_offered_and_not_sent(page: Page, watch: Watch) -> None:
    """A draft of 30 days is named in a message; it goes out only when the person says so."""
    watch.allow("status of|ERR_FAILED|Failed to load")
    grid = Grid(page)
    row = grid.fresh_row("Kept")
    page.route("**/api/changes", lambda route: route.abort())
    grid.click("Name", row)
    grid.type("From long ago")
    expect(page.locator("[data-save-state=offline]")).to_be_visible()
    page.evaluate(
        "for (const key of Object.keys(localStorage).filter(key => key.startsWith('crm.draft.'))) {"
        " const draft = JSON.parse(localStorage.getItem(key)); draft.at -= 30 * 86400000;"
        " localStorage.setItem(key, JSON.stringify(draft)) }"
    )
    page.reload()
    page.unroute("**/api/changes")
    again = Grid(page)
    assert again.text("Name", row) == "Kept"
    expect(page.get_by_text(re.compile("An edit of .* was not sent"))).to_be_visible()
    page.get_by_role("button", name="Send them now").click()
    again.see("Name", row, "From long ago")
    expect(page.locator("[data-save-state=saved]")).to_be_visible()

"""Who is here, in real windows: faces come, move and leave; frames follow; a press goes there; nobody is disturbed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid
from tests.browser.line import Line
from tests.browser.test_live import Colleague
from tests.browser.views import field_of, make_view

PASSWORD = "quiet otters cross rivers"
HERE = "Who else is here"


@pytest.fixture
def window_of(page: Page, new_page: NewPage) -> Callable[[str], Page]:
    """Opens a window of a colleague, who is added to the team unless an earlier test did."""

    def window(name: str) -> Page:
        email = f"{name.split()[0].lower()}@example.org"
        csrf = page.context.request.get("/api/session").json()["csrf"]
        made = page.context.request.post(
            "/api/admin/users",
            data={"email": email, "name": name, "password": PASSWORD, "role": "member"},
            headers={"X-CSRF-Token": csrf},
        )
        assert made.ok or made.json()["code"] == "email_taken", made.text()
        opened = new_page(sign_in=False, path="/signin")
        answer = opened.context.request.post("/api/session", data={"email": email, "password": PASSWORD})
        assert answer.ok, answer.text()
        opened.goto("/")
        return opened

    return window


def other(grid: Grid, column: str, row: int) -> str | None:
    """The name on the flag of a cell."""
    at = [grid.column(column), row]
    found: str | None = grid.page.evaluate("([col, row]) => window.__grid.other(col, row)", at)
    return found


def wait_for(grid: Grid, column: str, row: int, name: str | None) -> None:
    """Wait until a cell carries that flag, or none."""
    grid.until(lambda: other(grid, column, row) == name, f"no {name} in {column} {row}")


def pixels(grid: Grid, column: str, row: int) -> str:
    """The colour of the upper edge of a cell on the canvas."""
    return str(
        grid.page.evaluate(
            "([col, row]) => { const canvas = document.querySelector('[data-grid-surface] canvas');"
            " const at = window.__grid.bounds(col, row); const all = canvas.getBoundingClientRect();"
            " const scale = canvas.width / all.width; const ctx = canvas.getContext('2d');"
            " return ctx.getImageData((at.x - all.x + 9) * scale, (at.y - all.y + 1) * scale, 1, 1).data.join() }",
            [grid.column(column), row],
        )
    )


def test_people_come_move_and_leave(page: Page, window_of: Callable[[str], Page]) -> None:
    ada = Grid(page)
    colleague = Colleague(page)
    if there := colleague.ids():
        colleague.delete(*there)
    colleague.create(["Oak", "Birch", "Elm", "Ash"])
    ada.until(lambda: ada.total() == 4, "not the rows of this test")
    ada.see("Name", 3, "Ash")
    ada.click("City", 0)
    expect(page.get_by_role("list", name=HERE)).to_be_hidden()
    plain = pixels(ada, "Name", 2)
    theirs = window_of("Bob Member")
    bob = Grid(theirs)
    bob.click("Name", 2)
    expect(page.get_by_role("button", name="Bob Member, in Name of Elm")).to_be_visible()
    expect(theirs.get_by_role("button", name="Ada Admin, in City of Oak")).to_be_visible()
    wait_for(ada, "Name", 2, "Bob")
    wait_for(bob, "City", 0, "Ada")
    ada.until(lambda: pixels(ada, "Name", 2) != plain, "the frame is not drawn")
    # Nothing was taken from Ada: her keys still go to her cell.
    before = ada.selection()
    theirs.keyboard.press("ArrowDown")
    wait_for(ada, "Name", 3, "Bob")
    wait_for(ada, "Name", 2, None)
    ada.until(lambda: pixels(ada, "Name", 2) == plain, "the old frame stays")
    assert ada.selection() == before
    ada.type("Bern")
    ada.settle()
    assert ada.text("City", 0) == "Bern"
    # The frame goes with the record.
    bob.row_menu("Name", 0, "Insert investor above")
    theirs.keyboard.press("Escape")
    bob.settle()
    bob.click("Name", 4)
    wait_for(ada, "Name", 4, "Bob")
    assert ada.text("Name", 4) == "Ash"
    # A second window of Bob: one face, where he moved last; it leaves with the last window.
    second = window_of("Bob Member")
    Grid(second).click("Country", 1)
    wait_for(ada, "Country", 1, "Bob")
    expect(page.get_by_role("list", name=HERE).get_by_role("listitem")).to_have_count(1)
    second.context.close()
    wait_for(ada, "Name", 4, "Bob")
    wait_for(ada, "Country", 1, None)
    # In another table he is not here; back he is.
    theirs.get_by_role("link", name="Funds").click()
    expect(page.get_by_role("list", name=HERE)).to_be_hidden()
    wait_for(ada, "Name", 4, None)
    theirs.go_back()
    expect(page.get_by_role("button", name="Bob Member")).to_be_visible()
    theirs.context.close()
    expect(page.get_by_role("list", name=HERE)).to_be_hidden()


def test_a_press_on_a_face_goes_to_its_cell(page: Page, window_of: Callable[[str], Page]) -> None:
    ada = Grid(page)
    if ada.total() < 5:
        for number in range(5):
            ada.fresh_row(f"Record {number}")
    theirs = window_of("Bob Member")
    bob = Grid(theirs)
    last = bob.total() - 1
    bob.click("Country", last)
    face = page.get_by_role("button", name="Bob Member, in Country")
    expect(face).to_be_visible()
    ada.click("Name", 0)
    face.focus()
    page.keyboard.press("Enter")
    ada.until(lambda: ada.selection().get("cell") == [ada.column("Country"), last], "not at his cell")
    ada.type("Chile")
    bob.see("Country", last, "Chile")
    # In a view that leaves the record out its panel opens.
    request = page.context.request
    named = {"field": field_of(request, "Name")["id"], "op": "is", "value": "Nobody is called so"}
    view = make_view(request, "Nobody", config={"filter": named})
    page.goto(f"/t/investors?view={view}")
    ada = Grid(page)
    assert ada.total() == 0
    page.get_by_role("button", name="Bob Member, in Country").click()
    panel = page.get_by_role("complementary").last
    expect(panel.locator("[data-other]")).to_have_text("Bob")


def test_a_face_leaves_with_a_cut_line_and_comes_back(page: Page, window_of: Callable[[str], Page]) -> None:
    ada = Grid(page)
    if ada.total() == 0:
        ada.fresh_row("Oak")
    theirs = window_of("Bob Member")
    line = Line(theirs.context)
    theirs.reload()
    Grid(theirs).click("Name", 0)
    wait_for(ada, "Name", 0, "Bob")
    expect(theirs.get_by_role("button", name="Ada Admin")).to_be_visible()
    line.cut()
    wait_for(ada, "Name", 0, None)
    expect(theirs.get_by_role("list", name=HERE)).to_be_hidden()
    line.mend()
    wait_for(ada, "Name", 0, "Bob")
    expect(theirs.get_by_role("button", name="Ada Admin")).to_be_visible()


def test_a_crowd_is_listed_and_shares_a_frame(page: Page, window_of: Callable[[str], Page]) -> None:
    """Four faces and a list of all; a frame shared by some says so."""
    ada = Grid(page)
    if ada.total() < 2:
        ada.fresh_row("Oak"), ada.fresh_row("Elm")
    ada.click("Name", 0)
    names = ["Bob Member", "Cleo Partner", "Dan Diaz", "Eve Early", "Finn Fox", "Gus Gold"]
    for name in names:
        Grid(window_of(name)).click("City", 1)
    wait_for(ada, "City", 1, "Bob +5")
    more = page.get_by_role("button", name="2 more are here")
    expect(more).to_be_visible()
    more.click()
    listed = page.get_by_role("dialog", name=HERE).get_by_role("listitem")
    expect(listed).to_have_count(6)
    listed.nth(5).get_by_role("button").click()
    ada.until(lambda: ada.selection().get("cell") == [ada.column("City"), 1], "not at the cell")

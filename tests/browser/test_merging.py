"""Duplicates as somebody tidies up: from a suggestion to the merge, back by Ctrl+Z, from the grid, and apart again."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid, waited
from tests.browser.tour import add_twins
from tests.browser.views import change


def cells_of(page: Page, record: str) -> dict[str, Any]:
    """A record as the server has it: its id, and its cells by the field's name."""
    fields = page.request.get("/api/tables/investors/fields").json()["fields"]
    names = {field["id"]: field["name"] for field in fields}
    found = page.request.get(f"/api/tables/investors/records/{record}").json()
    return {"id": found["id"], **{names[key]: value for key, value in found["cells"].items() if value is not None}}


def until(page: Page, record: str, **wanted: Any) -> None:
    """Wait until the server has these cells."""

    def now() -> dict[str, Any]:
        found = cells_of(page, record)
        return {name: found.get(name) for name in wanted}

    assert waited(page, lambda: now() == wanted), f"{now()}, not {wanted}"


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def test_from_a_suggestion_to_one_record_and_back(new_page: NewPage) -> None:
    page = new_page(path="/tasks", bypass_csp=True)
    one, two, three = add_twins(page.request)
    expect(page.get_by_role("navigation", name="Tables")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Go to").fill("dupl")
    page.keyboard.press("Enter")
    card = page.get_by_role("listitem", name="Harbour Lane Capital")
    expect(card).to_contain_text("Same e-mail address: office@harbourlane.example")
    assert serious(page) == []
    card.get_by_role("link", name="Compare and merge").press("Enter")

    # By keyboard alone: which stays, whose city, both notes.
    keep = page.get_by_role("radio", name="Keep Harbour Lane Capital,")
    expect(keep).to_be_checked()
    city = page.get_by_role("radio", name="City of record 1")
    city.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="City of record 2")).to_be_checked()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="City"))
    expect(row.get_by_role("cell").last).to_have_text("Londn")
    page.get_by_role("radio", name="Notes: of all together").press("Space")
    expect(page.get_by_text("Met in Lisbon.\n\nPrefers calls on Fridays.")).to_be_visible()
    expect(page.get_by_text("Will lead to Harbour Lane Capital: 2 contacts, 1 comment")).to_be_visible()
    page.get_by_role("switch", name="Show fields that agree").press("Space")
    expect(page.get_by_role("rowheader", name="Country")).to_be_visible()
    assert serious(page) == []
    expect(page.get_by_role("button", name="Merge into Harbour Lane Capital")).to_be_enabled()
    page.keyboard.press("Control+Enter")

    # Back in the list; the old ids open the one that stays, by whom others look on too.
    expect(page.get_by_role("heading", name="Duplicates", exact=True)).to_be_visible()
    expect(card).to_have_count(0)
    until(page, two, id=one, City="Londn", Phone="+44 20 7946 0100", Country="United Kingdom")
    looking_on = new_page(path=f"/t/investors/{three}")
    expect(looking_on.get_by_role("complementary", name="Harbour Lane Capital")).to_be_visible()
    looking_on.wait_for_url(f"**/t/investors/{one}**")
    expect(looking_on.get_by_role("list", name="Merged into this record")).to_contain_text("HARBOUR LANE")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("listitem", name="Harbour Lane Capital")).to_be_visible()
    until(page, two, id=two, City="Londn")
    until(page, one, City="London", Notes="Met in Lisbon.")
    expect(looking_on.get_by_role("list", name="Merged into this record")).to_be_hidden()

    # No duplicates: it is remembered, and can be taken back.
    page.get_by_role("listitem", name="Harbour Lane Capital").get_by_role("button", name="Not duplicates").click()
    expect(page.get_by_text("No duplicates found")).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("listitem", name="Harbour Lane Capital")).to_be_visible()


def test_from_the_grid_and_apart_again_after_an_edit(new_page: NewPage) -> None:
    page = new_page(path="/tasks")
    records = [
        {"cells": {"name": name, "city": city}} for name, city in (("Quiet Brook", None), ("Quiet Brook AG", "Bern"))
    ]
    one, two = change(page.request, {"op": "create", "table": "investors", "records": records})["created"][0]
    colleague = new_page(path=f"/t/investors/{two}")
    expect(colleague.get_by_role("complementary", name="Quiet Brook AG")).to_be_visible()
    page.goto("/t/investors")
    grid = Grid(page)
    rows = {grid.text("Name", row): row for row in range(grid.total())}
    grid.select("Name", rows["Quiet Brook"], "Name", rows["Quiet Brook AG"])
    grid.row_menu("Name", rows["Quiet Brook AG"], "Merge 2 investors…")
    page.get_by_role("button", name="Merge into Quiet Brook", exact=True).click()
    panel = page.get_by_role("complementary", name="Quiet Brook")
    expect(panel.get_by_role("list", name="Merged into this record")).to_contain_text("Quiet Brook AG")
    colleague.wait_for_url(f"**/t/investors/{one}**")  # who had the other one open is led on

    # Ctrl+Z in the grid, and Ctrl+Y.
    page.keyboard.press("Escape")
    grid = Grid(page)
    grid.click("Name", 0)
    page.keyboard.press("Control+z")
    until(page, two, id=two)
    page.keyboard.press("Control+y")
    until(page, two, id=one, City="Bern")

    # After a later edit the merge comes apart, and what was edited is told and stays.
    change(page.request, {"op": "update", "table": "investors", "records": [{"id": one, "cells": {"city": "Basel"}}]})
    page.goto(f"/t/investors/{two}")
    page.wait_for_url(f"**/t/investors/{one}**")
    panel = page.get_by_role("complementary", name="Quiet Brook")
    panel.get_by_role("button", name="Un-merge…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("One cell was changed since and stays as now")
    expect(dialog).to_contain_text("City of Quiet Brook: Basel")
    dialog.get_by_role("button", name="Un-merge", exact=True).click()
    expect(page.get_by_text("Quiet Brook AG is there again")).to_be_visible()
    until(page, two, id=two, City="Bern")
    until(page, one, City="Basel")
    panel.get_by_role("radio", name="History").click()
    expect(panel).to_contain_text("took others out of this record again")
    expect(panel).to_contain_text("merged others into this record")

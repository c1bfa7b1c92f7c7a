"""Computed fields in a real browser: formulas with completion and suggestions, links, circles, explanations."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage, Watch
from tests.browser.grid import Grid


@pytest.fixture
def grid(page: Page) -> Grid:
    """The contacts, open: few fields, all in sight."""
    page.goto("/t/contacts")
    return Grid(page)


def new_field(grid: Grid, name: str, kind: str) -> Locator:
    """The dialog of a new field, with its name and kind."""
    grid.header_menu(grid.columns()[-1], "Insert field to the right")
    dialog = grid.page.get_by_role("dialog", name="New field")
    dialog.get_by_label("Name", exact=True).fill(name)
    grid.choose_kind(kind)
    return dialog


def formula_of(dialog: Locator) -> Locator:
    return dialog.get_by_label("Formula", exact=True)


def add(grid: Grid, dialog: Locator, name: str) -> None:
    """Save the dialog and wait for the column."""
    dialog.get_by_role("button", name="Add field").click()
    expect(dialog).to_be_hidden()
    grid.settle()
    grid.until(lambda: name in grid.columns(), f"no column {name}: {grid.columns()}")


def pick(dialog: Locator, label: str, option: str) -> None:
    dialog.get_by_role("combobox", name=label).click()
    dialog.page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first.click()


def add_formula(grid: Grid, name: str, formula: str) -> None:
    dialog = new_field(grid, name, "Formula")
    formula_of(dialog).fill(formula)
    add(grid, dialog, name)


def add_number(grid: Grid, name: str, values: dict[int, str]) -> None:
    """A number field with some values by row."""
    grid.add_field(name, "Number")
    for row, value in values.items():
        grid.click(name, row)
        grid.type(value)
    grid.settle()


def test_a_formula_is_written_with_completion_and_its_typo_set_right(grid: Grid) -> None:
    row = grid.fresh_row("Formula one", "Contact")
    add_number(grid, "Ticket size", {row: "1200"})
    grid.click("Name", row)
    dialog = new_field(grid, "Doubled", "Formula")
    text = formula_of(dialog)
    text.click()
    keyboard = grid.page.keyboard
    keyboard.type("ROND({Tick", delay=0)
    expect(dialog.get_by_role("option", name="Ticket size")).to_be_visible()
    keyboard.press("Escape")
    expect(dialog.get_by_role("listbox", name="Completions")).to_be_hidden()
    expect(dialog).to_be_visible()
    keyboard.type("e", delay=0)
    keyboard.press("Tab")
    keyboard.type(" * 2.01, 0)", delay=0)
    assert text.input_value() == "ROND({Ticket size} * 2.01, 0)"

    expect(dialog.get_by_text("There is no function ROND.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Add field")).to_be_disabled()
    dialog.get_by_role("button", name="Use ROUND").click()
    assert text.input_value() == "ROUND({Ticket size} * 2.01, 0)"
    expect(dialog.get_by_role("status").filter(has_text="2412")).to_be_visible()
    expect(dialog.get_by_text("Gives a number.")).to_be_visible()
    add(grid, dialog, "Doubled")
    grid.see("Doubled", row, "2412")


def test_keys_complete_functions_and_brackets_are_not_doubled(grid: Grid) -> None:
    dialog = new_field(grid, "Never saved", "Formula")
    text = formula_of(dialog)
    text.click()
    keyboard = grid.page.keyboard
    keyboard.type("upp", delay=0)
    expect(dialog.get_by_role("option", name="UPPER")).to_be_visible()
    keyboard.press("Enter")
    keyboard.type('"a")', delay=0)
    assert text.input_value() == 'UPPER("a")'
    keyboard.press("Enter")
    keyboard.type("& {Na", delay=0)
    keyboard.press("Enter")
    assert text.input_value() == 'UPPER("a")\n& {Name}'
    keyboard.press("Control+z")
    assert text.input_value() == 'UPPER("a")\n& {Na'
    dialog.get_by_role("button", name="Cancel").click()


def test_an_input_method_is_left_alone(grid: Grid) -> None:
    dialog = new_field(grid, "Composed", "Formula")
    text = formula_of(dialog)
    text.click()
    session = grid.page.context.new_cdp_session(grid.page)
    grid.page.keyboard.type('"', delay=0)
    session.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.imeSetComposition", {"text": "日本", "selectionStart": 2, "selectionEnd": 2})
    session.send("Input.insertText", {"text": "日本"})
    grid.page.keyboard.type('" & na', delay=0)
    session.send("Input.imeSetComposition", {"text": "m", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "me"})
    assert text.input_value() == '"日本" & name'
    expect(dialog.get_by_role("option", name=re.compile("^Name"))).to_be_visible()
    grid.page.keyboard.press("Tab")
    assert text.input_value() == '"日本" & {Name}'
    dialog.get_by_role("button", name="Cancel").click()


def test_a_formula_left_unsaved_is_brought_back(grid: Grid) -> None:
    grid.fresh_row("Half done", "Contact")
    dialog = new_field(grid, "Half done", "Formula")
    formula_of(dialog).click()
    grid.page.keyboard.type("1 / 4", delay=0)
    expect(dialog.get_by_role("status").filter(has_text="0.25")).to_be_visible()
    grid.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    grid.header_menu(grid.columns()[-1], "Insert field to the right")
    expect(dialog.get_by_text("A formula was left unsaved")).to_be_visible()
    dialog.get_by_role("button", name="Bring it back").click()
    expect(formula_of(dialog)).to_have_value("1 / 4")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("Half done")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    grid.header_menu(grid.columns()[-1], "Insert field to the right")
    expect(dialog.get_by_text("A formula was left unsaved")).to_be_hidden()
    grid.page.keyboard.press("Escape")


def test_thousands_of_results_follow_while_the_table_says_so(page: Page) -> None:
    csrf = page.context.request.get("/api/session").json()["csrf"]
    records = [{"cells": {"name": f"Crowd {number}"}} for number in range(6_000)]
    made = page.context.request.post(
        "/api/changes",
        data={"ops": [{"op": "create", "table": "funds", "records": records}]},
        headers={"X-CSRF-Token": csrf, "Idempotency-Key": "crowd"},
    )
    assert made.ok, made.text()
    page.goto("/t/funds")
    grid = Grid(page)
    add_formula(grid, "Loud", 'UPPER({Name}) & "!"')
    row = grid.total() - 1
    page.evaluate("row => window.__grid.reveal(0, row)", row)
    grid.until(lambda: grid.text("Loud", row) == "CROWD 5999!", f"the cell says {grid.text('Loud', row)}")


def test_a_result_changes_at_once_in_two_browsers(grid: Grid, new_page: NewPage) -> None:
    row = grid.fresh_row("Two browsers", "Contact")
    add_number(grid, "Base", {row: "10"})
    add_formula(grid, "Tripled", "{Base} * 3")
    grid.see("Tripled", row, "30")
    other = Grid(new_page(path="/t/contacts"))
    other.see("Tripled", row, "30")
    grid.click("Base", row)
    grid.type("7")
    grid.see("Tripled", row, "21")
    other.see("Tripled", row, "21")


def test_lookup_rollup_and_count_read_linked_records(page: Page, new_page: NewPage) -> None:
    contacts = Grid(new_page(path="/t/contacts"))
    contacts.page.goto("/t/contacts")
    contacts = Grid(contacts.page)
    page.goto("/t/investors")
    grid = Grid(page)
    row = grid.fresh_row("Linked Capital")
    rows = [contacts.fresh_row(name, "Contact") for name in ("Una", "Vic")]
    add_number(contacts, "Points", {rows[0]: "30", rows[1]: "12"})
    for at in rows:
        contacts.click("Investor", at)
        contacts.page.keyboard.type("linked capital", delay=0)
        expect(contacts.page.get_by_role("option", name="Linked Capital").first).to_be_visible()
        contacts.page.keyboard.press("Enter")
        contacts.page.keyboard.press("Escape")
        contacts.settle()
        contacts.see("Investor", at, "Linked Capital")

    dialog = new_field(grid, "Their points", "Lookup")
    pick(dialog, "Through the link", "Contacts")
    pick(dialog, "Field of the linked records", "Points")
    add(grid, dialog, "Their points")
    grid.see("Their points", row, "30, 12")

    dialog = new_field(grid, "All points", "Rollup")
    pick(dialog, "Through the link", "Contacts")
    pick(dialog, "Field of the linked records", "Points")
    pick(dialog, "And make of it", "MAX")
    add(grid, dialog, "All points")
    grid.see("All points", row, "30")

    dialog = new_field(grid, "Heads", "Count")
    pick(dialog, "Through the link", "Contacts")
    add(grid, dialog, "Heads")
    grid.see("Heads", row, "2")

    contacts.click("Points", rows[1])
    contacts.type("44")
    grid.see("All points", row, "44")
    grid.click("All points", row)
    page.keyboard.press("Enter")
    why = page.get_by_role("dialog", name="Why this value of All points?")
    expect(why.get_by_text("From 2 linked records")).to_be_visible()
    expect(why.get_by_role("button", name="Vic")).to_contain_text("44")


def test_a_circle_is_refused_with_its_path(grid: Grid) -> None:
    add_formula(grid, "Circle one", "1 + 1")
    add_formula(grid, "Circle two", "{Circle one} + 1")
    grid.header_menu("Circle one", "Edit field")
    dialog = grid.page.get_by_role("dialog", name="Edit field")
    formula_of(dialog).fill("{Circle two} * 2")
    expect(dialog.get_by_text(re.compile("Circle one → Circle two → Circle one"))).to_be_visible()
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()


def test_an_error_is_explained_part_by_part(grid: Grid) -> None:
    row = grid.fresh_row("Divides by nothing", "Contact")
    add_number(grid, "Units", {})
    add_formula(grid, "Unit price", "ROUND(100 / {Units}, 2)")
    grid.see("Unit price", row, "Infinity")
    grid.row_menu("Unit price", row, "Explain this value")
    why = grid.page.get_by_role("dialog", name="Why this value of Unit price?")
    expect(why.get_by_role("alert")).to_contain_text("Division by {Units}, which is 0 or empty.")
    parts = why.get_by_role("button").filter(has_text="=")
    expect(parts).to_have_count(3)
    expect(parts.nth(0)).to_contain_text("empty")
    expect(parts.nth(2)).to_contain_text("Infinity")
    grid.page.keyboard.press("Escape")
    expect(why).to_be_hidden()
    # The keys go back to the grid, and typing on a computed cell asks the same question instead of writing.
    grid.click("Unit price", row)
    grid.page.keyboard.type("5", delay=0)
    expect(why).to_be_visible()
    grid.page.keyboard.press("Escape")
    assert grid.text("Unit price", row) == "Infinity"


def test_what_depends_on_a_field_is_drawn_and_deleting_it_warns(grid: Grid) -> None:
    grid.fresh_row("Depends", "Contact")
    add_number(grid, "Root", {})
    add_formula(grid, "Leaf", "{Root} + 1")
    grid.header_menu("Root", "What depends on this?")
    drawn = grid.page.get_by_role("dialog", name="What depends on Root?")
    drawn.get_by_role("button", name="Leaf").click()
    again = grid.page.get_by_role("dialog", name="What depends on Leaf?")
    expect(again.get_by_role("button", name="Root")).to_be_visible()
    again.get_by_role("button", name="Done").click()
    grid.header_menu("Root", "Delete field")
    asked = grid.page.get_by_role("dialog", name="Delete “Root”?")
    expect(asked).to_contain_text("Leaf is computed from it")
    asked.get_by_role("button", name="Delete field").click()
    grid.until(lambda: "Root" not in grid.columns(), "still there")
    grid.until(lambda: grid.text("Leaf", 0) == "#ERROR!", f"the cell says {grid.text('Leaf', 0)}")
    grid.header_menu("Leaf", "Edit field")
    dialog = grid.page.get_by_role("dialog", name="Edit field")
    expect(dialog.get_by_text("There is no field called Root.")).to_be_visible()
    dialog.get_by_role("button", name="Restore Root").click()
    expect(dialog.get_by_text("There is no field called Root.")).to_be_hidden()
    expect(dialog.get_by_text("Gives a number.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    grid.until(lambda: "Root" in grid.columns(), "not back")
    grid.see("Leaf", 0, "1")


def test_filters_and_totals_take_a_result_for_what_it_is(grid: Grid) -> None:
    rows = [grid.fresh_row(name, "Contact") for name in ("Filter low", "Filter high")]
    add_number(grid, "Weight", {rows[0]: "3", rows[1]: "300"})
    add_formula(grid, "Heavy", "{Weight} * 2")
    grid.see("Heavy", rows[1], "600")
    grid.header_menu("Heavy", "Sort 9 → 1")
    grid.settle()
    grid.see("Heavy", 0, "600")


def test_cells_say_so_when_formulas_are_off(grid: Grid, new_page: NewPage, watch: Watch) -> None:
    row = grid.fresh_row("Goes off", "Contact")
    add_formula(grid, "Greeting", '"Hello " & {Name}')
    grid.see("Greeting", row, "Hello Goes off")
    settings = new_page(path="/settings/plugins")
    switch = settings.get_by_role("switch", name=re.compile("Formulas", re.IGNORECASE))
    switch.click()
    grid.until(lambda: grid.text("Greeting", row) == "#ERROR!", f"the cell says {grid.text('Greeting', row)}")
    grid.click("Greeting", row)
    grid.page.keyboard.press("Enter")
    why = grid.page.get_by_role("dialog", name="Why this value of Greeting?")
    expect(why).to_contain_text("Formulas are switched off")
    grid.page.keyboard.press("Escape")
    switch.click()
    grid.see("Greeting", row, "Hello Goes off")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_editor_and_the_explanations(new_page: NewPage, scheme: str) -> None:
    page = new_page(path="/t/contacts", color_scheme=scheme, bypass_csp=True)
    grid = Grid(page)
    grid.fresh_row(f"Seen in {scheme}", "Contact")
    dialog = new_field(grid, f"Seen {scheme}", "Formula")
    text = formula_of(dialog)
    text.click()
    page.keyboard.type('IF(1 = 1, ROND({Name}, "a"), 2) & {Na', delay=0)
    expect(dialog.get_by_role("button", name="Add }")).to_be_visible()
    expect(dialog.get_by_role("option", name=re.compile("^Name"))).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    text.fill("1 / 0")
    expect(dialog.get_by_text("Gives a number.")).to_be_visible()
    assert faults(page) == []
    add(grid, dialog, f"Seen {scheme}")
    grid.click(f"Seen {scheme}", 0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=f"Why this value of Seen {scheme}?")).to_be_visible()
    page.wait_for_timeout(250)
    assert faults(page) == []
    page.keyboard.press("Escape")
    grid.header_menu("Name", "What depends on this?")
    expect(page.get_by_role("dialog", name="What depends on Name?")).to_be_visible()
    page.wait_for_timeout(250)
    assert faults(page) == []


def faults(page: Page) -> list[str]:
    """What axe-core holds against the open dialog."""
    found = Axe().run(page, context="[role=dialog]").response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")
    ]


def test_the_record_panel_explains_its_values(grid: Grid) -> None:
    row = grid.fresh_row("In the panel", "Contact")
    add_formula(grid, "Panel greeting", '"Hi " & {Name}')
    grid.click("Name", row)
    grid.page.keyboard.press("Space")
    panel = grid.page.get_by_role("complementary", name="In the panel")
    value = panel.get_by_role("button", name="Panel greeting: Hi In the panel")
    value.focus()
    grid.page.keyboard.press("Enter")
    why = grid.page.get_by_role("dialog", name="Why this value of Panel greeting?")
    expect(why.get_by_text("Hi In the panel").first).to_be_visible()
    grid.page.keyboard.press("Escape")
    expect(why).to_be_hidden()
    expect(panel).to_be_visible()

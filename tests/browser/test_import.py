"""The import wizard in a real browser, with a file as Airtable writes it: map, review, import, again, undo."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch
from tests.browser.grid import Grid

HEADER = "Name,Stage,Check size,Probability,Pipeline source,Contact e-mail,Notes"
FIRST = [
    'Acorn Capital,Meeting,"$250,000.00",40%,Conference,mara@acorn.example,"Said ""maybe"".\nAsk again."',
    'Birch Partners,Prospect,"$1,000,000.00",10%,Referral,li@birch.example,',
    "Cedar Ventures,Diligence,,75%,Inbound,jo@cedar.example,",
]
SECOND = [
    FIRST[0],
    'Birch Partners,Meeting,"$1,500,000.00",10%,Referral,li@birch.example,',
    "Cedar Ventures,Diligence,a lot,75%,Inbound,jo@cedar.example,",
    "Delta Endowment,Prospect,,,,,",
]


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    """Where the next file to import lies."""
    return tmp_path / "Investors-Grid view.csv"


def _write(path: Path, rows: list[str]) -> Path:
    path.write_bytes(("\ufeff" + "\r\n".join([HEADER, *rows]) + "\r\n").encode())
    return path


def _upload(page: Page, path: Path, table: str = "investors") -> None:
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text(f"Recognise existing {table} by")).to_be_visible()


def _compare(page: Page, table: str = "investors") -> None:
    page.get_by_role("button", name=f"Compare with {table}").click()
    expect(page.get_by_role("tab").first).to_be_visible()


def _counts(page: Page) -> dict[str, int]:
    return {name: int(count) for count, name in (tab.inner_text().split("\n") for tab in page.get_by_role("tab").all())}


def _nothing_but(**counts: int) -> dict[str, int]:
    return {"New": 0, "Changed": 0, "Unchanged": 0, "Conflicts": 0, "Errors": 0, **counts}


def test_an_airtable_file_is_mapped_reviewed_imported_repeated_and_undone(page: Page, csv_file: Path) -> None:
    page.goto("/import?table=investors")
    _upload(page, _write(csv_file, FIRST))
    expect(page.get_by_text("3 rows · 7 columns · UTF-8, byte order mark, comma separated")).to_be_visible()
    expect(page.get_by_label("Where “Check size” goes")).to_contain_text("Check size")
    expect(page.get_by_label("Where “Contact e-mail” goes")).to_contain_text("Contacts")
    expect(page.get_by_label("Name of the new field for “Pipeline source”")).to_have_value("Pipeline source")

    _compare(page)
    assert _counts(page) == _nothing_but(New=3)
    expect(page.get_by_role("row").filter(has_text="Birch Partners")).to_contain_text("1,000,000")
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_text("is in Investors")).to_be_visible()

    page.get_by_role("button", name="Import another file").click()
    _upload(page, _write(csv_file, SECOND))
    expect(page.get_by_text("Mapped as last time")).to_be_visible()
    _compare(page)
    assert _counts(page) == _nothing_but(New=1, Changed=1, Unchanged=1, Errors=1)
    page.get_by_role("tab", name=re.compile("^1\\s*Changed")).click()
    changed = page.get_by_role("row").filter(has_text="Birch Partners")
    expect(changed).to_contain_text("Prospect")
    expect(changed.locator("del")).to_have_count(2)
    page.get_by_role("tab", name="Errors").click()
    unread = page.get_by_role("row").filter(has_text="Check size")
    expect(unread).to_contain_text("5")
    expect(unread).to_contain_text("a lot")
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_text("is in Investors")).to_be_visible()

    page.get_by_role("button", name="Import another file").click()
    _upload(page, csv_file)
    _compare(page)
    assert _counts(page) == _nothing_but(Unchanged=3, Errors=1)
    expect(page.get_by_role("button", name="Nothing to import")).to_be_disabled()

    page.goto("/import?table=investors")
    page.get_by_role("button", name=re.compile("Imported")).first.click()
    page.get_by_role("button", name="Undo import").click()
    expect(page.get_by_text("Import undone")).to_be_visible()
    page.goto("/import?table=investors")
    _upload(page, csv_file)
    _compare(page)
    assert _counts(page) == _nothing_but(New=1, Changed=1, Unchanged=1, Errors=1)


def test_a_mapping_that_cannot_work_is_explained_before_anything_is_compared(page: Page, csv_file: Path) -> None:
    page.goto("/import?table=funds")
    page.locator("input[type=file]").set_input_files(_write(csv_file, FIRST))
    expect(page.get_by_text("Recognise existing funds by")).to_be_visible()
    page.get_by_role("combobox", name="Where “Stage” goes").click()
    page.get_by_placeholder("Find a field…").fill("name")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Name” already goes to Name.")).to_be_visible()
    expect(page.get_by_role("button", name="Compare with funds")).to_be_disabled()
    page.get_by_role("combobox", name="Where “Stage” goes").click()
    page.get_by_placeholder("Find a field…").fill("skip")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Compare with funds")).to_be_enabled()


def test_every_row_is_a_new_record_where_a_person_chooses_so(page: Page, csv_file: Path) -> None:
    page.goto("/import?table=funds")
    csv_file.write_text("Name\nTwin Fund\nTwin Fund\n")
    page.locator("input[type=file]").set_input_files(csv_file)
    with page.expect_request("**/preview") as unchosen:
        page.get_by_role("button", name="Compare with funds").click()
    assert (unchosen.value.post_data_json or {})["key"] is not None
    expect(page.get_by_role("tab").first).to_be_visible()
    assert _counts(page) == _nothing_but(New=1, Errors=1)
    page.get_by_role("button", name="Back to columns").click()
    key = page.get_by_role("combobox", name="Recognise existing records by")
    key.click()
    page.get_by_role("option", name="Every row is a new record").click()
    for _ in range(2):  # the choice is still there after a look at the review
        expect(key).to_contain_text("Every row is a new record")
        with page.expect_request("**/preview") as chosen:
            page.get_by_role("button", name="Compare with funds").click()
        assert (chosen.value.post_data_json or {})["key"] is None
        expect(page.get_by_role("tab").first).to_be_visible()
        assert _counts(page) == _nothing_but(New=2)
        page.get_by_role("button", name="Back to columns").click()


def test_a_row_that_disagrees_with_another_is_a_new_record_without_that_cell(page: Page, csv_file: Path) -> None:
    page.goto("/import?table=investors")
    csv_file.write_text("Investor,Fund,Fund vintage\nElm Trust,Elm Fund,2020\nFir Trust,Elm Fund,2021\n")
    _upload(page, csv_file)
    _compare(page)
    assert _counts(page) == _nothing_but(New=1, Conflicts=1)
    page.get_by_role("tab", name="Conflicts").click()
    expect(page.get_by_text("where two rows disagree, the first one stands")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Fir Trust")
    expect(row.get_by_text("new", exact=True)).to_be_visible()
    expect(row).to_contain_text("Fund vintage: Line 2 gives the same record of Funds another Vintage; that one stays.")
    expect(page.get_by_text("1 row is imported without the cells that disagree")).to_be_visible()
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_text("is in Investors")).to_be_visible()

    page.get_by_role("button", name="Import another file").click()
    _upload(page, csv_file)
    _compare(page)
    assert _counts(page) == _nothing_but(Unchanged=1, Conflicts=1)
    page.get_by_role("tab", name="Conflicts").click()
    known = page.get_by_role("row").filter(has_text="Fir Trust")
    expect(known).to_contain_text("that one stays")
    expect(known.get_by_text("new", exact=True)).to_have_count(0)


def test_a_cell_that_a_person_changed_is_shown_as_staying(page: Page, csv_file: Path) -> None:
    page.goto("/import?table=funds")
    head = "Name,Vintage,Home town,Legal form\n"
    csv_file.write_text(f"{head}Gorse Fund,2020,Bonn,LP\nHazel Fund,2021,Kiel,LP\n")
    _upload(page, csv_file, "funds")
    _compare(page, "funds")
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_text("is in Funds")).to_be_visible()
    headers = {"X-CSRF-Token": page.request.get("/api/session").json()["csrf"]}
    found = page.request.post("/api/tables/funds/query", data={"search": "Gorse Fund"}, headers=headers).json()
    records = [{"id": found["ids"][0], "cells": {"vintage": 1999}}]
    edit = {"op": "update", "table": "funds", "records": records}
    edited = page.request.post("/api/changes", data={"ops": [edit]}, headers=headers)
    assert edited.ok, edited.text()

    page.get_by_role("button", name="Import another file").click()
    csv_file.write_text(f"{head}Gorse Fund,2020,Ulm,LP\nHazel Fund,2021,Kiel,LP\n")
    _upload(page, csv_file, "funds")
    _compare(page, "funds")
    assert _counts(page) == _nothing_but(Conflicts=1, Unchanged=1)
    kept = page.get_by_role("cell").filter(has_text="stays").filter(has_text="1999")
    expect(kept).to_have_attribute("title", "1999 stays; the file says 2020")
    expect(kept.locator("del")).to_have_text("2020")
    changed = page.get_by_role("cell").filter(has=page.locator("del", has_text="Bonn"))
    expect(changed).to_have_attribute("title", "Bonn → Ulm")
    expect(changed).not_to_contain_text("stays")


def test_the_import_opens_over_the_grid_and_a_workbook_is_sent_back(page: Page, csv_file: Path) -> None:
    page.goto("/t/contacts")
    page.get_by_role("button", name="Menu of Contacts").click()
    page.get_by_text("Import a CSV…").click()
    dialog = page.get_by_role("dialog")
    workbook = csv_file.with_suffix(".xlsx")
    workbook.write_bytes(b"PK\x03\x04")
    dialog.locator("input[type=file]").set_input_files(workbook)
    expect(dialog.get_by_role("alert")).to_contain_text("Save the sheet as CSV")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/t/contacts(\?|$)"))


def test_a_table_is_made_from_a_file_with_its_kinds_guessed(page: Page, watch: Watch, tmp_path: Path) -> None:
    watch.allow(r"status of 400.*/api/imports")

    def table_names() -> list[str]:
        return [table["name"] for table in page.request.get("/api/tables").json()["tables"]]

    def until_names(wanted: list[str]) -> None:
        for _ in range(200):
            if table_names() == wanted:
                return
            page.wait_for_timeout(50)
        assert table_names() == wanted

    page.get_by_role("button", name="New table", exact=True).click()
    page.get_by_role("menuitem", name="From a CSV file").click()
    expect(page.get_by_role("combobox", name="Table to import into")).to_have_text("A new table")
    before = table_names()
    broken = tmp_path / "broken.csv"
    broken.write_bytes(random.Random(1).randbytes(4_000))
    page.locator("input[type=file]").set_input_files(broken)
    expect(page.get_by_text("The file is not text")).to_be_visible()
    # Nothing is left of a file that could not be read.
    until_names(before)

    rows = [
        "Company,Round,Raised,Closed on,Lead?",
        'Arc,Seed,"$1,250,000.00",11/23/2026,checked',
        'Bolt,Series A,"$9,000,000.00",3/4/2026,',
        'Arc,Seed,"$500,000.00",,checked',
    ]
    file = tmp_path / "Portfolio companies-Grid view.csv"
    file.write_bytes(("\ufeff" + "\r\n".join(rows) + "\r\n").encode())
    page.locator("input[type=file]").set_input_files(file)
    name = page.get_by_label("Name of the new table")
    expect(name).to_have_value("Portfolio companies")
    expect(page.get_by_label("Where “Company” goes")).to_contain_text("Name")
    name.fill("Portfolio")
    page.get_by_role("button", name="Other file").click()
    expect(page.get_by_role("combobox", name="Table to import into")).to_have_text("A new table")
    until_names(before)

    page.locator("input[type=file]").set_input_files(file)
    name.fill("Portfolio")
    page.get_by_role("button", name="Preview the records").click()
    expect(page.get_by_role("tab", name=re.compile("^3\\s*New"))).to_be_visible()
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_text("is in Portfolio")).to_be_visible()
    page.get_by_role("button", name="Open portfolio").click()
    grid = Grid(page)
    assert grid.columns() == ["Company", "Round", "Raised", "Closed on", "Lead?"]
    table = next(table for table in page.request.get("/api/tables").json()["tables"] if table["name"] == "Portfolio")
    kinds = {field["name"]: field["kind"] for field in table["fields"] if not field["read_only"]}
    assert kinds == {
        "Company": "text",
        "Round": "text",
        "Raised": "currency",
        "Closed on": "date",
        "Lead?": "checkbox",
    }
    assert [grid.text("Company", row) for row in range(3)] == ["Arc", "Bolt", "Arc"]
    assert grid.number("Raised", 0) == 1_250_000

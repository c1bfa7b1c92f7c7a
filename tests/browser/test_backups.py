"""The page of backups in a real browser: make, certificate, policy, preview, one record, everything, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch


def send(page: Page, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """One request as the person of this page."""
    csrf = page.request.get("/api/session").json()["csrf"]
    answer = page.request.post(path, data=body, headers={"X-CSRF-Token": csrf})
    assert answer.ok, answer.text()
    return dict(answer.json())


def create(page: Page, *names: str) -> list[str]:
    records = [{"cells": {"name": name, "city": "London"}} for name in names]
    made = send(page, "/api/changes", {"ops": [{"op": "create", "table": "investors", "records": records}]})
    return list(made["created"][0])


def back_up(page: Page) -> None:
    """Make a backup on its page."""
    page.goto("/settings/backups")
    expect(page.get_by_role("heading", name="All backups")).to_be_visible()
    before = page.get_by_role("button", name="Restore…").count()
    page.get_by_role("button", name="Back up now").click()
    expect(page.get_by_text("The backup is made and verified")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Restore…")).to_have_count(before + 1)


def newest(page: Page) -> Any:
    return page.get_by_role("main").get_by_role("listitem").first


def test_a_backup_is_made_and_shows_its_certificate(page: Page) -> None:
    back_up(page)
    expect(newest(page)).to_contain_text("Verified")
    expect(newest(page)).to_contain_text("By hand, Ada Admin")
    newest(page).get_by_role("button", name="More for the backup").click()
    page.get_by_role("menuitem", name="Certificate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This backup works")
    for step in ("The file is as it was written", "Every row is there", "The history is whole", "The CRM starts on it"):
        expect(dialog).to_contain_text(step)
    page.keyboard.press("Escape")
    newest(page).get_by_role("button", name="More for the backup").click()
    with page.expect_download() as downloaded:
        page.get_by_role("menuitem", name="Download SQLite file").click()
    assert Path(downloaded.value.path()).read_bytes()[:15] == b"SQLite format 3"


def test_one_record_and_then_everything_comes_back(page: Page, watch: Watch) -> None:
    watch.allow("status of 503")  # what asks while the doors are shut
    gone, changed = create(page, "Quinoa Partners", "Rhubarb Capital")
    back_up(page)
    update = {"op": "update", "table": "investors", "records": [{"id": changed, "cells": {"city": "Rome"}}]}
    send(page, "/api/changes", {"ops": [update, {"op": "delete", "table": "investors", "ids": [gone]}]})
    create(page, "Sorrel Holdings")
    newest(page).get_by_role("button", name="Restore…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Quinoa Partners")
    expect(dialog).to_contain_text("Rome")
    expect(dialog).to_contain_text("Sorrel Holdings")
    dialog.get_by_role("listitem").filter(has_text="Quinoa Partners").get_by_role("button").click()
    expect(page.get_by_text("“Quinoa Partners” is as it was in the backup")).to_be_visible()
    expect(dialog.get_by_role("listitem").filter(has_text="Quinoa Partners")).to_have_count(0)
    button = dialog.get_by_role("button", name="Restore everything")
    expect(button).to_be_disabled()
    dialog.get_by_label("to restore everything").fill("restore")
    button.click()
    expect(page.get_by_role("dialog")).to_contain_text("The backup is restored", timeout=30_000)
    page.get_by_role("button", name="Open the CRM").click()
    page.wait_for_url("**/")
    names = send(page, "/api/tables/investors/query", {"fields": ["name", "city"], "limit": 5_000})["columns"]
    assert {"Quinoa Partners", "Rhubarb Capital"} <= set(names[0])
    assert "Sorrel Holdings" not in names[0]
    assert names[1][names[0].index("Rhubarb Capital")] == "London"


def test_the_policy_is_changed_and_a_bad_folder_is_refused_where_it_stands(page: Page, watch: Watch) -> None:
    watch.allow("status of 400")
    page.goto("/settings/backups")
    page.get_by_label("Folder on the server").fill("somewhere")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The folder is no absolute path.")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    page.get_by_label("Keep the newest").fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The policy is saved")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Keep the newest")).to_have_value("30")


def test_a_file_that_is_no_backup_is_said(page: Page, tmp_path: Path, watch: Watch) -> None:
    watch.allow("status of 400")
    file = tmp_path / "notes.sqlite3"
    file.write_text("not a database")
    page.goto("/settings/backups")
    page.get_by_label("A backup's file").set_input_files(file)
    expect(page.get_by_text("neither a SQLite file nor an archive")).to_be_visible()

"""The trash in a real browser: what was deleted is found, restored one or many, and the restoring undone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, expect


def _change(request: APIRequestContext, *ops: dict[str, Any]) -> dict[str, Any]:
    """Make a change as the person signed in."""
    csrf = request.get("/api/session").json()["csrf"]
    answer = request.post("/api/changes", data={"ops": list(ops)}, headers={"X-CSRF-Token": csrf})
    assert answer.ok, answer.text()
    return dict(answer.json())


@pytest.fixture
def deleted(page: Page) -> list[str]:
    """Three funds, made and deleted again; their names."""
    names = [f"Trashed fund {number}" for number in range(1, 4)]
    records = [{"cells": {"name": name}} for name in names]
    made = _change(page.request, {"op": "create", "table": "funds", "records": records})
    _change(page.request, {"op": "delete", "table": "funds", "ids": made["created"][0]})
    return names


def test_deleted_records_are_restored_and_the_restoring_undone(page: Page, deleted: list[str]) -> None:
    page.goto("/trash?table=funds")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(3)

    rows.filter(has_text=deleted[1]).get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Restored 1 fund")).to_be_visible()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(3)

    page.get_by_label("Search the trash").fill("fund 3")
    expect(rows).to_have_count(1)
    page.get_by_label("Search the trash").fill("")
    expect(rows).to_have_count(3)
    page.get_by_role("checkbox", name="Choose all shown").click()
    page.get_by_role("button", name="Restore 3 funds").click()
    expect(page.get_by_text("No deleted funds")).to_be_visible()
    csrf = page.request.get("/api/session").json()["csrf"]
    found = page.request.post("/api/tables/funds/query", data={"search": "Trashed"}, headers={"X-CSRF-Token": csrf})
    assert found.json()["total"] == 3

"""More cells in conflict than are listed one by one: the dialog counts all of them, and a choice for all is for all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watch
from tests.browser.grid import Grid

COUNT = 1003
REFUSED = "status of 409"


@pytest.mark.parametrize(("choice", "stays"), [("All theirs", 1990), ("All mine", 2001)])
def test_a_choice_for_all_is_for_those_that_are_not_listed_too(
    page: Page, watch: Watch, choice: str, stays: int
) -> None:
    watch.allow(REFUSED)
    headers = {"X-CSRF-Token": page.request.get("/api/session").json()["csrf"]}

    def change(op: dict[str, object]) -> list[str]:
        answer = page.request.post("/api/changes", data={"ops": [{"table": "funds", **op}]}, headers=headers)
        assert answer.ok, answer.text()
        return next(iter(answer.json()["created"]), [])

    def with_vintage(year: int) -> int:
        fund = {"field": "vintage", "op": "=", "value": year}
        query = {"filter": fund, "search": f"Many {choice}"}
        found = page.request.post("/api/tables/funds/query", data=query, headers=headers)
        return int(found.json()["total"])

    records = [{"cells": {"name": f"Many {choice} {n}", "vintage": 1980}} for n in range(COUNT)]
    made = change({"op": "create", "records": records})
    page.goto("/t/funds")
    grid = Grid(page)
    first = grid.total() - COUNT
    held: list[Route] = []
    grid.page.route("**/api/changes", lambda route: held.append(route))
    grid.click("Vintage", first)
    grid.paste("\n".join(["2001"] * COUNT))
    grid.until(lambda: len(held) == 1, "The paste is not sent")
    change({"op": "update", "records": [{"id": one, "cells": {"vintage": 1990}} for one in made]})
    held[0].continue_()
    grid.page.unroute("**/api/changes")

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1,003 cells were changed meanwhile", timeout=20_000)
    rest = dialog.get_by_role("region", name="The other cells")
    expect(rest).to_contain_text("3 more cells")
    dialog.get_by_role("button", name=choice).click()
    mine = rest.get_by_role("radio", name="Use mine")
    expect(mine).to_be_checked(checked=choice == "All mine")
    dialog.get_by_role("button", name="Save this choice").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-save-state=saved]")).to_be_visible(timeout=30_000)
    assert with_vintage(stays) == COUNT
    change({"op": "delete", "ids": made})

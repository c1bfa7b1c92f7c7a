"""Activity, feature requests, earlier states and restored values in a real browser."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import APIRequestContext, Page, expect

from tests.browser.conftest import NewPage


def _write(request: APIRequestContext, method: str, path: str, data: Any = None) -> dict[str, Any]:
    """Send something as the person signed in."""
    csrf = request.get("/api/session").json()["csrf"]
    answer = request.fetch(path, method=method, data=data, headers={"X-CSRF-Token": csrf})
    assert answer.ok, answer.text()
    return dict(answer.json())


def _change(request: APIRequestContext, *ops: dict[str, Any]) -> dict[str, Any]:
    return _write(request, "POST", "/api/changes", {"ops": list(ops)})


def _fund(request: APIRequestContext, **cells: Any) -> tuple[str, int]:
    """A new fund: its id and the version that made it."""
    done = _change(request, {"op": "create", "table": "funds", "records": [{"cells": cells}]})
    return str(done["created"][0][0]), int(done["version"])


def _set(request: APIRequestContext, fund: str, **cells: Any) -> None:
    _change(request, {"op": "update", "table": "funds", "records": [{"id": fund, "cells": cells}]})


def test_the_feed_is_live_filters_in_the_address_and_undoes(page: Page) -> None:
    fund, _ = _fund(page.request, name="Feed Fund")
    page.goto("/activity")
    first = page.locator("ol > li").first
    expect(first).to_contain_text("Ada Admin added the fund Feed Fund")

    _set(page.request, fund, notes="Seen at once")
    expect(first).to_contain_text("set Notes of Feed Fund to Seen at once")
    first.hover()
    first.get_by_role("button", name="Undo this").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(first).to_contain_text(re.compile(r"undid version \d+: cleared Notes of Feed Fund"))

    page.get_by_label("Kind").click()
    page.get_by_role("option", name="Sign-ins and security").click()
    expect(page).to_have_url(re.compile(r"kind=security"))
    expect(first).to_contain_text("signed in")
    page.reload()
    expect(first).to_contain_text("signed in")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Search the activity").fill("no such words anywhere")
    expect(page.get_by_text("Nothing like that happened")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()
    expect(page).to_have_url(re.compile(r"/activity$"))

    page.get_by_role("link", name="Feed Fund").first.click()
    expect(page.get_by_role("complementary", name="Feed Fund")).to_be_visible()


def test_older_entries_come_as_one_scrolls(page: Page) -> None:
    fund, _ = _fund(page.request, name="Long Story")
    for number in range(60):
        _set(page.request, fund, notes=f"Step {number}")
    page.goto(f"/activity?record={fund}&table=funds")
    entries = page.locator("ol > li")
    expect(entries.first).to_contain_text("Step 59")
    assert entries.count() < 61
    entries.last.scroll_into_view_if_needed()
    expect(entries).to_have_count(61)
    expect(page.get_by_text("This is where it all began.")).to_be_attached()


def test_a_wish_is_asked_for_voted_on_and_moved_along(page: Page) -> None:
    page.goto("/requests")
    page.get_by_role("button", name="New request").first.click()
    page.get_by_label("What is missing?").fill("A map of all investors")
    page.get_by_label("What would you do with it?").fill("Plan a journey.")
    page.get_by_role("button", name="Ask for it").click()
    card = page.get_by_role("listitem").filter(has_text="A map of all investors")
    vote = card.get_by_role("button", name=re.compile("vote"))
    expect(vote).to_have_attribute("aria-pressed", "true")
    vote.click()
    expect(vote).to_have_text("0")
    card.get_by_role("button", name="More").click()
    page.get_by_role("menuitemradio", name="Planned").click()
    expect(card).to_contain_text("Planned")
    page.get_by_role("radio", name=re.compile("Done")).click()
    expect(page.get_by_text("Nothing is done")).to_be_visible()
    page.get_by_role("radio", name="All").click()
    card.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(card).to_have_count(0)


def test_a_table_is_seen_as_it_was_and_a_record_comes_back(page: Page) -> None:
    fund, version = _fund(page.request, name="Before", notes="old words")
    _set(page.request, fund, name="After", notes="new words")
    _change(page.request, {"op": "delete", "table": "funds", "ids": [fund]})
    page.goto(f"/t/funds?as_of={version}")
    expect(page.get_by_text(f"Funds as they were in version {version:,}")).to_be_visible()
    page.get_by_label("Search").fill("Before")
    expect(page.get_by_text("1 fund", exact=True)).to_be_visible()
    grid = page.locator("canvas").first.bounding_box()
    assert grid is not None
    page.mouse.click(grid["x"] + 150, grid["y"] + 34 + 16)
    page.keyboard.press("Space")
    panel = page.get_by_role("complementary")
    expect(panel).to_contain_text("old words")
    page.keyboard.type("x")  # nothing can be written here
    expect(panel).to_contain_text("Before")
    panel.get_by_role("button", name="Restore it to this state").click()
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("Restored the fund")).to_be_visible()
    found = page.request.get(f"/api/tables/funds/records/{fund}").json()
    assert found["deleted_at"] is None
    assert {"Before", "old words"} <= set(map(str, found["cells"].values()))
    page.get_by_role("button", name="Back to now").click()
    expect(page).to_have_url(re.compile(r"/t/funds"))
    page.get_by_role("button", name="See an earlier state").click()
    page.get_by_role("button", name="A year ago").click()
    expect(page.get_by_text(re.compile("There were no funds then"))).to_be_visible()


def test_a_value_of_the_past_comes_back_from_the_history(page: Page) -> None:
    fund, _ = _fund(page.request, name="Storied", notes="first")
    _set(page.request, fund, notes="second", name="Storied Fund")
    page.goto(f"/t/funds/{fund}")
    panel = page.get_by_role("complementary", name="Storied Fund")
    panel.get_by_role("radio", name="History").click()
    panel.get_by_label("Of which field").click()
    page.get_by_role("option", name="Notes").click()
    line = panel.get_by_role("listitem").first
    expect(line).to_contain_text("first")
    expect(line).not_to_contain_text("Storied")
    line.hover()
    line.get_by_role("button", name="Restore “first”").click()
    panel.get_by_role("radio", name="Fields").click()
    expect(panel.get_by_role("button", name=re.compile("^Notes: first"))).to_be_visible()


def test_a_member_is_shown_the_teams_work_only(page: Page, new_page: NewPage) -> None:
    account = {
        "email": "mo@example.org",
        "name": "Mo Member",
        "password": "quiet otters cross rivers",
        "role": "member",
    }
    _write(page.request, "POST", "/api/admin/users", account)
    other = new_page(sign_in=False, path="/signin")
    answer = other.request.post("/api/session", data={"email": account["email"], "password": account["password"]})
    assert answer.ok
    other.goto("/activity")
    expect(other.get_by_role("heading", name="Activity")).to_be_visible()
    expect(other.get_by_text("signed in")).to_have_count(0)
    other.get_by_label("Kind").click()
    expect(other.get_by_role("option", name="Imports")).to_be_visible()
    expect(other.get_by_role("option", name="Plugins")).to_have_count(0)

"""Dashboards: every number opens its records, by pointer and by keys; figures follow colleagues; axe-core agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.views import change, send

GRAVE = ("serious", "critical")


@pytest.fixture
def raised(page: Page) -> Iterator[dict[str, list[str]]]:
    """A fund with a hard, a soft and a passed commitment, and investors of whom one is going cold; gone afterwards."""
    today = date.fromisoformat(str(page.evaluate("new Date().toISOString().slice(0, 10)")))

    def made(table: str, *records: dict[str, Any]) -> list[str]:
        cells = [{"cells": record} for record in records]
        answer = change(page.request, {"op": "create", "table": table, "records": cells})
        return list(answer["created"][0])

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    first = {"stage": "First call", "check_size": 1_000_000, "probability": 0.25}
    ids = {
        "funds": made("funds", {"name": "Dash Fund", "target": 10_000_000}),
        "investors": made(
            "investors",
            {"name": "Dash Warm", **first, "last_contact": ago(5)},
            {"name": "Dash Cold", **first, "last_contact": ago(120)},
            {"name": "Dash Unsure", "stage": "First call", "check_size": 400_000, "last_contact": ago(70)},
            {"name": "Dash Passed", "stage": "Passed", "last_contact": ago(400)},
            {"name": "Dash Buried", "list": "graveyard", "last_contact": ago(400)},
        ),
    }
    one, two, three = ids["investors"][:3]
    fund = {"fund": ids["funds"]}
    ids["commitments"] = made(
        "commitments",
        {"name": "Dash hard", "investor": [one], **fund, "status": "signed", "amount": 3_000_000, "signed_on": ago(40)},
        {"name": "Dash soft", "investor": [two], **fund, "status": "soft_circled", "amount": 2_000_000},
        {"name": "Dash no", "investor": [three], **fund, "status": "passed", "amount": 9_000_000},
    )
    yield ids
    for table, records in ids.items():
        change(page.request, {"op": "delete", "table": table, "ids": records})


def card(page: Page, title: str) -> Locator:
    """A card by its heading."""
    return page.get_by_role("region", name=title, exact=True)


def rows_of_address(page: Page, table: str) -> list[str]:
    """Names of the records that the grid's address asks for, read with the very conditions it carries."""
    expect(page).to_have_url(re.compile(rf"/t/{table}\?.*with="))
    expect(page.get_by_role("button", name="Discard")).to_be_visible()
    carried = page.evaluate(
        """() => {
            const word = new URLSearchParams(location.search).get('with').replaceAll('-', '+').replaceAll('_', '/')
            return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(word), (sign) => sign.charCodeAt(0))))
        }"""
    )
    answer = send(page.request, "POST", f"/api/tables/{table}/query", {"filter": carried["filter"], "fields": ["name"]})
    return sorted(answer["columns"][0])


def test_numbers_of_every_table_open_their_records(page: Page, raised: dict[str, list[str]]) -> None:
    page.goto("/dashboards")
    funds = card(page, "Commitments by fund")
    funds.get_by_role("button", name="Show Commitments by fund as table").click()
    line = funds.get_by_role("row", name=re.compile("^Dash Fund"))
    expect(line).to_contain_text("€3,000,000 · 30%")
    expect(line).to_contain_text("€2,000,000 · 20%")
    line.get_by_role("link", name="€3,000,000").click()
    assert rows_of_address(page, "commitments") == ["Dash hard"]
    page.go_back()

    pipeline = card(page, "Pipeline")
    pipeline.get_by_role("button", name="Show Pipeline as table").click()
    call = pipeline.get_by_role("row", name=re.compile("^First call"))
    expect(call).to_contain_text("€500,000")
    call.get_by_role("link", name="3", exact=True).click()
    assert rows_of_address(page, "investors") == ["Dash Cold", "Dash Unsure", "Dash Warm"]
    page.go_back()
    pipeline.get_by_role("button", name="Show Pipeline as table").click()
    call.get_by_role("link", name="€500,000").click()
    assert rows_of_address(page, "investors") == ["Dash Cold", "Dash Warm"]
    page.go_back()
    page.get_by_role("link", name="1 check size without a probability").click()
    assert rows_of_address(page, "investors") == ["Dash Unsure"]


def test_marks_of_a_chart_are_reached_by_keys_and_by_the_pointer(page: Page, raised: dict[str, list[str]]) -> None:
    page.goto("/dashboards")
    pipeline = card(page, "Pipeline")
    expect(pipeline.locator("canvas")).to_be_visible()
    marks = pipeline.get_by_role("list", name="Investors by stage").get_by_role("link")
    expect(marks.first).to_have_text("First call: 3 investors")
    marks.first.focus()
    page.keyboard.press("ArrowDown")
    expect(marks.nth(1)).to_be_focused()
    expect(marks.nth(1)).to_have_text("Passed: 1 investor")
    page.keyboard.press("Enter")
    assert rows_of_address(page, "investors") == ["Dash Passed"]
    page.go_back()
    expect(pipeline.locator("[data-drawn=true]")).to_be_visible()
    box = pipeline.locator("canvas").bounding_box()
    assert box
    # The longest bar lies in the first of three rows, right of the names.
    pipeline.locator("canvas").click(position={"x": box["width"] / 2, "y": box["height"] / 6})
    assert rows_of_address(page, "investors") == ["Dash Cold", "Dash Unsure", "Dash Warm"]


def test_going_cold_follows_its_threshold_and_leads_to_records(page: Page, raised: dict[str, list[str]]) -> None:
    page.goto("/dashboards")
    cold = card(page, "Going cold")
    listed = cold.get_by_role("list", name="Longest without contact").get_by_role("listitem")
    expect(listed).to_have_count(2)
    expect(listed.first).to_contain_text("Dash Cold")
    expect(listed.first).to_contain_text("120 days")
    cold.get_by_role("radio", name="90 days").click()
    expect(listed).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/dashboards\?cold=90$"))
    page.reload()
    expect(listed).to_have_count(1)
    cold.get_by_role("link", name="Open the 1 investor").click()
    assert rows_of_address(page, "investors") == ["Dash Cold"]
    page.go_back()
    listed.first.get_by_role("link").click()
    expect(page.get_by_role("complementary", name="Dash Cold")).to_be_visible()


def test_closings_by_month_and_by_fund_and_what_has_no_date(page: Page, raised: dict[str, list[str]]) -> None:
    page.goto("/dashboards")
    closings = card(page, "Closings over time")
    closings.get_by_role("combobox", name="Fund").click()
    page.get_by_role("option", name="Dash Fund").click()
    closings.get_by_role("link", name="1 soft commitment without a date, €2,000,000").click()
    assert rows_of_address(page, "commitments") == ["Dash soft"]
    page.go_back()
    closings.get_by_role("button", name="Show Closings over time as table").click()
    closings.get_by_role("row").nth(1).get_by_role("link", name="€3,000,000").first.click()
    assert rows_of_address(page, "commitments") == ["Dash hard"]


def test_figures_follow_what_colleagues_change(page: Page, raised: dict[str, list[str]]) -> None:
    page.goto("/dashboards")
    figures = page.get_by_role("list", name="Key figures")
    expect(figures.get_by_role("link", name=re.compile("^Hard"))).to_contain_text("€3M")
    soft = raised["commitments"][1]
    cells = {"status": "committed", "amount": 2_500_000}
    change(page.request, {"op": "update", "table": "commitments", "records": [{"id": soft, "cells": cells}]})
    expect(figures.get_by_role("link", name=re.compile("^Hard"))).to_contain_text("€5.5M")
    expect(figures.get_by_role("link", name=re.compile("^Soft"))).to_contain_text("€0")
    change(page.request, {"op": "delete", "table": "investors", "ids": raised["investors"][1:2]})
    expect(figures.get_by_role("link", name=re.compile("^Hard"))).to_contain_text("€3M")
    expect(page.get_by_role("link", name="1 commitment of deleted investors")).to_be_visible()
    change(page.request, {"op": "restore", "table": "investors", "ids": raised["investors"][1:2]})
    expect(figures.get_by_role("link", name=re.compile("^Hard"))).to_contain_text("€5.5M")


def test_what_is_not_there_yet_says_what_to_do(page: Page) -> None:
    page.goto("/dashboards")
    expect(page.get_by_role("heading", name="Dashboards")).to_be_visible()
    expect(page.get_by_text(re.compile("Nothing to show yet|No funds yet")).first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everybody_can_use_it(new_page: NewPage, raised: dict[str, list[str]], scheme: str, width: int) -> None:
    page = new_page(path="/dashboards", color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 800})
    expect(page.locator("canvas").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for _ in range(2):
        page.wait_for_timeout(400)
        found = Axe().run(page).response["violations"]
        assert [one["id"] + one["nodes"][0]["html"][:200] for one in found if one["impact"] in GRAVE] == []
        for title in ("Pipeline", "Commitments by fund", "Closings over time", "Going cold"):
            button = card(page, title).get_by_role("button", name=re.compile("as table|as chart"))
            button.click()

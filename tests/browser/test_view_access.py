"""axe-core finds nothing serious on any kind of view, nor in the forms of the toolbar, in light and in dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid
from tests.browser.views import Views, change, field_of, make_view

GRAVE = ("serious", "critical")


def faults(page: Page) -> list[str]:
    """What axe-core holds against the page as it is now."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in GRAVE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_view_and_every_form_can_be_used_by_everybody(new_page: NewPage, scheme: str) -> None:
    page = new_page(color_scheme=scheme, bypass_csp=True)
    Grid(page)
    stage, day = (field_of(page.request, name)["id"] for name in ("Stage", "Last contact"))
    records = [
        {"cells": {"name": f"Seen {at}", "last_contact": "2026-11-23", "website": "https://x.vc"}} for at in (1, 2)
    ]
    change(page.request, {"op": "create", "table": "investors", "records": records})
    settings = {
        "kanban": {"stack": stage},
        "calendar": {"date": day},
        "gallery": {},
        "grid": {"groups": [{"field": stage}]},
    }
    views = Views(page)
    for kind, config in settings.items():
        make_view(page.request, f"Access {kind} {scheme}", kind=kind, config=config)
    for kind in settings:
        expect(views.row(f"Access {kind} {scheme}")).to_be_visible()
        views.open(f"Access {kind} {scheme}")
        page.wait_for_timeout(400)
        assert faults(page) == [], kind
    for tool, press in (
        ("Hide fields", None),
        ("Filter", "Add condition group"),
        ("Sort", "Add a sort"),
        ("Colour", None),
    ):
        page.get_by_role("button", name=tool).first.click()
        if press:
            page.get_by_role("button", name=press, exact=True).click()
        page.wait_for_timeout(250)
        assert faults(page) == [], tool
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Create a view").click()
    page.get_by_role("menuitem", name="Kanban").click()
    expect(page.get_by_role("dialog", name="New view")).to_be_visible()
    page.wait_for_timeout(250)
    assert faults(page) == [], "new view"

"""Kanban, calendar and gallery: cards open, move by hand and by keys, are made in place, and follow colleagues."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.grid import Grid, waited
from tests.browser.views import as_member, change, field_of, make_view, table_of


class Cards:
    """A view of cards over records that only this test knows."""

    def __init__(self, page: Page, kind: str, town: str, records: list[dict[str, Any]], **config: Any) -> None:
        self.page, self.town = page, town
        cells = [{"cells": {**record, "city": town}} for record in records]
        self.made = change(page.request, {"op": "create", "table": "investors", "records": cells})["created"][0]
        city = field_of(page.request, "City")["id"]
        self.only = {"and": [{"field": city, "op": "is", "value": town}]}
        name = f"{kind} {self.made[0]}"
        self.view = make_view(page.request, name, kind=kind, config={"filter": self.only, **config})
        self.path = f"/t/investors?view={self.view}"
        page.goto(self.path)

    def record(self, at: int) -> dict[str, Any]:
        """The cells of the nth record by field name, as the server has them."""
        answer = self.page.request.get(f"/api/tables/investors/records/{self.made[at]}").json()["cells"]
        return {name: answer[field_of(self.page.request, name)["id"]] for name in ("Name", "Stage", "Last contact")}

    def until(self, at: int, name: str, value: Any) -> None:
        """Wait until the server has a value."""
        assert waited(self.page, lambda: bool(self.record(at)[name] == value)), str(self.record(at))


def options(page: Page, field: str = "Stage") -> list[dict[str, Any]]:
    """The options of a select."""
    return list(field_of(page.request, field)["options"]["choices"])


def stack(page: Page, name: str) -> Locator:
    """A stack by its name."""
    return page.get_by_role("listitem", name=f"{name},")


def names(where: Locator) -> list[str]:
    """The names of the cards in a place."""
    return where.locator("article button").all_inner_texts()


@pytest.fixture
def kanban(page: Page) -> Cards:
    """Three cards in the first stack and one in the second."""
    first, second = (one["id"] for one in options(page)[:2])
    records = [{"name": f"Card {at}", "stage": first} for at in range(3)] + [{"name": "Card 3", "stage": second}]
    town = f"Kanbantown {len(page.request.get('/api/changes?since=0').text())}"
    return Cards(page, "kanban", town, records, stack=field_of(page.request, "Stage")["id"])


def test_a_card_dragged_to_another_stack_changes_its_option_and_keeps_its_place(kanban: Cards) -> None:
    page = kanban.page
    first, second = options(page)[:2]
    expect(stack(page, first["name"]).locator("article")).to_have_count(3)
    source = stack(page, first["name"]).locator("article").nth(1)
    source.drag_to(stack(page, second["name"]).locator("article").first, target_position={"x": 60, "y": 6})
    expect(stack(page, second["name"]).locator("article")).to_have_count(2)
    assert names(stack(page, second["name"])) == ["Card 1", "Card 3"]
    kanban.until(1, "Stage", second["id"])
    page.reload()
    expect(stack(page, second["name"]).locator("article")).to_have_count(2)
    assert names(stack(page, second["name"])) == ["Card 1", "Card 3"]
    assert names(stack(page, first["name"])) == ["Card 0", "Card 2"]


def test_cards_move_within_a_stack_and_by_keys_and_ctrl_z_takes_it_back(kanban: Cards) -> None:
    page = kanban.page
    first, second = options(page)[:2]
    here = stack(page, first["name"])
    expect(here.locator("article")).to_have_count(3)
    here.get_by_role("button", name="Card 0").focus()
    page.keyboard.press("ArrowDown")
    expect(here.get_by_role("button", name="Card 1")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(here.locator("article button").nth(2)).to_have_text("Card 1")
    page.keyboard.press("Alt+ArrowRight")
    expect(stack(page, second["name"]).get_by_role("button", name="Card 1")).to_be_focused()
    kanban.until(1, "Stage", second["id"])
    page.get_by_role("button", name="Undo").first.click()
    kanban.until(1, "Stage", first["id"])
    expect(here.get_by_role("button", name="Card 1")).to_be_visible()


def test_a_new_card_is_of_its_stack_and_opens(kanban: Cards) -> None:
    page = kanban.page
    name = options(page)[1]["name"]
    expect(stack(page, name).locator("article")).to_have_count(1)
    stack(page, name).get_by_role("button", name="Add investor").click()
    panel = page.get_by_role("complementary", name="Unnamed investor")
    expect(panel).to_be_visible()
    expect(stack(page, name).locator("article")).to_have_count(2)
    expect(page).to_have_url(re.compile("/rec"))
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    stack(page, name).get_by_role("button", name="Card 3").click()
    expect(page.get_by_role("complementary", name="Card 3")).to_be_visible()


def test_stacks_fold_empty_ones_hide_and_colleagues_are_followed(kanban: Cards, new_page: NewPage) -> None:
    page = kanban.page
    first, second, third = options(page)[:3]
    expect(stack(page, third["name"])).to_be_visible()
    page.get_by_role("button", name="Stacked by Stage").click()
    page.get_by_role("switch", name="Hide empty stacks").click()
    expect(stack(page, third["name"])).to_have_count(0)
    page.keyboard.press("Escape")
    stack(page, first["name"]).get_by_role("button", name=f"Fold the stack {first['name']}").click()
    opener = page.get_by_role("button", name=f"Open the stack {first['name']}")
    expect(opener).to_be_visible()
    page.reload()
    opener.click()
    expect(stack(page, first["name"]).locator("article")).to_have_count(3)
    other = as_member(page, new_page, kanban.path)
    expect(stack(other, second["name"]).locator("article")).to_have_count(1)
    cells = [{"id": kanban.made[0], "cells": {"stage": second["id"]}}]
    change(other.request, {"op": "update", "table": "investors", "records": cells})
    expect(stack(page, second["name"]).locator("article")).to_have_count(2)
    expect(stack(page, first["name"]).locator("article")).to_have_count(2)


@pytest.fixture
def calendar(page: Page) -> Cards:
    """Two records on days of this month and one without a day."""
    day = page.evaluate("new Date().toISOString().slice(0, 8)")
    records = [
        {"name": "Tenth", "last_contact": f"{day}10"},
        {"name": "Twelfth", "last_contact": f"{day}12"},
        {"name": "Some day"},
    ]
    town = f"Calendartown {len(page.request.get('/api/changes?since=0').text())}"
    return Cards(page, "calendar", town, records, date=field_of(page.request, "Last contact")["id"])


def test_records_are_dragged_to_days_and_back_to_the_list(calendar: Cards) -> None:
    page = calendar.page
    month = calendar.record(0)["Last contact"][:8]

    def day(number: int) -> Locator:
        return page.locator(f"[data-day='{month}{number:02}']")

    expect(day(10).get_by_role("button", name="Tenth")).to_be_visible()
    day(10).locator("article").drag_to(day(17))
    calendar.until(0, "Last contact", f"{month}17")
    expect(day(17).get_by_role("button", name="Tenth")).to_be_visible()
    undated = page.get_by_role("complementary", name="Records without a day")
    undated.locator("article").drag_to(day(18))
    calendar.until(2, "Last contact", f"{month}18")
    expect(undated.get_by_text("Every record stands on a day.")).to_be_visible()
    day(12).locator("article").drag_to(undated)
    calendar.until(1, "Last contact", None)
    expect(undated.get_by_role("button", name="Twelfth")).to_be_visible()
    day(18).get_by_role("button", name="Some day").focus()
    page.keyboard.press("Alt+ArrowRight")
    calendar.until(2, "Last contact", f"{month}19")
    expect(day(19).get_by_role("button", name="Some day")).to_be_focused()


def test_a_press_on_a_day_makes_a_record_and_weeks_and_months_are_paged(calendar: Cards) -> None:
    page = calendar.page
    month = calendar.record(0)["Last contact"][:8]
    expect(page.get_by_role("button", name="Tenth")).to_be_visible()
    page.locator(f"[data-day='{month}15']").click(position={"x": 30, "y": 60})
    expect(page.get_by_role("complementary", name="Unnamed investor")).to_be_visible()
    expect(page.locator(f"[data-day='{month}15'] article")).to_have_count(1)
    page.keyboard.press("Escape")
    heading = page.locator("[data-view-body]").get_by_role("heading", level=2)
    this_month = heading.inner_text()
    page.get_by_role("button", name="Next month").click()
    expect(heading).not_to_have_text(this_month)
    expect(page.get_by_role("button", name="Tenth")).to_have_count(0)
    page.get_by_role("button", name="Today").click()
    expect(heading).to_have_text(this_month)
    page.get_by_role("radio", name="Week").click()
    expect(page.locator("[data-day]")).to_have_count(7)


def test_a_gallery_shows_cards_opens_them_and_narrows_by_search(page: Page) -> None:
    records = [{"name": f"Picture {at:02}", "stage": options(page)[at % 2]["id"]} for at in range(40)]
    cards = Cards(page, "gallery", "Gallerytown", records)
    body = page.locator("[data-view-body=gallery]")
    expect(body.get_by_role("button", name="Picture 00")).to_be_visible()
    assert body.locator("article").count() < 40, "only what is in sight is drawn"
    body.get_by_role("button", name="Picture 00").focus()
    page.keyboard.press("ArrowRight")
    expect(body.get_by_role("button", name="Picture 01")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Picture 01")).to_be_visible()
    page.get_by_role("button", name="Next record").click()
    expect(page.get_by_role("complementary", name="Picture 02")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Find in this view").fill("picture 39")
    expect(body.locator("article")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=picture"))
    page.get_by_label("Find in this view").fill("")
    expect(body.get_by_role("button", name="Picture 00")).to_be_visible()
    change(page.request, {"op": "delete", "table": "investors", "ids": cards.made[:1]})
    expect(body.get_by_role("button", name="Picture 00")).to_have_count(0)


def test_a_kanban_of_a_table_is_made_by_the_dialog(page: Page) -> None:
    Grid(page)
    page.get_by_role("button", name="Create a view").click()
    page.get_by_role("menuitem", name="Kanban").click()
    dialog = page.get_by_role("dialog", name="New view")
    dialog.get_by_label("Name").fill("By type")
    dialog.get_by_role("combobox", name="Stacks by").click()
    page.get_by_role("option", name="Type").click()
    dialog.get_by_role("button", name="Create view").click()
    expect(page.get_by_role("button", name="Stacked by Type")).to_be_visible()
    expect(stack(page, options(page, "Type")[0]["name"])).to_be_visible()


def make_field(page: Page, name: str, kind: str, table: str = "investors", **options: Any) -> str:
    """A new field by its name, unless it is there; its id."""
    if not any(field["name"] == name for field in table_of(page.request, table)["fields"]):
        field = {"name": name, "kind": kind, "options": options}
        change(page.request, {"op": "create_field", "table": table, "field": field})
    return str(field_of(page.request, name, table)["id"])


def test_a_record_over_several_days_moves_as_one_and_the_address_tells_the_month(page: Page, new_page: NewPage) -> None:
    start, end = field_of(page.request, "Last contact")["id"], make_field(page, "Talks until", "date")
    records = [
        {"name": "Roadshow", "last_contact": "2031-03-04", "Talks until": "2031-03-06"},
        {"name": "Over the week", "last_contact": "2031-03-08", "Talks until": "2031-03-11"},
    ]
    cards = Cards(page, "calendar", "Spantown", records, date=start, end=end)

    def until(at: int, first: str, last: str) -> None:
        def dates() -> list[str]:
            cells = page.request.get(f"/api/tables/investors/records/{cards.made[at]}").json()["cells"]
            return [cells[start], cells[end]]

        assert waited(page, lambda: dates() == [first, last]), str(dates())

    page.goto(f"{cards.path}&day=2031-03-15")
    expect(page.get_by_role("heading", name="March 2031")).to_be_visible()
    day = {number: page.locator(f"[data-day='2031-03-{number:02}']") for number in range(1, 31)}
    bar = day[4].locator("article")
    box, cell = bar.bounding_box(), day[5].bounding_box()
    assert box is not None
    assert cell is not None
    assert 2.5 < box["width"] / cell["width"] < 3, "it reaches over three days"
    expect(page.locator("[data-day] article", has_text="Over the week")).to_have_count(2)

    # Taken hold of on its second day and put down two days later.
    bar.drag_to(day[7], source_position={"x": box["width"] / 2, "y": box["height"] / 2})
    until(0, "2031-03-06", "2031-03-08")
    expect(day[6].locator("article", has_text="Roadshow")).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    until(0, "2031-03-04", "2031-03-06")
    day[4].get_by_role("button", name="Roadshow").focus()
    page.keyboard.press("Shift+Alt+ArrowRight")
    until(0, "2031-03-04", "2031-03-07")
    page.keyboard.press("Alt+ArrowDown")
    until(0, "2031-03-11", "2031-03-14")

    page.get_by_role("button", name="Next month").click()
    expect(page).to_have_url(re.compile("day=2031-04-01"))
    other = as_member(page, new_page, page.url)
    expect(other.get_by_role("heading", name="April 2031")).to_be_visible()
    page.get_by_role("button", name="Today").click()
    expect(page.get_by_role("button", name="Today")).to_be_disabled()
    expect(page).not_to_have_url(re.compile("day="))


def test_cards_carry_covers_which_fill_their_place_or_fit_into_it(page: Page) -> None:
    logo = make_field(page, "Logo", "attachment")
    csrf = page.request.get("/api/session").json()["csrf"]
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    headers = {"X-CSRF-Token": csrf, "Content-Type": "application/octet-stream"}
    sent = page.request.post("/api/attachments?name=logo.png", data=pixel, headers=headers)
    assert sent.ok, sent.text()
    records: list[dict[str, Any]] = [{"name": "With a logo", "Logo": [sent.json()]}, {"name": "Without"}]
    cards = Cards(page, "gallery", "Covertown", records)
    body = page.locator("[data-view-body=gallery]")
    expect(body.locator("article")).to_have_count(2)
    expect(body.locator("[data-cover]")).to_have_count(0)
    page.get_by_role("button", name="Cover", exact=True).click()
    page.get_by_role("combobox", name="Cover").click()
    page.get_by_role("option", name="Logo").click()
    image = body.locator("article", has_text="With a logo").locator("[data-cover=crop] img")
    expect(image).to_have_js_property("naturalWidth", 1)
    expect(body.locator("article", has_text="Without").locator("[data-cover=none]")).to_be_visible()
    page.get_by_role("radio", name="Fit").click()
    expect(body.locator("[data-cover=fit] img")).to_have_css("object-fit", "contain")
    page.keyboard.press("Escape")
    kanban = make_view(
        page.request,
        f"Covers {cards.made[0]}",
        kind="kanban",
        config={"cover": logo, "stack": field_of(page.request, "Stage")["id"]},
    )
    page.goto(f"/t/investors?view={kanban}&q=with")
    expect(page.locator("article", has_text="With a logo").locator("[data-cover=crop] img")).to_be_visible()
    expect(page.locator("article", has_text="Without").locator("[data-cover]")).to_have_count(0)


def test_computed_fields_carry_boards_that_nobody_can_drag_on(page: Page) -> None:
    link = field_of(page.request, "Investor", "contacts")["id"]
    stage = field_of(page.request, "Stage")
    lookup = make_field(page, "Their stage", "lookup", "contacts", link=link, field=stage["id"])
    made = change(
        page.request,
        {
            "op": "create",
            "table": "investors",
            "records": [{"cells": {"name": "Looked Up", "stage": options(page)[1]["id"]}}],
        },
    )["created"][0]
    person = {"name": "Lou Lookup", "investor": made[:1]}
    change(page.request, {"op": "create", "table": "contacts", "records": [{"cells": person}]})
    board = make_view(page.request, "Looked up", "contacts", kind="kanban", config={"stack": lookup})
    page.goto(f"/t/contacts?view={board}")
    second, third = options(page)[1:3]
    expect(stack(page, second["name"]).locator("article", has_text="Lou Lookup")).to_be_visible()
    expect(page.get_by_role("button", name="Add contact to")).to_have_count(0)
    expect(page.locator("article[draggable=true]")).to_have_count(0)
    moved = [{"id": made[0], "cells": {"stage": third["id"]}}]
    change(page.request, {"op": "update", "table": "investors", "records": moved})
    expect(stack(page, third["name"]).locator("article", has_text="Lou Lookup")).to_be_visible()

    day = make_field(page, "Call again", "formula", formula="DATEADD({Last contact}, 7, 'days')")
    records = [{"name": "Seven later", "last_contact": "2031-05-05"}]
    cards = Cards(page, "calendar", "Formulatown", records, date=day)
    page.goto(f"{cards.path}&day=2031-05-01")
    expect(page.locator("[data-day='2031-05-12'] article", has_text="Seven later")).to_be_visible()
    expect(page.locator("article[draggable=true]")).to_have_count(0)


def test_a_card_has_a_menu_and_undo_reaches_across_views(page: Page) -> None:
    cards = Cards(page, "gallery", "Menutown", [{"name": "Menu card", "score": 4}])
    body = page.locator("[data-view-body=gallery]")
    card = body.get_by_role("button", name="Menu card")
    card.click(button="right")
    page.get_by_role("menuitem", name="Duplicate investor").click()
    expect(page.get_by_role("complementary", name="Menu card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(body.locator("article")).to_have_count(2)
    card.first.click(button="right")
    page.get_by_role("menuitem", name="Delete investor").click()
    expect(body.locator("article")).to_have_count(1)

    # Undone in another view, with the focus on no grid.
    config = {"stack": field_of(page.request, "Stage")["id"], "filter": cards.only}
    kanban = make_view(page.request, f"Across {cards.made[0]}", kind="kanban", config=config)
    page.get_by_role("navigation", name="Views").get_by_text(f"Across {cards.made[0]}").click()
    expect(page.locator("[data-view-body=kanban]")).to_be_visible()
    expect(page).to_have_url(re.compile(kanban))
    page.keyboard.press("Control+z")
    expect(page.locator("article", has_text="Menu card")).to_have_count(2)
    page.keyboard.press("Control+y")
    expect(page.locator("article", has_text="Menu card")).to_have_count(1)

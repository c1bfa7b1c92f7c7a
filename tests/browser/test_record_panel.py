"""The record panel and what lies behind it: comments, the bell, the timeline, tasks, linked records."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIRequestContext, Locator, Page, expect

from crm_core import clock
from tests.browser.conftest import NewPage

BOB = {"email": "bob@example.org", "name": "Bob Baker", "password": "seven geese over the lake"}


def write(request: APIRequestContext, method: str, path: str, data: Any = None) -> Any:
    """Send something as the person signed in."""
    csrf = request.get("/api/session").json()["csrf"]
    answer = request.fetch(path, method=method, data=data, headers={"X-CSRF-Token": csrf})
    assert answer.ok, answer.text()
    return answer.json() if answer.text() else None


def add(request: APIRequestContext, table: str, **cells: Any) -> str:
    """A new record; its id."""
    op = {"op": "create", "table": table, "records": [{"cells": cells}]}
    return str(write(request, "POST", "/api/changes", {"ops": [op]})["created"][0][0])


def panel(page: Page) -> Locator:
    return page.get_by_role("complementary")


def show(page: Page, part: str) -> Locator:
    """Turn to a part of the open panel."""
    panel(page).get_by_role("radio", name=part).click()
    return panel(page)


def open_record(page: Page, record: str, table: str = "investors") -> Locator:
    page.goto(f"/t/{table}/{record}")
    expect(panel(page).get_by_role("radio", name="Fields")).to_be_visible()
    return panel(page)


@pytest.fixture
def bob(page: Page, new_page: NewPage) -> Page:
    """A second person, in a window of his own."""
    known = [user["email"] for user in page.request.get("/api/users").json()["users"]]
    if BOB["email"] not in known:
        write(page.request, "POST", "/api/admin/users", BOB)
    other = new_page(sign_in=False, path="/signin")
    answer = other.context.request.post("/api/session", data={key: BOB[key] for key in ("email", "password")})
    assert answer.ok, answer.text()
    other.goto("/tasks")
    return other


def test_a_mention_rings_the_bell_and_an_answer_rings_back(page: Page, bob: Page) -> None:
    investor = add(page.request, "investors", name="Conversing Capital")
    expect(bob.get_by_role("button", name="Notifications")).to_be_visible()
    show(open_record(page, investor).page, "Comments")
    box = panel(page).get_by_label("Write a comment")
    box.click()
    page.keyboard.type("Hello @bo", delay=0)
    expect(panel(page).get_by_role("option", name="Bob Baker")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("please call them", delay=0)
    page.keyboard.press("Enter")
    said = panel(page).get_by_role("article")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("Hello @Bob Baker please call them")
    expect(box).to_have_value("")

    bob.get_by_role("button", name=re.compile(r"Notifications, \d+ unread")).click()
    bob.get_by_role("button", name=re.compile("Ada Admin mentioned you on Conversing Capital")).click()
    expect(panel(bob).get_by_role("article")).to_contain_text("please call them")
    expect(bob).to_have_url(re.compile(investor))
    panel(bob).get_by_role("button", name="Reply").click()
    bob.keyboard.type("Tomorrow", delay=0)
    bob.keyboard.press("Enter")
    expect(panel(bob).get_by_role("article")).to_have_count(2)

    expect(panel(page).get_by_role("article")).to_have_count(2)
    page.get_by_role("button", name=re.compile(r"Notifications, \d+ unread")).click()
    expect(page.get_by_role("button", name=re.compile("Bob Baker answered on Conversing Capital"))).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("button", name="Notifications", exact=True)).to_be_visible()


def test_a_notification_opens_the_comments_of_its_record_whatever_is_open(page: Page, bob: Page) -> None:
    one = add(page.request, "investors", name="Open Partners")
    other = add(page.request, "investors", name="Called Partners")
    me = next(user["id"] for user in page.request.get("/api/users").json()["users"] if user["email"] == BOB["email"])
    open_record(bob, one)

    def call(record: str, name: str) -> None:
        body = {"body": f"@[{me}] look"}
        write(page.request, "POST", f"/api/tables/investors/records/{record}/comments", body)
        bob.get_by_role("button", name=re.compile(r"Notifications, \d+ unread")).click()
        bob.get_by_role("button", name=re.compile(f"Ada Admin mentioned you on {name}")).first.click()
        expect(panel(bob)).to_have_accessible_name(name)
        expect(panel(bob).get_by_role("radio", name="Comments")).to_be_checked()

    call(other, "Called Partners")
    show(bob, "Fields")
    call(other, "Called Partners")
    bob.keyboard.press("Escape")
    open_record(bob, one)
    expect(panel(bob).get_by_role("radio", name="Fields")).to_be_checked()


def test_an_own_comment_is_edited_and_deleted(page: Page) -> None:
    investor = add(page.request, "investors", name="Second Thoughts")
    base = f"/api/tables/investors/records/{investor}/comments"
    write(page.request, "POST", base, {"body": "Frist"})
    show(open_record(page, investor).page, "Comments")
    said = panel(page).get_by_role("article")
    said.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Edit").click()
    box = said.get_by_label("Edit the comment")
    expect(box).to_have_value("Frist")
    box.fill("First")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("First")
    expect(said).to_contain_text("edited")
    said.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(panel(page).get_by_text("Nobody has said anything yet")).to_be_visible()


def test_a_call_is_logged_found_mended_and_taken_away(page: Page) -> None:
    investor = add(page.request, "investors", name="Talking Partners")
    contact = add(page.request, "contacts", name="Greta Lind", investor=[investor])
    write(page.request, "POST", f"/api/tables/investors/records/{investor}/comments", {"body": "A remark"})
    show(open_record(page, investor).page, "Timeline")
    panel(page).get_by_role("button", name="Log a call").click()
    form = panel(page).get_by_role("form", name="Log what happened")
    expect(form.get_by_label("Subject")).to_be_focused()
    page.keyboard.type("Terms", delay=0)
    form.get_by_label("Notes").fill("They want a side letter.")
    form.get_by_role("button", name="Greta Lind").click()
    form.get_by_role("button", name="Log it").click()
    entries = panel(page).locator("ol > li")
    call = entries.filter(has_text="side letter")
    expect(call).to_contain_text("With Greta Lind")
    expect(entries).to_have_count(3)

    panel(page).get_by_role("button", name="Calls", exact=True).click()
    expect(entries).to_have_count(1)
    panel(page).get_by_role("button", name="Comments", exact=True).click()
    expect(entries).to_have_count(2)
    panel(page).get_by_role("button", name="All", exact=True).click()

    call.hover()
    call.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Edit").click()
    form = panel(page).get_by_role("form", name="Edit the entry")
    form.get_by_label("Subject").fill("Terms and fees")
    form.get_by_role("button", name="Save").click()
    expect(entries.filter(has_text="Terms and fees")).to_be_visible()

    show(open_record(page, contact, "contacts").page, "Timeline")
    expect(entries.filter(has_text="Terms and fees")).to_be_visible()
    call = entries.filter(has_text="Terms and fees")
    call.hover()
    call.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(call).to_have_count(0)


def test_the_timeline_is_live_and_goes_back_page_by_page(page: Page, bob: Page) -> None:
    investor = add(page.request, "investors", name="Long Story Capital")
    base = f"/api/tables/investors/records/{investor}"
    for number in range(45):
        write(page.request, "POST", f"{base}/activities", {"kind": "note", "body": f"Note {number}."})
    show(open_record(page, investor).page, "Timeline")
    entries = panel(page).locator("ol > li")
    expect(entries).to_have_count(40)
    write(bob.request, "POST", f"{base}/activities", {"kind": "meeting", "subject": "Just now"})
    expect(entries.first).to_contain_text("Just now")
    panel(page).get_by_role("button", name="Show more").click()
    expect(entries).to_have_count(47)
    expect(entries.last).to_contain_text("added this investor")


def test_tasks_are_written_given_away_ticked_off_and_found_on_their_page(page: Page, bob: Page) -> None:
    investor = add(page.request, "investors", name="Busy Capital")
    show(open_record(page, investor).page, "Tasks")
    panel(page).get_by_label("Add a task").click()
    page.keyboard.type("Send the deck", delay=0)
    page.keyboard.press("Enter")
    page.keyboard.type("Ask for references", delay=0)
    page.keyboard.press("Enter")
    tasks = panel(page).locator("[data-task]")
    expect(tasks).to_have_count(2)
    deck = tasks.filter(has_text="Send the deck")
    deck.get_by_role("button", name=re.compile("^Assignee")).click()
    page.keyboard.type("Bob", delay=0)
    page.keyboard.press("Enter")
    expect(deck.get_by_role("button", name="Assignee: Bob Baker")).to_be_visible()
    deck.get_by_role("button", name=re.compile("^Due")).click()
    late = (clock.today("UTC") - timedelta(days=3)).isoformat()
    page.keyboard.type(late, delay=0)
    page.keyboard.press("Enter")
    expect(deck.get_by_role("button", name=re.compile("^Due: .*[0-9]"))).to_be_visible()

    expect(bob.get_by_role("button", name=re.compile(r"Notifications, \d+ unread"))).to_be_visible()
    overdue = bob.get_by_role("region", name="Overdue").locator("[data-task]")
    overdue = overdue.filter(has_text="Send the deck").filter(has_text="Busy Capital")
    expect(overdue).to_contain_text("Busy Capital")
    bob.get_by_role("radio", name="Overdue").click()
    expect(bob).to_have_url(re.compile(r"show=overdue"))
    overdue.get_by_role("checkbox").click()
    expect(overdue).to_have_count(0)
    expect(deck.get_by_role("checkbox")).to_be_checked()

    bob.get_by_role("radio", name="Team").click()
    expect(bob.locator("[data-task]").filter(has_text="Ask for references")).to_be_visible()
    bob.get_by_role("radio", name="Mine").click()
    bob.get_by_label("Add a task for me").fill("Water the plants")
    bob.keyboard.press("Enter")
    mine = bob.get_by_role("region", name="No day").locator("[data-task]").filter(has_text="Water the plants")
    expect(mine.get_by_role("button", name="Assignee: Bob Baker")).to_be_visible()
    bob.get_by_role("switch", name="Show what is done").click()
    expect(bob.get_by_role("region", name="Done").get_by_text("Send the deck")).to_be_visible()

    bob.get_by_role("link", name="Water the plants").click()
    expect(panel(bob)).to_contain_text("Water the plants")
    expect(bob).to_have_url(re.compile(r"/t/tasks/rec"))


def test_contacts_are_added_linked_and_opened(page: Page) -> None:
    investor = add(page.request, "investors", name="Linked Capital")
    add(page.request, "contacts", name="Otto Loose", title="CIO")
    open_record(page, investor)
    contacts = panel(page).get_by_role("region", name="Contacts")
    contacts.get_by_label("Add a contact").fill("Nora New")
    page.keyboard.press("Enter")
    expect(contacts.get_by_role("link", name="Nora New")).to_be_visible()
    contacts.get_by_role("button", name=re.compile("^Contacts:")).click()
    page.keyboard.type("Otto", delay=0)
    page.get_by_role("option", name="Otto Loose").click()
    page.keyboard.press("Escape")
    expect(contacts.get_by_role("link", name="Otto Loose")).to_be_visible()
    expect(contacts.get_by_role("listitem").filter(has_text="Otto Loose")).to_contain_text("CIO")
    contacts.get_by_role("link", name="Nora New").click()
    expect(panel(page)).to_contain_text("Nora New")
    expect(panel(page)).to_contain_text("Linked Capital")


def test_keys_go_from_record_to_record_and_each_has_its_address(page: Page) -> None:
    # More rows than the grid reads at first: the record's neighbours are found all the same.
    fill = {"op": "create", "table": "funds", "records": [{"cells": {"name": f"Filler {n}"}} for n in range(300)]}
    write(page.request, "POST", "/api/changes", {"ops": [fill]})
    first, second = (add(page.request, "funds", name=f"Stepping Fund {number}") for number in (1, 2))
    open_record(page, first, "funds")
    expect(panel(page)).to_contain_text("Stepping Fund 1")
    expect(panel(page).get_by_role("button", name="Next record")).to_be_enabled()
    show(page, "Comments")
    page.keyboard.press("Control+Shift+Period")
    expect(page).to_have_url(re.compile(second))
    expect(panel(page).get_by_role("radio", name="Comments")).to_be_checked()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page).to_have_url(re.compile(first))
    page.keyboard.press("Alt+ArrowRight")
    expect(page).to_have_url(re.compile(second))
    page.keyboard.press("Control+Shift+Comma")
    expect(panel(page)).to_contain_text("Stepping Fund 1")
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_part_is_accessible_and_fits(new_page: NewPage, scheme: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    investor = add(page.request, "investors", name="Readable Capital")
    add(page.request, "contacts", name="Greta Lind", investor=[investor], email="greta@lind.example")
    me = page.request.get("/api/session").json()["user"]["id"]
    late = (clock.today("UTC") - timedelta(days=3)).isoformat()
    add(page.request, "tasks", title="Send the deck", investor=[investor], assignee=me, due=late)
    add(page.request, "tasks", title="Thank them", investor=[investor], done=True)
    base = f"/api/tables/investors/records/{investor}"
    write(page.request, "POST", f"{base}/comments", {"body": f"@[{me}] look"})
    write(page.request, "POST", f"{base}/activities", {"kind": "call", "subject": "Terms", "participants": [me]})
    open_record(page, investor)
    for part in ("Fields", "Timeline", "Tasks", "Comments", "History"):
        show(page, part)
        page.wait_for_timeout(400)
        fits(page)
        assert serious(page, "aside") == [], part
    show(page, "Timeline").get_by_role("button", name="Log a meeting").click()
    page.wait_for_timeout(300)
    assert serious(page, "aside") == []
    page.goto("/tasks")
    expect(page.locator("[data-task]").first).to_be_visible()
    fits(page)
    assert serious(page, "main") == []
    page.get_by_role("button", name="Notifications").click()
    page.wait_for_timeout(400)
    assert serious(page, "[role=dialog]") == []


def serious(page: Page, where: str) -> list[str]:
    """What axe-core holds against a part of the page."""
    found = Axe().run(page, context=where).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def fits(page: Page) -> None:
    """Nothing of the panel or page is wider than its window."""
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth > innerWidth + 1 ||"
        " [...document.querySelectorAll('aside')].some((part) => part.scrollWidth > part.clientWidth + 1)"
    )
    assert not wide

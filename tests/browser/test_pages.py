"""The pages round the grid in a real browser: coming in, inviting, settings, themes, getting about by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Watch
from tests.browser.server import Server

REFUSED = "status of 4"  # a browser logs every refused request


def test_a_wrong_password_is_explained_and_the_asked_page_comes_after_the_right_one(
    new_page: NewPage, server: Server, watch: Watch
) -> None:
    watch.allow(REFUSED)
    page = new_page(sign_in=False, path="/settings/security")
    page.get_by_label("E-mail").fill(server.admin.email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("password is wrong")

    page.get_by_label("Password", exact=True).fill(server.admin.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    expect(page).to_have_url(re.compile("/settings/security$"))


def test_an_invited_person_comes_in_by_the_link_once_and_leaves_when_deactivated(
    page: Page, new_page: NewPage, watch: Watch
) -> None:
    watch.allow(REFUSED)
    page.goto("/settings/people")
    page.get_by_role("button", name="Invite").click()
    page.get_by_label("E-mail").fill("grace@example.org")
    page.keyboard.press("Enter")
    link = page.get_by_role("dialog").locator("code").inner_text()
    page.get_by_role("button", name="Done").click()

    guest = new_page(sign_in=False, path=link)
    guest.get_by_label("Your name").fill("Grace Hopper")
    guest.get_by_label("Password", exact=True).fill("grace hopper 1")
    guest.keyboard.press("Enter")
    expect(guest.get_by_text("contains the name")).to_be_visible()
    guest.get_by_label("Password", exact=True).fill("otter nine drum kelp")
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("navigation", name="Tables")).to_be_visible()
    guest.goto("/settings/plugins")
    expect(guest.get_by_text("There is no such section")).to_be_visible()

    expect(new_page(sign_in=False, path=link).get_by_role("heading")).to_contain_text("does not work")

    page.reload()
    row = page.get_by_role("listitem").filter(has_text="Grace Hopper")
    row.get_by_role("button", name="Deactivate").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(row.get_by_text("Deactivated")).to_be_visible()
    guest.goto("/")
    expect(guest.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_plugin_is_switched_and_set_up_from_its_card(page: Page) -> None:
    page.goto("/settings/plugins")
    switch = page.get_by_role("switch", name="CSV import and export on or off")
    switch.click()
    expect(switch).not_to_be_checked()
    expect(page.get_by_text("Off", exact=True)).to_be_visible()
    switch.click()
    expect(switch).to_be_checked()

    page.get_by_role("button", name="Settings").first.click()
    most = page.get_by_label("Most columns a file may have")
    most.fill("none")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("A number is needed here.")).to_be_visible()
    most.fill("900")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("settings saved")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Settings").first.click()
    expect(page.get_by_label("Most columns a file may have")).to_have_value("900")


def test_a_plugins_data_is_removed_only_when_its_name_is_typed(page: Page, server: Server) -> None:
    page.goto("/settings/plugins")
    card = page.locator("section").filter(has_text="CSV import and export")
    card.get_by_role("button", name="Settings").click()
    card.get_by_label("Most columns a file may have").fill("800")
    card.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("settings saved")).to_be_visible()
    expect(card.get_by_role("button", name="Remove data")).to_have_count(0)
    card.get_by_role("switch").click()
    card.get_by_role("button", name="Remove data").click()
    dialog = page.get_by_role("dialog")
    remove = dialog.get_by_role("button", name="Remove data")
    expect(remove).to_be_disabled()
    page.keyboard.type("csv_impor")
    expect(remove).to_be_disabled()
    page.keyboard.type("t")
    page.keyboard.press("Enter")
    snapshot = dialog.get_by_text("snapshots/before-removing-csv_import-").inner_text()
    assert (server.data_dir / snapshot).is_file()
    dialog.get_by_role("button", name="Done").click()
    expect(card.get_by_role("button", name="Remove data")).to_have_count(0)
    card.get_by_role("switch").click()
    expect(card.get_by_role("switch")).to_be_checked()
    storage = page.locator("section").filter(has_text="SQLite")
    storage.get_by_role("button", name="Check").click()
    expect(storage.get_by_text("GiB free")).to_be_visible()


def test_a_token_is_shown_once_and_works_until_revoked(page: Page, new_page: NewPage, server: Server) -> None:
    page.goto("/settings/security")
    page.get_by_role("button", name="New token").click()
    page.get_by_label("Name").fill("Monday report")
    page.keyboard.press("Enter")
    secret = page.get_by_role("dialog").locator("code").inner_text()
    page.get_by_role("button", name="Done").click()

    bare = new_page(sign_in=False).context.request
    header = {"Authorization": f"Bearer {secret}"}
    assert bare.get(f"{server.url}/api/tables", headers=header).ok
    page.get_by_role("listitem").filter(has_text="Monday report").get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No tokens yet.")).to_be_visible()
    assert bare.get(f"{server.url}/api/tables", headers=header).status == 401


def test_the_theme_follows_the_system_until_one_is_chosen_and_is_kept(new_page: NewPage) -> None:
    page = new_page(color_scheme="dark", path="/settings/appearance")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("radio", name="Light", exact=True).click()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.reload()
    expect(page.get_by_role("radio", name="Light", exact=True)).to_be_checked()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_every_page_is_a_few_letters_away(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Tables")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("secur")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    page.keyboard.press("Control+j")
    page.keyboard.type("fun")
    page.keyboard.press("Enter")
    page.wait_for_url("**/t/funds*")
    expect(page).to_have_title("Funds · Venture CRM")


def test_an_address_that_names_nothing_says_so(new_page: NewPage) -> None:
    expect(new_page(path="/t/nothing").get_by_role("heading")).to_contain_text("no such table")
    expect(new_page(path="/nowhere").get_by_role("heading")).to_contain_text("no such page")

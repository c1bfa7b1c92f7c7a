"""Second factors in a real browser: an app's codes, passkeys of a virtual device (CDP), recovery codes, the policy."""

from __future__ import annotations

import base64
import dataclasses
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage, Serve, Watch
from tests.browser.server import ADMIN, Account, Server, run_crm, serving
from tests.browser.test_every_page import AXE, axe

REFUSED = "status of 4"  # a browser logs every refused request
BOB = Account("bob@example.org", "Bob Member", "quiet otters cross rivers")


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """A server reached by a name: browsers take no passkeys at a bare address."""

    @contextmanager
    def named() -> Iterator[Server]:
        with serving(tmp_path_factory.mktemp("factors") / "data") as running:
            yield dataclasses.replace(running, url=running.url.replace("127.0.0.1", "localhost"))

    return named


@pytest.fixture(autouse=True)
def _reset(server: Server) -> Iterator[None]:
    """Each test begins and ends with the password alone."""
    yield
    run_crm(server.data_dir, "admin", "reset-two-factor", "--email", ADMIN.email)


def sign_in(page: Page, account: Account = ADMIN) -> None:
    """The first step, on the page for it."""
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password", exact=True).fill(account.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def device(page: Page, *, verified: bool = True) -> str:
    """Give the page's browser a virtual device that keeps passkeys; its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    made: str = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return made


def connect_app(page: Page) -> tuple[pyotp.TOTP, list[str]]:
    """Set up an app by what the dialog shows; its codes from now on, and the recovery codes."""
    page.goto("/settings/security")
    page.get_by_role("listitem").filter(has_text="Authenticator app").get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog", name="Set up an authenticator app")
    expect(dialog.get_by_alt_text("QR code")).to_be_visible()
    secret = re.sub(r"\s", "", dialog.locator("code").inner_text())
    drawn = dialog.get_by_alt_text("QR code").get_attribute("src") or ""
    assert base64.b64decode(drawn.partition(",")[2]).startswith(b"<svg")
    app = pyotp.TOTP(secret)
    dialog.get_by_label("Code of your").fill(app.at(datetime.now(UTC) - timedelta(seconds=30)))
    dialog.get_by_role("button", name="Connect").click()
    shown = page.get_by_role("dialog", name="Keep these recovery codes")
    expect(shown.get_by_role("listitem")).to_have_count(10)
    codes = shown.get_by_role("listitem").all_inner_texts()
    shown.get_by_role("button", name="I have kept them").click()
    return app, codes


def test_an_app_is_connected_and_asked_for_at_the_next_sign_in(page: Page, new_page: NewPage, watch: Watch) -> None:
    watch.allow(REFUSED)
    app, codes = connect_app(page)
    expect(page.get_by_text("10 of 10 are unused")).to_be_visible()

    other = new_page(sign_in=False, path="/settings/security")
    sign_in(other)
    expect(other.get_by_role("heading", name="One more step")).to_be_visible()
    code = other.get_by_label("Code of your")
    code.fill("000000" if app.now() != "000000" else "111111")
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_text("The code is wrong")).to_be_visible()
    code.fill(app.now())
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", name="Security")).to_be_visible()
    expect(other.get_by_text("password and app code").first).to_be_visible()

    third = new_page(sign_in=False, path="/signin")
    sign_in(third)
    third.get_by_role("button", name="Use a recovery code").click()
    third.get_by_label("Recovery code").fill(codes[3].lower())
    third.get_by_role("button", name="Sign in").click()
    expect(third.get_by_role("navigation", name="Tables")).to_be_visible()
    third.goto("/settings/security")
    expect(third.get_by_text("9 of 10 are unused")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(page: Page) -> None:
    device(page)
    page.goto("/settings/security")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name").fill("Ada's laptop")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("dialog", name="Keep these recovery codes").get_by_role("button", name="I have kept").click()
    key = page.get_by_role("listitem").filter(has_text="Ada's laptop")
    expect(key).to_contain_text("passkey for localhost")

    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Security")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="This browser")).to_contain_text("· passkey ·")

    key.get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Blue laptop")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    renamed = page.get_by_role("listitem").filter(has_text="Blue laptop")
    renamed.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(renamed).to_have_count(0)
    expect(page.get_by_text("of 10 are unused")).to_have_count(0)


def test_a_passkey_is_the_second_step(page: Page) -> None:
    device(page)
    page.goto("/settings/security")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="I have kept them").click()
    page.goto("about:blank")  # a page that is open would be refused what it asks for
    page.context.clear_cookies()
    page.goto("/settings/profile")
    sign_in(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()


def test_a_declined_passkey_is_explained(page: Page, new_page: NewPage, watch: Watch) -> None:
    watch.allow(REFUSED)
    stranger = new_page(sign_in=False, path="/signin")
    device(stranger)
    stranger.get_by_role("button", name="Sign in with a passkey").click()
    expect(stranger.get_by_role("alert")).to_contain_text("No passkey was given")


def test_a_grave_act_asks_again_after_ten_minutes(new_page: NewPage, server: Server, watch: Watch) -> None:
    watch.allow(REFUSED)
    page = new_page(sign_in=False, path="/signin")
    assert page.context.request.post("/api/session", data={"email": ADMIN.email, "password": ADMIN.password}).ok
    age_sessions(server)
    page.goto("/settings/security")
    page.get_by_role("listitem").filter(has_text="Authenticator app").get_by_role("button", name="Set up").click()
    asked = page.get_by_role("dialog", name="Confirm that it is you")
    asked.get_by_label("Password", exact=True).fill("not the password")
    asked.get_by_role("button", name="Confirm").click()
    expect(asked.get_by_text("current password is wrong")).to_be_visible()
    asked.get_by_label("Password", exact=True).fill(ADMIN.password)
    asked.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("dialog", name="Set up an authenticator app").get_by_alt_text("QR code")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Security")).to_be_visible()


def age_sessions(server: Server) -> None:
    """Let every session that was not used yet have proved itself long ago."""
    with closing(sqlite3.connect(server.data_dir / "crm.sqlite3")) as connection, connection:
        connection.execute("UPDATE sessions SET proved_at = '2020-01-01T00:00:00.000Z'")


def test_an_admin_demands_a_second_factor_and_resets_one(
    page: Page, new_page: NewPage, server: Server, watch: Watch
) -> None:
    watch.allow(f"{REFUSED}|WebSocket")
    who = ["--email", "cleo@example.org", "--name", "Cleo Dane", "--password-stdin"]
    run_crm(server.data_dir, "admin", "create", *who, stdin=BOB.password + "\n")
    connect_app(page)
    page.goto("/settings/security-status")
    page.get_by_role("switch", name="Admins need a second factor").click()
    expect(page.get_by_role("switch", name="Admins need a second factor")).to_be_checked()
    point = page.get_by_role("listitem").filter(has_text="Second factor of admins")
    expect(point).to_contain_text("Cleo Dane")

    cleo = new_page(sign_in=False, path="/signin", bypass_csp=True)
    sign_in(cleo, dataclasses.replace(BOB, email="cleo@example.org"))
    expect(cleo.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    cleo.goto("/settings/people")
    expect(cleo.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    assert axe(cleo, AXE) == [], "the one page that the tour does not come to"
    device(cleo)
    cleo.get_by_role("button", name="Add a passkey").click()
    cleo.get_by_role("button", name="Continue").click()
    cleo.get_by_role("button", name="I have kept them").click()
    expect(cleo.get_by_role("heading", name="People")).to_be_visible()

    page.get_by_role("switch", name="Admins need a second factor").click()
    expect(page.get_by_role("switch", name="Admins need a second factor")).not_to_be_checked()
    page.get_by_label("Hosts of the own network").fill("spark.local\nhttp://x")
    page.get_by_role("button", name="Save hosts").click()
    expect(page.get_by_text("'http://x' is not a host name")).to_be_visible()
    page.get_by_label("Hosts of the own network").fill("spark.local")
    page.get_by_role("button", name="Save hosts").click()
    expect(page.get_by_text("Hosts saved")).to_be_visible()

    page.goto("/settings/people")
    row = page.get_by_role("listitem").filter(has_text="cleo@example.org")
    expect(row).to_contain_text("Second factor")
    row.get_by_role("button", name="More for Cleo Dane").click()
    page.get_by_role("menuitem", name="Reset second factor").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    expect(page.get_by_text("signs in with the password alone now")).to_be_visible()
    expect(row).not_to_contain_text("Second factor")


def test_the_checklist_says_what_is_wrong_and_what_to_do(page: Page) -> None:
    page.goto("/settings/security-status")
    points = page.get_by_role("list", name="Checklist").get_by_role("listitem")
    expect(points.filter(has_text="Production mode")).to_contain_text("Set CRM_ENV=production")
    expect(points.filter(has_text="Address it serves on")).to_contain_text("127.0.0.1")
    expect(points.first).to_contain_text("Problem")
    page.get_by_role("button", name="Check again").click()
    expect(points.filter(has_text="It is long and random")).to_contain_text("secret.key")

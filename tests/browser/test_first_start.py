"""A stranger's first minute: the link that the server prints makes the first account, once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPage, Serve
from tests.browser.server import ADMIN, Server, serving


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """A server on an empty data folder, where nobody has an account yet."""
    return lambda: serving(tmp_path_factory.mktemp("first") / "data", with_admin=False)


def test_the_printed_link_makes_the_first_account_and_works_once(server: Server, new_page: NewPage) -> None:
    printed = server.log.read_text("utf-8")
    link = re.search(r"http://\S+(/setup#token=\S+)", printed)
    assert link, printed
    page = new_page(sign_in=False, path=link[1])
    page.get_by_label("Your name").fill(ADMIN.name)
    page.get_by_label("E-mail").fill(ADMIN.email)
    page.get_by_label(re.compile("^Password")).fill(ADMIN.password)
    page.get_by_role("button", name=re.compile("create|make", re.I)).click()
    expect(page.get_by_role("heading", name="No investors yet")).to_be_visible()

    late = new_page(sign_in=False, path=link[1])
    expect(late.get_by_label("Your name")).to_have_count(0)
    assert new_page().context.request.get("/api/session").json()["user"]["role"] == "admin"

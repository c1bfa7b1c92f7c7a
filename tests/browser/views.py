"""Drives the list of views, the toolbar and a second person, for the tests of views."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import APIRequestContext, Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.server import ADMIN

MEMBER = {"email": "mia@example.org", "name": "Mia Member", "password": "another long passphrase", "role": "member"}


def send(request: APIRequestContext, method: str, path: str, data: Any = None) -> Any:
    """One call as the person signed in; its JSON answer, if it has one."""
    csrf = request.get("/api/session").json()["csrf"]
    answer = request.fetch(path, method=method, data=data, headers={"X-CSRF-Token": csrf or ""})
    assert answer.ok, answer.text()
    return answer.json() if answer.body() else None


def change(request: APIRequestContext, *ops: dict[str, Any]) -> Any:
    """One change set as the person signed in."""
    return send(request, "POST", "/api/changes", {"ops": list(ops)})


def table_of(request: APIRequestContext, key: str = "investors") -> dict[str, Any]:
    """A table as the person signed in sees it."""
    tables = request.get("/api/tables").json()["tables"]
    return next(table for table in tables if table["key"] == key)


def field_of(request: APIRequestContext, name: str, key: str = "investors") -> dict[str, Any]:
    """A field by its name."""
    return next(field for field in table_of(request, key)["fields"] if field["name"] == name)


def make_view(request: APIRequestContext, name: str, table: str = "investors", **rest: Any) -> str:
    """A new shared view; its id."""
    view = {"name": name, "kind": "grid", "personal": False, "config": {}, **rest}
    made = change(request, {"op": "create_view", "table": table, "view": view})
    return str(made["created"][0][0])


def as_member(page: Page, new_page: NewPage, path: str = "/") -> Page:
    """A window of a second person, whose account is made when it is not there yet."""
    users = page.request.get("/api/users").json()["users"]
    if not any(user["email"] == MEMBER["email"] for user in users):
        send(page.request, "POST", "/api/admin/users", MEMBER)
    other = new_page(sign_in=False, path="/signin")
    secret = {"email": MEMBER["email"], "password": MEMBER["password"]}
    answer = other.request.post("/api/session", data=secret)
    assert answer.ok, answer.text()
    other.goto(path)
    return other


class Views:
    """The list of views at the left."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.list = page.get_by_role("navigation", name="Views")

    def row(self, name: str) -> Locator:
        """The row of a view, wherever it stands."""
        return self.list.get_by_role("listitem").filter(has=self.page.get_by_text(name, exact=True)).last

    def open(self, name: str) -> None:
        """Open a view by its name."""
        self.row(name).get_by_role("button").first.click()
        expect(self.page.get_by_role("button", name=f"View {name}.")).to_be_visible()

    def act(self, name: str, deed: str) -> None:
        """Choose from the menu of a view."""
        self.row(name).hover()
        self.list.get_by_role("button", name=f"Actions for the view {name}", exact=True).last.click()
        self.page.get_by_role("menuitem", name=deed, exact=True).click()

    def names(self) -> list[str]:
        """The names in the order of the list, favourites left out."""
        lists = self.list.locator("ul:not(section[aria-label=Favourites] ul)")
        return lists.locator("li button:first-child > span:first-of-type").all_inner_texts()

    def make(self, kind: str, name: str, *, personal: bool = False) -> None:
        """Make a view by the dialog; it is opened."""
        self.list.get_by_role("button", name="Create a view").click()
        self.page.get_by_role("menuitem", name=kind).click()
        dialog = self.page.get_by_role("dialog", name="New view")
        dialog.get_by_label("Name").fill(name)
        if personal:
            dialog.get_by_role("radio", name="Personal").click()
        dialog.get_by_role("button", name="Create view").click()
        expect(self.page.get_by_role("button", name=f"View {name}.")).to_be_visible()


def admin_id(page: Page) -> str:
    """The id of the person that `page` belongs to."""
    users = page.request.get("/api/users").json()["users"]
    return str(next(user["id"] for user in users if user["email"] == ADMIN.email))

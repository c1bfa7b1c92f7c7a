"""Every page and dialog of the app as a list of stops, and a small furnished world to show them in.

test_every_page.py holds all of them against what every page owes; pictures.py takes their pictures for docs/use/.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, Browser, Page, Route, expect

from crm_core import clock
from tests.browser.grid import Grid
from tests.browser.server import ADMIN
from tests.browser.views import change, field_of, make_view, send, table_of

WEB = Path(__file__).parents[2] / "web" / "src"
COLLEAGUE = {"email": "mia@example.org", "name": "Mia Member", "password": "another long passphrase", "role": "member"}
CSV = (
    "Name,Stage,Check size,Pipeline source,Contact e-mail\r\n"
    "Acorn Capital,First call,€250000,Conference,mara@acorn.example\r\n"
    'Birch Partners,Researching,"€1,000,000",Referral,li@birch.example\r\n'
    "Cedar Ventures,Due diligence,a lot,Inbound,jo@cedar.example\r\n"
)


@dataclass
class World:
    """What the furnished CRM holds, for stops that have to name it."""

    investor: str = ""
    views: dict[str, str] = field(default_factory=dict)
    invite: str = ""
    twins: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Stop:
    """One thing to look at: an address, and what is pressed there until it is open."""

    name: str
    path: str | Callable[[World], str]
    steps: Callable[[Page], Any] | None = None
    signed_in: bool = True
    kept: bool = True
    """Whether its picture is kept under docs/use/pages/; what is a part of another picture is not."""

    def address(self, world: World) -> str:
        """The address in this world."""
        return self.path if isinstance(self.path, str) else self.path(world)

    def show(self, page: Page, world: World) -> None:
        """Go there, wait until the page says what it is, and press what has to be pressed."""
        # A second visit of the same address with another fragment would not load anything.
        page.goto("about:blank")
        page.goto(self.address(world))
        settle(page)
        if self.steps:
            self.steps(page)
            settle(page)


def settle(page: Page) -> None:
    """Wait until nothing is being loaded or moved any more."""
    expect(page.locator("h1").first).to_be_attached()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.locator("[data-skeleton]")).to_have_count(0)
    page.evaluate(
        "() => Promise.all(document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity)"
        ".map((one) => one.finished.catch(() => {})))"
    )


def furnish(request: APIRequestContext) -> World:
    """Give the demo fund a colleague, a conversation, views of every kind and something in trash and inbox."""
    world = World()
    me = request.get("/api/session").json()["user"]["id"]
    made = send(request, "POST", "/api/admin/users", COLLEAGUE)
    mia = made["user"]["id"]
    world.invite = send(request, "POST", "/api/admin/invites", {"email": "grace@example.org", "role": "member"})["link"]
    furthest = {"field": "stage", "op": "is", "value": "Term sheet"}
    rows = send(request, "POST", "/api/tables/investors/query", {"filter": furthest, "fields": ["name"], "limit": 3})
    world.investor = str(rows["ids"][0])
    base = f"/api/tables/investors/records/{world.investor}"
    send(
        request, "POST", f"{base}/activities", {"kind": "call", "subject": "Terms", "body": "They want a side letter."}
    )
    send(request, "POST", f"{base}/activities", {"kind": "meeting", "subject": "Partner meeting", "participants": [me]})
    send(request, "POST", f"{base}/comments", {"body": f"@[{mia}] can you send them the data room?"})
    today = clock.today("UTC")
    tasks = [
        ("Send the data room", -2, me),
        ("Call about the side letter", 0, me),
        ("Chase references", 3, me),
        ("Book the partner meeting", 9, mia),
    ]
    change(
        request,
        {
            "op": "create",
            "table": "tasks",
            "records": [
                {
                    "cells": {
                        "title": title,
                        "due": (today + timedelta(days=day)).isoformat(),
                        "assignee": who,
                        "investor": [world.investor],
                    }
                }
                for title, day, who in tasks
            ],
        },
    )
    world.twins = add_twins(request)
    stage, day = (field_of(request, name)["id"] for name in ("Stage", "Last contact"))
    on_cards = ("Name", "Stage", "Type", "Check size", "Probability", "Next step")
    hidden = [field["id"] for field in table_of(request)["fields"] if field["name"] not in on_cards]
    kinds: dict[str, dict[str, Any]] = {
        "kanban": {"stack": stage, "hidden": hidden},
        "calendar": {"date": day},
        "gallery": {"hidden": hidden},
        "grid": {"groups": [{"field": stage}]},
    }
    names = {"kanban": "Pipeline", "calendar": "Last contact", "gallery": "Cards", "grid": "By stage"}
    world.views["all"] = table_of(request)["views"][0]["id"]
    for kind, config in kinds.items():
        world.views[kind] = make_view(request, names[kind], kind=kind, config=config)
    gone = send(request, "POST", "/api/tables/contacts/query", {"fields": ["name"], "limit": 3})["ids"]
    change(request, {"op": "delete", "table": "contacts", "ids": gone})
    for title, body in (
        ("Print the pipeline", "One page for the board."),
        ("Two monitors", "Two tables side by side."),
    ):
        send(request, "POST", "/api/feature-requests", {"title": title, "description": body})
    return world


def add_twins(request: APIRequestContext) -> list[str]:
    """Three investors that may be the same, and what would move when they are merged."""
    site = "harbourlane.example"
    rows: list[dict[str, Any]] = [
        {"name": "Harbour Lane Capital", "city": "London", "website": f"https://{site}", "email": f"office@{site}"},
        {"name": "Harbour Lane Capital Ltd", "city": "Londn", "website": f"www.{site}", "phone": "+44 20 7946 0100"},
        {"name": "HARBOUR LANE", "email": f"office@{site}", "country": "United Kingdom"},
    ]
    rows[0] |= {"check_size": 500_000, "stage": "First call", "notes": "Met in Lisbon."}
    rows[1] |= {"check_size": 750_000, "stage": "Second meeting", "notes": "Prefers calls on Fridays."}
    records = [{"cells": row} for row in rows]
    twins = list(change(request, {"op": "create", "table": "investors", "records": records})["created"][0])
    people = [
        {"cells": {"name": name, "investor": [twin]}}
        for name, twin in zip(("Ivy Stone", "Tom Reed"), twins[1:], strict=True)
    ]
    change(request, {"op": "create", "table": "contacts", "records": people})
    base = f"/api/tables/investors/records/{twins[1]}"
    send(request, "POST", f"{base}/comments", {"body": "Ask for the side letter."})
    return twins


def answer_as_colleague(browser: Browser, url: str, world: World) -> None:
    """Let the colleague mention the admin, so that the bell has something to say."""
    context = browser.new_context(base_url=url)
    secret = {key: COLLEAGUE[key] for key in ("email", "password")}
    assert context.request.post("/api/session", data=secret).ok
    users = context.request.get("/api/users").json()["users"]
    admin = next(one["id"] for one in users if one["email"] == ADMIN.email)
    comments = f"/api/tables/investors/records/{world.investor}/comments"
    send(context.request, "POST", comments, {"body": f"@[{admin}] sent, they look at it on Monday."})
    context.close()


# --- what is pressed ------------------------------------------------------------------------------------------------


def press(role: Any, name: str, *, exact: bool = False) -> Callable[[Page], None]:
    """Press one thing by its role and name."""
    return lambda page: page.get_by_role(role, name=name, exact=exact).first.click()


def in_turn(*steps: Callable[[Page], Any]) -> Callable[[Page], None]:
    """One after the other."""

    def run(page: Page) -> None:
        for step in steps:
            step(page)

    return run


def keys(*pressed: str) -> Callable[[Page], None]:
    """Press keys with the grid ready for them."""

    def run(page: Page) -> None:
        Grid(page)
        for key in pressed:
            page.keyboard.press(key)

    return run


def conflict(page: Page) -> None:
    """Type into a cell that somebody else changes before it is saved."""
    grid, held = Grid(page), list[Route]()
    page.route("**/api/changes", lambda route: held.append(route))
    grid.click("Name", 0)
    grid.type("Alder & Sons")
    grid.until(lambda: held != [], "nothing was sent")
    first = send(page.request, "POST", "/api/tables/investors/query", {"fields": ["name"], "limit": 1})
    theirs = "Alder Family Office" if first["columns"][0][0] == "Alder Partners" else "Alder Partners"
    records = [{"id": first["ids"][0], "cells": {"name": theirs}}]
    change(page.request, {"op": "update", "table": "investors", "records": records})
    held[0].continue_()
    page.unroute("**/api/changes")
    expect(page.get_by_role("dialog")).to_contain_text(theirs)


def dialog(page: Page) -> None:
    """Wait for a dialog, a menu or a panel over the page."""
    expect(page.locator("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]").last).to_be_visible()


def part(name: str) -> Callable[[Page], None]:
    """Turn the record panel to one of its parts."""
    return lambda page: page.get_by_role("complementary").get_by_role("radio", name=name).click()


def header(column: str, item: str | None = None) -> Callable[[Page], None]:
    """Open the menu of a column, and choose from it."""

    def run(page: Page) -> None:
        grid = Grid(page)
        box = grid.box(column, -1)
        page.mouse.click(box["x"] + 40, box["y"] + box["height"] / 2, button="right")
        if item:
            page.get_by_role("menuitem", name=item, exact=True).click()

    return run


def row_menu(page: Page) -> None:
    """Open the menu of a row."""
    box = Grid(page).box("Name", 2)
    page.mouse.click(box["x"] + 60, box["y"] + box["height"] / 2, button="right")


def tool(name: str, then: str | None = None) -> Callable[[Page], None]:
    """Open a form of the toolbar."""

    def run(page: Page) -> None:
        Grid(page)
        page.get_by_role("toolbar", name="View").get_by_role("button", name=name).first.click()
        if then:
            page.get_by_role("button", name=then, exact=True).click()

    return run


def new_view(page: Page) -> None:
    """Open the dialog of a new view, by the list of views, which a phone shows when asked."""
    Grid(page)
    create = page.get_by_role("button", name="Create a view")
    if not create.is_visible():
        page.get_by_role("button", name="Show the list of views").click()
    create.click()
    page.get_by_role("menuitem", name="Kanban").click()


def upload(page: Page) -> None:
    """Give the import wizard its file."""
    file = {"name": "Investors-Grid view.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text("Recognise existing investors by")).to_be_visible()


def compare(page: Page) -> None:
    """Go on to the review."""
    page.get_by_role("button", name="Compare with investors").click()
    expect(page.get_by_role("tab").first).to_be_visible()


def new_formula(page: Page) -> None:
    """Open the formula editor with something in it that gives a result."""
    grid = Grid(page)
    grid.header_menu(grid.columns()[-1], "Insert field to the right")
    shown = page.get_by_role("dialog", name="New field")
    shown.get_by_label("Name").fill("Answer")
    grid.choose_kind("Formula")
    shown.get_by_role("textbox", name="Formula").fill('UPPER({Name}) & " · " & {City}')
    expect(shown.get_by_text("Gives")).to_be_visible()


def wait_for(text: str) -> Callable[[Page], None]:
    """Wait until the page says something."""
    return lambda page: expect(page.get_by_text(text).first).to_be_visible()


# --- the stops ------------------------------------------------------------------------------------------------------

RECORD: Callable[[World], str] = lambda world: f"/t/investors/{world.investor}"  # noqa: E731


def view(kind: str) -> Callable[[World], str]:
    """The address of a furnished view."""
    return lambda world: f"/t/investors?view={world.views[kind]}"


ALL = view("all")

STOPS: tuple[Stop, ...] = (
    Stop("home", "/", kept=False),
    Stop("grid", ALL, Grid),
    Stop("grid-grouped", view("grid"), Grid),
    Stop("kanban", view("kanban"), wait_for("Term sheet")),
    Stop("calendar", view("calendar"), wait_for("Mon")),
    Stop("gallery", view("gallery"), wait_for("Stage")),
    Stop("no-such-table", "/t/no-such-table", kept=False),
    Stop("filter", ALL, in_turn(tool("Filter", "Add condition"), dialog)),
    Stop("sort", ALL, in_turn(tool("Sort"), dialog), kept=False),
    Stop("colour", ALL, in_turn(tool("Colour"), dialog), kept=False),
    Stop("hide-fields", ALL, in_turn(tool("Hide fields"), dialog), kept=False),
    Stop("field-menu", ALL, in_turn(header("Stage"), dialog)),
    Stop("row-menu", ALL, in_turn(row_menu, dialog), kept=False),
    Stop("field-editor", ALL, in_turn(header("Stage", "Edit field"), dialog)),
    Stop("formula-editor", ALL, new_formula),
    Stop("dependencies", ALL, in_turn(header("Name", "What depends on this?"), dialog), kept=False),
    Stop("new-view", ALL, in_turn(new_view, dialog), kept=False),
    Stop("new-table", ALL, in_turn(press("button", "New table"), dialog), kept=False),
    Stop("shortcuts", ALL, in_turn(keys("Control+/"), dialog)),
    Stop("palette", ALL, in_turn(keys("Control+k"), dialog)),
    Stop("past", "/t/investors?as_of=1", wait_for("as they were")),
    *(
        Stop(f"record-{name.lower()}", RECORD, part(name))
        for name in ("Fields", "Timeline", "Tasks", "Comments", "History")
    ),
    Stop("log-a-call", RECORD, in_turn(part("Timeline"), press("button", "Log a call")), kept=False),
    Stop("notifications", "/tasks", in_turn(press("button", "Notifications"), dialog)),
    Stop("user-menu", "/tasks", in_turn(press("button", "Menu of"), dialog), kept=False),
    Stop("tasks", "/tasks", wait_for("Overdue")),
    Stop("dashboards", "/dashboards", wait_for("Going cold")),
    Stop("activity", "/activity", wait_for("Today")),
    Stop("requests", "/requests", wait_for("Print the pipeline")),
    Stop("new-request", "/requests", in_turn(press("button", "New request"), dialog), kept=False),
    Stop("duplicates", "/duplicates", wait_for("Very likely the same")),
    Stop("no-duplicates", "/duplicates?table=funds", wait_for("No duplicates found")),
    Stop("merge", lambda world: f"/merge?table=investors&records={','.join(world.twins)}", wait_for("Will lead to")),
    Stop("trash", "/trash?table=contacts"),
    Stop("import", "/import?table=investors", kept=False),
    Stop("import-columns", "/import?table=investors", upload),
    Stop("import-review", "/import?table=investors", in_turn(upload, compare)),
    Stop("settings-profile", "/settings/profile"),
    Stop("settings-security", "/settings/security"),
    Stop("new-token", "/settings/security", in_turn(press("button", "New token"), dialog), kept=False),
    Stop("settings-appearance", "/settings/appearance"),
    Stop("settings-people", "/settings/people", wait_for("Mia Member")),
    Stop("invite-someone", "/settings/people", in_turn(press("button", "Invite"), dialog), kept=False),
    Stop("settings-backups", "/settings/backups"),
    Stop("settings-plugins", "/settings/plugins", wait_for("SQLite")),
    Stop("settings-security-status", "/settings/security-status"),
    Stop("not-found", "/nowhere"),
    Stop("sign-in", "/signin", signed_in=False),
    Stop("invite", lambda world: world.invite, signed_in=False),
    Stop("invite-spent", "/invite#token=spent", signed_in=False, kept=False),
    # The last one: whoever leaves with an undecided conflict finds it again on the next page.
    Stop("conflict", "/t/investors", conflict),
)
"""The stops in a furnished world; the first start has its own, as it needs a server without an account."""


def first_stops(link: str) -> tuple[Stop, ...]:
    """The stops of a CRM that nobody has an account in yet; `link` is what the server printed."""
    return (
        Stop("setup", link, signed_in=False),
        Stop("setup-needed", "/signin", signed_in=False, kept=False),
    )


def routes() -> list[str]:
    """Every address pattern of the router and every section of the settings, read from their sources."""
    app = (WEB / "App.tsx").read_text("utf-8")
    named = dict(re.findall(r"(\w+): '(/[^']*)'", (WEB / "pages" / "paths.ts").read_text("utf-8")))
    patterns = re.findall(r'<Route path="([^"]+)"', app) + re.findall(r"useRoute\('([^']+)'\)", app)
    patterns += [named[name] for name in re.findall(r"<Route path=\{paths\.(\w+)\}", app)]
    settings = (WEB / "pages" / "settings" / "SettingsPage.tsx").read_text("utf-8")
    patterns += [f"/settings/{key}" for key in re.findall(r"\{ key: '([\w-]+)'", settings)]
    return patterns


def matches(pattern: str, address: str) -> bool:
    """Whether an address is one of a pattern such as `/t/:table/:record?`."""
    path = re.split(r"[?#]", re.sub(r"^https?://[^/]+", "", address))[0]
    shape = re.sub(r"/:\w+\?", r"(/[^/]+)?", pattern)
    return re.fullmatch(re.sub(r"/:\w+", r"/[^/]+", shape), path) is not None

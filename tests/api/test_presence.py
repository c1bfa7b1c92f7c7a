"""Presence over a real live channel: coming, moving, leaving, many windows of one person, silence and floods."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from api import line
from api.presence import LONGEST
from tests.api.conftest import Site
from tests.browser.server import ADMIN, Server, serving

SECOND = {"email": "bob@example.org", "name": "Bob Member", "password": "quiet otters cross rivers", "role": "member"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("presence") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def cookies(server: Server) -> dict[str, str]:
    """The session cookies of Ada and Bob."""
    found = {}
    with httpx.Client(base_url=server.url) as ada:
        session = ada.post("/api/session", json={"email": ADMIN.email, "password": ADMIN.password}).json()
        made = ada.post("/api/admin/users", json=SECOND, headers={"X-CSRF-Token": session["csrf"]})
        assert made.status_code == 201, made.text
        found["ada"] = ada.cookies["crm_session"]
    with httpx.Client(base_url=server.url) as bob:
        assert bob.post("/api/session", json={key: SECOND[key] for key in ("email", "password")}).status_code == 200
        found["bob"] = bob.cookies["crm_session"]
    return found


@pytest.fixture(scope="module")
def tables(server: Server, cookies: dict[str, str]) -> dict[str, Any]:
    answer = httpx.get(f"{server.url}/api/tables", headers={"Cookie": f"crm_session={cookies['ada']}"})
    return {table["key"]: table for table in answer.json()["tables"]}


class Window:
    """One open page: says where it is and reads who else is there."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        assert json.loads(connection.recv(timeout=10))["type"] == "hello"

    def say(self, table: str | None = None, **place: str) -> None:
        self.connection.send(json.dumps({"type": "here", "table": table, **place}))

    def people(self) -> dict[str, Any]:
        while True:
            told = json.loads(self.connection.recv(timeout=10))
            if told["type"] == "presence":
                return dict(told)

    def sees(self, *expected: tuple[str, str | None]) -> dict[str, Any]:
        """Read until exactly these people are there, each with the record they stand in; how often it was told."""
        for _ in range(50):
            told = self.people()
            if [(one["name"], one.get("record")) for one in told["people"]] == list(expected):
                return told
        raise AssertionError(f"last seen: {told}")


@contextmanager
def window(server: Server, cookie: str) -> Iterator[Window]:
    address = server.url.replace("http", "ws", 1) + "/api/live"
    with connect(address, additional_headers={"Cookie": f"crm_session={cookie}"}) as connection:
        yield Window(connection)


RECORD = "rec00000000000001"
OTHER = "rec00000000000002"


def test_people_come_move_and_leave(server: Server, cookies: dict[str, str], tables: dict[str, Any]) -> None:
    investors, funds = tables["investors"]["id"], tables["funds"]["id"]
    name = tables["investors"]["primary_field"]
    with window(server, cookies["ada"]) as ada:
        ada.say(investors)
        ada.sees((ADMIN.name, None))
        with window(server, cookies["bob"]) as bob:
            bob.say(investors, record=RECORD, field=name)
            told = ada.sees((ADMIN.name, None), ("Bob Member", RECORD))
            assert told == {"type": "presence", "table": investors, "people": told["people"], "more": 0}
            assert told["people"][1]["field"] == name
            assert set(told["people"][1]) == {"user", "name", "record", "field"}
            bob.sees((ADMIN.name, None), ("Bob Member", RECORD))
            bob.say(investors, record=OTHER, field=name)
            ada.sees((ADMIN.name, None), ("Bob Member", OTHER))
            bob.say(funds)
            ada.sees((ADMIN.name, None))
            bob.sees(("Bob Member", None))
            bob.say("tbl00000000000000")  # no such table: away
            bob.say(investors)
            ada.sees((ADMIN.name, None), ("Bob Member", None))
        ada.sees((ADMIN.name, None))  # the window closed


def test_a_person_with_many_windows_is_one_and_leaves_with_the_last(
    server: Server, cookies: dict[str, str], tables: dict[str, Any]
) -> None:
    table = tables["contacts"]["id"]
    with window(server, cookies["ada"]) as ada, window(server, cookies["bob"]) as first:
        ada.say(table)
        ada.sees((ADMIN.name, None))
        first.say(table, record=RECORD)
        ada.sees((ADMIN.name, None), ("Bob Member", RECORD))
        with window(server, cookies["bob"]) as second:
            second.say(table, record=OTHER)
            ada.sees((ADMIN.name, None), ("Bob Member", OTHER))
            first.say(table, record=RECORD)  # still where it was: not a move
            second.say()
            ada.sees((ADMIN.name, None), ("Bob Member", RECORD))
            second.say(table, record=OTHER)
            ada.sees((ADMIN.name, None), ("Bob Member", OTHER))
        ada.sees((ADMIN.name, None), ("Bob Member", RECORD))
        first.connection.socket.shutdown(socket.SHUT_RDWR)  # no goodbye: the line is cut
        ada.sees((ADMIN.name, None))


def test_a_fast_mover_is_told_less_often_and_nonsense_is_passed_over(
    server: Server, cookies: dict[str, str], tables: dict[str, Any]
) -> None:
    table = tables["commitments"]["id"]
    with window(server, cookies["ada"]) as ada, window(server, cookies["bob"]) as bob:
        ada.say(table)
        ada.sees((ADMIN.name, None))
        for text in ("{", '{"type":"change"}', "x" * LONGEST * 2, json.dumps({"type": "here", "table": [table]})):
            bob.connection.send(text)
        for number in range(20):
            bob.say(table, record=f"rec{number:014d}")
        count = 1
        while ada.people()["people"][1]["record"] != f"rec{19:014d}":
            count += 1
        assert count < 20


def test_a_flood_ends_the_channel_of_who_sends_it(
    server: Server, cookies: dict[str, str], tables: dict[str, Any]
) -> None:
    table = tables["commitments"]["id"]

    def flood(window: Window) -> None:
        for number in range(line.BURST * 20):
            window.say(table, record=f"rec{number:014d}")
        while True:
            window.people()

    with window(server, cookies["ada"]) as ada, window(server, cookies["bob"]) as bob:
        ada.say(table)
        ada.sees((ADMIN.name, None))
        bob.say(table)
        ada.sees((ADMIN.name, None), ("Bob Member", None))
        assert code_at_the_end(bob, flood) == line.LOUD
        ada.sees((ADMIN.name, None))


def test_a_message_larger_than_any_ends_the_channel(server: Server, cookies: dict[str, str]) -> None:
    def shout(window: Window) -> None:
        window.connection.send("x" * 100_000)
        window.people()

    with window(server, cookies["bob"]) as bob:
        assert code_at_the_end(bob, shout) == 1009


def code_at_the_end(window: Window, deed: Callable[[Window], None]) -> int | None:
    """Do what the server ends the channel for; the code that it gives."""
    with pytest.raises(ConnectionClosed) as caught:
        deed(window)
    return caught.value.rcvd.code if caught.value.rcvd else None


def test_who_falls_silent_is_forgotten(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket may stay open though nobody is behind it any more: what it said holds for a while only."""
    monkeypatch.setattr(site.app.state.live._presence, "_lease", 1.0)
    table = site.crm.tables.catalogue(site.admin.acting()).tables[0].id
    join = site.client.websocket_connect
    with join("/api/live", headers=site.credentials("member")) as silent:
        silent.receive_json(timeout=10)
        silent.send_json({"type": "here", "table": table})
        with join("/api/live", headers=site.credentials("admin")) as moving:
            seen = []
            for number in range(200):
                moving.send_json({"type": "here", "table": table, "record": f"rec{number:014d}"})
                while (told := moving.receive_json(timeout=10))["type"] != "presence":
                    pass
                seen.append([one["name"] for one in told["people"]])
                if seen[-1] == ["Ada Admin"] and ["Bob Member", "Ada Admin"] in seen:
                    return
    raise AssertionError(seen)

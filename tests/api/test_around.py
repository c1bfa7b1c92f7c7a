"""Comments, notifications, the timeline and logged activities over HTTP, as several people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Site, code_of


@pytest.fixture(scope="module")
def investor(site: Site) -> str:
    body = {"ops": [{"op": "create", "table": "investors", "records": [{"cells": {"name": "Northgate"}}]}]}
    record: str = site.call("member", "POST", "/api/changes", json=body).json()["created"][0][0]
    return record


def around(record: str, what: str) -> str:
    return f"/api/tables/investors/records/{record}/{what}"


def unread(site: Site, who: Any) -> list[tuple[str, str]]:
    page = site.call(who, "GET", "/api/notifications?unread=true").json()
    assert page["unread"] == page["total"] == len(page["notifications"])
    return [(note["kind"], note["text"]) for note in page["notifications"]]


def test_a_conversation(site: Site, investor: str) -> None:
    bob = site.member.public_id
    asked = site.call("admin", "POST", around(investor, "comments"), json={"body": f"@[{bob}] any news?"})
    assert asked.status_code == 201, asked.text
    assert asked.json()["mentions"] == {bob: "Bob Member"}
    assert unread(site, "member") == [("mention", "@Bob Member any news?")]

    body = {"body": "Not yet", "reply_to": asked.json()["id"]}
    answer = site.call("member", "POST", around(investor, "comments"), json=body)
    assert (answer.status_code, answer.json()["mine"]) == (201, True)
    assert unread(site, "admin") == [("reply", "Not yet")]

    edited = site.call("member", "PATCH", f"/api/comments/{answer.json()['id']}", json={"body": "Tomorrow"})
    assert (edited.json()["body"], edited.json()["edited_at"] is not None) == ("Tomorrow", True)
    refused = site.call("member", "PATCH", f"/api/comments/{asked.json()['id']}", json={"body": "x"})
    assert (refused.status_code, code_of(refused)) == (403, "not_yours")

    page = site.call("reader", "GET", around(investor, "comments")).json()
    told = {asked.json()["id"], answer.json()["id"]}  # other tests of the module speak about the same investor
    assert [one["body"] for one in page["comments"] if one["id"] in told] == ["Tomorrow", f"@[{bob}] any news?"]
    read = site.call("member", "POST", "/api/notifications/read", json={"ids": None}).json()
    assert (read["unread"], read["total"]) == (0, 1)

    assert site.call("admin", "DELETE", f"/api/comments/{answer.json()['id']}").status_code == 204
    assert unread(site, "admin") == []
    gone = site.call("member", "PATCH", f"/api/comments/{answer.json()['id']}", json={"body": "x"})
    assert (gone.status_code, code_of(gone)) == (404, "unknown_comment")


def test_a_call_on_the_timeline(site: Site, investor: str) -> None:
    body = {"kind": "call", "subject": "Terms", "body": "They like it.", "participants": [site.admin.public_id]}
    logged = site.call("writer", "POST", around(investor, "activities"), json=body)
    assert logged.status_code == 201, logged.text
    entry = logged.json()
    found = site.call("reader", "GET", around(investor, "timeline?kind=call,meeting")).json()
    assert [(item["kind"], item["activity"]["subject"]) for item in found["items"]] == [("call", "Terms")]
    assert [one["name"] for one in entry["participants"]] == ["Northgate", "Ada Admin"]
    mended = site.call("member", "PATCH", f"/api/activities/{entry['id']}", json={"kind": "meeting"})
    assert (mended.json()["kind"], mended.json()["subject"]) == ("meeting", "Terms")
    whole = site.call("member", "GET", around(investor, "timeline?limit=1")).json()
    assert whole["items"][0]["kind"] == "meeting"
    rest = site.call("member", "GET", around(investor, f"timeline?before={whole['next']}")).json()
    assert rest["items"][-1]["change"]["kind"] == "create"
    assert site.call("member", "DELETE", f"/api/activities/{entry['id']}").status_code == 204
    gone = site.call("member", "DELETE", f"/api/activities/{entry['id']}")
    assert (gone.status_code, code_of(gone)) == (404, "unknown_activity_entry")


@pytest.mark.parametrize(
    ("what", "body", "code"),
    [
        ("comments", {"body": "  "}, "bad_comment"),
        ("comments", {"body": "x", "reply_to": "cmt00000000000000"}, "unknown_comment"),
        ("activities", {"kind": "note"}, "bad_activity"),
        ("activities", {"kind": "note", "body": "x", "at": "soon"}, "bad_time"),
        ("activities", {"kind": "fax", "body": "x"}, "invalid_request"),
    ],
)
def test_what_cannot_be_taken(site: Site, investor: str, what: str, body: dict[str, Any], code: str) -> None:
    assert code_of(site.call("member", "POST", around(investor, what), json=body)) == code


def test_the_live_channel_says_that_something_was_said(site: Site, investor: str) -> None:
    headers = site.credentials("member")
    with site.client.websocket_connect("/api/live?since=0", headers=headers) as socket:
        assert socket.receive_json(timeout=10)["type"] == "hello"
        site.call("admin", "POST", around(investor, "comments"), json={"body": "Live"})
        for _ in range(5):
            if socket.receive_json(timeout=10)["type"] == "activity":
                return
    raise AssertionError("nothing was told")

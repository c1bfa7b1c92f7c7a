"""Feature requests: asking, voting, and who may move or change what."""

from typing import Any

from tests.api.conftest import Site, Who, code_of


def ask(site: Site, title: str, who: Who = "member", **more: Any) -> dict[str, Any]:
    answer = site.call(who, "POST", "/api/feature-requests", json={"title": title, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def patch(site: Site, who: Who, request: str, **changes: Any) -> Any:
    return site.call(who, "PATCH", f"/api/feature-requests/{request}", json=changes)


def listed(site: Site, who: Who = "member", **params: Any) -> dict[str, Any]:
    found: dict[str, Any] = site.call(who, "GET", "/api/feature-requests", params=params).json()
    return found


def test_who_asks_votes_and_the_most_wanted_comes_first(site: Site) -> None:
    one = ask(site, "  A map   of investors ", description="By city.\n\nWith colours.")
    assert (one["title"], one["votes"], one["voted"], one["status"]) == ("A map of investors", 1, True, "open")
    assert one["created_by"]["name"] == "Bob Member"
    two = ask(site, "Dark icons")
    assert patch(site, "admin", one["id"], voted=True).json()["votes"] == 2
    assert patch(site, "admin", one["id"], voted=True).json()["votes"] == 2
    first = listed(site)["requests"]
    assert [item["id"] for item in first[:2]] == [one["id"], two["id"]]
    assert patch(site, "member", one["id"], voted=False).json() | {"updated_at": ""} == {
        **one, "votes": 1, "voted": False, "updated_at": "",
    }  # fmt: skip


def test_only_admins_move_the_status(site: Site) -> None:
    one = ask(site, "Faster exports")
    answer = patch(site, "member", one["id"], status="planned")
    assert (answer.status_code, code_of(answer)) == (403, "admins_only")
    assert patch(site, "admin", one["id"], status="planned").json()["status"] == "planned"
    assert [item["id"] for item in listed(site, status="planned")["requests"]] == [one["id"]]
    assert listed(site)["counts"]["planned"] == 1
    assert code_of(patch(site, "admin", one["id"], status="someday")) == "invalid_request"
    newest = site.call("member", "GET", "/api/activity", params={"kind": "requests"}).json()["items"][0]
    text = "".join(part["text"] for part in newest["parts"])
    assert text == "Ada Admin moved the feature request Faster exports to planned"


def test_others_wishes_are_not_changed_and_deleted_ones_are_gone(site: Site) -> None:
    mine = ask(site, "Made by an admin", "admin")
    for changes in ({"title": "Mine now"}, {"description": "x"}, {"deleted": True}):
        answer = patch(site, "member", mine["id"], **changes)
        assert (answer.status_code, code_of(answer)) == (403, "not_yours")
    own = ask(site, "To be dropped")
    assert patch(site, "member", own["id"], title="Dropped soon").json()["title"] == "Dropped soon"
    assert patch(site, "member", own["id"], deleted=True).status_code == 200
    assert own["id"] not in [item["id"] for item in listed(site, limit=500)["requests"]]
    answer = patch(site, "admin", own["id"], voted=True)
    assert (answer.status_code, code_of(answer)) == (404, "unknown_request")


def test_what_is_no_title_is_refused(site: Site) -> None:
    for title in ("", "   ", "x" * 201):
        answer = site.call("member", "POST", "/api/feature-requests", json={"title": title})
        assert (answer.status_code, code_of(answer)) == (400, "bad_title")
    assert site.call("reader", "POST", "/api/feature-requests", json={"title": "x"}).status_code == 403
    assert site.call("nobody", "GET", "/api/feature-requests").status_code == 401

"""The activity feed over HTTP: sentences, filters, pages, and what members do not see."""

from typing import Any

import pytest

from crm_core.contracts.actor import SYSTEM
from tests.api.conftest import Site, Who, code_of


def feed(site: Site, who: Who = "admin", **params: Any) -> dict[str, Any]:
    """A page, without the sign-ins that the tests themselves make."""
    params = {"kind": "records,imports", **params}
    answer = site.call(who, "GET", "/api/activity", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sentence(item: dict[str, Any]) -> str:
    return "".join(part["text"] for part in item["parts"])


def sentences(site: Site, who: Who = "admin", **params: Any) -> list[str]:
    return [sentence(item) for item in feed(site, who, **params)["items"]]


def change(site: Site, *ops: dict[str, Any], who: Who = "admin", **more: Any) -> dict[str, Any]:
    answer = site.call(who, "POST", "/api/changes", json={"ops": list(ops), **more})
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()
    return done


def create(site: Site, *names: str, who: Who = "admin", table: str = "investors", **cells: Any) -> list[str]:
    records = [{"cells": {"name": name, **cells}} for name in names]
    ids: list[str] = change(site, {"op": "create", "table": table, "records": records}, who=who)["created"][0]
    return ids


def update(record: str, **cells: Any) -> dict[str, Any]:
    return {"op": "update", "table": "investors", "records": [{"id": record, "cells": cells}]}


def test_a_change_is_told_in_a_sentence(site: Site) -> None:
    acme = create(site, "Acme Capital", stage="Not contacted")[0]
    change(site, update(acme, stage="First call"))
    change(site, update(acme, stage=None), reason="by mistake")
    change(site, update(acme, city="Berlin", country="Germany"), who="member")
    change(site, {"op": "delete", "table": "investors", "ids": [acme]}, who="member")
    items = feed(site, limit=5)["items"]
    assert [sentence(item) for item in items] == [
        "Bob Member deleted Acme Capital",
        "Bob Member changed City and Country of Acme Capital",
        "Ada Admin cleared Stage of Acme Capital, which was First call",
        "Ada Admin changed Stage of Acme Capital from Not contacted to First call",
        "Ada Admin added the investor Acme Capital",
    ]
    assert items[2]["reason"] == "by mistake"
    named = next(part for part in items[3]["parts"] if part.get("kind") == "record")
    assert (named["id"], named["table"]) == (acme, "investors")
    assert [part["color"] for part in items[3]["parts"] if part.get("kind") == "value"] != [None, None]
    city = items[1]["cells"][0]
    assert (city[0]["text"], city[1], city[2]["text"]) == ("City", None, "Berlin")


def test_many_records_fields_and_undo_are_one_line_each(site: Site) -> None:
    ids = create(site, *(f"Bulk {n}" for n in range(12)))
    done = change(site, *(update(one, city="Paris") for one in ids))
    site.call("admin", "POST", f"/api/changes/{done['version']}/undo")
    change(site, {"op": "create_field", "table": "investors", "field": {"name": "Warmth", "kind": "text"}})
    field = next(
        one["id"]
        for one in site.call("admin", "GET", "/api/tables/investors/fields").json()["fields"]
        if one["name"] == "Warmth"
    )
    change(site, {"op": "update_field", "field": field, "set": {"kind": "number"}})
    change(site, {"op": "update_field", "field": field, "set": {"name": "Heat"}})
    change(site, {"op": "archive_field", "field": field})
    assert sentences(site, limit=7) == [
        "Ada Admin deleted the field Heat of Investors",
        "Ada Admin renamed the field Warmth of Investors to Heat",
        "Ada Admin changed the kind of the field Heat of Investors from text to number",
        "Ada Admin added the field Warmth to Investors",
        f"Ada Admin undid version {done['version']}: changed City of 12 investors",
        "Ada Admin changed City of 12 investors",
        "Ada Admin added 12 investors",
    ]


def test_members_see_the_teams_work_and_admins_everything(site: Site) -> None:
    create(site, "Seen by all")
    site.call("member", "GET", "/api/plugins")  # refused
    seen = {item["group"] for item in feed(site, "member", kind="", limit=200)["items"]}
    assert seen <= {"records", "imports", "comments", "requests"}
    assert "security" in {item["group"] for item in feed(site, kind="", limit=200)["items"]}
    assert feed(site, kind="security")["items"][0]["kind"].startswith(("access.", "token."))
    answer = site.call("member", "GET", "/api/activity", params={"kind": "access.denied"})
    assert (answer.status_code, code_of(answer)) == (400, "unknown_activity")
    assert feed(site, "member", kind="security")["items"] == []


def test_nobody_sees_others_personal_views(site: Site) -> None:
    view = {"name": "My secret list", "personal": True, "config": {}}
    change(site, {"op": "create_view", "table": "investors", "view": view}, who="member")
    assert "My secret list" not in str(feed(site)["items"][:3])
    assert "My secret list" in str(feed(site, "member")["items"][:3])
    shared = {"name": "For us all", "config": {}}
    change(site, {"op": "create_view", "table": "investors", "view": shared}, who="member")
    assert sentences(site, limit=1) == ["Bob Member added the view For us all to Investors"]


def test_filters_by_person_table_record_text_and_time(site: Site) -> None:
    one = create(site, "Needle Partners", who="member")[0]
    create(site, "Fund of hay", table="funds")
    change(site, update(one, city="Lisbon"))
    assert {item["actor"]["name"] for item in feed(site, by=site.member.public_id)["items"]} == {"Bob Member"}
    assert all("fund" in text for text in sentences(site, table="funds"))
    assert sentences(site, record=one) == [
        "Ada Admin set City of Needle Partners to Lisbon",
        "Bob Member added the investor Needle Partners",
    ]
    assert sentences(site, record=one, by=site.member.public_id) == ["Bob Member added the investor Needle Partners"]
    assert sentences(site, text="  LISBON ") == ["Ada Admin set City of Needle Partners to Lisbon"]
    assert feed(site, end="2001-01-01")["items"] == []
    today = feed(site, limit=1)["items"][0]["at"][:10]
    assert feed(site, start=today, end=today, limit=1)["items"]
    assert feed(site, start="2001-01-01", limit=1)["total"] > 5


def test_a_record_shows_its_own_part_of_a_change_of_many(site: Site) -> None:
    ids = create(site, *(f"Member {n}" for n in range(60)))
    change(site, *(update(one, score=number) for number, one in enumerate(ids)))
    assert sentences(site, record=ids[55]) == [
        "Ada Admin set Score of Member 55 to 55.0",
        "Ada Admin added the investor Member 55",
    ]


def test_pages_join_without_a_gap_and_newer_entries_are_found(site: Site) -> None:
    for number in range(7):
        create(site, f"Page {number}")
    whole = [item["id"] for item in feed(site, limit=200)["items"]]
    pages, token = [], None
    while True:
        page = feed(site, limit=3, **({"before": token} if token else {}))
        pages += [item["id"] for item in page["items"]]
        token = page["next"]
        if token is None:
            break
    assert pages == whole
    assert feed(site)["total"] >= len(whole)
    newest = feed(site, limit=1)["newest"]
    create(site, "Just now")
    assert sentences(site, after=newest) == ["Ada Admin added the investor Just now"]
    assert feed(site, after=feed(site, limit=1)["newest"])["items"] == []
    record = create(site, "Paged")[0]
    for number in range(5):
        change(site, update(record, score=number))
    first = feed(site, record=record, limit=2)
    second = feed(site, record=record, limit=2, before=first["next"])
    assert [item["version"] for item in (*first["items"], *second["items"])] == sorted(
        (item["version"] for item in feed(site, record=record)["items"]), reverse=True
    )[:4]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"kind": "gossip"}, "unknown_activity"),
        ({"start": "soon"}, "bad_time"),
        ({"before": "!!"}, "bad_page_token"),
        ({"before": "x"}, "bad_page_token"),
        ({"limit": 0}, "invalid_request"),
    ],
)
def test_bad_questions_are_refused(site: Site, params: dict[str, Any], code: str) -> None:
    assert code_of(site.call("admin", "GET", "/api/activity", params=params)) == code


@pytest.mark.parametrize("params", [{"table": "nothing"}, {"record": "recxxxxxxxxxxxxxx"}, {"by": "usr0"}])
def test_what_is_not_there_is_not_found(site: Site, params: dict[str, Any]) -> None:
    assert site.call("admin", "GET", "/api/activity", params=params).status_code == 404


def test_an_import_is_told_once_with_its_file(site: Site) -> None:
    text = "Name,City\nFrom A File,Rome\nFrom A Second,Oslo\n"
    site.call(
        "admin", "POST", "/api/imports", params={"table": "investors", "filename": "list.csv"}, content=text,
        headers={"Content-Type": "text/csv"},
    )  # fmt: skip
    run = site.call("admin", "GET", "/api/imports").json()["imports"][0]["id"]
    for step, until in (("preview", "compared"), ("apply", "applied")):
        body = (
            {"json": {"mapping": [column["suggestion"] for column in columns(site, run)]}} if step == "preview" else {}
        )
        site.call("admin", "POST", f"/api/imports/{run}/{step}", **body)
        while (status := site.call("admin", "GET", f"/api/imports/{run}").json()["status"]) != until:
            assert status in ("comparing", "applying"), status
    told = [item for item in feed(site, limit=10)["items"] if item["group"] == "imports"]
    assert [sentence(item) for item in told] == ["Ada Admin imported 2 rows from list.csv: added 2 investors"]
    assert told[0]["undoable"]


def columns(site: Site, run: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.call("admin", "GET", f"/api/imports/{run}").json()["columns"]
    return found


def test_what_the_crm_does_itself_has_no_person(site: Site) -> None:
    from crm_core.contracts.change import ChangeSet, Create, CreateRecord

    site.crm.records.apply(ChangeSet([Create("funds", [CreateRecord({"name": "Own Fund"})])]), SYSTEM)
    item = feed(site, by="system", kind="records", limit=1)["items"][0]
    assert (item["actor"], sentence(item)) == (None, "The CRM added the fund Own Fund")


def test_every_kind_of_event_has_a_sentence_of_its_own(site: Site) -> None:
    """One event of each kind, with hardly any data: each is told in plain words, none raises."""
    from crm_core.services import events
    from crm_core.services.events import EVENT_KINDS

    kinds = [kind for kind in EVENT_KINDS if kind != "records.changed"]
    with site.crm.units.write() as session:
        for kind in kinds:
            events.record(session.connection(), kind, site.admin.acting(), subject=site.member.public_id)
    told = {item["kind"]: sentence(item) for item in feed(site, kind=",".join(kinds), limit=200)["items"]}
    assert set(told) == set(kinds)
    plain = [text for kind, text in told.items() if EVENT_KINDS[kind].rstrip(".")[1:] in text]
    assert plain == [], "give these a sentence in crm_core/services/activity/sentences.py"
    assert told["access.sign_in_failed"] == "Ada Admin refused a sign-in as Bob Member"


def test_records_are_told_before_what_had_to_be_made_for_them(site: Site) -> None:
    records = [{"cells": {"name": "With new tags", "tags": ["quite new", "newer still"]}}]
    change(site, {"op": "create", "table": "investors", "records": records}, create_options=True)
    told = sentences(site, limit=1)[0]
    assert told.startswith("Ada Admin added the investor With new tags and changed the options of the field Tags")
    assert told.count("changed the options") == 1

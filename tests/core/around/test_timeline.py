"""The timeline: what was logged, said, to be done and changed, in one line and in pages."""

import pytest

from crm_core.contracts.change import ChangeSet, Delete, Update, UpdateRecord
from crm_core.contracts.query import Query
from crm_core.contracts.timeline import TimelineItem
from crm_core.errors import Conflict, Invalid, NotFound, Refused
from tests.core.around.conftest import Room


def kinds(items: list[TimelineItem]) -> list[str]:
    return [item.kind for item in items]


def test_everything_around_a_record_in_one_line(room: Room) -> None:
    crm = room.crm
    crm.activities.log("investors", room.investor, "call", room.bob, subject="Long ago", at="2020-01-02T10:00")
    crm.comments.add("investors", room.investor, "Good sign", room.ada)
    task = room.add("tasks", room.ada, title="Send the deck", assignee=room.ids["Bob"], investor=[room.investor])
    change = Update("investors", [UpdateRecord(room.investor, {"city": "Hamburg"})])
    crm.records.apply(ChangeSet(ops=[change], source="grid"), room.bob)
    found = crm.timeline.read("investors", room.investor, room.ada)
    assert sorted(kinds(found.items)) == ["call", "change", "change", "comment", "task"]
    assert [item.at for item in found.items] == sorted((item.at for item in found.items), reverse=True)
    assert found.next is None
    newest, oldest = found.items[0], found.items[-1]
    assert newest.change is not None
    assert newest.actor is not None
    assert (list((newest.change.after or {}).values()), newest.actor.name) == (["Hamburg"], "Bob")
    assert oldest.activity is not None
    assert (oldest.activity.subject, oldest.activity.at) == ("Long ago", "2020-01-02T10:00:00.000Z")
    shown = next(item.task for item in found.items if item.task)
    assert (shown.id, shown.title, shown.done, shown.assignee and shown.assignee.name) == (
        task,
        "Send the deck",
        False,
        "Bob",
    )


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_join_without_a_gap_or_a_repetition(room: Room, limit: int) -> None:
    crm = room.crm
    for number in range(5):
        crm.activities.log("investors", room.investor, "note", room.bob, body=str(number), at="2021-03-04T09:00:00Z")
        crm.comments.add("investors", room.investor, str(number), room.ada)
        room.add("tasks", room.ada, title=str(number), investor=[room.investor])
    whole = [item.id for item in crm.timeline.read("investors", room.investor, room.ada, limit=200).items]
    assert len(whole) == len(set(whole)) == 16
    joined, before = [], None
    while True:
        page = crm.timeline.read("investors", room.investor, room.ada, before=before, limit=limit)
        joined += [item.id for item in page.items]
        before = page.next
        if before is None:
            break
    assert joined == whole


def test_only_the_kinds_that_are_wanted(room: Room) -> None:
    for kind in ("call", "meeting", "note", "mail"):
        room.crm.activities.log("investors", room.investor, kind, room.bob, subject=kind)
    room.crm.comments.add("investors", room.investor, "Hm", room.ada)
    read = room.crm.timeline.read
    assert kinds(read("investors", room.investor, room.ada, kinds=["call", "comment"]).items) == ["comment", "call"]
    assert kinds(read("investors", room.investor, room.ada, kinds=["task"]).items) == []
    with pytest.raises(Invalid, match="Nothing is called"):
        read("investors", room.investor, room.ada, kinds=["telegram"])
    with pytest.raises(Invalid, match="continue with"):
        read("investors", room.investor, room.ada, before="nonsense")


def test_an_activity_belongs_to_who_took_part_and_to_whom_they_work_for(room: Room) -> None:
    log = room.crm.activities.log
    called = log("contacts", room.contact, "call", room.bob, subject="Terms", participants=[room.ids["Ada"]])
    assert [(one.role, one.name, one.table) for one in called.participants] == [
        ("about", "Greta Lind", "contacts"),
        ("attendee", "Ada", None),
        ("about", "Northgate", "investors"),
    ]
    for table, record in (("contacts", room.contact), ("investors", room.investor)):
        found = room.crm.timeline.read(table, record, room.ada, kinds=["call"]).items
        assert [item.id for item in found] == [called.id]
    met = log("investors", room.investor, "meeting", room.bob, subject="LP day", participants=[room.contact])
    assert [
        item.id for item in room.crm.timeline.read("contacts", room.contact, room.ada, kinds=["meeting"]).items
    ] == [met.id]


def test_what_was_logged_can_be_mended_and_taken_away(room: Room) -> None:
    made = room.crm.activities.log("investors", room.investor, "note", room.bob, body="Tpyo")
    mended = room.crm.activities.change(
        made.id, room.bob, body="Typo", kind="call", at="2024-05-06T07:08:09Z", participants=[room.contact]
    )
    assert (mended.kind, mended.body, mended.at, mended.mine) == ("call", "Typo", "2024-05-06T07:08:09.000Z", True)
    assert [one.name for one in mended.participants] == ["Northgate", "Greta Lind"]
    with pytest.raises(Refused):
        room.crm.activities.change(made.id, room.cy, body="Mine")
    with pytest.raises(Invalid, match="needs a subject"):
        room.crm.activities.change(made.id, room.bob, body=" ")
    with pytest.raises(Refused):
        room.crm.activities.delete(made.id, room.cy)
    room.crm.activities.delete(made.id, room.ada)
    assert room.crm.timeline.read("investors", room.investor, room.ada, kinds=["call", "note"]).items == []
    with pytest.raises(NotFound):
        room.crm.activities.delete(made.id, room.ada)


def test_what_cannot_be_logged(room: Room) -> None:
    log = room.crm.activities.log
    for rest in ({}, {"subject": " ", "body": " \n"}, {"body": "x", "kind": "fax"}):
        with pytest.raises(Invalid) as caught:
            log("investors", room.investor, rest.pop("kind", "note"), room.ada, **rest)
        assert caught.value.code == "bad_activity"
    with pytest.raises(Invalid, match="no moment"):
        log("investors", room.investor, "note", room.ada, body="x", at="yesterday")
    for stranger in ("usr00000000000000", "rec00000000000000", "nobody"):
        with pytest.raises(NotFound):
            log("investors", room.investor, "note", room.ada, body="x", participants=[stranger])
    room.crm.records.apply(ChangeSet(ops=[Delete("investors", [room.investor])]), room.ada)
    with pytest.raises(Conflict):
        log("investors", room.investor, "note", room.ada, body="x")
    assert kinds(room.crm.timeline.read("investors", room.investor, room.ada).items) == ["change", "change"]


def test_a_proposed_activity_is_not_shown(room: Room) -> None:
    made = room.crm.activities.log("investors", room.investor, "mail", room.bob, subject="Caught")
    with room.crm.units.write() as session:
        session.connection().exec_driver_sql("UPDATE activities SET state = 'proposed'")
    assert room.crm.timeline.read("investors", room.investor, room.ada, kinds=["mail"]).items == []
    assert made.kind == "mail"


def test_the_day_of_the_last_contact_moves_forward_and_never_back(room: Room) -> None:
    crm = room.crm

    def days() -> list[object]:
        found = [("investors", room.investor), ("contacts", room.contact)]
        return [
            crm.windows.query(table, Query(fields=["last_contact"], limit=1), room.ada).columns[0][0]
            for table, _ in found
        ]

    crm.activities.log("contacts", room.contact, "note", room.bob, body="Only thinking", at="2025-05-05T10:00:00Z")
    assert days() == [None, None]
    called = crm.activities.log("contacts", room.contact, "call", room.bob, subject="Hi", at="2025-05-05T10:00:00Z")
    assert days() == ["2025-05-05", "2025-05-05"]
    crm.activities.log("investors", room.investor, "mail", room.bob, subject="Before", at="2025-04-04T10:00:00Z")
    crm.activities.log("investors", room.investor, "meeting", room.bob, subject="Planned", at="2999-01-01T10:00:00Z")
    assert days() == ["2025-05-05", "2025-05-05"]
    crm.activities.change(called.id, room.bob, at="2025-06-06T23:30:00Z")
    assert days() == ["2025-06-06", "2025-06-06"]
    newest = crm.records.history("investors", room.investor)["items"][0]
    assert (newest["source"], newest["reason"]) == (f"activity:{called.id}", "Logged a call")
    assert kinds(crm.timeline.read("investors", room.investor, room.ada, kinds=["change"]).items) == ["change"]

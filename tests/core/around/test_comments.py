"""Comments with mentions and answers, and who is told of them."""

import pytest

from crm_core.contracts.actor import Actor
from crm_core.contracts.change import ChangeSet, Create, CreateRecord, Delete, Update, UpdateRecord
from crm_core.errors import Conflict, Invalid, NotFound, Refused
from crm_core.services.activity import Ask
from tests.core.around.conftest import Room


def told(room: Room, actor: Actor) -> list[tuple[str, str, bool]]:
    return [(note.kind, note.text, note.read) for note in room.crm.notifications.list(actor).notifications]


def test_who_is_named_is_told_once_and_the_writer_never(room: Room) -> None:
    bob, ada = room.ids["Bob"], room.ids["Ada"]
    body = f"@[{bob}] and @[{ada}] and @[{bob}]: who calls? @[usr00000000000000]"
    comment = room.crm.comments.add("investors", room.investor, f"  {body}\r\n", room.ada)
    assert comment.body == body
    assert comment.mentions == {bob: "Bob", ada: "Ada"}
    assert told(room, room.bob) == [("mention", "@Bob and @Ada and @Bob: who calls? @somebody", False)]
    assert told(room, room.ada) == told(room, room.cy) == []
    note = room.crm.notifications.list(room.bob).notifications[0]
    assert (note.table, note.record, note.name, note.comment) == (
        "investors",
        room.investor,
        "Northgate",
        comment.id,
    )


def test_answers_stand_in_one_thread_and_tell_all_who_spoke_in_it(room: Room) -> None:
    first = room.crm.comments.add("investors", room.investor, "Any news?", room.ada)
    second = room.crm.comments.add("investors", room.investor, "Not yet.", room.bob, first.id)
    third = room.crm.comments.add("investors", room.investor, f"Now @[{room.ids['Bob']}]", room.cy, second.id)
    assert second.reply_to == third.reply_to == first.id
    assert [kind for kind, _, _ in told(room, room.ada)] == ["reply", "reply"]
    assert [kind for kind, _, _ in told(room, room.bob)] == ["mention"]
    page = room.crm.comments.list("investors", room.investor, room.bob)
    assert [(one.id, one.mine) for one in page.comments] == [(third.id, False), (second.id, True), (first.id, False)]
    assert page.total == 3
    assert room.crm.comments.list("contacts", room.contact, room.bob).total == 0


def test_an_edit_tells_only_those_it_names_anew(room: Room) -> None:
    comment = room.crm.comments.add("investors", room.investor, f"@[{room.ids['Bob']}] look", room.ada)
    edited = room.crm.comments.change(comment.id, f"@[{room.ids['Bob']}] and @[{room.ids['Cy']}] look", room.ada)
    assert edited.edited_at is not None
    assert len(told(room, room.bob)) == len(told(room, room.cy)) == 1
    with pytest.raises(Refused, match="Only who wrote"):
        room.crm.comments.change(comment.id, "No", room.bob)


def test_a_deleted_comment_is_gone_with_what_it_told(room: Room) -> None:
    comment = room.crm.comments.add("investors", room.investor, f"@[{room.ids['Bob']}] look", room.cy)
    with pytest.raises(Refused):
        room.crm.comments.delete(comment.id, room.bob)
    room.crm.comments.delete(comment.id, room.ada)
    assert room.crm.comments.list("investors", room.investor, room.bob).total == 0
    assert told(room, room.bob) == []
    assert room.crm.notifications.list(room.bob).unread == 0
    with pytest.raises(NotFound):
        room.crm.comments.delete(comment.id, room.ada)
    with room.crm.units.read() as session:
        kept = session.connection().exec_driver_sql("SELECT count(*) FROM comments").scalar()
    assert kept == 1
    kinds = [item.kind for item in room.crm.activity.feed(Ask(["comments"]), room.bob).items]
    assert kinds[:2] == ["comment.deleted", "comment.created"]


def test_the_feed_says_what_was_said_where(room: Room) -> None:
    room.crm.comments.add("investors", room.investor, f"@[{room.ids['Bob']}] call them", room.ada)
    room.crm.activities.log("contacts", room.contact, "call", room.bob, subject="Terms")
    items = room.crm.activity.feed(Ask(["comments"]), room.cy).items
    said = ["".join(part.text for part in item.parts) for item in items]
    assert said == ["Bob logged a call with Greta Lind: Terms", "Ada commented on Northgate: @Bob call them"]


def test_bad_comments_are_refused(room: Room) -> None:
    for body in ("   ", "x" * 10_001, "\ud800"):
        with pytest.raises(Invalid) as caught:
            room.crm.comments.add("investors", room.investor, body, room.ada)
        assert caught.value.code == "bad_comment"
    with pytest.raises(NotFound):
        room.crm.comments.add("investors", room.contact, "Hello", room.ada)
    other = room.crm.comments.add("contacts", room.contact, "Hello", room.ada)
    with pytest.raises(NotFound):
        room.crm.comments.add("investors", room.investor, "Hello", room.ada, other.id)
    room.crm.records.apply(ChangeSet(ops=[Delete("investors", [room.investor])]), room.ada)
    with pytest.raises(Conflict, match="trash"):
        room.crm.comments.add("investors", room.investor, "Hello", room.ada)
    with pytest.raises(Refused, match="only read"):
        room.crm.comments.add("contacts", room.contact, "Hi", Actor(room.bob.user_id, "Bob", scope="read"))


def test_who_is_given_a_task_is_told(room: Room) -> None:
    task = room.add("tasks", room.ada, title="Send the deck", assignee=room.ids["Bob"], investor=[room.investor])
    room.add("tasks", room.bob, title="My own", assignee=room.ids["Bob"])
    assert [kind for kind, _, _ in told(room, room.bob)] == ["assigned"]
    note = room.crm.notifications.list(room.bob).notifications[0]
    assert (note.table, note.record, note.name) == ("tasks", task, "Send the deck")

    def change(**cells: object) -> None:
        room.crm.records.apply(ChangeSet(ops=[Update("tasks", [UpdateRecord(task, dict(cells))])]), room.ada)

    change(title="Send the new deck")
    assert len(told(room, room.bob)) == 1
    change(assignee=room.ids["Cy"])
    assert [kind for kind, _, _ in told(room, room.cy)] == ["assigned"]
    change(assignee=None)
    two = [CreateRecord({"title": str(number), "assignee": room.ids["Cy"]}) for number in range(2)]
    room.crm.records.apply(ChangeSet(ops=[Create("tasks", two)]), room.ada)
    assert len(told(room, room.cy)) == 3


def test_marking_as_read_is_ones_own(room: Room) -> None:
    for text in ("one", "two"):
        room.crm.comments.add("investors", room.investor, f"@[{room.ids['Bob']}] @[{room.ids['Cy']}] {text}", room.ada)
    notes = room.crm.notifications.list(room.bob).notifications
    assert room.crm.notifications.mark(room.cy, [notes[0].id], True).unread == 2
    after = room.crm.notifications.mark(room.bob, [notes[0].id], True)
    assert (after.unread, [note.read for note in after.notifications]) == (1, [True, False])
    assert room.crm.notifications.list(room.bob, unread=True).total == 1
    assert room.crm.notifications.mark(room.bob, None, True).unread == 0
    assert room.crm.notifications.mark(room.bob, [notes[1].id], False).unread == 1
    assert room.crm.notifications.list(room.cy).unread == 2

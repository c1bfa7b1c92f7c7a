"""Merging: what stays, what moves, where old ids lead, and how it comes apart again after later edits."""

from __future__ import annotations

import pytest

from crm_core.contracts.change import CreateField, Delete, Merge, NewField, Restore, Update, UpdateRecord
from crm_core.contracts.query import AsOf, Filter, Query
from crm_core.errors import Conflict, Invalid, NotFound
from tests.core.merging.conftest import Room


def test_values_stay_as_picked(room: Room) -> None:
    one = room.add("investors", name="Acme", city="Berlin", tags=["red"], notes="old")
    two = room.add("investors", name="Acme Inc", city="Bonn", phone="+49 1", tags=["blue", "red"], notes="new")
    room.merge("investors", one, two, city=two, notes="all")
    cells = room.cells("investors", one)
    names = {c["id"]: c["name"] for f in room.crm.tables.fields("investors") if f.name == "Tags"
             for c in f.options["choices"]}  # fmt: skip
    assert (cells["Name"], cells["City"], cells["Phone"]) == ("Acme", "Bonn", "+49 1")
    assert [names[tag] for tag in cells["Tags"]] == ["red", "blue"]
    assert cells["Notes"] == "old\n\nnew"
    assert room.sentences() == ["Ada merged Acme Inc into Acme"]


def test_an_empty_value_can_be_picked(room: Room) -> None:
    one, two = room.add("investors", name="A", city="Berlin"), room.add("investors", name="B")
    room.merge("investors", one, two, city=two)
    assert "City" not in room.cells("investors", one)


def test_links_to_many_are_moved_without_doubles(room: Room) -> None:
    room.go(CreateField("contacts", NewField("Knows", "link", {"table": "investors", "many": True})))
    one, two, other = (room.add("investors", name=name) for name in "ABC")
    both = room.add("contacts", name="Both", Knows=[two, other, one])
    moved = room.add("contacts", name="Moved", Knows=[other, two], investor=[two])
    gone = room.add("contacts", name="Gone", Knows=[two])
    room.go(Delete("contacts", [gone]))
    room.merge("investors", one, two)
    assert room.cells("contacts", both)["Knows"] == [one, other]
    assert room.cells("contacts", moved)["Knows"] == [other, one]
    assert room.cells("contacts", moved)["Investor"] == [one]
    assert room.cells("contacts", gone)["Knows"] == [one]
    assert room.cells("investors", one)["Contacts"] == [moved]


def test_old_ids_lead_on_through_every_merge(room: Room) -> None:
    one, two, three = (room.add("investors", name=name) for name in "ABC")
    comment = room.crm.comments.add("investors", one, "Who knows them?", room.bob)
    room.merge("investors", two, one)
    room.merge("investors", three, two)
    assert room.record("investors", one).id == three
    assert [c.id for c in room.crm.comments.list("investors", one, room.ada).comments] == [comment.id]
    contact = room.add("contacts", name="New", investor=[one])
    assert room.cells("contacts", contact)["Investor"] == [three]
    room.crm.comments.add("investors", two, "Me", room.ada)
    assert room.crm.comments.list("investors", three, room.ada).total == 2
    with pytest.raises(Conflict) as caught:
        room.edit("investors", one, city="Rome")
    assert (caught.value.code, caught.value.extra["into"]) == ("record_deleted", three)
    assert room.crm.windows.query("investors", Query(), room.ada).ids == [three]
    for op in ("has_any_of", "has_all_of", "is_exactly"):
        asked = Filter(field="investor", op=op, value=[one])
        assert room.crm.windows.query("contacts", Query(filter=asked), room.ada).ids == [contact]
    logged = room.crm.activities.log("contacts", contact, "note", room.ada, body="x", participants=[two])
    assert [part.record for part in logged.participants] == [contact, three]


def test_who_looks_on_is_told_each_record_once(room: Room) -> None:
    one, two = room.add("investors", name="Acme"), room.add("investors", name="Acme Inc", city="Bonn")
    room.add("contacts", name="Eve", investor=[two])
    version = room.merge("investors", one, two)
    table = room.crm.tables.catalogue(room.ada).tables[0]
    names = {field.id: field.name for field in table.fields}
    told = [room.crm.records.since(version - 1)[0][0], room.crm.records.unmerge(version, room.ada)[0].change]
    for change, city in zip(told, ("Bonn", None), strict=True):
        patch = change.tables[table.id]
        assert len({record.id for record in patch.records}) == len(patch.records)
        cells = {names[key]: value for key, value in patch.records[0].cells.items()}
        assert (patch.records[0].id, cells["City"]) == (one, city)
        assert len(cells["Contacts"] or ()) == (1 if city else 0)
    assert (told[0].tables[table.id].deleted, told[1].tables[table.id].restored) == ([two], [two])


def test_a_chain_comes_apart_from_its_end(room: Room) -> None:
    one, two, three = (room.add("investors", name=name) for name in "ABC")
    contact = room.add("contacts", name="Eve", investor=[one])
    first, second = room.merge("investors", two, one), room.merge("investors", three, two)
    for way in (room.crm.records.unmerge, room.crm.records.undo):
        with pytest.raises(Conflict) as caught:
            way(first, room.ada)
        assert (caught.value.code, caught.value.extra["version"]) == ("merged_since", second)
    assert room.crm.merging.of_record("investors", one)[0].version == second
    room.crm.records.unmerge(second, room.ada)
    assert room.cells("contacts", contact)["Investor"] == [two]
    room.crm.records.unmerge(first, room.ada)
    assert room.cells("contacts", contact)["Investor"] == [one]
    with pytest.raises(Conflict) as caught:
        room.crm.records.unmerge(first, room.ada)
    assert caught.value.code == "merge_undone"


def test_unmerging_after_later_edits_gives_back_only_what_was_moved(room: Room) -> None:
    one = room.add("investors", name="Acme", tags=["red"])
    two = room.add("investors", name="Acme Inc", city="Bonn", phone="+49 1", tags=["blue"])
    stays, moves, elsewhere = (room.add("contacts", name=name, investor=[two]) for name in ("S", "M", "E"))
    own = room.add("contacts", name="O", investor=[one])
    other = room.add("investors", name="Other")
    version = room.merge("investors", one, two)
    room.edit("investors", one, city="Rome", tags=["red", "blue", "green"])
    room.edit("contacts", elsewhere, investor=[other])
    later = room.add("contacts", name="L", investor=[one])

    with pytest.raises(Conflict) as caught:
        room.crm.records.undo(version, room.ada)
    assert caught.value.code == "version_conflict"
    (told,) = room.crm.merging.of_record("investors", one)
    assert [source.name for source in told.records] == ["Acme Inc"]
    assert {(cell.now, cell.before) for cell in told.kept if isinstance(cell.now, str)} == {("Rome", None)}

    done = room.crm.merging.unmerge(version, room.ada)
    assert [(cell.record, cell.now) for cell in done.kept] == [(cell.record, cell.now) for cell in told.kept]
    assert len(done.kept) == 2  # the city, and the contact that was linked elsewhere
    assert room.cells("investors", one)["City"] == "Rome"
    assert "Phone" not in room.cells("investors", one)
    names = [len(room.cells("investors", record)["Tags"]) for record in (one, two)]
    assert names == [2, 1]  # red and green stay, blue goes back
    assert room.cells("investors", two)["City"] == "Bonn"
    assert set(room.cells("investors", two)["Contacts"]) == {stays, moves}
    assert set(room.cells("investors", one)["Contacts"]) == {own, later}
    assert room.cells("contacts", elsewhere)["Investor"] == [other]
    assert room.record("investors", two).id == two
    assert room.sentences() == [f"Ada undid version {version}: un-merged Acme Inc from Acme"]


def test_threads_and_activities_go_and_come_back_whole(room: Room) -> None:
    one, two = room.add("investors", name="Acme"), room.add("investors", name="Acme Inc")
    eve = room.add("contacts", name="Eve", investor=[two])
    asked = room.crm.comments.add("investors", two, f"@[{room.bob_id}] any news?", room.ada)
    room.crm.activities.log("investors", one, "call", room.ada, body="both", participants=[two, eve])
    room.crm.activities.log("contacts", eve, "note", room.ada, body="theirs")
    version = room.merge("investors", one, two)
    notes = room.crm.notifications.list(room.bob)
    assert [note.record for note in notes.notifications] == [one]
    answer = room.crm.comments.add("investors", one, "Not yet", room.bob, reply_to=asked.id)
    entries = room.crm.timeline.read("investors", one, room.ada, kinds=["call", "note", "comment"]).items
    assert len(entries) == 4
    call = next(item.activity for item in entries if item.kind == "call")
    assert call is not None
    assert [part.name for part in call.participants] == ["Acme", "Eve"]
    room.crm.records.unmerge(version, room.ada)
    assert {one.id for one in room.crm.comments.list("investors", two, room.ada).comments} == {asked.id, answer.id}
    assert room.crm.comments.list("investors", one, room.ada).total == 0
    assert {note.record for who in (room.ada, room.bob) for note in room.crm.notifications.list(who).notifications} == {
        two
    }
    kinds = [item.kind for item in room.crm.timeline.read("investors", two, room.ada, kinds=["call", "note"]).items]
    assert sorted(kinds) == ["call", "note"]


def test_the_state_as_of_before_and_after(room: Room) -> None:
    one, two = room.add("investors", name="Acme"), room.add("investors", name="Acme Inc")
    contact = room.add("contacts", name="Eve", investor=[two])
    version = room.merge("investors", one, two)
    room.crm.records.unmerge(version, room.ada)
    for then, id, investor in ((version - 1, two, two), (version, one, one)):
        with room.crm.past.reading(AsOf(version=then)) as moment:
            assert moment.windows.record("investors", two, room.ada).id == id
            (cell,) = [
                v for v in moment.windows.record("contacts", contact, room.ada).cells.values() if v == [investor]
            ]
            assert cell == [investor]


def test_who_brings_a_record_back_by_hand_has_both(room: Room) -> None:
    one, two = room.add("investors", name="Acme"), room.add("investors", name="Acme Inc")
    contact = room.add("contacts", name="Eve", investor=[two])
    version = room.merge("investors", one, two)
    room.go(Restore("investors", [two]))
    assert room.record("investors", two).id == two
    assert room.cells("contacts", contact)["Investor"] == [one]
    room.crm.records.unmerge(version, room.ada)
    assert room.cells("contacts", contact)["Investor"] == [two]


def test_what_was_compared_must_be_what_is_there(room: Room) -> None:
    one, two = room.add("investors", name="A"), room.add("investors", name="B")
    seen = room.crm.merging.preview("investors", one, [two], {}).version
    room.edit("investors", two, city="Bonn")
    with pytest.raises(Conflict) as caught:
        room.go(Merge("investors", one, [two]), base=seen)
    assert caught.value.code == "version_conflict"
    again = room.crm.merging.preview("investors", one, [two], {}).version
    room.go(Merge("investors", one, [two]), base=again)


def test_the_preview_says_what_the_merge_does(room: Room) -> None:
    one, two = room.add("investors", name="Acme", city="Berlin"), room.add("investors", name="Acme Inc", city="Bonn")
    room.add("contacts", name="Eve", investor=[two])
    room.crm.comments.add("investors", two, "x", room.ada)
    preview = room.crm.merging.preview("investors", one, [two], {"city": two})
    fields = {field.id: field.name for field in room.crm.tables.fields("investors")}
    assert {fields[field] for field in preview.differing} == {"Name", "City"}
    assert [(move.count, preview.comments, preview.activities) for move in preview.links] == [(1, 1, 0)]
    room.merge("investors", one, two, city=two)
    after = room.record("investors", one).cells
    assert {field: value for field, value in preview.cells.items() if value is not None} == {
        field: value for field, value in after.items() if field in preview.cells and value is not None
    }


def test_what_cannot_be_merged(room: Room) -> None:
    one, two, gone = (room.add("investors", name=name) for name in "ABC")
    room.go(Delete("investors", [gone]))
    contact = room.add("contacts", name="Eve")
    for op, code in (
        (Merge("investors", one, []), "bad_merge"),
        (Merge("investors", one, [one]), "bad_merge"),
        (Merge("investors", one, [two], {"city": "all"}), "bad_merge"),
        (Merge("investors", one, [two], {"city": gone}), "bad_merge"),
        (Merge("investors", one, [two], {"contacts": one}), "bad_merge"),
        (Merge("investors", one, [two] * 51), "bad_merge"),
        (Merge("investors", one, [gone]), "record_deleted"),
        (Merge("investors", one, [contact]), "unknown_record"),
    ):
        if len(op.records) > 50:
            op.records = [room.add("investors", name=str(n)) for n in range(50)]
        with pytest.raises((Invalid, NotFound, Conflict)) as caught:
            room.go(op)
        assert caught.value.code == code
    update = Update("investors", [UpdateRecord(one, {"city": "Rome"})])
    for ops in ((update, Merge("investors", one, [two])), (Merge("investors", one, [two]), update)):
        with pytest.raises(Invalid) as alone:
            room.go(*ops)
        assert alone.value.code == "bad_merge"
    version = room.edit("investors", one, city="Rome")
    with pytest.raises(NotFound) as unknown:
        room.crm.records.unmerge(version, room.ada)
    assert unknown.value.code == "unknown_merge"

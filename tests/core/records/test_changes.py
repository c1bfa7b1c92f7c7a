"""Conflicts by cell, undo, links in both directions, fields, order, idempotency and the hash chain."""

import sqlite3
from collections.abc import Iterator

import pytest

from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import (
    ArchiveField,
    ChangeSet,
    Create,
    CreateField,
    CreateRecord,
    CreateView,
    Delete,
    DeleteView,
    FieldSet,
    Move,
    MoveField,
    NewField,
    NewView,
    Op,
    Restore,
    RestoreField,
    Update,
    UpdateField,
    UpdateRecord,
    UpdateView,
    ViewSet,
)
from crm_core.errors import Conflict, Invalid, NotFound, Refused
from crm_core.services.records import MAX_MISSED, journal
from crm_core.storage.queries import summary
from tests.core.records.conftest import House


def names(house: House, table: str = "investors") -> list[str]:
    return [cells.get("Name", "") for cells in house.rows(table).values()]


def test_edits_of_different_cells_pass_and_of_the_same_cell_conflict(house: House) -> None:
    record = house.add("investors", name="A", city="Rome")
    base = house.version
    house.set("investors", record, base, name="B")
    house.set("investors", record, base, city="Oslo")
    with pytest.raises(Conflict) as caught:
        house.set("investors", record, base, name="C")
    assert caught.value.code == "version_conflict"
    extra = caught.value.extra
    assert extra["version"] == house.version
    conflict = extra["conflicts"][0]
    assert (conflict["record"], conflict["yours"], conflict["theirs"]) == (record, "C", "B")
    house.set("investors", record, base, name="B")
    house.set("investors", record, extra["version"], name="C")
    assert names(house) == ["C"]


def test_more_conflicts_than_are_listed_are_named_all_the_same(house: House) -> None:
    made = house.go(Create("investors", [CreateRecord({"name": f"I{n}", "city": "Rome"}) for n in range(1_003)]))
    base, keys = house.version, made.created[0]
    theirs = [UpdateRecord(key, {"city": "Oslo", "country": "Norway"}) for key in keys]
    house.go(Update("investors", theirs))
    mine = [UpdateRecord(key, {"city": "Bonn", "country": "Germany", "name": "Mine"}) for key in keys]
    with pytest.raises(Conflict) as caught:
        house.go(Update("investors", mine), base_version=base)
    extra = caught.value.extra
    assert "2006 cells" in caught.value.message
    named = {(cell["record"], cell["field"]) for cell in extra["conflicts"]}
    assert len(named) == len(extra["conflicts"]) == 1_000
    more = {(record, field) for record, fields in extra["more_conflicts"].items() for field in fields}
    fields = {house.table().field(key).public_id for key in ("city", "country")}
    assert named | more == {(key, field) for key in keys for field in fields}
    assert not named & more
    house.go(Update("investors", [UpdateRecord(key, {"name": "Mine"}) for key in keys]), base_version=base)


def test_a_conflict_in_one_record_stops_the_whole_change_set(house: House) -> None:
    one, two = house.add("investors", name="A"), house.add("investors", name="B")
    base = house.version
    house.set("investors", one, name="A2")
    from crm_core.contracts.change import Update, UpdateRecord

    with pytest.raises(Conflict):
        house.go(
            Update("investors", [UpdateRecord(two, {"name": "X"}), UpdateRecord(one, {"name": "Y"})]), base_version=base
        )
    assert names(house) == ["A2", "B"]


def test_a_base_version_of_the_future_is_refused(house: House) -> None:
    with pytest.raises(Conflict, match="version_ahead"):
        house.go(Create("investors", [CreateRecord({})]), base_version=99)


def test_undo_of_every_kind_of_change(house: House) -> None:
    record = house.add("investors", name="A")
    edited = house.set("investors", record, name="B", city="Rome").version
    house.records.undo(edited, SYSTEM)
    assert names(house) == ["A"]
    deleted = house.go(Delete("investors", [record])).version
    assert names(house) == []
    undone = house.records.undo(deleted, SYSTEM).version
    assert names(house) == ["A"]
    house.records.undo(undone, SYSTEM)
    assert names(house) == []
    house.go(Restore("investors", [record]))
    with pytest.raises(NotFound, match="unknown_version"):
        house.records.undo(999, SYSTEM)


def test_undo_never_overwrites_a_later_edit_silently(house: House) -> None:
    record = house.add("investors", name="A")
    edited = house.set("investors", record, name="B").version
    house.set("investors", record, name="C")
    with pytest.raises(Conflict) as caught:
        house.records.undo(edited, SYSTEM)
    assert caught.value.extra["conflicts"][0]["theirs"] == "C"
    assert names(house) == ["C"]
    house.records.undo(edited, SYSTEM, force=True)
    assert names(house) == ["A"]


def test_a_link_is_seen_and_written_from_both_sides(house: House) -> None:
    acme, beta = house.add("investors", name="Acme"), house.add("investors", name="Beta")
    ann = house.add("contacts", name="Ann", investor=[acme])
    bob = house.add("contacts", name="Bob")
    linked = house.set("investors", beta, contacts=[ann, bob])
    contacts = house.table("contacts")
    assert {row["Investor"] for row in house.rows("contacts").values()} == {2}
    inverse = house.table().field("contacts").public_id
    patches = {patch.id: patch.cells.get(inverse) for patch in linked.change.tables[house.table().public_id].records}
    assert patches == {acme: None, beta: [ann, bob]}
    assert linked.change.names == {ann: "Ann", bob: "Bob", beta: "Beta"}
    house.records.undo(linked.version, SYSTEM)
    assert [row.get("Investor") for row in house.rows("contacts").values()] == [1, None]
    with pytest.raises(Invalid) as caught:
        house.set("contacts", ann, investor=[acme, beta])
    assert caught.value.faults[0].code == "too_many_links"
    assert contacts.field("investor").column == "investor"


def test_a_link_to_many_made_by_the_team(house: House) -> None:
    house.go(CreateField("investors", NewField("Co-investors", "link", {"table": "investors"})))
    assert "Investors" in [field.name for field in house.table().fields]
    a, b = house.add("investors", name="A"), house.add("investors", name="B")
    c = house.add("investors", **{"name": "C", "Co-investors": [b, a]})
    field = house.table().field("Co-investors")
    with house.units.read() as session:
        links = session.connection().exec_driver_sql(
            "SELECT field_id, from_id, to_id FROM record_links ORDER BY position"
        )
        assert [tuple(row) for row in links] == [(field.id, 3, 2), (field.id, 3, 1)]
    house.set("investors", a, Investors=[b])
    house.set("investors", c, **{"Co-investors": None})
    with house.units.read() as session:
        links = session.connection().exec_driver_sql("SELECT from_id, to_id FROM record_links")
        assert [tuple(row) for row in links] == [(2, 1)]


def test_retyping_counts_what_is_lost_and_undo_brings_it_back(house: House) -> None:
    house.go(CreateField("investors", NewField("Size", "text")))
    for text in ("12", "1,500.50", "many", ""):
        house.add("investors", Size=text)
    field = house.table().field("Size").public_id
    changed = house.go(UpdateField(field, FieldSet(kind="number")))
    assert changed.lost == 1
    assert [row.get("Size") for row in house.rows().values()] == [12, 1500.5, None, None]
    house.records.undo(changed.version, SYSTEM)
    assert [row.get("Size") for row in house.rows().values()] == ["12", "1,500.50", "many", None]
    again = house.go(UpdateField(field, FieldSet(kind="single_select")))
    assert again.lost == 0
    record = next(iter(house.rows()))
    house.set("investors", record, Size="many")
    with pytest.raises(Conflict, match="field_edited"):
        house.records.undo(again.version, SYSTEM)


def test_taking_an_option_away_empties_its_cells_and_undo_fills_them(house: House) -> None:
    options = {"choices": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}
    house.go(CreateField("investors", NewField("Kind", "single_select", options)))
    house.go(CreateField("investors", NewField("Kinds", "multi_select", options)))
    one = house.add("investors", Kind="a", Kinds="a, b")
    two = house.add("investors", Kind="b", Kinds="c")
    before = house.rows()
    versions = []
    for name in ("Kind", "Kinds"):
        field = house.table().field(name)
        kept = [{"id": choice.id, "name": choice.name} for choice in field.choices if choice.name != "a"]
        applied = house.go(UpdateField(field.public_id, FieldSet(options={"choices": kept})))
        assert applied.lost == 1
        versions.append(applied.version)
    assert [house.rows()[record].get("Kind") for record in (one, two)] == [None, 2]
    assert [house.rows()[record].get("Kinds") for record in (one, two)] == ["|2|", "|3|"]
    for version in reversed(versions):
        house.records.undo(version, SYSTEM)
    assert {record: cells["Kinds"] for record, cells in house.rows().items()} == {
        record: cells["Kinds"] for record, cells in before.items()
    }
    assert [house.rows()[record]["Kind"] for record in (one, two)] == [1, 2]


def test_field_names_positions_and_archive(house: House) -> None:
    house.go(CreateField("investors", NewField("Extra", "text"), before="stage"))
    order = [field.name for field in house.table().fields]
    assert order.index("Extra") == order.index("Stage") - 1
    extra = house.table().field("Extra").public_id
    with pytest.raises(Conflict, match="duplicate_name"):
        house.go(UpdateField(extra, FieldSet(name="STAGE")))
    with pytest.raises(Invalid, match="bad_name"):
        house.go(UpdateField(extra, FieldSet(name="  ")))
    with pytest.raises(Refused, match="field_needed"):
        house.go(ArchiveField(house.table().field("stage").public_id))
    house.add("investors", Extra="kept")
    house.go(ArchiveField(extra))
    assert "Extra" not in [field.name for field in house.table().fields]
    house.go(CreateField("investors", NewField("Extra", "number")))
    house.go(RestoreField(extra))
    assert [row.get("Extra 2") for row in house.rows().values()] == ["kept"]
    house.go(MoveField(extra, None))
    assert house.table().fields[-1].name == "Extra 2"


def test_a_move_is_told_to_the_records_that_show_the_links_backwards(house: House) -> None:
    fund = house.add("investors", name="Fund")
    a, b = (house.add("contacts", name=name, investor=[fund]) for name in "AB")
    house.add("contacts", name="C")
    inverse = house.table().field("contacts").public_id
    moved = house.go(Move("contacts", [b], before=a)).change
    shown = moved.tables[house.table().public_id].records
    assert [(patch.id, patch.cells[inverse]) for patch in shown] == [(fund, [b, a])]
    assert moved.tables[house.table("contacts").public_id].reload


def test_records_are_moved_and_inserted_in_order(house: House) -> None:
    a, b, c = (house.add("investors", name=name) for name in "ABC")
    house.go(Move("investors", [c], before=a))
    assert names(house) == ["C", "A", "B"]
    moved = house.go(Move("investors", [c, a], before=None))
    assert names(house) == ["B", "C", "A"]
    house.records.undo(moved.version, SYSTEM)
    assert names(house) == ["C", "A", "B"]
    house.go(Create("investors", [CreateRecord({"name": "X"}), CreateRecord({"name": "Y"})], before=b))
    assert names(house) == ["C", "A", "X", "Y", "B"]
    with pytest.raises(Invalid, match="bad_move"):
        house.go(Move("investors", [a], before=a))


def test_a_hundred_moves_to_one_place_keep_the_order(house: House) -> None:
    first, last = house.add("investors", name="first"), house.add("investors", name="last")
    expected = ["first"]
    for number in range(100):
        record = house.add("investors", name=str(number))
        house.go(Move("investors", [record], before=last))
        expected.append(str(number))
    assert names(house) == [*expected, "last"]
    assert first


def test_the_same_key_gets_the_first_answer_again(house: House) -> None:
    ops = [Create("investors", [CreateRecord({"name": "Once"})])]
    first = house.go(*ops, idempotency_key="k1")
    assert house.go(*ops, idempotency_key="k1") == first
    assert names(house) == ["Once"]
    with pytest.raises(Conflict, match="key_reused"):
        house.go(Create("investors", [CreateRecord({"name": "Other"})]), idempotency_key="k1")


def test_since_tells_every_change_and_resets_after_a_long_absence(house: House) -> None:
    for number in range(3):
        house.add("investors", name=str(number))
    changes, version, reset = house.records.since(1)
    assert ([change.version for change in changes], version, reset) == ([2, 3], 3, False)
    assert house.records.since(3) == ([], 3, False)
    assert house.records.since(9)[2]
    for number in range(MAX_MISSED):
        house.add("investors", name=str(number))
    assert house.records.since(0)[2]


def test_a_large_change_says_reload(house: House) -> None:
    applied = house.go(Create("investors", [CreateRecord({"name": str(n)}) for n in range(2_001)]))
    patch = applied.change.tables[house.table().public_id]
    assert patch.reload
    assert not patch.records
    assert house.records.since(0)[0][0].tables[house.table().public_id].reload


def test_history_of_a_record(house: House) -> None:
    record = house.add("investors", name="A", stage="First call")
    house.set("investors", record, name="B")
    history = house.records.history("investors", record)
    assert history["total"] == 2
    newest = history["items"][0]
    name = house.table().field("name").public_id
    assert (newest["kind"], newest["before"], newest["after"]) == ("update", {name: "A"}, {name: "B"})


def test_a_rewritten_history_is_noticed(house: House) -> None:
    record = house.add("investors", name="A")
    for number in range(5):
        house.set("investors", record, name=str(number))
    with house.units.read() as session:
        assert journal.verify_chain(session.connection()) is None
    with sqlite3.connect(house.storage.path) as raw:
        raw.execute("UPDATE changes SET after = replace(after, '2', '7') WHERE id = 4")
    raw.close()
    with house.units.read() as session:
        assert journal.verify_chain(session.connection()) == 4


def test_views_are_changed_through_the_same_door(house: House) -> None:
    created = house.go(CreateView("investors", NewView("Mine", config={"hidden": []})))
    view = created.created[0][0]
    changed = house.go(UpdateView(view, ViewSet(name="Ours", config={"widths": {"fld": 120}})))
    house.go(UpdateView(view, ViewSet(locked=True)))
    with pytest.raises(Refused, match="view_locked"):
        house.go(UpdateView(view, ViewSet(name="No")))
    house.go(UpdateView(view, ViewSet(locked=False)))
    house.records.undo(changed.version, SYSTEM)
    with pytest.raises(Invalid, match="bad_view"):
        house.go(UpdateView(view, ViewSet(config={"nonsense": 1})))


def test_a_locked_view_opens_for_its_maker_and_admins_only(house: House) -> None:
    with house.units.write() as session:
        for key in (1, 2):
            columns = "id, email, name, role, active, created_at, password_hash"
            person = f"INSERT INTO users ({columns}) VALUES (?, ?, ?, 'member', 1, '', '')"
            session.connection().exec_driver_sql(person, (key, f"{key}@x.vc", f"P{key}"))
    maker, other = Actor(1, "P1"), Actor(2, "P2")
    created = house.go(CreateView("investors", NewView("Team", "kanban", section="Deals")), actor=maker)
    view = created.created[0][0]
    house.go(UpdateView(view, ViewSet(description="For the Monday meeting", section="")), actor=other)
    with pytest.raises(Refused, match="view_locked"):
        house.go(UpdateView(view, ViewSet(locked=True)), actor=other)
    locked = house.go(UpdateView(view, ViewSet(locked=True)), actor=maker)
    for op in (UpdateView(view, ViewSet(locked=False)), DeleteView(view), UpdateView(view, ViewSet(section="x"))):
        with pytest.raises(Refused, match="view_locked"):
            house.go(op, actor=other)
    with pytest.raises(Refused, match="view_locked"):
        house.records.undo(locked.version, other)
    house.go(UpdateView(view, ViewSet(locked=False)), actor=SYSTEM)
    mine = house.go(CreateView("investors", NewView("Mine", personal=True)), actor=maker).created[0][0]
    for op in (UpdateView(mine, ViewSet(name="x")), DeleteView(mine)):
        with pytest.raises(NotFound, match="unknown_view"):
            house.go(op, actor=other)
    with pytest.raises(Invalid, match="bad_description"):
        house.go(UpdateView(view, ViewSet(description="a" * 2001)), actor=maker)


KINDS_OF_TEXT = ("number", "currency", "date", "multi_select", "single_select", "rating", "checkbox", "duration")


@pytest.mark.parametrize("kind", KINDS_OF_TEXT)
def test_history_from_before_a_retype_stays_readable_and_is_never_written_back(house: House, kind: str) -> None:
    house.go(CreateField("investors", NewField("Size", "text")))
    record = house.add("investors", Size="abc")
    edited = house.set("investors", record, Size="5").version
    house.go(UpdateField(house.table().field("Size").public_id, FieldSet(kind=kind)))
    before = house.rows()
    assert house.records.history("investors", record)["total"] == 2
    changes, _, reset = house.records.since(0)
    assert (len(changes), reset) == (4, False)
    for force in (False, True):
        with pytest.raises(Conflict, match="field_changed"):
            house.records.undo(edited, SYSTEM, force=force)
    assert house.rows() == before


def test_undoing_options_never_uses_a_number_again(house: House) -> None:
    house.go(CreateField("investors", NewField("Tag", "single_select", {"choices": []})))
    added = house.go(Create("investors", [CreateRecord({"Tag": "X"})]), create_options=True).version
    colleague = house.go(Create("investors", [CreateRecord({"Tag": "Y"})]), create_options=True).created[0][0]
    undone = house.records.undo(added, SYSTEM).version
    field = house.table().field("Tag")
    assert [choice.name for choice in field.choices] == ["Y"]
    assert house.rows()[colleague]["Tag"] == field.choice_numbers["Y"]
    newer = house.go(Create("investors", [CreateRecord({"Tag": "Q"})]), create_options=True).created[0][0]
    numbers = house.table().field("Tag").choice_numbers
    assert numbers["Q"] == 3
    house.records.undo(undone, SYSTEM)
    names = house.table().field("Tag").choice_names
    assert [names[row["Tag"]] for row in house.rows().values()] == ["X", "Y", "Q"]
    assert house.rows()[newer]["Tag"] == 3


def test_undoing_an_option_in_use_is_a_conflict(house: House) -> None:
    house.go(CreateField("investors", NewField("Tag", "single_select", {"choices": [{"name": "a"}]})))
    field = house.table().field("Tag")
    wider = [{"id": field.choices[0].id, "name": "a"}, {"name": "b"}]
    added = house.go(UpdateField(field.public_id, FieldSet(options={"choices": wider}))).version
    record = house.add("investors", Tag="b")
    with pytest.raises(Conflict, match="option_in_use"):
        house.records.undo(added, SYSTEM)
    house.records.undo(added, SYSTEM, force=True)
    assert "Tag" not in house.rows()[record]


def test_undo_keeps_the_rules_of_fields_and_views(house: House) -> None:
    with house.units.write() as session:
        for number in (1, 2):
            session.connection().exec_driver_sql(
                "INSERT INTO users (id, email, name, role, password_hash, active, created_at)"
                f" VALUES ({number}, 'u{number}@example.org', 'U', 'member', '', 1, '')"
            )
    ada, bob = Actor(1, "Ada"), Actor(2, "Bob")
    mine = house.go(CreateView("investors", NewView("Mine", personal=True)), actor=ada)
    with pytest.raises(NotFound, match="unknown_version"):
        house.records.undo(mine.version, bob)
    house.records.undo(mine.version, ada)
    house.go(CreateField("investors", NewField("A", "text")))
    field = house.table().field("A").public_id
    renamed = house.go(UpdateField(field, FieldSet(name="B"))).version
    house.go(CreateField("investors", NewField("A", "text")))
    house.records.undo(renamed, SYSTEM)
    assert {"A", "A 2"} <= {one.name for one in house.table().fields}
    again = house.go(UpdateField(field, FieldSet(description="x"))).version
    house.go(UpdateField(field, FieldSet(description="y")))
    with pytest.raises(Conflict, match="field_changed"):
        house.records.undo(again, SYSTEM)


def test_a_move_is_not_undone_over_a_later_one(house: House) -> None:
    a, b, c = (house.add("investors", name=name) for name in "ABC")
    first = house.go(Move("investors", [c], before=a)).version
    house.go(Move("investors", [c], before=b))
    with pytest.raises(Conflict, match="record_moved"):
        house.records.undo(first, SYSTEM)
    assert names(house) == ["A", "C", "B"]


def test_a_schema_that_was_never_committed_is_never_served(house: House) -> None:
    class Stop(Exception):
        pass

    def ops() -> Iterator[Op]:
        yield CreateField("investors", NewField("Ghost", "text"))
        yield Create("investors", [CreateRecord({"Ghost": "boo"})])
        raise Stop

    with pytest.raises(Stop):
        house.records.apply(ChangeSet(ops()), SYSTEM)
    house.go(CreateField("investors", NewField("Real", "number")))
    assert house.table().fields[-1].name == "Real"
    record = house.add("investors", Real=2)
    assert house.rows()[record]["Real"] == 2


def test_statuses_of_the_summary_are_the_built_in_ones(house: House) -> None:
    names_of = house.table("commitments").field("status").choice_names
    assert [names_of[number] for number in (*summary.SOFT, *summary.HARD)] == [
        "soft_circled",
        "committed",
        "signed",
        "funded",
    ]

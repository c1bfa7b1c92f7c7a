"""Tables of the team's own: made, renamed, ordered, linked, deleted with their links, and every step taken back."""

from collections.abc import Callable

import pytest

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import (
    ArchiveTable,
    Create,
    CreateField,
    CreateRecord,
    CreateTable,
    NewField,
    NewTable,
    Op,
    RestoreField,
    RestoreTable,
    TableSet,
    Update,
    UpdateRecord,
    UpdateTable,
)  # fmt: skip
from crm_core.errors import Conflict, CrmError, Invalid, NotFound, Refused
from crm_core.services.records import journal
from crm_core.services.records.tables import singular
from tests.core.records.conftest import House


def make(house: House, name: str, *more: Op) -> str:
    return house.go(CreateTable(NewTable(name)), *more).created[0][0]


def link(table: str, to: str, name: str, *, many: bool = True) -> CreateField:
    return CreateField(table, NewField(name, "link", {"table": to, "many": many}))


def test_a_new_table_begins_with_a_name_notes_and_one_view(house: House) -> None:
    public = make(house, "  Portfolio   companies ")
    table = house.table("Portfolio companies")
    assert (table.public_id, table.name_one, table.builtin) == (public, "Portfolio company", False)
    assert [(field.name, field.kind.name, field.primary, field.key) for field in table.fields] == [
        ("Name", "text", True, None),
        ("Notes", "long_text", False, None),
    ]
    assert table.physical == f"t_{table.id}" == table.key
    record = house.add(public, Name="Acme", Notes="Robots")
    assert house.rows(public) == {record: {"Name": "Acme", "Notes": "Robots"}}


def test_the_database_table_is_like_the_built_in_ones(house: House) -> None:
    public = make(house, "Deals")
    table = house.schema.table(public)
    with house.units.read() as session:
        run = session.connection().exec_driver_sql
        shapes = [
            {row[1]: (row[3], row[5]) for row in run(f"PRAGMA table_info({name})")}
            for name in (table.physical, "fundraising_funds")
        ]
        indexes = [row[1] for row in run(f"PRAGMA index_list({table.physical})")]
        plan = run(
            f"EXPLAIN QUERY PLAN SELECT id FROM {table.physical} WHERE deleted_at IS NULL ORDER BY position, id"
        ).all()
    own = {name: shape for name, shape in shapes[0].items() if not name.startswith("f_")}
    assert own == {name: shapes[1][name] for name in own}
    assert len(own) == 8
    assert indexes == [f"gx_{table.physical}_order"]
    assert "TEMP B-TREE" not in str(plan)


@pytest.mark.parametrize("name", ["", "  ", "x" * 300, "a\x00b"])
def test_a_bad_name_makes_no_table(house: House, name: str) -> None:
    before = house.version
    with pytest.raises(Invalid) as caught:
        make(house, name)
    assert caught.value.pointer == "/ops/0"
    assert house.version == before
    assert len(house.schema.tables) == 5


@pytest.mark.parametrize("name", ["INVESTORS", "funds", "deals"])
def test_names_are_taken_once(house: House, name: str) -> None:
    make(house, "Deals")
    with pytest.raises(Conflict) as caught:
        make(house, name)
    assert caught.value.code == "duplicate_name"


def test_rename_and_order(house: House) -> None:
    public = make(house, "Deals")
    house.go(UpdateTable(public, TableSet(name="Opportunities", position=0.5)))
    assert house.schema.tables[0].name == "Opportunities"
    assert house.schema.tables[0].name_one == "Opportunity"
    house.go(UpdateTable(public, TableSet(name_one="Chance")))
    house.go(UpdateTable(public, TableSet(name="Prospects")))
    assert house.schema.table(public).name_one == "Chance"
    house.go(UpdateTable("investors", TableSet(name="LPs")))
    assert house.table("investors").name == "LPs"
    with pytest.raises(Conflict):  # the key still names it
        make(house, "Investors")


def test_every_step_is_undone_and_done_again(house: House) -> None:
    first = make(house, "Deals")
    made = house.version
    renamed = house.go(UpdateTable(first, TableSet(name="Bets"))).version
    house.records.undo(renamed, SYSTEM)
    assert house.schema.table(first).name == "Deals"
    gone = house.records.undo(made, SYSTEM).version
    assert first not in [table.public_id for table in house.schema.tables]
    assert [table.name for table in house.schema.deleted] == ["Deals"]
    house.records.undo(gone, SYSTEM)
    assert [field.name for field in house.schema.table(first).fields] == ["Name", "Notes"]
    with house.units.read() as session:
        assert journal.verify_chain(session.connection()) is None


def test_a_name_that_was_taken_meanwhile_gets_a_number(house: House) -> None:
    first = make(house, "Deals")
    house.go(ArchiveTable(first))
    second = make(house, "deals")
    assert first != second
    house.go(RestoreTable(first))
    assert {table.name for table in house.schema.tables} >= {"Deals 2", "deals"}


def test_a_rename_that_was_changed_again_is_not_overwritten(house: House) -> None:
    public = make(house, "Deals")
    version = house.go(UpdateTable(public, TableSet(name="Bets"))).version
    house.go(UpdateTable(public, TableSet(name="Shots")))
    with pytest.raises(Conflict) as caught:
        house.records.undo(version, SYSTEM)
    assert caught.value.code == "table_changed"
    house.records.undo(version, SYSTEM, force=True)
    assert house.schema.table(public).name == "Deals"


def test_built_in_tables_stay(house: House) -> None:
    with pytest.raises(Refused) as caught:
        house.go(ArchiveTable("investors"))
    assert caught.value.code == "table_needed"


@pytest.mark.parametrize("many", [True, False])
@pytest.mark.parametrize("way_back", ["undo", "restore"])
def test_deleting_takes_the_links_along_and_brings_them_back(house: House, many: bool, way_back: str) -> None:
    deals = make(house, "Deals")
    house.go(link(deals, "investors", "LP", many=many), link(deals, deals, "Parent", many=many))
    lp = house.add("investors", name="Acme")
    deal = house.add(deals, Name="Seed", LP=[lp])
    child = house.add(deals, Name="A", Parent=[deal])
    lost = [field.name for field in house.table("investors").fields]
    version = house.go(ArchiveTable(deals)).version
    assert "Deals" not in [field.name for field in house.table("investors").fields]
    house.set("investors", lp, name="Acme LLC")  # the other table goes on living
    with pytest.raises(NotFound):
        house.set(deals, deal, Name="X")
    if way_back == "undo":
        house.records.undo(version, SYSTEM)
    else:
        house.go(RestoreTable(deals))
    assert [field.name for field in house.table("investors").fields] == lost
    assert set(house.rows(deals)) == {deal, child}
    seen = house.records.history("investors", lp)
    assert [item["kind"] for item in seen["items"]] == ["update", "create"]
    house.set("investors", lp, Deals=[])
    assert house.records.history(deals, deal)["items"][0]["after"] == {house.table(deals).field("LP").public_id: None}


def test_a_restored_table_can_be_undone_again_with_links_made_since(house: House) -> None:
    deals = make(house, "Deals")
    house.go(ArchiveTable(deals))
    back = house.go(RestoreTable(deals)).version
    house.go(link("funds", deals, "Deals"))
    house.records.undo(back, SYSTEM)
    assert "Deals" not in [field.name for field in house.table("funds").fields]


def test_links_between_two_deleted_tables_come_back_with_the_last_of_them(house: House) -> None:
    one, two = make(house, "Ones"), make(house, "Twos")
    house.go(link(one, two, "Twos"))
    first = house.go(ArchiveTable(one), ArchiveTable(two)).version
    house.records.undo(first, SYSTEM)
    assert [field.name for field in house.table(one).fields] == ["Name", "Notes", "Twos"]
    assert [field.name for field in house.table(two).fields] == ["Name", "Notes", "Ones"]


def test_what_lies_in_the_trash_says_so(house: House) -> None:
    deals = make(house, "Deals")
    edit = house.go(Create(deals, [CreateRecord({"Name": "Seed"})])).version
    house.go(link("funds", deals, "Deals"))
    field = house.table("funds").field("Deals")
    house.go(ArchiveTable(deals))
    attempts: list[tuple[Callable[[], object], str]] = [
        (lambda: house.records.undo(edit, SYSTEM), "table_deleted"),
        (lambda: house.go(RestoreField(field.public_id)), "link_deleted"),
        (lambda: house.go(ArchiveTable(deals)), "unknown_table"),
        (lambda: house.go(RestoreTable("investors")), "unknown_table"),
        (lambda: house.go(Update(deals, [UpdateRecord("rec", {})])), "unknown_table"),
    ]
    for asked, code in attempts:
        with pytest.raises(CrmError) as caught:
            asked()
        assert caught.value.code == code
    changes, _, reset = house.records.since(0)
    assert not reset
    assert deals not in {table for change in changes for table in change.tables}


@pytest.mark.parametrize(
    ("name", "one"),
    [("Companies", "Company"), ("Deals", "Deal"), ("Boxes", "Box"), ("News", "News"), ("Status", "Status"),
     ("Addresses", "Address"), ("Chess", "Chess"), ("Analysis", "Analysis"), ("Personen", "Personen"), ("S", "S")],
)  # fmt: skip
def test_what_one_is_called(name: str, one: str) -> None:
    assert singular(name) == one

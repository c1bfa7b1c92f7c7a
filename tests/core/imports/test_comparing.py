"""Matching rows, comparing cells, and every reason why a row or a mapping cannot be taken."""

from __future__ import annotations

from typing import Any

import pytest

from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.imports import Skip, Target, ToField, ToNew, ToRelated
from crm_core.contracts.query import Query
from crm_core.errors import Conflict, CrmError, Invalid, NotFound, Refused
from tests.core.imports.conftest import Office

READER = Actor(None, "Reader", scope="read")


def test_rows_are_matched_without_case_and_spaces(office: Office) -> None:
    office.add(name="Acme  Capital", city="Bonn")
    view = office.bring("Name,City\n acme capital ,Berlin\nBeta,Paris\n")
    assert (view.counts.created, view.counts.updated) == (1, 1)
    assert {name: cells["City"] for name, cells in office.table().items()} == {
        "Acme  Capital": "Berlin",
        "Beta": "Paris",
    }


def test_rows_can_be_matched_by_another_field(office: Office) -> None:
    office.add(name="Acme", email="a@b.example")
    view = office.bring("Name,Email\nAcme Ltd,A@B.example\n", key="email")
    assert (view.counts.created, view.counts.updated) == (0, 1)
    assert list(office.table()) == ["Acme Ltd"]


@pytest.mark.parametrize("key", ["NAME", "name", "LP Name", "lp name"])
def test_the_key_may_be_named_by_field_or_column_in_any_case(office: Office, key: str) -> None:
    assert office.compare("LP Name,City\nAcme,Bonn\n", key=key).counts.created == 1


def test_only_what_differs_is_written(office: Office) -> None:
    office.add(name="Acme", city="Bonn", check_size=1000, tags=None)
    view = office.compare("Name,City,Check size\nAcme,Bonn,2000\n")
    (row,) = office.found(view, "update")
    assert [(cell.before, cell.after) for cell in row.cells] == [(1000.0, 2000.0)]
    assert row.name == "Acme"


def test_an_empty_cell_empties_the_field(office: Office) -> None:
    office.add(name="Acme", city="Bonn")
    assert office.bring("Name,City\nAcme,\n").counts.updated == 1
    assert "City" not in office.table()["Acme"]


def test_a_rounded_number_of_an_export_is_no_change(office: Office) -> None:
    office.add(name="Acme", probability=0.12345, score=1.26)
    assert office.compare("Name,Probability,Score\nAcme,12%,1.3\n").counts.unchanged == 1
    assert office.compare("Name,Probability,Score\nAcme,13%,1.3\n").counts.updated == 1


def test_rows_with_the_same_key_are_told_with_the_first_line(office: Office) -> None:
    view = office.compare("Name,City\nAcme,Bonn\nBeta,Bonn\nACME,Berlin\n")
    assert view.counts.created == 2
    assert office.faults(view) == [(4, "Name")]
    assert "Line 2" in office.found(view, "error")[0].errors[0].reason


def test_a_key_that_several_records_have_is_told(office: Office) -> None:
    office.add(name="Acme")
    office.add(name="acme")
    view = office.compare("Name,City\nAcme,Bonn\n")
    assert office.faults(view) == [(2, "Name")]


def test_a_row_without_its_key_is_told(office: Office) -> None:
    view = office.compare("Name,City\n,Bonn\nAcme,Bonn\n,\n")
    assert office.faults(view) == [(2, "Name")]
    assert view.counts.created == 1


def test_without_a_key_every_row_is_new(office: Office) -> None:
    office.add(name="Acme")
    view = office.bring("City\nBonn\nBonn\n")
    assert (view.counts.created, view.key) == (2, None)


def test_without_a_key_by_choice_every_row_is_new_also_at_applying(office: Office) -> None:
    office.add(name="Acme")
    for count in (3, 5):
        view = office.read("Name,City\nAcme,Bonn\nAcme,Bonn\n")
        view = office.imports.preview(view.id, view.mapping, None, SYSTEM, keyless=True)
        assert (office.imports.wait(view.id).counts.created, view.key) == (2, None)
        office.add("funds", name="Changed in between: compared again")
        office.imports.apply(view.id, SYSTEM)
        assert office.imports.wait(view.id).status == "applied"
        assert office.crm.windows.query("investors", Query(limit=0), SYSTEM).total == count


def test_rows_that_cannot_be_read_are_left_out_whole(office: Office) -> None:
    data = b"Name,City,Check size,Email\nAcme,Bonn,n/a,\nBeta,\nGamma,B\0nn,1,\nDelta,Bonn,1,nope\nEps,\xff,1,\n"
    data += "Über,Bonn,1,\n".encode()
    office.add(name="Acme", city="Paris")
    view = office.bring(data, mapping=_fields(office, "name", "city", "check_size", "email"))
    assert office.faults(view) == [(2, "Check size"), (3, "Check size"), (4, "City"), (5, "Email"), (6, "City")]
    assert office.table()["Acme"]["City"] == "Paris"
    assert set(office.table()) == {"Acme", "Über"}


def test_unknown_options_are_added_once_in_the_spelling_of_the_file(office: Office) -> None:
    view = office.bring('Name,Stage,Tags\nA,Brand new,"x, y"\nB,brand NEW,"Y, z"\nC,first call,x\n')
    assert view.counts.errors == 0
    table = office.table()
    assert [table[name]["Stage"] for name in "ABC"] == ["Brand new", "Brand new", "First call"]
    assert table["B"]["Tags"] == ["y", "z"]


def test_options_of_rows_that_are_left_out_are_not_added(office: Office) -> None:
    office.add(name="Known", stage="First call")
    data = "Name,Stage,Check size,Region\nBad,Odd stage,lots,Nowhere\nKnown,First call,,\n"
    mapping: list[Target] = [
        *_fields(office, "name", "stage", "check_size"),
        ToNew(name="Region", kind="single_select"),
    ]
    before = office.version
    view = office.bring(data, mapping=mapping)
    assert (view.counts.errors, view.counts.unchanged, view.version) == (1, 1, None)
    assert office.version == before
    office.bring(data + "Good,Own stage,1,Here\n", mapping=mapping)
    fields = {field.name: field for field in office.crm.tables.fields("investors")}
    stages = [choice["name"] for choice in fields["Stage"].options["choices"]]
    assert "Own stage" in stages
    assert "Odd stage" not in stages
    assert [choice["name"] for choice in fields["Region"].options["choices"]] == ["Here"]


def test_people_are_found_by_name_and_address(office: Office) -> None:
    office.crm.access.accounts.create(
        SYSTEM, email="ada@example.org", name="Ada Admin", password="quiet otters cross", role="admin"
    )
    view = office.bring("Name,Owner\nA,ada admin\nB,ADA@example.org\nC,\n")
    assert view.counts.errors == 0
    assert [office.table()[name].get("Owner") for name in "ABC"] == ["Ada Admin", "Ada Admin", None]
    wrong = office.compare("Name,Owner\nD,Nobody Known\n", mapping=_fields(office, "name", "owner"))
    assert office.faults(wrong) == [(2, "Owner")]


def test_a_column_that_does_not_fit_its_field_gets_one_of_its_own(office: Office) -> None:
    view = office.read("Name,Owner,Priority\nA,Unknown Person,High\nB,Unknown Person,Low\n")
    assert isinstance(view.mapping[1], ToNew)
    assert view.mapping[1].name == "Owner (file)"
    assert isinstance(view.mapping[2], ToNew)


def test_links_go_by_name_and_missing_records_are_made(office: Office) -> None:
    office.add(name="Acme, Inc.")
    view = office.bring('Name,Investor\nAnn,"acme, inc."\nBob,Beta\nCy,beta\n', table="contacts")
    assert view.counts.created == 3
    assert {name: cells["Investor"] for name, cells in office.table("contacts").items()} == {
        "Ann": ["Acme, Inc."], "Bob": ["Beta"], "Cy": ["Beta"]
    }  # fmt: skip
    assert set(office.table()) == {"Acme, Inc.", "Beta"}


def test_links_from_the_other_side(office: Office) -> None:
    office.add("contacts", name="Ann")
    view = office.bring('Name,Contacts\nAcme,"Ann, Bob"\n')
    assert view.counts.created == 1
    assert office.table()["Acme"]["Contacts"] == ["Ann", "Bob"]
    assert office.bring('Name,Contacts\nAcme,"Bob, Ann"\n').counts.unchanged == 1


def test_a_link_that_may_be_several_records_is_told(office: Office) -> None:
    office.add(name="Acme")
    office.add(name="ACME")
    view = office.compare("Name,Investor\nAnn,Acme\n", table="contacts", mapping=_fields(office, "name", "investor"))
    assert office.faults(view) == [(2, "Investor")]


def test_dates_are_read_in_the_chosen_order(office: Office) -> None:
    def day_first(mapping: list[Target]) -> None:
        assert isinstance(mapping[1], ToField)
        assert mapping[1].order == "mdy"
        mapping[1].order = "dmy"

    view = office.read("Name,Last contact\nA,3/4/2026\n")
    assert "month/day/year" in view.columns[1].notice
    office.bring("Name,Last contact\nA,3/4/2026\n", change=day_first)
    assert office.table()["A"]["Last contact"] == "2026-04-03"


def test_decimal_commas_are_found(office: Office) -> None:
    office.bring('Name,Check size\nA,"1.234,50"\nB,1.000\n')
    assert [office.table()[name]["Check size"] for name in "AB"] == [1234.5, 1000]


def _fields(office: Office, *keys: str, table: str = "investors") -> list[Target]:
    return [ToField(field=key) for key in keys]


@pytest.mark.parametrize(
    ("mapping", "key", "pointer"),
    [
        ([], None, "/mapping"),
        ([Skip(), Skip()], None, "/mapping"),
        ([ToField(field="name"), ToField(field="name")], None, "/mapping/1"),
        ([ToField(field="nope"), Skip()], None, "/mapping/0"),
        ([ToField(field="created"), Skip()], None, "/mapping/0"),
        ([ToNew(name="city", kind="text"), Skip()], None, "/mapping/0"),
        ([ToNew(name=" ", kind="text"), Skip()], None, "/mapping/0"),
        ([ToNew(name="X", kind="nope"), Skip()], None, "/mapping/0"),
        ([ToNew(name="X", kind="link"), Skip()], None, "/mapping/0"),
        ([ToNew(name="X", kind="number", options={"precision": 99}), Skip()], None, "/mapping/0"),
        ([ToNew(name="X", kind="text"), ToNew(name="x", kind="text")], None, "/mapping/1"),
        ([ToField(field="name"), ToRelated(table="nope", field="name")], None, "/mapping/1"),
        ([ToField(field="name"), ToRelated(table="investors", field="name")], None, "/mapping/1"),
        ([ToField(field="name"), ToRelated(table="contacts", field="investor")], None, "/mapping/1"),
        ([ToField(field="name"), ToField(field="city")], "country", "/key"),
        ([ToField(field="name"), ToField(field="notes")], "notes", "/key"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_its_place(
    office: Office, mapping: list[Target], key: str | None, pointer: str
) -> None:
    view = office.read("A,B\n1,2\n")
    with pytest.raises(Invalid) as caught:
        office.imports.preview(view.id, mapping, key, SYSTEM)
    assert caught.value.pointer == pointer


def test_what_the_state_does_not_allow(office: Office) -> None:
    view = office.read("Name\nA\n")
    refused: list[tuple[type[CrmError], Any]] = [
        (Conflict, lambda: office.imports.apply(view.id, SYSTEM)),
        (Conflict, lambda: office.imports.undo(view.id, SYSTEM)),
        (NotFound, lambda: office.imports.get("impnone")),
        (Refused, lambda: office.imports.preview(view.id, view.mapping, None, READER)),
        (Invalid, lambda: office.imports.rows(view.id, "odd", 0, 10)),
        (Invalid, lambda: office.imports.rows(view.id, None, -1, 10)),
        (NotFound, lambda: office.read("Name\n", table="nope")),
        (Invalid, lambda: office.imports.export("investors", "xml", SYSTEM)),
        (NotFound, lambda: office.imports.export("nope", "csv", SYSTEM)),
    ]
    for kind, act in refused:
        with pytest.raises(kind):
            act()
    assert office.imports.rows(view.id, None, 0, 10).total == 0
    assert office.imports.cancel(view.id, SYSTEM).status == "cancelled"
    assert [found.status for found in office.imports.list()] == ["cancelled"]


def test_names_that_cannot_be_stored_do_not_make_the_name_another_field(office: Office) -> None:
    """Neither this file nor the next of its shape."""
    view = office.bring(b"Name,City\nA\0b,Bonn\n")
    assert office.faults(view) == [(2, "Name")]
    view = office.bring("Name,City\nAcme,Bonn\n")
    assert (view.counts.created, list(office.table())) == (1, ["Acme"])


def test_headers_with_signs_that_nobody_sees_make_fields_that_are_found_again(office: Office) -> None:
    data = "Name,Col\0umn,Vis\u200bible,\u200b\nAcme,1,2,3\n".encode()
    view = office.bring(data, "funds")
    assert office.table("funds")["Acme"] == {"Name": "Acme", "Column": 1, "Visible": 2, "Column 4": 3}
    again = office.bring(data, "funds")
    assert (view.counts.created, again.counts.unchanged) == (1, 1)

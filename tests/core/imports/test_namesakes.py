"""Records of the same name: what an export of them says on its way back, and what is open is told."""

from __future__ import annotations

import pytest

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.imports import Target, ToField
from crm_core.contracts.query import Query
from tests.core.imports.conftest import Office

TABLES = ("investors", "contacts", "funds", "commitments")


def added(office: Office, table: str, **cells: object) -> str:
    """A new record's id."""
    office.add(table, **cells)
    return office.crm.windows.query(table, Query(limit=5000), SYSTEM).ids[-1]


def exported(office: Office, table: str) -> bytes:
    return b"".join(office.imports.export(table, "csv", SYSTEM).blocks)


@pytest.fixture
def twins(office: Office) -> Office:
    """Two Anns at Acme, another at Beta, one at nobody; two investors and two funds of one name; unnamed records."""
    acme, beta = added(office, "investors", name="Acme"), added(office, "investors", name='Beta "B", Inc.')
    for city in ("Bonn", "Rome"):
        added(office, "investors", name="Twin", city=city)
    for investor, email in ((acme, "a@a.example"), (acme, "b@a.example"), (beta, "c@b.example"), (None, None)):
        added(office, "contacts", name="Ann", email=email, investor=investor and [investor])
    added(office, "contacts", name="Lee, Bo (https://lee.example)", investor=[acme])
    added(office, "contacts", investor=[beta])
    added(office, "contacts", investor=[beta])
    funds = [added(office, "funds", name="Fund I", vintage=year) for year in (2020, 2024)]
    for fund in funds:
        for _ in range(2):
            added(office, "commitments", name="Acme – Fund I", investor=[acme], fund=[fund], amount=5)
    return office


@pytest.mark.parametrize("table", TABLES)
def test_an_export_with_names_that_repeat_comes_back_unchanged(twins: Office, table: str) -> None:
    version = twins.version
    view = twins.bring(exported(twins, table), table)
    count = twins.crm.windows.query(table, Query(limit=0), SYSTEM).total
    assert view.counts.unchanged == count > 0, [*twins.found(view, "update"), *twins.faults(view)]
    assert twins.version == version


@pytest.mark.parametrize("table", TABLES)
def test_the_order_of_linked_names_does_not_matter(twins: Office, table: str) -> None:
    data = exported(twins, table).decode("utf-8-sig")
    turned = data.replace('"Ann, Ann, ""Lee', '"""Lee').replace('example)"""', 'example)"", Ann, Ann"')
    assert turned != data or table != "investors"
    view = twins.compare(turned, table)
    assert (view.counts.updated, view.counts.errors) == (0, 0), twins.found(view, "update")


def test_a_changed_row_is_matched_by_its_email_or_its_link(twins: Office) -> None:
    view = twins.compare("Name,Email,Title\nAnn,B@a.example,Partner\n", "contacts")
    (row,) = twins.found(view, "update")
    window = twins.crm.windows.query("contacts", Query(limit=10), SYSTEM)
    assert row.record == window.ids[1]
    view = twins.compare('Name,Investor,Title\nAnn,"Beta ""B"", Inc.",Intern\nAnn,Acme,Intern\n', "contacts")
    assert [found.record for found in twins.found(view, "update")] == [window.ids[2]]
    assert twins.faults(view) == [(3, "Name")]  # two Anns are at Acme


def test_a_record_found_twice_is_told(twins: Office) -> None:
    view = twins.compare("Name,Email,Title\nAnn,b@a.example,Partner\nAnn,b@a.example,Intern\n", "contacts")
    assert (view.counts.updated, twins.faults(view)) == (1, [(3, "Name")])


def test_a_name_stands_for_the_linked_record_first(twins: Office) -> None:
    """Only the city differs: which Anns are meant follows from the links that are there."""
    view = twins.compare('Name,City,Contacts\nAcme,Oslo,"""Lee, Bo (https://lee.example)"", Ann, Ann"\n')
    (row,) = twins.found(view, "update")
    assert [cell.after for cell in row.cells] == ["Oslo"]
    view = twins.compare('Name,Contacts\nAcme,"Ann, Ann"\n')
    (row,) = twins.found(view, "update")
    anns = twins.crm.windows.query("contacts", Query(limit=2), SYSTEM).ids
    assert [cell.after for cell in row.cells] == [anns]


@pytest.mark.parametrize("names", ["Ann", "Ann, Ann, Ann"])
def test_a_name_that_may_be_several_records_is_told_with_its_place(twins: Office, names: str) -> None:
    mapping: list[Target] = [ToField(field=name) for name in ("name", "city", "contacts")]
    view = twins.compare(f'Name,City,Contacts\nNew,Bonn,"{names}"\nAcme,Oslo,"{names}"\n', mapping=mapping)
    assert twins.faults(view) == [(2, "Contacts"), (3, "Contacts")]
    assert "More than one record of Contacts is called 'Ann'" in str(twins.found(view, "error"))


def test_a_row_that_fits_several_records_is_told_and_makes_nothing(twins: Office) -> None:
    data = exported(twins, "contacts").decode("utf-8-sig").replace("a@a.example", "new@a.example")
    view = twins.bring(data, "contacts")
    assert (view.counts.updated, view.counts.errors) == (0, 1)  # the two Anns at Acme cannot be told apart any more
    assert twins.crm.windows.query("investors", Query(limit=0), SYSTEM).total == 4

"""A file that still has both of two merged records changes the one that stayed and brings the other not back."""

from __future__ import annotations

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import Merge
from crm_core.contracts.query import Query
from tests.core.imports.conftest import Office


def total(office: Office, table: str) -> int:
    return office.crm.windows.query(table, Query(limit=0), SYSTEM).total


def test_a_merged_name_is_known(office: Office) -> None:
    office.bring("Name,City\nAcme,Berlin\nAcme Inc,\nOther,Rome\n")
    office.go(Merge("investors", office.id_of("Acme Inc"), [office.id_of("Acme")]))
    view = office.compare("Name,City\nAcme,Berlin\nOther,Rome\n")
    assert (view.counts.created, view.counts.unchanged) == (0, 2)
    office.bring("Name,Country\nAcme,Norway\n")
    assert total(office, "investors") == 2
    assert office.table()["Acme Inc"]["Country"] == "Norway"


def test_a_new_record_of_that_name_is_its_own(office: Office) -> None:
    office.bring("Name,City\nAcme,Berlin\nAcme Inc,\n")
    office.go(Merge("investors", office.id_of("Acme Inc"), [office.id_of("Acme")]))
    office.add(name="Acme", city="Oslo")
    office.bring("Name,Country\nAcme,Norway\n")
    assert office.table()["Acme"]["Country"] == "Norway"
    assert "Country" not in office.table()["Acme Inc"]


def test_people_of_merged_firms_and_merged_people_come_not_back(office: Office) -> None:
    file = "Name,Contact name,Contact email\nAcme,Ann Lee,ann@acme.example\nAcme Inc,Anne Lee,al@acme.example\n"
    office.bring(file)
    assert total(office, "contacts") == 2
    office.go(Merge("investors", office.id_of("Acme Inc"), [_exactly(office, "investors", "Acme")]))
    contacts = [_exactly(office, "contacts", name) for name in ("Ann Lee", "Anne Lee")]
    office.go(Merge("contacts", contacts[0], [contacts[1]]))
    before = office.table("contacts")
    office.bring("Name,Contact name,Contact email\nAcme,Ann Lee,ann@acme.example\n")
    office.bring("Name,Contact name,Contact email\nAcme Inc,Anne Lee,al@acme.example\n")
    assert (total(office, "investors"), total(office, "contacts")) == (1, 1)
    assert office.table("contacts") == before


def _exactly(office: Office, table: str, name: str) -> str:
    window = office.crm.windows.query(table, Query(limit=100), SYSTEM)
    return next(record for record, cells in zip(window.ids, window.columns[0], strict=True) if cells == name)

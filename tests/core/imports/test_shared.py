"""Rows that share contacts, funds and commitments: one record each where one belongs, and a second time nothing."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import Delete
from crm_core.contracts.imports import Target
from crm_core.contracts.query import Query
from tests.core.imports.conftest import Office, opened

HEADER = (
    "Investor", "City", "Contact name", "Contact email", "Contact title",
    "Fund", "Fund vintage", "Commitment amount", "Commitment status",
)  # fmt: skip
TABLES = ("investors", "contacts", "funds", "commitments")


def contacts(office: Office) -> list[tuple[object, ...]]:
    """(investor, name, address, title) of every contact, in order."""
    window = office.crm.windows.query(
        "contacts", Query(limit=5000, fields=["investor", "name", "email", "title"]), SYSTEM
    )
    rows = zip(*window.columns, strict=True)
    return [(window.names[row[0][0]] if row[0] else None, *row[1:]) for row in rows]


def test_the_same_address_under_two_investors_is_a_contact_of_each(office: Office) -> None:
    data = (
        "Investor,Contact name,Contact email,Contact title\nAcme,Ann,ann@a.example,Partner\n"
        "Beta,Ann,Ann@A.example,Adviser\nAcme,Bob,,\n"
    )
    view = office.bring(data)
    assert (view.counts.created, view.counts.updated, view.counts.errors) == (2, 1, 0), office.faults(view)
    expected = [
        ("Acme", "Ann", "ann@a.example", "Partner"),
        ("Beta", "Ann", "ann@a.example", "Adviser"),
        ("Acme", "Bob", None, None),
    ]
    assert [(i, n, e and str(e).lower(), t) for i, n, e, t in contacts(office)] == expected
    assert office.bring(data).counts.unchanged == 3


def test_a_contact_of_nobody_is_taken_by_its_address(office: Office) -> None:
    office.add("contacts", name="Ann", email="ann@a.example")
    office.bring("Investor,Contact email,Contact title\nAcme,ANN@a.example,Partner\n")
    assert contacts(office) == [("Acme", "Ann", "ann@a.example", "Partner")]


def test_a_contact_stays_with_its_investor(office: Office) -> None:
    office.bring("Investor,Contact name,Contact email\nAcme,Ann,ann@a.example\n")
    office.bring("Investor,Contact name,Contact email\nBeta,Ann,ann@a.example\n")
    assert [row[:2] for row in contacts(office)] == [("Acme", "Ann"), ("Beta", "Ann")]


def test_a_name_and_its_address_in_another_row_are_one_contact(office: Office) -> None:
    head = "Investor,Contact name,Contact email\n"
    office.bring(head + "Acme,Ann,\nAcme,Ann,ann@a.example\nAcme,ann,\nAcme,Ann,other@a.example\n")
    assert [row[1:3] for row in contacts(office)] == [("Ann", "ann@a.example"), ("Ann", "other@a.example")]


def test_rows_that_disagree_are_conflicts_and_their_investors_are_there(office: Office) -> None:
    data = "Investor,Fund,Fund vintage\nAcme,Fund I,2020\nBeta,Fund I,2021\nGamma,Fund I,2020\n"
    for created in (2, 0):
        view = office.bring(data)
        assert (view.counts.created, view.counts.updated, view.counts.conflicts) == (created, 0, 1)
        (row,) = office.found(view, "conflict")
        assert [(fault.line, fault.column) for fault in row.errors] == [(3, "Fund vintage")]
        assert "Line 2" in row.errors[0].reason
        assert [(cell.before, cell.after) for cell in row.cells if cell.conflict] == [(2020, 2021)]
        assert set(office.table()) == {"Acme", "Beta", "Gamma"}
        assert office.table("funds")["Fund I"]["Vintage"] == 2020


def test_what_rows_may_mean_is_read_once_a_batch(office: Office) -> None:
    rows = "".join(f"Investor {n},Person {n},p{n}@a.example,Fund {n % 9},{n}\n" for n in range(300))
    data = "Investor,Contact name,Contact email,Fund,Commitment amount\n" + rows
    office.bring(data)
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert office.compare(data).counts.unchanged == 300
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert 0 < len(statements) < 80


names = st.sampled_from(["", "Ann", "ANN ", "Bob"])
row = st.tuples(
    st.sampled_from(["Acme", "Acme", "Beta", "beta", "Gamma", ""]),
    st.sampled_from(["Bonn", "Bonn", "Rome"]),
    names,
    st.sampled_from(["", "", "a@a.example", "A@a.example", "b@a.example"]),
    st.sampled_from(["", "Partner", "Intern"]),
    st.sampled_from(["", "Fund I", "fund i", "Fund II"]),
    st.sampled_from(["", "2020", "2021"]),
    st.sampled_from(["", "5", "7", "lots"]),
    st.sampled_from(["", "prospect", "signed"]),
)
files = st.lists(row, max_size=8)


@pytest.fixture(scope="module")
def shared(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, list[Target]]]:
    """One CRM for all examples, and where the columns go."""
    folder = tmp_path_factory.mktemp("shared") / "data"
    shutil.copytree(template, folder)
    crm = opened(folder)
    office = Office(crm)
    example = ["Acme", "Bonn", "Ann", "a@a.example", "Partner", "Fund I", "2020", "5", "signed"]
    yield office, office.read(written([tuple(example)])).mapping
    crm.close()


def written(rows: list[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADER, *rows])
    return out.getvalue()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(files, files)
def test_a_second_time_changes_nothing(
    shared: tuple[Office, list[Target]], first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    office, mapping = shared
    for table in TABLES:
        found = office.crm.windows.query(table, Query(limit=5000), SYSTEM).ids
        if found:
            office.go(Delete(table, found))
    for rows in (first, second):
        data = written(rows)
        view = office.bring(data, mapping=mapping)
        taken = {given[0].casefold() for n, given in enumerate(rows, 2)} - {""}
        lost = {rows[line - 2][0].casefold() for line, _ in office.faults(view)}
        known = set(office.crm.windows.query("investors", Query(limit=5000, fields=["name"]), SYSTEM).columns[0])
        assert taken - lost <= {str(name).casefold() for name in known}
        version = office.version
        again = office.bring(data, mapping=mapping)
        assert (again.counts.created, again.counts.updated) == (0, 0), office.found(again)
        assert office.version == version

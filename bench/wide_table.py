"""A table of 30 columns of every kind that teams use, filled with any number of rows, for measurements in the browser.

Rows go straight into the table in stored form, without history: a million of them take a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, CreateField, CreateTable, InsertStored, NewField, NewTable
from crm_core.crm import Crm
from crm_core.storage.schema import TableDef

TABLE = "Wide"
STAGES = ("New", "Contacted", "First call", "Materials", "Due diligence", "Terms", "Closed", "Passed")
SECTORS = ("Climate", "Health", "Software", "Biotech", "Space", "Deep tech")
COLORS = ("blue", "green", "orange", "purple", "red", "teal", "gray", "yellow")
CITIES = ("Zürich", "Berlin", "New York", "London", "Paris", "Tokyo", "São Paulo", "Oslo")
INVESTORS = 500
AT = "2026-01-15T09:30:00.000Z"


def _choices(names: tuple[str, ...]) -> dict[str, Any]:
    return {"choices": [{"name": name, "color": COLORS[n % len(COLORS)]} for n, name in enumerate(names)]}


_EURO = {"code": "EUR", "precision": 2}
FIELDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Stage", "single_select", _choices(STAGES)),
    ("Committed", "currency", _EURO),
    ("Probability", "percent", {}),
    ("First call", "date", {}),
    ("Fit", "rating", {"max": 5}),
    ("Website", "url", {}),
    ("NDA", "checkbox", {}),
    ("Background", "long_text", {}),
    ("Investors", "link", {"table": "investors", "many": True}),
    ("Sectors", "multi_select", _choices(SECTORS)),
    ("Owner", "user", {}),
    ("City", "text", {}),
    ("Target", "currency", _EURO),
    ("Share", "percent", {}),
    ("Last contact", "date", {}),
    ("Meeting", "date_time", {}),
    ("E-mail", "email", {}),
    ("Phone", "phone", {}),
    ("Headcount", "number", {"precision": 0}),
    ("Multiple", "number", {"precision": 2}),
    ("Priority", "single_select", _choices(("High", "Medium", "Low"))),
    ("Lead", "link", {"table": "investors", "many": False}),
    ("Source", "text", {}),
    ("Call length", "duration", {}),
    ("Signed", "checkbox", {}),
    ("Score", "rating", {"max": 10}),
)
"""Name, kind and options of each field that is filled; the table's own Name and Notes stand before them."""
_WEIGHTED = {"formula": "{Committed} * {Probability}", "format": {"kind": "currency", **_EURO}}
FORMULAS = (
    ("Weighted", "formula", _WEIGHTED, "First call"),
    ("Label", "formula", {"formula": '{Name} & " · " & {City}'}, None),
)
"""The same of those computed from them, and the field each stands before (None: at the end)."""


def fill(crm: Crm, rows: int) -> TableDef:
    """Make the table with `rows` rows and wait until its formulas are computed."""
    names = [(f"Investor {n:03}",) for n in range(1, INVESTORS + 1)]
    crm.records.apply(ChangeSet([InsertStored("investors", ["Name"], names)]), SYSTEM)
    crm.records.apply(ChangeSet([CreateTable(NewTable(TABLE))]), SYSTEM)
    table = next(one.id for one in crm.tables.catalogue(SYSTEM).tables if one.name == TABLE)
    crm.records.apply(ChangeSet([CreateField(table, NewField(*field)) for field in FIELDS]), SYSTEM)
    _insert(crm, _definition(crm, table), rows)
    # The formulas come after the rows, so that all are computed in one go.
    formulas = [CreateField(table, NewField(name, kind, made), before) for name, kind, made, before in FORMULAS]
    crm.records.apply(ChangeSet(formulas), SYSTEM)
    crm.recalculation.settle()
    return _definition(crm, table)


def _definition(crm: Crm, table: str) -> TableDef:
    with crm.units.read() as session:
        connection = session.connection()
        return crm.schemas.at(connection, crm.tables.catalogue(SYSTEM).schema_version).table(table)


def _insert(crm: Crm, table: TableDef, rows: int) -> None:
    columns = {name: table.field(name).column for name in _cells(1)}
    names = ["id", "position", "version", "created_at", "updated_at", *filter(None, columns.values())]
    marks = ", ".join("?" * len(names))
    sql = f"INSERT INTO {table.physical} ({', '.join(names)}) VALUES ({marks})"
    link = table.field("Investors").id
    with crm.units.write() as session:
        connection = session.connection()
        cursor: Any = connection.connection.cursor()
        cursor.executemany(sql, _rows(rows))
        cursor.executemany("INSERT INTO record_links VALUES (?, ?, ?, ?)", _links(link, rows))
        cursor.close()
        connection.exec_driver_sql("UPDATE fundraising_state SET version = version + 1")


def _rows(rows: int) -> Iterator[tuple[Any, ...]]:
    for number in range(1, rows + 1):
        yield (number, float(number), 1, AT, AT, *_cells(number).values())


def _cells(n: int) -> dict[str, Any]:
    """The stored cells of row `n`, by field; every seventh cell of most fields is empty."""
    some = n % 7
    return {
        "Name": f"Company {n:07}",
        "Notes": None if some == 1 else f"Met at the annual meeting of {CITIES[n % 8]}; follow up on fund {n % 5}.",
        "Stage": n % 8 + 1,
        "Committed": None if some == 2 else n % 9973 * 12_345,
        "Probability": n % 100 / 100,
        "First call": None if some == 3 else f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}",
        "Fit": n % 5 + 1,
        "Website": None if some == 4 else f"https://company-{n}.example.org/about",
        "NDA": 1 if n % 3 else None,
        "Background": f"Family office, second generation.\nPrefers {SECTORS[n % 6]}; reports every quarter. Ref {n}.",
        "Sectors": None if some == 5 else f"|{n % 6 + 1}|{(n + 2) % 6 + 1}|",
        "Owner": 1 if n % 2 else None,
        "City": CITIES[n % 8],
        "Target": n % 4999 * 50_000,
        "Share": n % 61 / 100,
        "Last contact": f"2025-{n % 12 + 1:02}-{n % 27 + 1:02}",
        "Meeting": None if some == 6 else f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}T{n % 24:02}:30:00.000Z",
        "E-mail": f"partner{n}@example.org",
        "Phone": f"+41 44 {n % 900 + 100} {n % 90 + 10} {n % 89 + 10}",
        "Headcount": float(n % 800),
        "Multiple": n % 400 / 100,
        "Lead": n % INVESTORS + 1,
        "Priority": n % 3 + 1,
        "Source": f"Introduced by partner {n % 40}",
        "Call length": float(n % 180 * 60),
        "Signed": None if n % 4 else 1,
        "Score": n % 10 + 1,
    }


def _links(field: int, rows: int) -> Iterator[tuple[int, int, int, int]]:
    for number in range(1, rows + 1):
        yield field, number, number % INVESTORS + 1, 0
        if number % 3 == 0:
            yield field, number, (number + 7) % INVESTORS + 1, 1

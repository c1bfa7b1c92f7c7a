"""The built-in tables and fields, inserted once and then the team's to rename, extend and reorder.

A later version that brings another built-in field adds it here and its column in a migration; `ensure_builtin` gives it
to databases that lack it. Nothing in the engine knows these names.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select

from crm_core import clock
from crm_core.kinds import kind_named
from crm_core.models.tables import FIELDS, GRID_TABLES, STATE, VIEWS
from crm_core.storage.unit import Units

STAGES = {
    "Not contacted": "gray", "Researching": "blue", "Intro requested": "cyan", "First call": "teal",
    "Second meeting": "yellow", "Due diligence": "orange", "Term sheet": "purple", "Committed": "green",
    "Passed": "red",
}  # fmt: skip
TYPES = {
    "Angel": "blue", "VC": "purple", "Family office": "teal", "Fund of funds": "green", "Pension fund": "yellow",
    "Endowment": "orange", "Corporate": "red", "Bank": "pink", "Insurance": "cyan", "Public institution": "gray",
}  # fmt: skip
LISTS = {"main": "blue", "follow_up": "yellow", "graveyard": "gray", "longshot": "purple"}
STATUSES = {
    "prospect": "gray", "contacted": "blue", "meeting": "cyan", "diligence": "orange", "soft_circled": "yellow",
    "committed": "teal", "signed": "green", "funded": "green", "passed": "red",
}  # fmt: skip
CLOSINGS = {"First close": "blue", "Second close": "cyan", "Final close": "teal"}
FUND_STATUSES = {"Planning": "gray", "Raising": "blue", "Closed": "green"}


class BuiltinField(NamedTuple):
    """A field that comes with the program; its column is named like its key."""

    key: str
    name: str
    kind: str
    options: dict[str, Any] = {}


class BuiltinTable(NamedTuple):
    key: str
    name: str
    name_one: str
    fields: tuple[BuiltinField, ...]
    physical: str = ""


def _choices(colors: Mapping[str, str]) -> dict[str, Any]:
    return {"choices": [{"name": name, "color": color} for name, color in colors.items()]}


_MONEY = {"precision": 2}
F = BuiltinField
TABLES = (
    BuiltinTable(
        "investors",
        "Investors",
        "Investor",
        (
            F("name", "Name", "text"),
            F("type", "Type", "single_select", _choices(TYPES)),
            F("stage", "Stage", "single_select", _choices(STAGES)),
            F("list", "List", "single_select", _choices(LISTS)),
            F("owner", "Owner", "user"),
            F("check_size", "Check size", "currency", _MONEY),
            F("committed", "Committed", "currency", _MONEY),
            F("probability", "Probability", "percent"),
            F("last_contact", "Last contact", "date"),
            F("next_step", "Next step", "text"),
            F("contacts", "Contacts", "link", {"table": "contacts", "inverse_of": "investor"}),
            F("commitments", "Commitments", "link", {"table": "commitments", "inverse_of": "investor"}),
            F("email", "Email", "email"),
            F("phone", "Phone", "phone"),
            F("website", "Website", "url"),
            F("tags", "Tags", "multi_select", _choices({})),
            F("city", "City", "text"),
            F("country", "Country", "text"),
            F("score", "Score", "number", {"precision": 1}),
            F("priority", "Priority", "rating"),
            F("notes", "Notes", "long_text"),
            F("created", "Created", "created_time"),
            F("modified", "Last modified", "modified_time"),
            F("modified_by", "Last modified by", "modified_by"),
            F("tasks", "Tasks", "link", {"table": "tasks", "inverse_of": "investor"}),
        ),
    ),
    BuiltinTable(
        "contacts",
        "Contacts",
        "Contact",
        (
            F("name", "Name", "text"),
            F("investor", "Investor", "link", {"table": "investors", "many": False, "inverse": "contacts"}),
            F("title", "Title", "text"),
            F("email", "Email", "email"),
            F("phone", "Phone", "phone"),
            F("linkedin", "LinkedIn", "url"),
            F("last_contact", "Last contact", "date"),
            F("notes", "Notes", "long_text"),
            F("tasks", "Tasks", "link", {"table": "tasks", "inverse_of": "contact"}),
        ),
    ),
    BuiltinTable(
        "funds",
        "Funds",
        "Fund",
        (
            F("name", "Name", "text"),
            F("status", "Status", "single_select", _choices(FUND_STATUSES)),
            F("vintage", "Vintage", "number"),
            F("target", "Target", "currency", _MONEY),
            F("hard_cap", "Hard cap", "currency", _MONEY),
            F("first_close", "First close", "date"),
            F("final_close", "Final close", "date"),
            F("commitments", "Commitments", "link", {"table": "commitments", "inverse_of": "fund"}),
            F("notes", "Notes", "long_text"),
        ),
    ),
    BuiltinTable(
        "commitments",
        "Commitments",
        "Commitment",
        (
            F("name", "Name", "text"),
            F("investor", "Investor", "link", {"table": "investors", "many": False, "inverse": "commitments"}),
            F("fund", "Fund", "link", {"table": "funds", "many": False, "inverse": "commitments"}),
            F("status", "Status", "single_select", _choices(STATUSES)),
            F("amount", "Amount", "currency", _MONEY),
            F("probability", "Probability", "percent"),
            F("closing", "Closing", "single_select", _choices(CLOSINGS)),
            F("soft_circled_on", "Soft circled on", "date"),
            F("signed_on", "Signed on", "date"),
            F("funded_on", "Funded on", "date"),
            F("notes", "Notes", "long_text"),
        ),
    ),
    BuiltinTable(
        "tasks",
        "Tasks",
        "Task",
        (
            F("title", "Title", "text"),
            F("done", "Done", "checkbox"),
            F("assignee", "Assignee", "user"),
            F("due", "Due", "date"),
            F("investor", "Investor", "link", {"table": "investors", "many": False, "inverse": "tasks"}),
            F("contact", "Contact", "link", {"table": "contacts", "many": False, "inverse": "tasks"}),
            F("notes", "Notes", "long_text"),
        ),
        physical="tasks",
    ),
)


def ensure_builtin(units: Units, currency: str = "EUR") -> None:
    """Insert what of the built-in tables, fields and first views is missing; does nothing on a complete database."""
    with units.read() as session:
        tables = {row[0]: row[1] for row in session.connection().execute(select(GRID_TABLES.c.key, GRID_TABLES.c.id))}
        found = session.connection().execute(select(FIELDS.c.table_id, FIELDS.c.key).where(FIELDS.c.key.is_not(None)))
        known = {(row[0], row[1]) for row in found}
    if all((tables.get(table.key), field.key) in known for table in TABLES for field in table.fields):
        return
    with units.write() as session:
        connection, at = session.connection(), clock.now_text()
        if connection.execute(select(STATE.c.id)).first() is None:
            connection.execute(insert(STATE).values(id=1, version=0, schema_version=1, updated_at=at, extra="{}"))
        for number, table in enumerate(TABLES, 1):
            if table.key not in tables:
                tables[table.key] = (connection.execute(select(func.max(GRID_TABLES.c.id))).scalar() or 0) + 1
                names = {"key": table.key, "name": table.name, "name_one": table.name_one}
                physical = table.physical or f"fundraising_{table.key}"
                row = {"id": tables[table.key], **names, "physical": physical, "position": number}
                connection.execute(insert(GRID_TABLES).values(**row))
                view = {"table_id": row["id"], "name": "All", "kind": "grid", "locked": False, "position": number}
                connection.execute(insert(VIEWS).values(**view, config="{}", created_at=at))
        next_id = (connection.execute(select(func.max(FIELDS.c.id))).scalar() or 0) + 1
        missing = [(t, f) for t in TABLES for f in t.fields if (tables[t.key], f.key) not in known]
        keys = {(table.key, field.key): next_id + number for number, (table, field) in enumerate(missing)}
        keys.update(_known_keys(connection, tables))
        for table, field in missing:
            _add(connection, table, field, tables, keys, at, currency)
        connection.execute(STATE.update().values(schema_version=STATE.c.schema_version + 1))


def _known_keys(connection: Any, tables: dict[str, int]) -> dict[tuple[str, str], int]:
    named = {key: table for table, key in tables.items()}
    rows = connection.execute(select(FIELDS.c.table_id, FIELDS.c.key, FIELDS.c.id).where(FIELDS.c.key.is_not(None)))
    return {(named[row[0]], row[1]): row[2] for row in rows if row[0] in named}


def _add(
    connection: Any,
    table: BuiltinTable,
    field: BuiltinField,
    tables: dict[str, int],
    keys: dict[tuple[str, str], int],
    at: str,
    currency: str,
) -> None:
    kind, given = kind_named(field.kind), dict(field.options)
    if kind.name == "currency":
        given["code"] = currency
    if kind.name == "link":
        other = given["table"]
        given["table"] = tables[other]
        for name in ("inverse", "inverse_of"):
            if name in given:
                given[name] = keys[other, given[name]]
    stored = kind.sql_type is not None and not kind.read_only and "inverse_of" not in given
    row = {
        "id": keys[table.key, field.key],
        "table_id": tables[table.key],
        "key": field.key,
        "name": _free_name(connection, tables[table.key], field.name),
        "kind": field.kind,
        "description": "",
        "options": json.dumps(kind.check_options(given, {})),
        "column_name": field.key if stored else None,
        "position": table.fields.index(field) + 1,
        "is_primary": field is table.fields[0],
        "created_at": at,
    }
    connection.execute(insert(FIELDS).values(**row))


def _free_name(connection: Any, table_id: int, name: str) -> str:
    """The field's name, or with a number when the team has a field of that name already."""
    mine = select(FIELDS.c.name).where(FIELDS.c.table_id == table_id)
    taken = {row[0].casefold() for row in connection.execute(mine)}
    return next(
        free for free in (name, *(f"{name} {number}" for number in range(2, 1000))) if free.casefold() not in taken
    )

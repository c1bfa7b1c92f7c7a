"""Change a field's kind: its values are converted into a new column; the old column stays, so that undo is exact."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect, select, text

from crm_core.errors import Refused
from crm_core.kinds import CellError, FieldDef, Kind, kind_named
from crm_core.kinds.choices import MAX_CHOICES, split_names
from crm_core.models.tables import USERS
from crm_core.services.records.work import Work
from crm_core.storage.schema import TEAM_PREFIX, TableDef, load
from crm_core.storage.statements import chunks, run_many, update_by_id

_BATCH = 5_000


def add_column(work: Work, table: TableDef, column: str, kind: Kind) -> None:
    """A new nullable column for values of that kind."""
    assert kind.sql_type is not None
    type_name = kind.sql_type.compile(dialect=work.connection.dialect)
    work.connection.execute(text(f'ALTER TABLE "{table.physical}" ADD COLUMN "{column}" {type_name}'))


def convert(work: Work, table: TableDef, field: FieldDef, kind: Kind, options: Mapping[str, Any]) -> dict[str, Any]:
    """Convert all values (deleted records' too) and answer what changes in the field's row.

    Values that the new kind cannot read become empty and are counted in `work.lost`.
    """
    if field.key or field.primary:
        raise Refused(
            "field_needed", f"{field.name} is built in: its kind is fixed.", "Add a field of the kind you want."
        )
    fixed = (field.read_only and not field.kind.computed) or kind.read_only
    if {"link", "attachment"} & {field.kind.name, kind.name} or fixed:
        raise Refused(
            "cannot_convert",
            f"{field.name} cannot be changed from {field.kind.name} to {kind.name}.",
            "Add a new field of that kind instead.",
        )
    if kind.family in ("choice", "choices") and "choices" not in options:
        options = {"choices": _distinct(work, table, field, kind)}
    checked = kind.check_options(options, {})
    column = free_column(work, table, field)
    add_column(work, table, column, kind)
    target = FieldDef(field.id, table.id, field.key, field.name, kind, checked, column)
    _copy(work, table, field, target)
    return {"kind": kind.name, "options": json.dumps(checked), "column_name": column}


def free_column(work: Work, table: TableDef, field: FieldDef) -> str:
    """A name for a field's next column."""
    taken = {row["name"] for row in _columns(work, table)}
    number = 2
    while f"{TEAM_PREFIX}{field.id}_{number}" in taken:
        number += 1
    return f"{TEAM_PREFIX}{field.id}_{number}"


def _columns(work: Work, table: TableDef) -> list[Any]:
    return list(inspect(work.connection).get_columns(table.physical))


def _values(work: Work, table: TableDef, field: FieldDef) -> list[tuple[int, Any]]:
    table = load(work.connection, 0).by_id[table.id]
    sql, column = table.sql, table.column(field)
    query = select(sql.c.id, column).where(column.is_not(None)).order_by(sql.c.id)
    return [(row[0], row[1]) for row in work.connection.execute(query)]


def _distinct(work: Work, table: TableDef, field: FieldDef, kind: Kind) -> list[dict[str, Any]]:
    """The options a select needs to hold the values that are there, most frequent first."""
    counts: dict[str, int] = {}
    for _, stored in _values(work, table, field):
        words = field.kind.text(stored, field, work.zone).strip()
        for name in split_names(words) if kind.family == "choices" or field.kind.family == "choices" else [words]:
            if 0 < len(name) <= 200:
                counts[name] = counts.get(name, 0) + 1
    names: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: -counts[name]):
        names.setdefault(name.casefold(), name)
    return [{"name": name} for name in list(names.values())[:MAX_CHOICES]]


def _copy(work: Work, table: TableDef, field: FieldDef, target: FieldDef) -> None:
    assert target.column is not None
    people = _people(work) if "user" in (field.kind.family, target.kind.family) else {}
    statement = update_by_id(work.connection, table.physical, (target.column,))
    for piece in chunks(_values(work, table, field), _BATCH):
        rows = []
        for key, stored in piece:
            value = _converted(work, field, target, stored, people)
            if value is None:
                work.lost += 1
            else:
                rows.append((value, key))
        if rows:
            run_many(work.connection, statement, rows)


def _people(work: Work) -> dict[Any, Any]:
    """Names by person, and persons by lower-case name and e-mail."""
    found: dict[Any, Any] = {}
    for key, name, email in work.connection.execute(select(USERS.c.id, USERS.c.name, USERS.c.email)):
        found.update({key: name, name.casefold(): key, email.casefold(): key})
    return found


def _converted(work: Work, field: FieldDef, target: FieldDef, stored: Any, people: Mapping[Any, Any]) -> Any:
    """One value in the new kind's stored form; None when it cannot be read as one."""
    if target.kind.family == "user":
        return people.get(field.kind.text(stored, field, work.zone).casefold().strip())
    if field.kind.family == "user":
        stored, field = people.get(stored, ""), FieldDef(0, 0, None, "", kind_named("text"), {}, None)
    if field.kind.family == target.kind.family == "number":
        given: Any = field.kind.wire(stored, field)
    else:
        given = field.kind.text(stored, field, work.zone)
        if field.kind.family == "checkbox" and target.kind.family == "number":
            given = 1
    try:
        return target.kind.read(given, target, work.zone)
    except CellError:
        return None

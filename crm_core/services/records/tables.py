"""Table operations: make, rename, order, delete and bring back tables of the team's own beside the built-in ones."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import UNSET
from sqlalchemy import func, insert, select, update

from crm_core import ids
from crm_core.contracts.change import ArchiveTable, CreateTable, RestoreTable, TableOp, UpdateTable
from crm_core.errors import Conflict, CrmError, Invalid, NotFound, Refused
from crm_core.kinds import FieldDef, kind_named
from crm_core.models.tables import FIELDS, GRID_TABLES, VIEWS
from crm_core.names import MAX_NAME, tidy_name
from crm_core.services.records import fields
from crm_core.services.records.retype import add_column
from crm_core.services.records.work import Entry, Work
from crm_core.storage.schema import TEAM_PREFIX, TEAM_TABLES, TableDef
from crm_core.storage.team_tables import create_rows

MAX_TABLES = 500
"""How many tables there can be, deleted ones among them; a record's id has room for more (crm_core.ids)."""

FIRST_FIELDS = (("Name", "text"), ("Notes", "long_text"))
_PARTS = ("name", "name_one", "position", "deleted_at")


def run(work: Work, op: TableOp, pointer: str) -> None:
    """Apply one operation on tables; raises on the first problem, with its pointer."""
    try:
        if isinstance(op, CreateTable):
            _create(work, op)
        elif isinstance(op, UpdateTable):
            _update(work, work.schema.table(op.table), op)
        elif isinstance(op, ArchiveTable):
            _archive(work, work.schema.table(op.table))
        elif isinstance(op, RestoreTable):
            _restore(work, _deleted(work, op.table))
    except CrmError as error:
        error.pointer = error.pointer or pointer
        raise


def _create(work: Work, op: CreateTable) -> None:
    key = (work.connection.execute(select(func.max(GRID_TABLES.c.id))).scalar() or 0) + 1
    if len(work.schema.tables) + len(work.schema.deleted) >= MAX_TABLES:
        raise Invalid("too_many_tables", f"There are {MAX_TABLES} tables, the most there can be.")
    name = _free_name(work, op.table.name)
    physical = f"{TEAM_TABLES}{key}"
    row: dict[str, Any] = {
        "name": name,
        "name_one": _name_one(op.table.name_one) or singular(name),
        "position": max((table.position for table in work.schema.tables), default=0.0) + 1,
        "deleted_at": None,
    }
    work.connection.execute(insert(GRID_TABLES).values(id=key, key=physical, physical=physical, **row))
    create_rows(work.connection, physical)
    _first_fields(work, TableDef(key, physical, name, "", physical, row["position"], ()))
    place = (work.connection.execute(select(func.max(VIEWS.c.position))).scalar() or 0.0) + 1
    view = {"table_id": key, "name": "All", "kind": "grid", "locked": False, "position": place, "config": "{}"}
    work.connection.execute(insert(VIEWS).values(**view, created_at=work.at, created_by=work.actor.user_id))
    work.log([Entry("table", key, key, "create", None, row)])
    work.schema_moved()
    work.created.append([ids.encode("tbl", key)])


def _first_fields(work: Work, table: TableDef) -> None:
    """The fields a table begins with. They come and go with it: the history tells of the table alone."""
    first = (work.connection.execute(select(func.max(FIELDS.c.id))).scalar() or 0) + 1
    for number, (name, kind_name) in enumerate(FIRST_FIELDS):
        kind, key = kind_named(kind_name), first + number
        column = f"{TEAM_PREFIX}{key}"
        row = {"id": key, "table_id": table.id, "name": name, "kind": kind.name, "description": ""}
        options = json.dumps(kind.check_options({}, {}))
        rest = {"options": options, "column_name": column, "position": number + 1.0, "is_primary": number == 0}
        work.connection.execute(insert(FIELDS).values(**row, **rest, created_at=work.at))
        add_column(work, table, column, kind)


def _update(work: Work, table: TableDef, op: UpdateTable) -> None:
    changes: dict[str, Any] = {}
    new = op.set
    if new.name is not UNSET and new.name != table.name:
        changes["name"] = _free_name(work, new.name, table)
        if table.name_one == singular(table.name):
            changes["name_one"] = singular(changes["name"])
    if new.name_one is not UNSET:
        changes["name_one"] = _name_one(new.name_one) or singular(changes.get("name", table.name))
    if new.position is not UNSET:
        changes["position"] = new.position
    save(work, table, changes)


def _archive(work: Work, table: TableDef) -> None:
    """Links go first, with their other directions, so that no live field shows a table that is gone."""
    if table.builtin:
        why = f"{table.name} comes with the program and cannot be deleted."
        raise Refused("table_needed", why, "Rename it, or hide what you do not need.")
    for field in _links(table):
        if work.schema.fields[field.id].archived_at is None:
            for one in fields.both_sides(work, field):
                fields.save(work, one, {"archived_at": work.at})
    save(work, table, {"deleted_at": work.at})


def _restore(work: Work, table: TableDef) -> None:
    _bring_back(work, table)
    for field in _links(work.schema.by_id[table.id]):
        other = work.schema.fields.get(_other_side(field) or 0)
        if field.archived_at == table.deleted_at and other is not None and other.archived_at is not None:
            fields.restore(work, field)


def _bring_back(work: Work, table: TableDef) -> None:
    save(work, table, {"deleted_at": None, "name": _numbered(work, table.name)})


def _links(table: TableDef) -> list[FieldDef]:
    """Every link field of a table, either direction, archived ones too; to its own records once."""
    return [field for field in table.by_id.values() if field.kind.name == "link"]


def _other_side(field: FieldDef) -> int | None:
    found: int | None = field.options.get("inverse") or field.options.get("inverse_of")
    return found


def _deleted(work: Work, ref: str) -> TableDef:
    for table in work.schema.deleted:
        if ref == table.public_id:
            return table
    raise NotFound("unknown_table", f"There is no deleted table {str(ref)[:60]!r}.", "Look into the trash.")


def undo(work: Work, entry: Entry, *, force: bool) -> None:
    """Take one change of a table back; Conflict when it was changed again since, unless `force`."""
    there, gone = work.schema.by_id.get(entry.entity_id), entry.before is not None and entry.before.get("deleted_at")
    if entry.op == "create" or gone:
        if there is not None:
            _archive(work, there)
        return
    before, after = dict(entry.before or {}), entry.after or {}
    table = there or _deleted(work, ids.encode("tbl", entry.entity_id))
    if "deleted_at" in before:
        if there is None:
            _bring_back(work, table)
        return
    now = _row(work, table)
    changed = [part for part in before if now[part] != after[part]]
    if changed and not force:
        what = f"The table {table.name} was changed again since ({', '.join(changed)})."
        raise Conflict("table_changed", what, "Undo the later change first, or undo with force.")
    if "name" in before:
        before["name"] = _numbered(work, before["name"], table)
    save(work, table, before)


def live(work: Work, table_id: int) -> TableDef:
    """The table an earlier change was made in; Conflict (`table_deleted`) when it lies in the trash."""
    table = work.schema.by_id.get(table_id)
    if table is None:
        name = next((table.name for table in work.schema.deleted if table.id == table_id), "of then")
        raise Conflict("table_deleted", f"The table {name} was deleted since.", "Restore the table first.")
    return table


def _row(work: Work, table: TableDef) -> dict[str, Any]:
    query = select(*(GRID_TABLES.c[part] for part in _PARTS)).where(GRID_TABLES.c.id == table.id)
    return dict(work.connection.execute(query).one()._asdict())


def save(work: Work, table: TableDef, changes: Mapping[str, Any]) -> None:
    """Write what differs, with its history."""
    now = _row(work, table)
    changed = {part: value for part, value in changes.items() if now[part] != value}
    if changed:
        work.connection.execute(update(GRID_TABLES).where(GRID_TABLES.c.id == table.id).values(**changed))
        before = {part: now[part] for part in changed}
        work.log([Entry("table", table.id, table.id, "update", before, changed)])
        work.schema_moved()


def singular(name: str) -> str:
    """What one of them is called, as far as English endings tell: Companies, Classes, Deals, News."""
    lower = name.lower()
    if lower.endswith("ies") and len(name) > 4:
        return f"{name[:-3]}y"
    if lower.endswith(("sses", "xes", "ches", "shes")):
        return name[:-2]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is", "news")) and len(name) > 3:
        return name[:-1]
    return name


def _name_one(given: str) -> str:
    return tidy_name(given, "What one record is called", MAX_NAME) if given.strip() else ""


def _taken(work: Work, name: str, table: TableDef | None) -> bool:
    """Whether another live table answers to this name, in any case; the built-in ones answer to their keys too."""
    folded = name.casefold()
    return any(folded in (one.name.casefold(), one.key) for one in work.schema.tables if one.id != (table and table.id))


def _free_name(work: Work, given: str, table: TableDef | None = None) -> str:
    name = tidy_name(given, "A table's name", MAX_NAME)
    if _taken(work, name, table):
        raise Conflict("duplicate_name", f"There is a table {name!r} already.", "Choose another name.")
    return name


def _numbered(work: Work, name: str, table: TableDef | None = None) -> str:
    """The name, with the first number behind it that makes it free when it is taken."""
    number, free = 2, name
    while _taken(work, free, table):
        free, number = f"{name[: MAX_NAME - 5]} {number}", number + 1
    return free

"""Field operations: add, change, retype, move, archive and restore the columns of a grid table."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import UNSET
from sqlalchemy import func, insert, select, update

from crm_core.contracts.change import ArchiveField, CreateField, FieldOp, MoveField, RestoreField, UpdateField
from crm_core.errors import Conflict, Invalid, NotFound, Refused
from crm_core.kinds import FieldDef, Kind, kind_named
from crm_core.kinds.base import CellError
from crm_core.kinds.text import clean
from crm_core.models.tables import CHANGES, FIELDS
from crm_core.names import MAX_NAME, tidy_name
from crm_core.services.records import retype
from crm_core.services.records.choices import clear_removed, refuse_used, undone
from crm_core.services.records.computed_fields import add_columns, become, prepared
from crm_core.services.records.work import Entry, Work
from crm_core.storage.schema import TEAM_PREFIX, TableDef

MAX_FIELDS = 500
_PARTS = ("name", "kind", "description", "options", "column_name", "position", "archived_at")


def run(work: Work, op: FieldOp, pointer: str) -> None:
    """Apply one operation on fields; raises on the first problem, with its pointer."""
    try:
        if isinstance(op, CreateField):
            _create(work, op)
            return
        field = work.schema.field(op.field)
        table = work.schema.by_id[field.table_id]
        if isinstance(op, UpdateField):
            _update(work, table, field, op)
        elif isinstance(op, MoveField):
            save(work, field, {"position": _position(table, op.before, field)})
        elif isinstance(op, ArchiveField):
            _archive(work, field)
        elif isinstance(op, RestoreField):
            restore(work, field)
    except (Invalid, NotFound, Conflict, Refused) as error:
        error.pointer = error.pointer or pointer
        raise


def _create(work: Work, op: CreateField) -> None:
    table = work.schema.table(op.table)
    kind = kind_named(op.field.kind)
    name = _free_name(table, op.field.name)
    if len(table.by_id) >= MAX_FIELDS:
        raise Invalid("too_many_fields", f"{table.name} has {MAX_FIELDS} fields, the most a table can have.")
    given = dict(op.field.options)
    if kind.name == "link":
        target = work.schema.table(given.get("table", ""))
        given = {"table": target.id, "many": given.get("many", True)}
    options = prepared(work, table, kind, given, {}) if kind.computed else kind.check_options(given, {})
    position = _position(table, op.before, None)
    field = add(work, table, name, kind, options, op.field.description, position)
    if kind.name == "link":
        _add_inverse(work, table, field)


def add(
    work: Work, table: TableDef, name: str, kind: Kind, options: Mapping[str, Any], description: str, position: float
) -> FieldDef:
    """Insert the field's row and its column."""
    key = (work.connection.execute(select(func.max(FIELDS.c.id))).scalar() or 0) + 1
    has_column = kind.sql_type is not None and not kind.read_only and not options.get("inverse_of")
    has_column = kind.computed or (has_column and not (kind.name == "link" and options["many"]))
    column = f"{TEAM_PREFIX}{key}" if has_column else None
    row = {
        "name": name,
        "kind": kind.name,
        "options": json.dumps(options),
        "description": _description(description),
        "column_name": column,
        "position": position,
        "archived_at": None,
    }
    fixed = {"id": key, "table_id": table.id, "is_primary": False, "created_at": work.at}
    work.connection.execute(insert(FIELDS).values(**row, **fixed))
    if column and kind.computed:
        add_columns(work, table, FieldDef(key, table.id, None, name, kind, options, column), column)
    elif column:
        retype.add_column(work, table, column, kind)
        if kind.name == "link":
            work.connection.exec_driver_sql(f'CREATE INDEX "ix_{column}" ON "{table.physical}" ("{column}")')
    work.log([Entry("field", table.id, key, "create", None, row)])
    work.schema_moved()
    return work.schema.fields[key]


def _add_inverse(work: Work, table: TableDef, forward: FieldDef) -> None:
    """The other direction of a new link, as a field of the table it links to."""
    target = work.schema.by_id[forward.options["table"]]
    name = _numbered(target, table.name) if _taken(target, table.name, None) else table.name
    options = kind_named("link").check_options({"table": table.id, "many": True, "inverse_of": forward.id}, {})
    inverse = add(work, target, name, kind_named("link"), options, "", _position(target, None, None))
    save(work, forward, {"options": json.dumps({**forward.options, "inverse": inverse.id})})


def _update(work: Work, table: TableDef, field: FieldDef, op: UpdateField) -> None:
    changes: dict[str, Any] = {}
    new = op.set
    if new.name is not UNSET and new.name != field.name:
        changes["name"] = _free_name(table, new.name, field)
    if new.description is not UNSET:
        changes["description"] = _description(new.description)
    if new.kind is not UNSET and new.kind != field.kind.name:
        kind = kind_named(new.kind)
        options = {} if new.options is UNSET else new.options
        turned = become if kind.computed else retype.convert
        changes.update(turned(work, table, field, kind, options))
    elif new.options is not UNSET:
        changes["options"] = json.dumps(_new_options(work, table, field, new.options))
    save(work, field, changes)


def _new_options(work: Work, table: TableDef, field: FieldDef, given: Mapping[str, Any]) -> dict[str, Any]:
    if field.kind.computed:
        return prepared(work, table, field.kind, given, field.options)
    return field.kind.check_options(_link_options(work, given) if field.kind.name == "link" else given, field.options)


def _link_options(work: Work, given: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a link as clients send them, with the engine's keys instead of public ids."""
    result = {name: value for name, value in given.items() if name != "backwards"}
    if "table" in result:
        result["table"] = work.schema.table(result["table"]).id
    for name in ("inverse", "inverse_of"):
        if result.get(name) is not None:
            result[name] = work.schema.field(result[name]).id
    return result


def set_options(work: Work, field: FieldDef, options: Mapping[str, Any]) -> FieldDef:
    """Change a field's options; answers the field as it is now."""
    save(work, field, {"options": json.dumps(field.kind.check_options(options, field.options))})
    return work.schema.fields[field.id]


def _row(work: Work, field: FieldDef) -> dict[str, Any]:
    """What of a field can change, as stored."""
    query = select(*(FIELDS.c[part] for part in _PARTS)).where(FIELDS.c.id == field.id)
    return dict(work.connection.execute(query).one()._asdict())


def save(work: Work, field: FieldDef, changes: Mapping[str, Any]) -> None:
    """Write what differs, with its history."""
    now = _row(work, field)
    changed = {part: value for part, value in changes.items() if now[part] != value}
    if not changed:
        return
    if "options" in changed and "kind" not in changed and not field.kind.computed:
        clear_removed(work, field, json.loads(changed["options"]))
    work.connection.execute(update(FIELDS).where(FIELDS.c.id == field.id).values(**changed))
    before = {part: now[part] for part in changed}
    work.log([Entry("field", field.table_id, field.id, "update", before, changed)])
    work.schema_moved()


def undo(work: Work, entry: Entry, version: int, *, force: bool) -> None:
    """Take one change of a field back; Conflict when it was changed again since, unless `force`."""
    field = work.schema.fields[entry.entity_id]
    if entry.op == "create":
        save(work, field, {"archived_at": work.at})
        return
    before, after = dict(entry.before or {}), entry.after or {}
    now = _row(work, field)
    if "column_name" in before and not force and _edited_since(work, field, version):
        raise Conflict(
            "field_edited",
            f"{field.name} was edited after its kind was changed in version {version}.",
            "Undo those edits first, or undo with force to drop them.",
        )
    if "options" in before and "kind" not in before and field.kind.family in ("choice", "choices"):
        documents = (json.loads(text) for text in (now["options"], before.pop("options"), after["options"]))
        options = undone(*documents)
        if not force:
            refuse_used(work, field, options)
        before["options"] = json.dumps(options)
    changed = [part for part in before if part != "options" and now[part] != after[part]]
    if changed and not force:
        what = f"{field.name} was changed again since version {version} ({', '.join(changed)})."
        raise Conflict("field_changed", what, "Undo the later change first, or undo with force.")
    table = work.schema.by_id[field.table_id]
    name = before.get("name", field.name)
    comes_back = "archived_at" in before and before["archived_at"] is None
    if (comes_back or "name" in before) and _taken(table, name, field):
        before["name"] = _numbered(table, name)
    save(work, field, before)


def _edited_since(work: Work, field: FieldDef, version: int) -> bool:
    """Whether any record's cell of this field, in its present kind, changed after that version."""
    query = (
        select(CHANGES.c.id)
        .where(
            CHANGES.c.version > version,
            CHANGES.c.entity == "record",
            CHANGES.c.table_id == field.table_id,
            CHANGES.c.after.contains(f'"{field.cell_key}":'),
        )
        .limit(1)
    )
    return work.connection.execute(query).first() is not None


def _archive(work: Work, field: FieldDef) -> None:
    if field.primary or field.key:
        why = "names the records" if field.primary else "is built in"
        raise Refused("field_needed", f"{field.name} {why} and cannot be deleted.", "Hide it in the view instead.")
    for one in both_sides(work, field):
        save(work, one, {"archived_at": work.at})


def restore(work: Work, field: FieldDef) -> None:
    """Bring an archived field back, with its other direction."""
    for one in both_sides(work, field):
        if one.archived_at is not None:
            owner = work.schema.by_id[one.table_id]
            name = _numbered(owner, one.name) if _taken(owner, one.name, one) else one.name
            save(work, one, {"archived_at": None, "name": name})


def both_sides(work: Work, field: FieldDef) -> list[FieldDef]:
    """A link field goes and comes together with its other direction; Refused while the other's table is deleted."""
    other = field.options.get("inverse") or field.options.get("inverse_of") if field.kind.name == "link" else None
    if other and other not in work.schema.fields:
        raise Refused("link_deleted", f"The table that {field.name} links to is deleted.", "Restore the table.")
    return [field, *([work.schema.fields[other]] if other else [])]


def _taken(table: TableDef, name: str, field: FieldDef | None) -> bool:
    """Whether another live field of the table has this name, in any case."""
    return any(other.name.casefold() == name.casefold() for other in table.fields if other is not field)


def _numbered(table: TableDef, name: str) -> str:
    """The name with the first number behind it that makes it free."""
    number, stem = 2, name[: MAX_NAME - 5]
    while _taken(table, f"{stem} {number}", None):
        number += 1
    return f"{stem} {number}"


def _free_name(table: TableDef, name: str, field: FieldDef | None = None) -> str:
    tidy = tidy_name(name, "A field's name", MAX_NAME)
    for other in table.fields:
        if other is not field and other.name.casefold() == tidy.casefold():
            raise Conflict(
                "duplicate_name", f"{table.name} has a field {other.name!r} already.", "Choose another name."
            )
    return tidy


def _description(text: str) -> str:
    try:
        return clean(text) or ""
    except CellError as error:
        raise Invalid("bad_description", f"The description cannot be taken: {error.detail}", error.hint) from None


def _position(table: TableDef, before: str | None, moving: FieldDef | None) -> float:
    others = [field for field in table.fields if field is not moving]
    if before is None:
        return max((field.position for field in others), default=0.0) + 1
    target = table.field(before)
    if target is moving:
        return target.position
    index = others.index(target)
    return (target.position + (others[index - 1].position if index else target.position - 2)) / 2

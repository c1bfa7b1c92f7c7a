"""Undo of any version: its rows backwards, as a new change set; a value changed since is never overwritten silently."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import select

from crm_core import ids
from crm_core.errors import Conflict
from crm_core.models.tables import CHANGES
from crm_core.services.records import fields, rows, views
from crm_core.services.records.cells import Stored
from crm_core.services.records.patches import who
from crm_core.services.records.work import POSITION, Cells, Entry, Meta, Work
from crm_core.storage.schema import TableDef

_BATCH = 2_000


def run(work: Work, history: Iterable[tuple[Meta, Entry]], version: int, *, force: bool) -> None:
    """Undo the given rows (newest first). Conflicts are noted in `work` unless `force`."""
    for (entity, table_id, op), group in groupby(history, key=lambda row: (row[1].entity, row[1].table_id, row[1].op)):
        if entity == "record":
            _records(work, work.schema.by_id[table_id], op, group, force)
            continue
        for meta, entry in group:
            if entity == "field":
                _field(work, entry, version, meta, force)
            else:
                views.save(work, entry.entity_id, {"deleted_at": work.at} if op == "create" else entry.before or {})


def _records(work: Work, table: TableDef, op: str, group: Iterable[tuple[Meta, Entry]], force: bool) -> None:
    batch: list[tuple[Meta, Entry]] = []
    for row in group:
        batch.append(row)
        if len(batch) == _BATCH:
            _batch(work, table, op, batch, force)
            batch = []
    if batch:
        _batch(work, table, op, batch, force)


def _batch(work: Work, table: TableDef, op: str, batch: list[tuple[Meta, Entry]], force: bool) -> None:
    keys = [entry.entity_id for _, entry in batch]
    if op in ("delete", "restore"):
        rows.set_deleted(work, table, keys, deleted=op == "restore")
    elif op == "move":
        before = {entry.entity_id: (entry.before or {})[POSITION] for _, entry in batch}
        rows.set_positions(work, table, before)
    elif op == "create":
        _compare(work, table, batch, force)
        if not work.conflicts:
            rows.set_deleted(work, table, keys, deleted=True)
    else:
        current = _compare(work, table, batch, force)
        if not work.conflicts:
            changes = {entry.entity_id: _stored(table, entry.before) for _, entry in batch}
            rows.write_cells(work, table, changes, current)


def _stored(table: TableDef, cells: Cells | None) -> Stored:
    return {
        int(key): tuple(value) if isinstance(value, list) else value
        for key, value in (cells or {}).items()
        if key.isdigit() and int(key) in table.by_id
    }


def _compare(work: Work, table: TableDef, batch: list[tuple[Meta, Entry]], force: bool) -> dict[int, dict[Any, Any]]:
    """The rows as they are; cells that differ from what the undone version left are conflicts."""
    touched = {field for _, entry in batch for field in _stored(table, entry.after)}
    involved = [field for field in table.by_id.values() if field.id in touched]
    current = rows.fetch(work, table, (entry.entity_id for _, entry in batch), involved)
    if force:
        return current
    for _, entry in batch:
        now = current[entry.entity_id]
        if now["deleted_at"] is not None:
            continue
        for field_id, left in _stored(table, entry.after).items():
            if not rows.same(left, now[field_id]):
                field = table.by_id[field_id]
                back = _stored(table, entry.before).get(field_id)
                work.conflicts.append(
                    {
                        "table": table.public_id,
                        "record": ids.record(table.id, entry.entity_id),
                        "field": field.public_id,
                        "yours": None if back is None else field.kind.wire(back, field),
                        "theirs": None if now[field_id] is None else field.kind.wire(now[field_id], field),
                        **_last_change(work, table.id, entry.entity_id),
                    }
                )
    return current


def _last_change(work: Work, table_id: int, key: int) -> dict[str, Any]:
    query = (
        select(CHANGES.c.at, CHANGES.c.actor_id)
        .where(CHANGES.c.entity == "record", CHANGES.c.table_id == table_id, CHANGES.c.entity_id == key)
        .order_by(CHANGES.c.id.desc())
        .limit(1)
    )
    at, actor = work.connection.execute(query).one()
    return {"updated_at": at, "updated_by": who(work.connection, actor)}


def _field(work: Work, entry: Entry, version: int, meta: Meta, force: bool) -> None:
    field = work.schema.fields[entry.entity_id]
    if entry.op == "create":
        fields.save(work, field, {"archived_at": work.at})
        return
    before = entry.before or {}
    if "column_name" in before and not force and _edited_since(work, entry, version):
        raise Conflict(
            "field_edited",
            f"{field.name} was edited after its kind was changed in version {version}.",
            "Undo those edits first, or undo with force to drop them.",
        )
    fields.save(work, field, before)


def _edited_since(work: Work, entry: Entry, version: int) -> bool:
    """Whether any record's cell of this field changed after that version."""
    query = (
        select(CHANGES.c.id)
        .where(
            CHANGES.c.version > version,
            CHANGES.c.entity == "record",
            CHANGES.c.table_id == entry.table_id,
            CHANGES.c.after.contains(f'"{entry.entity_id}":'),
        )
        .limit(1)
    )
    return work.connection.execute(query).first() is not None

"""Single records or fields out of a backup, as a change set like any other: checked, undoable, in the history."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import Applied, ChangeSet, Create, CreateRecord, Op, Restore, Update, UpdateRecord
from crm_core.contracts.query import Record
from crm_core.errors import Invalid, NotFound
from crm_core.services.records import Records
from crm_core.services.windows import Windows
from crm_core.storage.schema import Schema

MOST = 1_000
"""So many records at once; who wants more restores the whole."""


def read(windows: Windows, table: str, records: Sequence[str]) -> list[Record]:
    """The records as they are in the copy; NotFound for one that it does not hold, or holds in its trash."""
    if not 1 <= len(records) <= MOST:
        raise Invalid(
            "bad_limit", f"Name from 1 to {MOST:,} records.", "Restore the whole backup for more.", "/records"
        )
    found = [windows.record(table, record, SYSTEM) for record in dict.fromkeys(records)]
    for record in found:
        if record.deleted_at is not None:
            raise NotFound(
                "unknown_record",
                f"The record {record.id} lies in the trash of the backup.",
                "Take a backup made before it was deleted.",
            )
    return found


def operations(
    connection: Connection, schema: Schema, table_ref: str, found: Sequence[Record], fields: Sequence[str] | None
) -> list[Op]:
    """What gives the records (or these fields of them) the values of the backup, as far as they can be written now."""
    table = schema.table(table_ref)
    refs = [field.public_id for field in table.fields] if fields is None else [table.field(f).public_id for f in fields]
    wanted = {ref for ref in refs if not table.field(ref).read_only}
    keys = {record.id: ids.try_record(table.id, record.id) for record in found}
    rows = table.sql
    query = sa.select(rows.c.id, rows.c.deleted_at).where(rows.c.id.in_([key or 0 for key in keys.values()]))
    there = {row[0]: row[1] for row in connection.execute(query)}
    ops: list[Op] = []
    deleted = [record.id for record in found if there.get(keys[record.id] or 0)]
    if deleted:
        ops.append(Restore(table.public_id, deleted))
    known = [record for record in found if keys[record.id] in there]
    if known:
        ops.append(Update(table.public_id, [UpdateRecord(record.id, _cells(record, wanted)) for record in known]))
    gone = [record for record in found if keys[record.id] not in there]
    if gone:
        ops.append(Create(table.public_id, [CreateRecord(_filled(record, wanted)) for record in gone]))
    return ops


def write(records: Records, ops: Sequence[Op], actor: Actor, reason: str) -> Applied:
    """Apply them as one change set of the source `restore`."""
    return records.apply(ChangeSet(list(ops), source="restore", reason=reason), actor)


def _cells(record: Record, wanted: set[str]) -> dict[str, Any]:
    return {ref: value for ref, value in record.cells.items() if ref in wanted}


def _filled(record: Record, wanted: set[str]) -> dict[str, Any]:
    return {ref: value for ref, value in _cells(record, wanted).items() if value is not None}

"""Reading the history: by version (live channel, undo) and by record."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from crm_core.models.tables import CHANGES
from crm_core.services.records.work import LISTED, Entry, Meta, chain

RESTORE = "restore"
"""The `entity` of the entry that a restore of a backup leaves in the history."""

_ROW = (
    CHANGES.c.version, CHANGES.c.at, CHANGES.c.actor_id, CHANGES.c.source, CHANGES.c.reason,
    CHANGES.c.entity, CHANGES.c.table_id, CHANGES.c.entity_id, CHANGES.c.op, CHANGES.c.before, CHANGES.c.after,
)  # fmt: skip


def _decoded(row: Sequence[Any]) -> tuple[Meta, Entry]:
    before, after = (None if text is None else json.loads(text) for text in row[9:11])
    return Meta(*row[:5]), Entry(row[5], row[6], row[7], row[8], before, after)


def of_version(connection: Connection, version: int, *, backwards: bool = False) -> Iterator[tuple[Meta, Entry]]:
    """Every row of one change set, in the order it was written or from the last one back; streamed."""
    order = CHANGES.c.id.desc() if backwards else CHANGES.c.id
    query = select(*_ROW).where(CHANGES.c.version == version).order_by(order)
    for row in connection.execution_options(yield_per=2_000).execute(query):
        yield _decoded(row)


def listed(connection: Connection, version: int) -> tuple[Meta, list[Entry]] | None:
    """One change set as far as clients are told of it; when it is larger, one entry per table stands for the rest."""
    query = select(*_ROW).where(CHANGES.c.version == version).order_by(CHANGES.c.id).limit(LISTED + 1)
    rows = [_decoded(row) for row in connection.execute(query)]
    if not rows:
        return None
    entries = [entry for _, entry in rows]
    if len(entries) > LISTED:
        tables = select(CHANGES.c.table_id, CHANGES.c.entity).where(CHANGES.c.version == version).distinct()
        entries = [Entry(entity, table, 0, "move", None, None) for table, entity in connection.execute(tables)]
    return rows[0][0], entries


def of_record(
    connection: Connection, table_id: int, key: int, offset: int, limit: int
) -> tuple[list[tuple[Meta, Entry]], int]:
    """A record's history, newest first, and how many rows there are."""
    mine: tuple[ColumnElement[bool], ...] = (
        CHANGES.c.entity == "record",
        CHANGES.c.table_id == table_id,
        CHANGES.c.entity_id == key,
    )
    total = connection.execute(select(func.count()).select_from(CHANGES).where(*mine)).scalar() or 0
    query = select(*_ROW).where(*mine).order_by(CHANGES.c.id.desc()).offset(offset).limit(limit)
    return [_decoded(row) for row in connection.execute(query)], total


def restored_at(connection: Connection) -> int:
    """The version that the last restore of a backup made; 0 when there was none. What came before is another past."""
    query = select(func.max(CHANGES.c.version)).where(CHANGES.c.entity == RESTORE)
    return connection.execute(query).scalar() or 0


def verify_chain(connection: Connection) -> int | None:
    """The id of the first history row whose hash does not follow from the rows before it; None when all is well."""
    last = b""
    query = select(CHANGES.c.id, *_ROW, CHANGES.c.hash).order_by(CHANGES.c.id)
    for row in connection.execution_options(yield_per=2_000).execute(query):
        meta, entry = Meta(*row[1:6]), Entry(row[6], row[7], row[8], row[9], None, None)
        last = chain(last, meta, entry, row[10], row[11])
        if last != row[12]:
            return int(row[0])
    return None

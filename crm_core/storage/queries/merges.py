"""Which record an id stands for: while a merged record lies in the trash, the one it was merged into."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core.models.tables import RECORD_MERGES
from crm_core.storage.queries.dialects import one_of
from crm_core.storage.schema import TableDef

_merge = RECORD_MERGES.c


def survivors(connection: Connection, table: TableDef, keys: Iterable[int]) -> dict[int, int]:
    """The record that each of these keys stands for by now, through any number of merges; others are left out."""
    found: dict[int, int] = {}
    last = {key: key for key in keys}
    while last:
        steps = _next(connection, table, set(last.values()))
        last = {
            key: steps[now] for key, now in last.items() if now in steps and steps[now] not in (key, found.get(key))
        }
        found.update(last)
    return found


def survivor(connection: Connection, table: TableDef, key: int) -> int:
    """The record that one key stands for: mostly itself."""
    return survivors(connection, table, [key]).get(key, key)


def _next(connection: Connection, table: TableDef, keys: Iterable[int]) -> Mapping[int, int]:
    """The newest merge of each of these records that lies in the trash."""
    rows = table.sql
    query = (
        sa.select(_merge.record_id, _merge.into_id)
        .join(rows, rows.c.id == _merge.record_id)
        .where(_merge.table_id == table.id, _merge.undone_version.is_(None), one_of(_merge.record_id, keys))
        .where(rows.c.deleted_at.is_not(None))
        .order_by(_merge.id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def merged_records(connection: Connection, table: TableDef) -> list[int]:
    """All records of a table that lie in the trash because they were merged."""
    rows = table.sql
    query = (
        sa.select(_merge.record_id)
        .join(rows, rows.c.id == _merge.record_id)
        .where(_merge.table_id == table.id, _merge.undone_version.is_(None), rows.c.deleted_at.is_not(None))
        .distinct()
    )
    return [row[0] for row in connection.execute(query)]


def open_version(connection: Connection, table_id: int, keys: Sequence[int]) -> dict[int, int]:
    """The version that merged each of these records last and was not undone."""
    query = (
        sa.select(_merge.record_id, _merge.version)
        .where(_merge.table_id == table_id, _merge.undone_version.is_(None), _merge.record_id.in_(keys))
        .order_by(_merge.id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}

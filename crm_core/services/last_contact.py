"""The day of the last contact follows from what was logged: a call, meeting or mail moves it forward, never back."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock, ids
from crm_core.contracts.change import Update, UpdateRecord
from crm_core.storage.schema import Schema

FIELD = "last_contact"
"""The key of the built-in date fields that this is about."""

COUNTS = frozenset({"call", "meeting", "mail"})
"""A note is no contact."""


def moved(
    connection: Connection, schema: Schema, records: Iterable[tuple[int, int]], at: str, zone: str
) -> Iterator[Update]:
    """The updates that bring records (table id, key) to the day of a contact at `at`; none for a day to come."""
    day = datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).date()
    if day > clock.today(zone):
        return
    for table_id, key in records:
        table = schema.by_id.get(table_id)
        field = next((one for one in table.fields if one.key == FIELD), None) if table else None
        if table is None or field is None or field.column is None or field.kind.name != "date":
            continue
        column, rows = table.column(field), table.sql.c
        older = sa.or_(column.is_(None), column < day.isoformat())
        behind = sa.select(rows.id).where(rows.id == key, rows.deleted_at.is_(None), older)
        if connection.execute(behind).first() is not None:
            cells = {field.public_id: day.isoformat()}
            yield Update(table.public_id, [UpdateRecord(ids.record(table.id, key), cells)])

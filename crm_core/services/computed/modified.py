"""When each field of a record was changed last, from history: for formulas that ask."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from crm_core.models.tables import CHANGES
from crm_core.storage.queries.dialects import one_of
from crm_core.storage.schema import TableDef


def modified_times(connection: Connection, table: TableDef, keys: Sequence[int]) -> dict[int, dict[str, datetime]]:
    """By record key: the moment of the last change of each field, by its public id."""
    query = (
        select(CHANGES.c.entity_id, CHANGES.c.at, CHANGES.c.after)
        .where(
            CHANGES.c.entity == "record",
            CHANGES.c.table_id == table.id,
            one_of(CHANGES.c.entity_id, keys),
            CHANGES.c.after.is_not(None),
        )
        .order_by(CHANGES.c.id)
    )
    found: dict[int, dict[str, datetime]] = {}
    for key, at, after in connection.execute(query):
        times, moment = found.setdefault(key, {}), datetime.fromisoformat(at)
        for cell in json.loads(after):
            field = table.by_cell_key.get(cell)
            if field is not None:
                times[field.public_id] = moment
    return found

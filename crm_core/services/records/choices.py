"""Taking an option away from a select field empties the cells that hold it, in the same change set."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from crm_core.kinds import FieldDef
from crm_core.kinds.choices import pack, unpack
from crm_core.services.records import rows
from crm_core.services.records.cells import Stored
from crm_core.services.records.work import Work
from crm_core.storage.statements import chunks


def clear_removed(work: Work, field: FieldDef, options: Mapping[str, Any]) -> None:
    """Empty the live cells whose option is not among the new `options`; they are counted in `work.lost`.

    Records in the trash keep theirs, so that undoing an import that brought options, and undoing that, moves nothing.
    """
    kept = {choice["number"] for choice in options.get("choices", ())}
    removed = [choice.number for choice in field.choices if choice.number not in kept]
    if not removed:
        return
    table = work.schema.by_id[field.table_id]
    column, live = table.column(field), table.sql.c.deleted_at.is_(None)
    many = field.kind.family == "choices"
    for piece in chunks(removed, 200):
        holds = or_(*(column.contains(f"|{number}|") for number in piece)) if many else column.in_(piece)
        changes: dict[int, Stored] = {}
        for key, stored in work.connection.execute(select(table.sql.c.id, column).where(live, holds)).all():
            left = pack([number for number in unpack(stored) if number not in removed]) if many else None
            changes[key] = {field.id: left}
        work.lost += len(changes)
        for keys in chunks(tuple(changes)):
            part = {key: changes[key] for key in keys}
            rows.write_cells(work, table, part, rows.fetch(work, table, part, [field]))

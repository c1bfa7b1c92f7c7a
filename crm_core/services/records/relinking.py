"""Every link to some records becomes a link to another one, whatever table it stands in."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from crm_core.kinds import FieldDef
from crm_core.models.tables import RECORD_LINKS
from crm_core.services.records import links, rows
from crm_core.services.records.cells import Stored
from crm_core.services.records.links import Seen
from crm_core.services.records.work import Work
from crm_core.storage.queries.dialects import one_of
from crm_core.storage.schema import Schema, TableDef, is_inverse


def ways_to(schema: Schema, table: TableDef) -> Iterator[tuple[TableDef, FieldDef]]:
    """The fields of all tables, archived ones too, that hold links to this table's records."""
    for other in schema.tables:
        for field in other.by_id.values():
            if field.kind.name == "link" and not is_inverse(field) and field.options["table"] == table.id:
                yield other, field


def pointing(seen: Seen, other: TableDef, field: FieldDef, targets: Sequence[int]) -> list[int]:
    """The records that link to one of `targets` by this field, in the trash or not."""
    if links.is_many(field):
        c = RECORD_LINKS.c
        query = select(c.from_id).where(c.field_id == field.id, one_of(c.to_id, targets)).distinct()
    else:
        query = select(other.sql.c.id).where(one_of(other.column(field), targets))
    return [row[0] for row in seen.connection.execute(query)]


def move(work: Work, table: TableDef, into: int, records: Sequence[int]) -> None:
    """Let all links to `records` lead to `into`, none twice; those of the merged records among each other stay."""
    own = {into, *records}
    found: dict[int, dict[int, list[FieldDef]]] = {}
    for other, field in ways_to(work.schema, table):
        for key in pointing(work, other, field, records):
            if other.id != table.id or key not in own:
                found.setdefault(other.id, {}).setdefault(key, []).append(field)
    for other_id, keys in found.items():
        other = work.schema.by_id[other_id]
        involved = list({field.id: field for fields in keys.values() for field in fields}.values())
        current = rows.fetch(work, other, keys, involved)
        changes: dict[int, Stored] = {}
        for key, fields in keys.items():
            for field in fields:
                targets = (into if target in own else target for target in current[key][field.id])
                changes.setdefault(key, {})[field.id] = tuple(dict.fromkeys(targets))
        rows.write_cells(work, other, changes, current)

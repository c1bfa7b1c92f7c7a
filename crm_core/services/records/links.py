"""Links between records: the ones that lie in `record_links`, and writing a link from its other side."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Column, Connection, delete, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from crm_core.kinds import FieldDef
from crm_core.models.tables import RECORD_LINKS
from crm_core.services.records.cells import Stored
from crm_core.services.records.work import Work
from crm_core.storage.schema import Schema, is_inverse
from crm_core.storage.statements import chunks, insert_into, run_many

_COLUMNS = ("field_id", "from_id", "to_id", "position")
_link: ReadOnlyColumnCollection[str, Column[Any]] = RECORD_LINKS.c


class Seen(Protocol):
    """What reading links needs: a change set under way has it, and so does a plain read."""

    @property
    def connection(self) -> Connection: ...

    @property
    def schema(self) -> Schema: ...


def is_many(field: FieldDef) -> bool:
    """Whether a link's targets lie in `record_links` (not in a column, and not on the other side)."""
    return field.kind.name == "link" and field.column is None and not is_inverse(field)


def targets_of(work: Seen, field: FieldDef, keys: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The linked record keys of a many-link, by record, in their order."""
    found: dict[int, list[int]] = {}
    for piece in chunks(tuple(keys)):
        query = (
            select(_link.from_id, _link.to_id)
            .where(_link.field_id == field.id, _link.from_id.in_(piece))
            .order_by(_link.from_id, _link.position)
        )
        for record, target in work.connection.execute(query):
            found.setdefault(record, []).append(target)
    return {record: tuple(targets) for record, targets in found.items()}


def write_many(work: Work, field: FieldDef, targets: Mapping[int, Sequence[int]]) -> None:
    """Replace the targets of a many-link for these records."""
    for piece in chunks(tuple(targets)):
        work.connection.execute(delete(RECORD_LINKS).where(_link.field_id == field.id, _link.from_id.in_(piece)))
    rows = [(field.id, key, target, n) for key, linked in targets.items() for n, target in enumerate(linked)]
    if rows:
        run_many(work.connection, insert_into(work.connection, "record_links", _COLUMNS), rows)


def sources_of(work: Seen, forward: FieldDef, targets: Iterable[int]) -> dict[int, list[int]]:
    """Which live records link to each target through the forward field, in their manual order."""
    table = work.schema.by_id[forward.table_id].sql
    found: dict[int, list[int]] = {}
    for piece in chunks(tuple(targets)):
        if is_many(forward):
            query = (
                select(_link.to_id, _link.from_id)
                .join(table, table.c.id == _link.from_id)
                .where(_link.field_id == forward.id, _link.to_id.in_(piece))
            )
        else:
            column = work.schema.by_id[forward.table_id].column(forward)
            query = select(column, table.c.id).where(column.in_(piece))
        query = query.where(table.c.deleted_at.is_(None)).order_by(table.c.position, table.c.id)
        for target, source in work.connection.execute(query):
            found.setdefault(target, []).append(source)
    return found


def take_inverse(work: Work, inverse: FieldDef, wanted: Mapping[int, Sequence[int]]) -> dict[int, Stored]:
    """What the other table's forward field must become so that each record here is linked from exactly `wanted`.

    `wanted`: record of this table → records of the other table. Answers new cells by record of the other table.
    """
    forward = work.schema.fields[inverse.options["inverse_of"]]
    linked_now = sources_of(work, forward, wanted)
    changes: dict[int, Stored] = {}
    if not is_many(forward):
        for record, sources in wanted.items():
            for source in linked_now.get(record, ()):
                if source not in sources:
                    changes.setdefault(source, {}).setdefault(forward.id, None)
        for record, sources in wanted.items():
            for source in sources:
                if source not in linked_now.get(record, ()):
                    changes.setdefault(source, {})[forward.id] = (record,)
        return changes
    touched = {source for record, sources in wanted.items() for source in {*sources, *linked_now.get(record, ())}}
    targets = {source: list(linked) for source, linked in targets_of(work, forward, touched).items()}
    for record, sources in wanted.items():
        for source in linked_now.get(record, ()):
            if source not in sources:
                targets[source].remove(record)
        for source in sources:
            if record not in targets.setdefault(source, []):
                targets[source].append(record)
    return {source: {forward.id: tuple(linked) or None} for source, linked in targets.items()}
